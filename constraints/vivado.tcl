# SPDX-License-Identifier: Apache-2.0
# The Arty A7's bitstream by Vivado in batch mode; `./run bitstream --flow vivado` calls it:
#
#   vivado -mode batch -source constraints/vivado.tcl -tclargs PART CONSTRAINTS SOURCES OUTPUT
#
# SOURCES: a file TOP.f that names a source in each line. OUTPUT: the .bit file; reports go beside it. A design that misses its
# timing has no bitstream.
#
# NOT TESTED: no Vivado has run this script so far. What is tested (tests/rtl/top): that it is Tcl, and does these steps in
# this order.

if {[llength $argv] != 4} { error "vivado.tcl takes PART CONSTRAINTS SOURCES OUTPUT, not: $argv" }
lassign $argv part constraints sources output
set stem [file rootname $output]

set list [open $sources]
foreach source [split [string trim [read $list]] \n] { read_verilog -sv $source }
close $list
read_xdc $constraints

synth_design -top [file rootname [file tail $sources]] -part $part
opt_design
place_design
phys_opt_design
route_design

report_utilization -hierarchical -file $stem.utilization.txt
report_timing_summary -file $stem.timing.txt
report_cdc -details -file $stem.cdc.txt
report_drc -file $stem.drc.txt
foreach {delay name} {max setup min hold} {
  set slack [get_property SLACK [get_timing_paths -delay_type $delay]]
  if {$slack < 0} { error "a path misses its $name time by [expr {-$slack}] ns: see $stem.timing.txt" }
}
write_bitstream -force $output
