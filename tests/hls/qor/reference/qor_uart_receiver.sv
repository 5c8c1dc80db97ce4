// SPDX-License-Identifier: Apache-2.0
// uart_receiver.hpp by hand. The timer counts up, one increment whatever it is loaded with, and its carry says that it has
// run out. A one ahead of the data bits falls out of the shift register when all eight are in, so nothing counts them.
module qor_uart_receiver #(
    parameter int unsigned ReceivedDepth = 2
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        line_i,
    input  logic [11:0] cycles_per_bit_i,
    output logic [7:0]  m_received_data_o,
    output logic        m_received_valid_o,
    input  logic        m_received_ready_i,
    output logic [1:0]  errors_o
);

  logic room;
  logic [1:0] line_q;
  logic level;
  logic starting_q;  // in the start bit
  logic inside_q;    // in the bits after it
  logic [8:0] bits_q;
  logic [12:0] timer_q;
  logic [11:0] base;
  logic expired;
  logic stop;

  assign level = line_q[1];
  assign expired = timer_q[12];
  assign stop = inside_q && expired && bits_q[0];

  always_comb begin
    base = timer_q[11:0];
    if (!starting_q && !inside_q) base = ~{1'b0, cycles_per_bit_i[11:1]};
    else if (expired) base = ~cycles_per_bit_i;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      line_q     <= '1;
      starting_q <= 1'b0;
      inside_q   <= 1'b0;
      errors_o   <= '0;
    end else begin
      line_q     <= {line_q[0], line_i};
      starting_q <= starting_q ? !expired : !inside_q && !level;
      inside_q   <= inside_q ? !stop : starting_q && expired && !level;
      errors_o   <= {stop && level && !room, stop && !level};
    end
  end

  always_ff @(posedge clk_i) begin
    timer_q <= {1'b0, base} + 1'b1;
    if (!inside_q) bits_q <= 9'h100;
    else if (expired) bits_q <= {level, bits_q[8:1]};
  end

  stream_fifo #(
      .Width(8),
      .Depth(ReceivedDepth)
  ) u_received (
      .clk_i,
      .rst_ni,
      .s_valid_i(stop && level),
      .s_ready_o(room),
      .s_data_i(bits_q[8:1]),
      .m_valid_o(m_received_valid_o),
      .m_ready_i(m_received_ready_i),
      .m_data_o(m_received_data_o)
  );

endmodule
