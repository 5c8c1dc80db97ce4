#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A board's bitstream, and its way onto the board; ./run bitstream and ./run program call it:
#
#   constraints/bitstream.sh check   FLOW BOARD          are the tools here?
#   constraints/bitstream.sh build   FLOW BOARD BUILD    makes BUILD/bitstream/NAME.bit of the sources in BUILD/rtl/TOP.f
#   constraints/bitstream.sh program BOARD BUILD [flash] loads that file; into the flash, it is there after power-up too
#
# BOARD: arty-a7-35t or arty-a7-100t; with :10base-t behind it the top without a PHY, arty_a7_10base_t.
# FLOW: vivado, or open: Yosys, nextpnr-xilinx, Project X-Ray, in the way of openXC7 (github.com/openXC7), whose names for
# the folders of databases these are: CHIPDB and PRJXRAY_DB_DIR.
#
# NOT TESTED: neither flow has made a bitstream so far, and nothing was loaded into a board. What is tested (tests/rtl/top):
# which tools are called, in which order, with which files, and what is said when one is missing.
set -eu

here=$(cd "$(dirname "$0")" && pwd)

die() { printf '%s\n' "bitstream: $*" >&2; exit 1; }

# need TOOL WHERE IT COMES FROM
need() {
  tool=$1
  shift
  command -v "$tool" >/dev/null 2>&1 || die "$tool is not in PATH: $*"
}

# need_folder VARIABLE VALUE WHAT
need_folder() {
  [ -d "$2" ] || die "$1 must be the folder of $3 (github.com/openXC7 says how to get one); it is '$2'"
}

board() {
  case "${1%%:*}" in
    arty-a7-35t) board_name=arty_a7_35t vivado_part=xc7a35ticsg324-1L open_part=xc7a35tcsg324-1 ;;
    arty-a7-100t) board_name=arty_a7_100t vivado_part=xc7a100tcsg324-1 open_part=xc7a100tcsg324-1 ;;
    *) die "there is no board '${1%%:*}'; there are arty-a7-35t and arty-a7-100t" ;;
  esac
  case "$1" in
    *:10base-t) top=arty_a7_10base_t name=${board_name}_10base_t constraints=arty_a7_10base_t ;;
    *:*) die "there is no line '${1#*:}'; there are mii and 10base-t" ;;
    *) top=arty_a7 name=$board_name constraints=$board_name ;;
  esac
}

check() {
  case "$1" in
    vivado) need vivado "install AMD's Vivado (its free edition knows these parts) and source its settings64.sh" ;;
    open)
      need yosys "apt install yosys"
      for tool in nextpnr-xilinx fasm2frames xc7frames2bit; do
        need "$tool" "Debian does not have it; github.com/openXC7 has it and what else the open flow needs"
      done
      need_folder CHIPDB "${CHIPDB:-}" "nextpnr-xilinx's chip databases"
      need_folder PRJXRAY_DB_DIR "${PRJXRAY_DB_DIR:-}" "Project X-Ray's database"
      chip=$CHIPDB/${open_part%-*}.bin
      [ -f "$chip" ] || die "there is no $chip, the chip database of $open_part"
      ;;
    *) die "there is no flow '$1'; there are vivado and open" ;;
  esac
}

build_vivado() {
  vivado -mode batch -nojournal -log "$stem.vivado.log" -source "$here/vivado.tcl" \
    -tclargs "$vivado_part" "$here/$constraints.xdc" "$sources" "$stem.bit"
}

build_open() {
  yosys -q -l "$stem.yosys.log" -p "read_verilog -sv $(tr '\n' ' ' <"$sources"); synth_xilinx -family xc7 -flatten -nosrl -top $top; write_json $stem.json"
  # It takes no clock from the MMCM's settings: 120 MHz is the fastest that there is.
  nextpnr-xilinx --chipdb "$chip" --xdc "$here/$constraints.xdc" --json "$stem.json" --fasm "$stem.fasm" --freq 120
  fasm2frames --part "$open_part" --db-root "$PRJXRAY_DB_DIR/artix7" "$stem.fasm" >"$stem.frames"
  xc7frames2bit --part_file "$PRJXRAY_DB_DIR/artix7/$open_part/part.yaml" --part_name "$open_part" \
    --frm_file "$stem.frames" --output_file "$stem.bit"
}

build() {
  check "$1"
  sources=$2/rtl/$top.f
  stem=$2/bitstream/$name
  mkdir -p "$2/bitstream"
  rm -f "$stem.bit"
  "build_$1"
  [ -f "$stem.bit" ] || die "the $1 flow ended without $stem.bit"
  printf '%s\n' "bitstream: $stem.bit"
}

program() {
  need openFPGALoader "apt install openfpgaloader"
  [ -f "$1/bitstream/$name.bit" ] || die "there is no $1/bitstream/$name.bit: make it by ./run bitstream"
  case "${2:-}" in
    "") openFPGALoader -b "$board_name" "$1/bitstream/$name.bit" ;;
    flash) openFPGALoader -b "$board_name" -f "$1/bitstream/$name.bit" ;;
    *) die "'$2' is not 'flash'" ;;
  esac
}

case "${1:-}/$#" in
  check/3) board "$3"; check "$2" ;;
  build/4) board "$3"; build "$2" "$4" ;;
  program/3 | program/4) board "$2"; shift 2; program "$@" ;;
  *) die "call it as its first lines say" ;;
esac
