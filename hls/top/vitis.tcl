# SPDX-License-Identifier: Apache-2.0
# Synthesises each kernel with Vitis HLS for the Arty A7-35T, as a top of its own (vitis_tops.cpp). From anywhere:
#
#   vitis-run --mode hls --tcl hls/top/vitis.tcl       2023.2 and later
#   vitis_hls -f hls/top/vitis.tcl                     before
#
# NOT TESTED: no Vitis HLS has run this script or seen these kernels so far; whether it reaches an initiation interval
# of one, and at which latency, is not known. What is tested (tests/hls/vitis): that the script is Tcl, names exactly the
# kernels that hlsc compiles, and that the tops compile and behave with a stand-in for AMD's headers.
#
# Projects go to build/vitis. SOCKWIRE_TOPS="mac_tx_w1 registers" in the environment does these only.

set tree [file normalize [file join [file dirname [info script]] .. ..]]
set part xc7a35ticsg324-1L
# ns: 125 MHz at width 1, 156.25 MHz at width 8. Kernels of any width are for both.
array set period {1 8.0 8 6.4 any 6.4}

# kernel            widths, in bytes a beat
set kernels {
  command_parser    {1 8}
  send_buffer       {1 8}
  segmenter         {1 8}
  assembler         {1 8}
  priority_lane     {1 8}
  checksum_insert   {1 8}
  mac_tx            {1 8}
  mac_rx            {1 8}
  receive_parser    {1 8}
  packet_buffer     {1 8}
  registers         any
  event_writer      {1 8}
}

file mkdir [file join $tree build vitis]
cd [file join $tree build vitis]

foreach {kernel widths} $kernels {
  foreach width $widths {
    if {$width eq "any"} {
      set top $kernel
      set define 1
    } else {
      set top ${kernel}_w$width
      set define $width
    }
    if {[info exists env(SOCKWIRE_TOPS)] && [lsearch -exact $env(SOCKWIRE_TOPS) $top] < 0} continue
    open_project -reset $top
    add_files [file join $tree hls top vitis_tops.cpp] -cflags "-std=c++14 -I$tree -DSOCKWIRE_WIDTH=$define"
    set_top $top
    open_solution -reset -flow_target vivado solution
    set_part $part
    create_clock -period $period($width) -name default
    csynth_design
    close_project
  }
}
exit
