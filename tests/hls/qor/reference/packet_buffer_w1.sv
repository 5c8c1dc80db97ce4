// SPDX-License-Identifier: Apache-2.0
// packet_buffer<1> by hand. There is room as long as three places are free by the pointers of a step ago, and 31
// descriptors are not held, of 32 at most.
module packet_buffer_w1 #(
    parameter int unsigned FrameOutDepth = 2,
    parameter int unsigned DescriptorOutDepth = 2
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [10:0] s_frame_in_data_i,
    input  logic        s_frame_in_valid_i,
    output logic        s_frame_in_ready_o,
    input  logic [74:0] s_descriptor_in_data_i,
    input  logic        s_descriptor_in_valid_i,
    output logic        s_descriptor_in_ready_o,
    output logic [9:0]  m_frame_out_data_o,
    output logic        m_frame_out_valid_o,
    input  logic        m_frame_out_ready_i,
    output logic [74:0] m_descriptor_out_data_o,
    output logic        m_descriptor_out_valid_o,
    input  logic        m_descriptor_out_ready_i,
    output logic [5:0]  counters_o,
    output logic        busy_o
);

  // ---- memories ----------------------------------------------------------------------------------------------------
  logic [8:0] beats_q[4096];
  logic [8:0] beat_q;
  logic [74:0] descriptors_q[32];

  // ---- the read side -----------------------------------------------------------------------------------------------
  logic [11:0] read_q, read_d, committed_q;
  logic [5:0] descriptors_in_q, descriptors_out_q;
  logic ready_q, ready_d, first_q;
  logic frame_room, descriptor_room;
  logic offers, takes;
  assign offers = ready_q && (descriptor_room || !first_q);
  assign takes = offers && frame_room;
  assign read_d = read_q + 12'(takes);
  assign ready_d = (ready_q && !takes) || read_d != committed_q;

  // ---- the write side ----------------------------------------------------------------------------------------------
  logic last, bad;
  logic [11:0] write_q, frame_q, next;
  logic [11:0] left;
  logic [5:0] held;
  logic room_q, dropping_q, waiting_q, waiting_d, overflow_q;
  logic arrives, room, stores, rolls_back, commits;
  logic [7:0] status;
  logic transport;
  assign last = s_frame_in_data_i[9];
  assign bad = s_frame_in_data_i[10];
  assign arrives = s_frame_in_valid_i;
  assign next = write_q + 1'b1;
  assign left = read_q - write_q;
  assign held = descriptors_in_q - descriptors_out_q;
  assign room = room_q && !dropping_q;
  assign stores = arrives && room;
  assign rolls_back = arrives && last && (bad || !room);
  assign s_frame_in_ready_o = s_frame_in_valid_i;
  assign s_descriptor_in_ready_o = s_descriptor_in_valid_i && waiting_q;
  assign commits = s_descriptor_in_ready_o && !overflow_q;
  assign waiting_d = (arrives && last && !bad) || (waiting_q && !s_descriptor_in_valid_i);
  assign status = s_descriptor_in_data_i[58:51];
  assign transport = status[6] || status[7];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      read_q            <= '0;
      committed_q       <= '0;
      frame_q           <= '0;
      write_q           <= '0;
      room_q            <= 1'b1;
      dropping_q        <= 1'b0;
      waiting_q         <= 1'b0;
      ready_q           <= 1'b0;
      first_q           <= 1'b1;
      descriptors_in_q  <= '0;
      descriptors_out_q <= '0;
      counters_o        <= '0;
      busy_o            <= 1'b0;
    end else begin
      read_q <= read_d;
      if (takes) first_q <= beat_q[8];
      if (takes && first_q) descriptors_out_q <= descriptors_out_q + 1'b1;
      ready_q <= ready_d;

      if (commits) begin
        committed_q <= frame_q;
        descriptors_in_q <= descriptors_in_q + 1'b1;
      end
      counters_o <= {commits && !status[1] && !status[4] && !transport, commits && status[4], commits && status[3],
                     commits && status[1], s_descriptor_in_ready_o && overflow_q, commits};

      room_q <= (left[1:0] == 2'd0 || left[11:2] != 10'd0) && !held[5] && held[4:0] != 5'd31;
      if (arrives) dropping_q <= !room && !last;
      waiting_q <= waiting_d;
      if (stores && last && !bad) frame_q <= next;
      if (rolls_back) write_q <= frame_q;
      else if (stores) write_q <= next;
      busy_o <= ready_d || waiting_d || waiting_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (arrives && last && !bad) overflow_q <= !room;
    if (takes || !ready_q) beat_q <= beats_q[read_d];
    if (stores) beats_q[write_q] <= {last, s_frame_in_data_i[7:0]};
    if (commits) descriptors_q[descriptors_in_q[4:0]] <= s_descriptor_in_data_i;
  end

  // ---- out ---------------------------------------------------------------------------------------------------------
  logic [8:0] stored;  // a beat out without its keep, which is always set
  assign m_frame_out_data_o = {stored[8], 1'b1, stored[7:0]};

  stream_fifo #(
      .Width(9),
      .Depth(FrameOutDepth)
  ) u_frame_out (
      .clk_i,
      .rst_ni,
      .s_valid_i(offers),
      .s_ready_o(frame_room),
      .s_data_i(beat_q),
      .m_valid_o(m_frame_out_valid_o),
      .m_ready_i(m_frame_out_ready_i),
      .m_data_o(stored)
  );

  stream_fifo #(
      .Width(75),
      .Depth(DescriptorOutDepth)
  ) u_descriptor_out (
      .clk_i,
      .rst_ni,
      .s_valid_i(takes && first_q),
      .s_ready_o(descriptor_room),
      .s_data_i(descriptors_q[descriptors_out_q[4:0]]),
      .m_valid_o(m_descriptor_out_valid_o),
      .m_ready_i(m_descriptor_out_ready_i),
      .m_data_o(m_descriptor_out_data_o)
  );

endmodule
