# SPDX-License-Identifier: Apache-2.0
# hlsc_kernel(NAME module HEADER path FUNCTION "kernel<args>" [DEPTHS port=N...] [PERIOD ns] [TEST])
#
# Compiles a kernel to ${CMAKE_BINARY_DIR}/rtl/NAME.sv, again whenever a header that it includes changes. The target
# hlsc_NAME makes one file, sockwire_rtl all of them; the global property SOCKWIRE_RTL lists the files, SOCKWIRE_KERNELS the
# kernels as NAME|HEADER|FUNCTION. HEADER is relative to the top of the source tree. With a PERIOD the kernel is cut into
# stages for it; NAME_latency.hpp beside the module says when what it writes leaves it. A TEST kernel is in no list.
if(NOT TARGET sockwire_rtl)
  add_custom_target(sockwire_rtl)
endif()

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
  if(NOT arg_TEST)
    add_dependencies(sockwire_rtl hlsc_${arg_NAME})
    set_property(GLOBAL APPEND PROPERTY SOCKWIRE_RTL ${output})
    set_property(GLOBAL APPEND PROPERTY SOCKWIRE_KERNELS "${arg_NAME}|${arg_HEADER}|${arg_FUNCTION}")
  endif()
endfunction()
