// SPDX-License-Identifier: Apache-2.0
// The modules of the quality table side by side, each with its slots of every port: hlsc's, or those in reference/.
// lockstep_test.cpp and engine_lockstep_test.cpp count modules and slots in the same order.
module qor_kernels #(
    localparam int unsigned Kernels = 12,
    localparam int unsigned Inputs = 4,
    localparam int unsigned InputWidth = 80,
    localparam int unsigned Outputs = 2,
    localparam int unsigned OutputWidth = 104,
    localparam int unsigned WireWidth = 128,
    localparam int unsigned SignalWidth = 16
) (
    input  logic                                   clk_i,
    input  logic                                   rst_ni,
    // No module has a use for all its slots.
    // verilator lint_off UNUSEDSIGNAL
    input  logic [Kernels*Inputs*InputWidth-1:0]   s_data_i,
    input  logic [Kernels*Inputs-1:0]              s_valid_i,
    input  logic [Kernels*Outputs-1:0]             m_ready_i,
    input  logic [Kernels*WireWidth-1:0]           wires_i,
    // verilator lint_on UNUSEDSIGNAL
    // verilator lint_off UNDRIVEN
    output logic [Kernels*Inputs-1:0]              s_ready_o,
    output logic [Kernels*Outputs*OutputWidth-1:0] m_data_o,
    output logic [Kernels*Outputs-1:0]             m_valid_o,
    output logic [Kernels*SignalWidth-1:0]         signals_o
    // verilator lint_on UNDRIVEN
);

`define INPUT(NUMBER, SLOT, NAME, WIDTH) \
  .s_``NAME``_data_i(s_data_i[(NUMBER*Inputs+SLOT)*InputWidth+:WIDTH]), \
  .s_``NAME``_valid_i(s_valid_i[NUMBER*Inputs+SLOT]), \
  .s_``NAME``_ready_o(s_ready_o[NUMBER*Inputs+SLOT])

`define OUTPUT(NUMBER, SLOT, NAME, WIDTH) \
  .m_``NAME``_data_o(m_data_o[(NUMBER*Outputs+SLOT)*OutputWidth+:WIDTH]), \
  .m_``NAME``_valid_o(m_valid_o[NUMBER*Outputs+SLOT]), \
  .m_``NAME``_ready_i(m_ready_i[NUMBER*Outputs+SLOT])

`define WIRE(NUMBER, LOW, NAME, WIDTH) .NAME``_i(wires_i[NUMBER*WireWidth+LOW+:WIDTH])

`define SIGNAL(NUMBER, LOW, NAME, WIDTH) .NAME``_o(signals_o[NUMBER*SignalWidth+LOW+:WIDTH])

  qor_internet_checksum u_internet_checksum (
      .clk_i,
      .rst_ni,
      `INPUT(0, 0, data, 73),
      `OUTPUT(0, 0, checksum, 16)
  );

  qor_crc32_byte u_crc32_byte (
      .clk_i,
      .rst_ni,
      `INPUT(1, 0, data, 10),
      `OUTPUT(1, 0, fcs, 32)
  );

  qor_crc32_wide u_crc32_wide (
      .clk_i,
      .rst_ni,
      `INPUT(2, 0, data, 73),
      `OUTPUT(2, 0, fcs, 32)
  );

  qor_scrambler u_scrambler (
      .clk_i,
      .rst_ni,
      `INPUT(3, 0, plain, 66),
      `OUTPUT(3, 0, scrambled, 66)
  );

  qor_encoder_8b10b u_encoder_8b10b (
      .clk_i,
      .rst_ni,
      `INPUT(4, 0, character, 9),
      `OUTPUT(4, 0, code, 10)
  );

  qor_window_check u_window_check (
      .clk_i,
      .rst_ni,
      `INPUT(5, 0, segment, 80),
      `WIRE(5, 0, connection, 126),
      `OUTPUT(5, 0, verdict, 2)
  );

  qor_frame_arbiter u_frame_arbiter (
      .clk_i,
      .rst_ni,
      `INPUT(6, 0, a, 10),
      `INPUT(6, 1, b, 10),
      `INPUT(6, 2, c, 10),
      `INPUT(6, 3, d, 10),
      `OUTPUT(6, 0, out, 10)
  );

  qor_header_strip u_header_strip (
      .clk_i,
      .rst_ni,
      `INPUT(7, 0, frame, 73),
      `OUTPUT(7, 0, stripped, 73)
  );

  qor_uart_receiver u_uart_receiver (
      .clk_i,
      .rst_ni,
      `WIRE(8, 0, line, 1),
      `WIRE(8, 1, cycles_per_bit, 12),
      `OUTPUT(8, 0, received, 8),
      `SIGNAL(8, 0, errors, 2)
  );

  packet_buffer_w1 u_packet_buffer (
      .clk_i,
      .rst_ni,
      `INPUT(9, 0, frame_in, 11),
      `INPUT(9, 1, descriptor_in, 75),
      `OUTPUT(9, 0, frame_out, 10),
      `OUTPUT(9, 1, descriptor_out, 75),
      `SIGNAL(9, 0, counters, 6),
      `SIGNAL(9, 6, busy, 1)
  );

  mac_rx_w1 u_mac_rx (
      .clk_i,
      .rst_ni,
      `WIRE(10, 0, line, 11),
      `WIRE(10, 11, enable, 1),
      `WIRE(10, 12, config, 52),
      `OUTPUT(10, 0, frame, 11),
      `OUTPUT(10, 1, pause, 16),
      `SIGNAL(10, 0, counters, 9),
      `SIGNAL(10, 9, busy, 1)
  );

  mac_tx_w1 u_mac_tx (
      .clk_i,
      .rst_ni,
      `INPUT(11, 0, frame, 10),
      `INPUT(11, 1, info, 67),
      `INPUT(11, 2, pause, 16),
      `WIRE(11, 0, now_ns, 64),
      `WIRE(11, 64, enable, 1),
      `OUTPUT(11, 0, departure, 104),
      `SIGNAL(11, 0, line, 11),
      `SIGNAL(11, 11, counters, 3),
      `SIGNAL(11, 14, busy, 1)
  );

endmodule
