// SPDX-License-Identifier: Apache-2.0
// mac_tx<1> by hand. The FCS leaves through the CRC's own network, which shifts when its input is zero; what a frame
// begins with is made ready in the preamble. A PAUSE is one counter of byte times, kept as its complement so that loading
// and counting are the same increment.
module mac_tx_w1 #(
    parameter int unsigned DepartureDepth = 2
) (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic [9:0]   s_frame_data_i,
    input  logic         s_frame_valid_i,
    output logic         s_frame_ready_o,
    input  logic [66:0]  s_info_data_i,
    input  logic         s_info_valid_i,
    output logic         s_info_ready_o,
    input  logic [15:0]  s_pause_data_i,
    input  logic         s_pause_valid_i,
    output logic         s_pause_ready_o,
    input  logic [63:0]  now_ns_i,
    input  logic         enable_i,
    output logic [10:0]  line_o,
    output logic [103:0] m_departure_data_o,
    output logic         m_departure_valid_o,
    input  logic         m_departure_ready_i,
    output logic [2:0]   counters_o,
    output logic         busy_o
);

  localparam logic [2:0] Idle = 3'd0;
  localparam logic [2:0] Gap = 3'd1;
  localparam logic [2:0] Preamble = 3'd2;
  localparam logic [2:0] Fcs = 3'd3;
  localparam logic [2:0] Data = 3'd4;
  localparam logic [2:0] Pad = 3'd5;

  logic [7:0] octet;
  logic last;
  assign octet = s_frame_data_i[7:0];
  assign last = s_frame_data_i[9];

  logic [2:0] step_q, step_d;
  logic [5:0] count_q, count_d;  // bytes of the step so far; of data and padding, up to 60
  logic clear;
  logic [31:0] crc_q;
  logic cut_q;  // the frame was cut off: its FCS is made wrong
  logic drain_q, drain_d;  // the rest of it is still to come
  logic waited_q;  // the next frame was held back by a PAUSE
  logic [21:0] pause_nq;  // complement of the byte times that are left
  logic [7:0] octet_q;
  logic valid_q, error_q;

  logic departure_room;
  logic ready, starts, underflow, takes, departs, pause_ends, paused;
  logic enough;

  assign ready = !drain_q && s_frame_valid_i && s_info_valid_i && departure_room;
  assign pause_ends = &pause_nq[21:1];  // at the end of this byte time at the latest
  assign paused = !(pause_ends && pause_nq[0]);
  assign starts = step_q == Idle && ready && !paused;
  assign underflow = step_q == Data && !s_frame_valid_i;
  assign takes = step_q == Data && s_frame_valid_i;
  assign departs = step_q == Fcs && count_q[1:0] == 2'd3;
  assign enough = count_q[5:2] == 4'd15 || count_q[5:0] == 6'd59;  // with this byte
  assign drain_d = drain_q ? !(s_frame_valid_i && last) : underflow;

  assign s_frame_ready_o = enable_i && s_frame_valid_i && (drain_q || step_q == Data);
  assign s_info_ready_o = enable_i && departs;
  assign s_pause_ready_o = enable_i && s_pause_valid_i;

  assign clear = step_q == Idle || (step_q == Preamble && count_q[2:0] == 3'd6) || (takes && last && enough)
                 || (step_q == Pad && enough) || departs;

  always_comb begin
    step_d = step_q;
    case (step_q)
      Idle: if (starts) step_d = Preamble;
      Preamble: if (count_q[2:0] == 3'd6) step_d = Data;
      Data: if (!s_frame_valid_i) step_d = Fcs;
        else if (last) step_d = enough ? Fcs : Pad;
      Pad: if (enough) step_d = Fcs;
      Fcs: if (departs) step_d = Gap;
      default: if (count_q[3:0] == 4'd11) step_d = Idle;
    endcase
    count_d = count_q + 6'(!(takes && count_q[5:2] == 4'd15));
    if (underflow) count_d = 6'd1;
    if (clear) count_d = '0;
  end

  // ---- the CRC -----------------------------------------------------------------------------------------------------
  logic [31:0] crc_d;
  logic [7:0] x;
  assign x = (crc_q[7:0] ^ (octet & {8{step_q == Data}})) & {8{takes || step_q == Pad}};
  always_comb begin
    crc_d = {8'd0, crc_q[31:8]};
    crc_d[0] = crc_d[0] ^ x[2];
    crc_d[1] = crc_d[1] ^ x[0] ^ x[3];
    crc_d[2] = crc_d[2] ^ x[0] ^ x[1] ^ x[4];
    crc_d[3] = crc_d[3] ^ x[1] ^ x[2] ^ x[5];
    crc_d[4] = crc_d[4] ^ x[0] ^ x[2] ^ x[3] ^ x[6];
    crc_d[5] = crc_d[5] ^ x[1] ^ x[3] ^ x[4] ^ x[7];
    crc_d[6] = crc_d[6] ^ x[4] ^ x[5];
    crc_d[7] = crc_d[7] ^ x[0] ^ x[5] ^ x[6];
    crc_d[8] = crc_d[8] ^ x[1] ^ x[6] ^ x[7];
    crc_d[9] = crc_d[9] ^ x[7];
    crc_d[10] = crc_d[10] ^ x[2];
    crc_d[11] = crc_d[11] ^ x[3];
    crc_d[12] = crc_d[12] ^ x[0] ^ x[4];
    crc_d[13] = crc_d[13] ^ x[0] ^ x[1] ^ x[5];
    crc_d[14] = crc_d[14] ^ x[1] ^ x[2] ^ x[6];
    crc_d[15] = crc_d[15] ^ x[2] ^ x[3] ^ x[7];
    crc_d[16] = crc_d[16] ^ x[0] ^ x[2] ^ x[3] ^ x[4];
    crc_d[17] = crc_d[17] ^ x[0] ^ x[1] ^ x[3] ^ x[4] ^ x[5];
    crc_d[18] = crc_d[18] ^ x[0] ^ x[1] ^ x[2] ^ x[4] ^ x[5] ^ x[6];
    crc_d[19] = crc_d[19] ^ x[1] ^ x[2] ^ x[3] ^ x[5] ^ x[6] ^ x[7];
    crc_d[20] = crc_d[20] ^ x[3] ^ x[4] ^ x[6] ^ x[7];
    crc_d[21] = crc_d[21] ^ x[2] ^ x[4] ^ x[5] ^ x[7];
    crc_d[22] = crc_d[22] ^ x[2] ^ x[3] ^ x[5] ^ x[6];
    crc_d[23] = crc_d[23] ^ x[3] ^ x[4] ^ x[6] ^ x[7];
    crc_d[24] = x[0] ^ x[2] ^ x[4] ^ x[5] ^ x[7];
    crc_d[25] = x[0] ^ x[1] ^ x[2] ^ x[3] ^ x[5] ^ x[6];
    crc_d[26] = x[0] ^ x[1] ^ x[2] ^ x[3] ^ x[4] ^ x[6] ^ x[7];
    crc_d[27] = x[1] ^ x[3] ^ x[4] ^ x[5] ^ x[7];
    crc_d[28] = x[0] ^ x[4] ^ x[5] ^ x[6];
    crc_d[29] = x[0] ^ x[1] ^ x[5] ^ x[6] ^ x[7];
    crc_d[30] = x[0] ^ x[1] ^ x[6] ^ x[7];
    crc_d[31] = x[1] ^ x[7];
  end

  // ---- the line ----------------------------------------------------------------------------------------------------
  logic [7:0] octet_d;
  always_comb begin
    octet_d = '0;
    if (starts || step_q == Preamble) octet_d = {step_q == Preamble && count_q[2:0] == 3'd6, 7'h55};
    if (takes) octet_d = octet;
    if (underflow || step_q == Fcs) octet_d = crc_q[7:0] ^ {8{step_q == Fcs && !cut_q}};
  end
  assign line_o = {1'b0, error_q, valid_q, octet_q};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      step_q     <= Idle;
      cut_q      <= 1'b0;
      drain_q    <= 1'b0;
      waited_q   <= 1'b0;
      pause_nq   <= '1;
      octet_q    <= '0;
      valid_q    <= 1'b0;
      error_q    <= 1'b0;
      counters_o <= '0;
      busy_o     <= 1'b0;
    end else begin
      counters_o <= {starts && waited_q, underflow, departs && !cut_q} & {3{enable_i}};
      if (enable_i) begin
        step_q  <= step_d;
        cut_q   <= underflow || (cut_q && !departs);
        drain_q <= drain_d;
        if (step_q == Idle && ready) waited_q <= paused;
        if (s_pause_valid_i || paused) pause_nq <= (s_pause_valid_i ? {~s_pause_data_i, 6'h3E} : pause_nq) + 1'b1;
        octet_q <= octet_d;
        valid_q <= (step_q != Idle && step_q != Gap) || starts;
        error_q <= underflow || (step_q == Fcs && cut_q);
        busy_o  <= step_d != Idle || drain_d || (s_pause_valid_i ? s_pause_data_i != '0 : !pause_ends);
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (enable_i) count_q <= count_d;
    if (step_q == Preamble) crc_q <= '1;
    else if (enable_i) crc_q <= crc_d;
  end

  // ---- the departure -----------------------------------------------------------------------------------------------
  stream_fifo #(
      .Width(104),
      .Depth(DepartureDepth)
  ) u_departure (
      .clk_i,
      .rst_ni,
      .s_valid_i(enable_i && departs && s_info_data_i[0]),
      .s_ready_o(departure_room),
      .s_data_i({s_info_data_i[66:3], now_ns_i[39:0]}),
      .m_valid_o(m_departure_valid_o),
      .m_ready_i(m_departure_ready_i),
      .m_data_o(m_departure_data_o)
  );

endmodule
