// SPDX-License-Identifier: Apache-2.0
// mac_rx<1> by hand. What a frame begins with is made ready while there is none, so nothing but the state needs a reset:
// the CRC, the byte count and the matches are set whenever no data comes, and the five bytes that are held back are a
// plain delay. The byte count counts the preamble too. PAUSE's quanta are the last two of a frame's first 18 bytes.
module mac_rx_w1 #(
    parameter int unsigned FrameDepth = 2,
    parameter int unsigned PauseDepth = 2
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [10:0] line_i,
    input  logic        enable_i,
    input  logic [51:0] config_i,
    output logic [10:0] m_frame_data_o,
    output logic        m_frame_valid_o,
    input  logic        m_frame_ready_i,
    output logic [15:0] m_pause_data_o,
    output logic        m_pause_valid_o,
    input  logic        m_pause_ready_i,
    output logic [8:0]  counters_o,
    output logic        busy_o
);

  localparam logic [1:0] Idle = 2'd0;
  localparam logic [1:0] Preamble = 2'd3;
  localparam logic [1:0] Data = 2'd2;
  localparam logic [1:0] Skip = 2'd1;

  // ---- the line and the settings -----------------------------------------------------------------------------------
  logic [7:0] octet;
  logic valid, error, dribble;
  logic [47:0] address;
  logic promiscuous, all_multicast, broadcast_on, pause_on;
  assign {dribble, error, valid, octet} = line_i;
  assign {pause_on, broadcast_on, all_multicast, promiscuous, address} = config_i;

  // ---- state -------------------------------------------------------------------------------------------------------
  logic [1:0] step_q, step_d;
  logic [10:0] count_q;  // of the preamble's bytes after the first; of the frame's
  logic [31:0] crc_q;
  logic [7:0] held_0_q, held_1_q, held_2_q, held_3_q, held_4_q;
  logic own_q, broadcast_q, group_q, pause_address_q, pause_type_q;
  logic [15:0] quanta_q;
  logic symbol_q;
  logic open_q;
  logic owed_q, owed_d;
  logic false_carrier_q;
  logic pausing_q;
  logic [8:0] counted;

  logic in_data, takes, frame_room, room;
  logic sfd, preamble_long, no_sfd, false_carrier;
  logic longest, held, write, lost, giant, ends;
  logic runt, bad_crc, is_pause, accepted, tells;

  assign in_data = step_q == Data;
  assign takes = enable_i && valid;
  assign room = frame_room && !owed_q;
  assign sfd = octet == 8'hD5;
  assign preamble_long = step_q == Preamble && count_q[3:0] == 4'd14 && !sfd;
  assign false_carrier = !valid && error && octet == 8'h0E;

  assign held = count_q >= 11'd5;
  assign longest = count_q == 11'd1522;
  assign write = enable_i && in_data && held;
  assign lost = write && !room;
  assign giant = takes && in_data && longest;
  assign ends = enable_i && !valid && in_data;

  always_comb begin
    step_d = step_q;
    if (enable_i && !valid) begin
      step_d = Idle;
    end else if (enable_i) begin
      case (step_q)
        Idle, Preamble: step_d = sfd ? Data : preamble_long ? Skip : Preamble;
        Data: if (longest || (held && !room)) step_d = Skip;
        default: step_d = Skip;
      endcase
    end
  end

  // ---- how a frame ends --------------------------------------------------------------------------------------------
  assign runt = count_q[10:6] == '0;
  assign bad_crc = crc_q != 32'hDEBB20E3;
  assign is_pause = pause_type_q && (pause_address_q || own_q);
  assign accepted = promiscuous || own_q || (broadcast_q && broadcast_on) || (group_q && all_multicast);
  assign tells = ends && (room || !held);
  assign no_sfd = enable_i && ((false_carrier && !false_carrier_q) || (step_q == Preamble && !valid)
                  || (preamble_long && valid));

  always_comb begin
    counted = '0;
    counted[7] = no_sfd;
    counted[8] = lost;
    if (giant && room) begin
      if (symbol_q || error) counted[4] = 1'b1;
      else counted[3] = 1'b1;
    end
    if (tells) begin
      if (symbol_q) counted[4] = 1'b1;
      else if (runt) counted[2] = 1'b1;
      else if (bad_crc) counted[1:0] = {dribble, !dribble};
      else if (is_pause) counted[6] = 1'b1;
      else if (!accepted) counted[5] = 1'b1;
    end
  end

  assign owed_d = (owed_q && !frame_room) || (lost && open_q);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      step_q          <= Idle;
      open_q          <= 1'b0;
      owed_q          <= 1'b0;
      false_carrier_q <= 1'b0;
      pausing_q       <= 1'b0;
      counters_o      <= '0;
      busy_o          <= 1'b0;
    end else begin
      step_q <= step_d;
      if (write) open_q <= room && valid && !longest;
      owed_q <= owed_d;
      if (enable_i) false_carrier_q <= false_carrier;
      pausing_q  <= counted[6] && pause_on;
      counters_o <= counted;
      busy_o     <= step_d != Idle || owed_d || (counted[6] && pause_on) || valid;
    end
  end

  // ---- what a frame's bytes are compared with ----------------------------------------------------------------------
  logic early;  // one of the first 18 bytes
  logic [4:0] index;
  logic [7:0] own_byte, pause_byte;
  assign index = count_q[4:0];
  assign early = count_q < 11'd18;

  always_comb begin
    if (index[2]) own_byte = index[0] ? address[47:40] : address[39:32];
    else if (index[1]) own_byte = index[0] ? address[31:24] : address[23:16];
    else own_byte = index[0] ? address[15:8] : address[7:0];
    case (index[3:0])
      4'd0, 4'd5, 4'd15: pause_byte = 8'h01;
      4'd1: pause_byte = 8'h80;
      4'd2: pause_byte = 8'hC2;
      4'd12: pause_byte = 8'h88;
      4'd13: pause_byte = 8'h08;
      default: pause_byte = 8'h00;
    endcase
  end

  logic [31:0] crc_d;
  logic [7:0] x;
  assign x = octet ^ crc_q[7:0];
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

  always_ff @(posedge clk_i) begin
    if (step_q == Idle || (takes && step_q == Preamble && sfd)) count_q <= '0;
    else if (takes) count_q <= count_q + 1'b1;
    if (takes) begin
      symbol_q <= error || (symbol_q && step_q != Idle);
      {held_4_q, held_3_q, held_2_q, held_1_q, held_0_q} <= {octet, held_4_q, held_3_q, held_2_q, held_1_q};
      if (early) quanta_q <= {quanta_q[7:0], octet};
      if (count_q == '0) group_q <= octet[0];
    end
    if (!in_data) begin
      crc_q           <= '1;
      own_q           <= 1'b1;
      broadcast_q     <= 1'b1;
      pause_address_q <= 1'b1;
      pause_type_q    <= 1'b1;
    end else if (takes) begin
      crc_q <= crc_d;
      if (early && index < 5'd6) begin
        if (octet != own_byte) own_q <= 1'b0;
        if (!(&octet)) broadcast_q <= 1'b0;
        if (octet != pause_byte) pause_address_q <= 1'b0;
      end
      if (early && index[4:2] == 3'd3 && octet != pause_byte) pause_type_q <= 1'b0;
    end
  end

  // ---- out ---------------------------------------------------------------------------------------------------------
  logic over, bad;
  logic [9:0] stored;  // a beat out without its keep, which is always set
  assign over = !valid || longest;
  assign bad = valid ? longest : (symbol_q || runt || bad_crc || is_pause || !accepted);
  assign m_frame_data_o = {stored[9:8], 1'b1, stored[7:0]};

  stream_fifo #(
      .Width(10),
      .Depth(FrameDepth)
  ) u_frame (
      .clk_i,
      .rst_ni,
      .s_valid_i(owed_q || write),
      .s_ready_o(frame_room),
      .s_data_i(owed_q ? 10'h300 : {bad, over, held_0_q}),
      .m_valid_o(m_frame_valid_o),
      .m_ready_i(m_frame_ready_i),
      .m_data_o(stored)
  );

  // A PAUSE that finds no room is forgotten: the latest one counts.
  // verilator lint_off PINCONNECTEMPTY
  stream_fifo #(
      .Width(16),
      .Depth(PauseDepth)
  ) u_pause (
      .clk_i,
      .rst_ni,
      .s_valid_i(pausing_q),
      .s_ready_o(),
      .s_data_i(quanta_q),
      .m_valid_o(m_pause_valid_o),
      .m_ready_i(m_pause_ready_i),
      .m_data_o(m_pause_data_o)
  );
  // verilator lint_on PINCONNECTEMPTY

endmodule
