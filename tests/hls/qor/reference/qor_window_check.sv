// SPDX-License-Identifier: Apache-2.0
// window_check.hpp by hand. A segment is acceptable if it begins in the window, or if it begins before RCV.NXT (by less
// than its 16-bit length) and ends in it: so the second comparison needs 16 bits.
module qor_window_check #(
    parameter int unsigned VerdictDepth = 2
) (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic [79:0]  s_segment_data_i,
    input  logic         s_segment_valid_i,
    output logic         s_segment_ready_o,
    input  logic [125:0] connection_i,
    output logic [1:0]   m_verdict_data_o,
    output logic         m_verdict_valid_o,
    input  logic         m_verdict_ready_i
);

  logic [31:0] seq, ack, rcv_nxt, snd_una, snd_nxt;
  logic [29:0] rcv_wnd;
  logic [15:0] length;
  logic room;
  logic [31:0] first;  // from RCV.NXT to the first octet
  logic [16:0] last;  // from RCV.NXT to the last octet of a segment that begins before it; bit 16 is the wrap
  logic empty;
  logic begins_inside;
  logic ends_inside;
  logic [31:0] una_to_ack;
  logic [31:0] ack_to_nxt;

  assign {ack, length, seq} = s_segment_data_i;
  assign {snd_nxt, snd_una, rcv_wnd, rcv_nxt} = connection_i;
  assign s_segment_ready_o = s_segment_valid_i && room;

  assign first = seq - rcv_nxt;
  assign empty = length == '0 && rcv_wnd == '0;
  assign begins_inside = first[31:30] == '0 && (empty ? first[29:0] == '0 : first[29:0] < rcv_wnd);

  assign last = {1'b0, first[15:0]} + {1'b0, length - 16'd1};
  assign ends_inside = length != '0 && (&first[31:16]) && last[16]
                       && (rcv_wnd[29:16] != '0 || last[15:0] < rcv_wnd[15:0]);

  assign una_to_ack = snd_una - ack;
  assign ack_to_nxt = snd_nxt - ack;

  stream_fifo #(
      .Width(2),
      .Depth(VerdictDepth)
  ) u_verdict (
      .clk_i,
      .rst_ni,
      .s_valid_i(s_segment_valid_i),
      .s_ready_o(room),
      .s_data_i({una_to_ack[31] && !ack_to_nxt[31], begins_inside || ends_inside}),
      .m_valid_o(m_verdict_valid_o),
      .m_ready_i(m_verdict_ready_i),
      .m_data_o(m_verdict_data_o)
  );

endmodule
