// SPDX-License-Identifier: Apache-2.0
// header_strip.hpp by hand. What is held is whole except at a frame's end, so the `keep` of the held bytes needs no
// selection; the first one's is always set and needs no place in the FIFO. Only the two upper bytes out are masked.
module qor_header_strip #(
    parameter int unsigned StrippedDepth = 2
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [72:0] s_frame_data_i,
    input  logic        s_frame_valid_i,
    output logic        s_frame_ready_o,
    output logic [72:0] m_stripped_data_o,
    output logic        m_stripped_valid_o,
    input  logic        m_stripped_ready_i
);

  logic last;
  logic [7:0] keep;
  logic [63:0] data;
  logic room;
  logic inside_q;  // held bytes of a frame that has begun
  logic ending_q;  // the last held bytes of a frame
  logic [47:0] held_q;
  logic [7:3] held_keep_q;

  logic [15:0] upper;
  logic [71:0] stored;  // a beat out without keep[0], which is always set

  assign {last, keep, data} = s_frame_data_i;
  assign s_frame_ready_o = s_frame_valid_i && !ending_q && (room || !inside_q);
  assign m_stripped_data_o = {stored[71:64], 1'b1, stored[63:0]};
  assign upper = data[15:0] & {16{!ending_q}};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      inside_q <= 1'b0;
      ending_q <= 1'b0;
    end else begin
      if (s_frame_ready_o) inside_q <= !last;
      if (ending_q ? room : s_frame_ready_o) ending_q <= last && keep[2] && !ending_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (s_frame_ready_o) begin
      held_q <= data[63:16];
      held_keep_q <= keep[7:3];
    end
  end

  stream_fifo #(
      .Width(72),
      .Depth(StrippedDepth)
  ) u_stripped (
      .clk_i,
      .rst_ni,
      .s_valid_i(ending_q || (inside_q && s_frame_valid_i)),
      .s_ready_o(room),
      .s_data_i({ending_q || (last && !keep[2]), keep[1] && !ending_q, !ending_q, held_keep_q, upper, held_q}),
      .m_valid_o(m_stripped_valid_o),
      .m_ready_i(m_stripped_ready_i),
      .m_data_o(stored)
  );

endmodule
