# SPDX-License-Identifier: Apache-2.0
# sockwire_verilate(TARGET TOP module SOURCES files... [DEPENDS targets...] [ARGS options...] [TRACE]): a static library
# of the Verilated module, class V<TARGET>, header "V<TARGET>.h".
#
# Verilator's own verilate() runs Verilator while CMake configures, when the RTL that hlsc makes does not exist yet. Here
# it runs in the build; what it writes is gathered into two files whose names are known beforehand.
find_package(verilator HINTS /usr/share/verilator REQUIRED)

set(SOCKWIRE_VERILATED_GATHER ${CMAKE_CURRENT_LIST_DIR}/verilated_gather.cmake)

# Verilator's tracing and the FST library load and store words wherever they fall, on machines that allow it.
set(SOCKWIRE_VERILATOR_ALIGNMENT)
if(SOCKWIRE_SANITIZE MATCHES "undefined")
  set(SOCKWIRE_VERILATOR_ALIGNMENT -fno-sanitize=alignment)
endif()

# Verilator 5.006 inverts once too often or too seldom in some XORs of single bits that hold NOTs and shifts, such as
# !a ^ ((b >> c) ^ !d): so it must not rearrange them (tests/hls/fuzz/regressions/xor_of_nots.hpp).
set(SOCKWIRE_VERILATOR_OPTIONS --cc --compiler gcc -Wall -O3 -fno-dfg -fno-const-bit-op-tree --x-assign fast --x-initial fast --noassert)

set(SOCKWIRE_VERILATED_DEFINITIONS VM_COVERAGE=0 VM_SC=0 VM_TRACE=1 VM_TRACE_FST=1 VM_TRACE_VCD=0)

# UBSan takes g++ 12 longer than anybody waits for where Verilator writes one statement of a wide module's logic (the
# descrambler and decoder of 64b/66b); what is undefined in generated code is Verilator's affair.
set(SOCKWIRE_VERILATED_UNDEFINED)
if(SOCKWIRE_SANITIZE MATCHES "undefined")
  set(SOCKWIRE_VERILATED_UNDEFINED -fno-sanitize=undefined)
endif()

# Verilator's run-time library, once.
if(NOT TARGET verilated_runtime)
  find_package(ZLIB REQUIRED)
  add_library(verilated_runtime STATIC
    ${VERILATOR_ROOT}/include/verilated.cpp
    ${VERILATOR_ROOT}/include/verilated_threads.cpp
    ${VERILATOR_ROOT}/include/verilated_fst_c.cpp)
  target_include_directories(verilated_runtime SYSTEM PUBLIC
    ${VERILATOR_ROOT}/include ${VERILATOR_ROOT}/include/vltstd)
  target_compile_definitions(verilated_runtime PUBLIC ${SOCKWIRE_VERILATED_DEFINITIONS})
  target_compile_options(verilated_runtime PRIVATE -w -O2 ${SOCKWIRE_VERILATOR_ALIGNMENT})
  target_link_libraries(verilated_runtime PUBLIC ZLIB::ZLIB pthread)
endif()

function(sockwire_verilate target)
  cmake_parse_arguments(arg "TRACE" "TOP" "SOURCES;DEPENDS;ARGS" ${ARGN})
  set(dir ${CMAKE_CURRENT_BINARY_DIR}/${target}.dir)
  set(trace)
  if(arg_TRACE)
    set(trace --trace-fst)
  endif()
  add_custom_command(
    OUTPUT ${dir}/${target}_fast.cpp ${dir}/${target}_slow.cpp ${dir}/V${target}.h
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${dir}
    COMMAND ${VERILATOR_BIN} ${SOCKWIRE_VERILATOR_OPTIONS} ${trace} --prefix V${target} --top-module ${arg_TOP} --Mdir ${dir} ${arg_ARGS} ${arg_SOURCES}
    COMMAND ${CMAKE_COMMAND} -D DIR=${dir} -D NAME=${target} -P ${SOCKWIRE_VERILATED_GATHER}
    DEPENDS ${arg_SOURCES} ${arg_DEPENDS} ${SOCKWIRE_VERILATED_GATHER}
    COMMENT "Verilating ${arg_TOP} as ${target}"
    VERBATIM)
  # Generated code: its speed is the simulation's, whatever the build type; its warnings are Verilator's affair. A traced
  # model is for looking at, not for speed: it compiles quickly instead.
  if(arg_TRACE)
    set(fast -O1)
  else()
    set(fast -O2)
  endif()
  set(fast_source ${dir}/${target}_fast.cpp)
  # clang makes it a fifth faster than g++ 12 does; but a sanitizer needs one compiler for everything.
  if(NOT SOCKWIRE_SANITIZE)
    set(fast_source ${dir}/${target}_fast.o)
    set(definitions ${SOCKWIRE_VERILATED_DEFINITIONS})
    list(TRANSFORM definitions PREPEND -D)
    add_custom_command(
      OUTPUT ${fast_source}
      COMMAND ${HLSC_CLANG} -std=c++20 ${fast} -fPIC -w -DNDEBUG ${definitions} -isystem ${dir} -isystem ${VERILATOR_ROOT}/include
              -isystem ${VERILATOR_ROOT}/include/vltstd
              -c ${dir}/${target}_fast.cpp -o ${fast_source}
      DEPENDS ${dir}/${target}_fast.cpp
      COMMENT "Compiling ${target}"
      VERBATIM)
    set_source_files_properties(${fast_source} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  endif()
  add_library(${target} STATIC ${fast_source} ${dir}/${target}_slow.cpp)
  target_include_directories(${target} SYSTEM PUBLIC ${dir})
  target_link_libraries(${target} PUBLIC verilated_runtime)
  target_compile_options(${target} PRIVATE -w -g0 ${SOCKWIRE_VERILATED_UNDEFINED})
  set_source_files_properties(${dir}/${target}_fast.cpp PROPERTIES COMPILE_OPTIONS "${fast};-DNDEBUG")
  set_source_files_properties(${dir}/${target}_slow.cpp PROPERTIES COMPILE_OPTIONS "-O0")
endfunction()
