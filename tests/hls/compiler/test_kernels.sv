// SPDX-License-Identifier: Apache-2.0
// All test kernels side by side, each with its slice of every port; kernels_test.cpp counts them in the same order.
module test_kernels #(
    localparam int unsigned Kernels = 12,
    localparam int unsigned ItemWidth = 228,
    localparam int unsigned ResultWidth = 207
) (
    input  logic                           clk_i,
    input  logic                           rst_ni,
    input  logic [Kernels*ItemWidth-1:0]   x_data_i,
    input  logic [Kernels-1:0]             x_valid_i,
    output logic [Kernels-1:0]             x_ready_o,
    input  logic [Kernels*ItemWidth-1:0]   z_data_i,
    input  logic [Kernels-1:0]             z_valid_i,
    output logic [Kernels-1:0]             z_ready_o,
    input  logic [Kernels*7-1:0]           setting_i,
    output logic [Kernels*ResultWidth-1:0] y_data_o,
    output logic [Kernels-1:0]             y_valid_o,
    input  logic [Kernels-1:0]             y_ready_i,
    output logic [Kernels*8-1:0]           w_data_o,
    output logic [Kernels-1:0]             w_valid_o,
    input  logic [Kernels-1:0]             w_ready_i,
    output logic [Kernels*17-1:0]          level_o,
    output logic [Kernels*4-1:0]           events_o
);

`define KERNEL(NUMBER, NAME) \
  test_``NAME u_``NAME ( \
      .clk_i(clk_i), \
      .rst_ni(rst_ni), \
      .s_x_data_i(x_data_i[NUMBER*ItemWidth+:ItemWidth]), \
      .s_x_valid_i(x_valid_i[NUMBER]), \
      .s_x_ready_o(x_ready_o[NUMBER]), \
      .s_z_data_i(z_data_i[NUMBER*ItemWidth+:ItemWidth]), \
      .s_z_valid_i(z_valid_i[NUMBER]), \
      .s_z_ready_o(z_ready_o[NUMBER]), \
      .setting_i(setting_i[NUMBER*7+:7]), \
      .m_y_data_o(y_data_o[NUMBER*ResultWidth+:ResultWidth]), \
      .m_y_valid_o(y_valid_o[NUMBER]), \
      .m_y_ready_i(y_ready_i[NUMBER]), \
      .m_w_data_o(w_data_o[NUMBER*8+:8]), \
      .m_w_valid_o(w_valid_o[NUMBER]), \
      .m_w_ready_i(w_ready_i[NUMBER]), \
      .level_o(level_o[NUMBER*17+:17]), \
      .events_o(events_o[NUMBER*4+:4]) \
  );

  `KERNEL(0, machine)
  `KERNEL(1, arbiter)
  `KERNEL(2, loops)
  `KERNEL(3, correlated)
  `KERNEL(4, arithmetic)
  `KERNEL(5, shifts)
  `KERNEL(6, tables)
  `KERNEL(7, structs)
  `KERNEL(8, arrays)
  `KERNEL(9, memories)
  `KERNEL(10, blocks)
  `KERNEL(11, deep)

endmodule
