// SPDX-License-Identifier: Apache-2.0
// Stand-ins for the 7-series cells that rtl/top/arty_a7.sv uses, for lint and for simulation without timing: what they
// are in the FPGA is in UG472 (clocks) and UG471 (pins). The MMCM is locked from the start and passes its input on: who
// simulates clocks drives uart_mii_card's.

// verilator lint_off DECLFILENAME
// verilator lint_off UNUSEDPARAM
// verilator lint_off UNUSEDSIGNAL
// Names, parameters and pins are AMD's, whatever a stand-in has a use for.
module MMCME2_BASE #(
    parameter real CLKIN1_PERIOD = 0.0,
    parameter real CLKFBOUT_MULT_F = 5.0,
    parameter real CLKOUT0_DIVIDE_F = 1.0,
    parameter int  CLKOUT1_DIVIDE = 1
) (
    input  logic CLKIN1,
    input  logic CLKFBIN,
    input  logic RST,
    input  logic PWRDWN,
    output logic CLKFBOUT,
    output logic CLKOUT0,
    output logic CLKOUT1,
    output logic LOCKED
);
  assign {CLKOUT0, CLKOUT1, CLKFBOUT} = {3{CLKIN1}};
  assign LOCKED = !RST && !PWRDWN;
endmodule

module BUFG (
    input  logic I,
    output logic O
);
  assign O = I;
endmodule

module ODDR #(
    parameter DDR_CLK_EDGE = "OPPOSITE_EDGE"
) (
    input  logic C,
    input  logic CE,
    input  logic D1,
    input  logic D2,
    input  logic R,
    input  logic S,
    output logic Q
);
  assign Q = C ? D1 : D2;
endmodule

module IOBUF (
    inout  wire  IO,
    output logic O,
    input  logic I,
    input  logic T
);
  assign IO = T ? 1'bz : I;
  assign O  = IO;
endmodule
