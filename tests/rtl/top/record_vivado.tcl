# SPDX-License-Identifier: Apache-2.0
# Runs constraints/vivado.tcl with commands that only say what they were asked for, a line each. SLACK in the environment
# is what every path has left. An unknown command is an error.
foreach command {
  read_verilog read_xdc synth_design opt_design place_design phys_opt_design route_design report_utilization
  report_timing_summary report_cdc report_drc write_bitstream
} {
  proc $command args "puts \[join \[linsert \$args 0 $command\]\]"
}
proc get_timing_paths args { return $args }
proc get_property {name of} { return $::env(SLACK) }
set script [lindex $argv 0]
set argv [lrange $argv 1 end]
source $script
