# SPDX-License-Identifier: Apache-2.0
# hlsc_kernel(NAME module HEADER path FUNCTION "kernel<args>" [DEPTHS port=N...] [PERIOD ns] [TEST])
#
# Compiles a kernel to ${CMAKE_BINARY_DIR}/rtl/NAME.sv, again whenever a header that it includes changes. The target
# hlsc_NAME makes one file, sockwire_rtl all of them; the global property SOCKWIRE_RTL lists the files, SOCKWIRE_KERNELS the
# kernels as NAME|HEADER|FUNCTION. HEADER is relative to the top of the source tree. With a PERIOD the kernel is cut into
# stages for it; NAME_latency.hpp beside the module says when what it writes leaves it. A TEST kernel is in none of these
# lists. ${CMAKE_BINARY_DIR}/hls_kernels.txt lists all, for hls_view.
if(NOT TARGET sockwire_rtl)
  add_custom_target(sockwire_rtl)
  file(WRITE ${CMAKE_BINARY_DIR}/hls_kernels.txt "")
endif()

# A line of ${CMAKE_BINARY_DIR}/hls_kernels.txt; view/kernel_list.hpp has its form.
function(hlsc_list name header function period depths test)
  list(JOIN depths " " depths)
  if(test)
    set(test TEST)
  else()
    set(test)
  endif()
  file(APPEND ${CMAKE_BINARY_DIR}/hls_kernels.txt "${name}|${header}|${function}|${period}|${depths}|${test}\n")
endfunction()

function(hlsc_kernel)
  cmake_parse_arguments(arg "TEST" "NAME;HEADER;FUNCTION;PERIOD" "DEPTHS" ${ARGN})
  if(NOT arg_NAME OR NOT arg_HEADER OR NOT arg_FUNCTION OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "hlsc_kernel takes NAME, HEADER, FUNCTION and DEPTHS, not: ${ARGN}")
  endif()
  set(output ${CMAKE_BINARY_DIR}/rtl/${arg_NAME}.sv)
  set(latency ${CMAKE_BINARY_DIR}/rtl/${arg_NAME}_latency.hpp)
  set(period)
  if(arg_PERIOD)
    set(period --period ${arg_PERIOD})
    if(arg_TEST)
      list(APPEND period --may-be-late)  # tests cut as often as they can
    endif()
  endif()
  set(depths)
  foreach(depth ${arg_DEPTHS})
    list(APPEND depths --depth ${depth})
  endforeach()
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/rtl)
  add_custom_command(
    OUTPUT ${output} ${latency}
    COMMAND hlsc --function ${arg_FUNCTION} --module ${arg_NAME} -I ${PROJECT_SOURCE_DIR} ${depths} ${period} --latency ${latency}
            --depfile ${output}.d -o ${output} ${arg_HEADER}
    DEPENDS hlsc ${PROJECT_SOURCE_DIR}/${arg_HEADER}
    DEPFILE ${output}.d
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    COMMENT "hlsc ${arg_NAME}"
    VERBATIM)
  add_custom_target(hlsc_${arg_NAME} DEPENDS ${output})
  hlsc_list("${arg_NAME}" "${arg_HEADER}" "${arg_FUNCTION}" "${arg_PERIOD}" "${arg_DEPTHS}" "${arg_TEST}")
  if(NOT arg_TEST)
    add_dependencies(sockwire_rtl hlsc_${arg_NAME})
    set_property(GLOBAL APPEND PROPERTY SOCKWIRE_RTL ${output})
    set_property(GLOBAL APPEND PROPERTY SOCKWIRE_KERNELS "${arg_NAME}|${arg_HEADER}|${arg_FUNCTION}")
  endif()
endfunction()

# The header and the function of a module that a design made, by their names.
function(hlsc_kernel_of_module file period)
  get_filename_component(module ${file} NAME_WE)
  string(REGEX REPLACE "_w[0-9]+$" "" kernel ${module})
  string(REGEX REPLACE "^.*_w([0-9]+)$" "${kernel}<\\1>" function ${module})
  file(GLOB headers RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/hls/*/${kernel}.hpp)
  set_property(GLOBAL APPEND PROPERTY SOCKWIRE_KERNELS "${module}|${headers}|${function}")
  hlsc_list("${module}" "${headers}" "${function}" "${period}" "" "")
endfunction()

# hlsc_design(NAME module HEADER path FUNCTION "function<args>" MODULES module... [DEPTHS port=N...] [PERIOD ns] [TEST])
#
# Compiles a dataflow function to ${CMAKE_BINARY_DIR}/rtl/NAME.sv, and each kernel that it runs to MODULE.sv there, in one
# run. The target is NAME_rtl; the global property SOCKWIRE_<NAME in capitals> lists what a simulator or a synthesis tool
# reads for it; its kernels are in sockwire_rtl and SOCKWIRE_RTL, as those of hlsc_kernel are, unless it is a TEST. MODULES must
# be the kernels' modules, which hlsc checks. A module of several designs is written by the first of them, and for one period:
# its kernel says which by a pragma. NAME_latency.hpp beside the modules says when what they write leaves them.
function(hlsc_design)
  cmake_parse_arguments(arg "TEST" "NAME;HEADER;FUNCTION;PERIOD" "MODULES;DEPTHS" ${ARGN})
  if(NOT arg_NAME OR NOT arg_HEADER OR NOT arg_FUNCTION OR NOT arg_MODULES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "hlsc_design takes NAME, HEADER, FUNCTION, MODULES and DEPTHS, not: ${ARGN}")
  endif()
  set(rtl ${CMAKE_BINARY_DIR}/rtl)
  set(output ${rtl}/${arg_NAME}.sv)
  set(latency ${rtl}/${arg_NAME}_latency.hpp)
  set(options)
  if(arg_PERIOD)
    list(APPEND options --period ${arg_PERIOD})
  endif()
  foreach(depth ${arg_DEPTHS})
    list(APPEND options --depth ${depth})
  endforeach()
  set(files)  # of all modules
  set(made)   # of those that are written here
  set(elsewhere)
  set(makers)
  foreach(module ${arg_MODULES})
    list(APPEND files ${rtl}/${module}.sv)
    get_property(maker GLOBAL PROPERTY SOCKWIRE_MAKER_${module})
    if(maker)
      list(APPEND elsewhere ${module})
      list(APPEND makers ${maker})
    else()
      list(APPEND made ${rtl}/${module}.sv)
      add_custom_target(hlsc_${module} DEPENDS ${rtl}/${module}.sv)
      set_property(GLOBAL PROPERTY SOCKWIRE_MAKER_${module} ${arg_NAME}_rtl)
    endif()
  endforeach()
  list(JOIN arg_MODULES "," modules)
  list(APPEND options --modules ${modules})
  if(elsewhere)
    list(JOIN elsewhere "," elsewhere)
    list(APPEND options --elsewhere ${elsewhere})
  endif()
  file(MAKE_DIRECTORY ${rtl})
  add_custom_command(
    OUTPUT ${output} ${latency} ${made}
    COMMAND hlsc --function ${arg_FUNCTION} --module ${arg_NAME} -I ${PROJECT_SOURCE_DIR} ${options} --latency ${latency}
            --depfile ${output}.d -o ${output} ${arg_HEADER}
    DEPENDS hlsc ${PROJECT_SOURCE_DIR}/${arg_HEADER}
    DEPFILE ${output}.d
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    COMMENT "hlsc ${arg_NAME}"
    VERBATIM)
  add_custom_target(${arg_NAME}_rtl DEPENDS ${output} ${made})
  if(makers)
    add_dependencies(${arg_NAME}_rtl ${makers})
  endif()
  string(TOUPPER ${arg_NAME} name)
  set_property(GLOBAL PROPERTY SOCKWIRE_${name}
    ${PROJECT_SOURCE_DIR}/rtl/stream/stream_fifo.sv ${PROJECT_SOURCE_DIR}/rtl/stream/stream_reserve_fifo.sv ${files} ${output})
  if(NOT arg_TEST)
    foreach(file ${made})
      hlsc_kernel_of_module(${file} "${arg_PERIOD}")
    endforeach()
    add_dependencies(sockwire_rtl ${arg_NAME}_rtl)
    set_property(GLOBAL APPEND PROPERTY SOCKWIRE_RTL ${made})
  endif()
endfunction()
