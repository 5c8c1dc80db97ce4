// SPDX-License-Identifier: Apache-2.0
// Stands inside mac_tx<1> and says what its CRC register must be after each clock, by the step that the line is in
// (hls/mac/mac_tx_gmii.hpp): all ones with the preamble, divided by a byte of data or of padding, moved on by a byte that
// is sent. The division is that of IEEE 802.3 clause 3.2.9, a bit at a time.
module mac_tx_crc #(
    parameter bit Wrong = 0
) (
    input logic        clk_i,
    input logic        rst_ni,
    input logic        steps_i,  // fire, and the line is enabled
    input logic [2:0]  step_i,
    input logic        valid_i,
    input logic [7:0]  data_i,
    input logic [31:0] crc_i
);

  localparam logic [2:0] Preamble = 1;
  localparam logic [2:0] Data = 2;
  localparam logic [2:0] Pad = 3;
  localparam logic [2:0] Fcs = 4;

  function automatic logic [31:0] divided(input logic [31:0] before, input logic [7:0] byte_in);
    logic [31:0] remainder;
    remainder = before;
    for (int i = 0; i < 8; i = i + 1)
      remainder = {1'b0, remainder[31:1]} ^ ((remainder[0] ^ byte_in[i]) ? 32'hedb88320 : 32'd0);
    divided = remainder;
  endfunction

  logic [31:0] expected_q;
  logic ran_q = 1'b0;

  always_ff @(posedge clk_i) begin
    ran_q <= rst_ni;
    expected_q <= crc_i;
    if (steps_i) begin
      if (step_i == Preamble) expected_q <= 32'hffffffff;
      if (step_i == Data) expected_q <= valid_i ? divided(crc_i, data_i) : {8'd0, crc_i[31:8]};
      if (step_i == Pad) expected_q <= divided(crc_i, {7'd0, Wrong});
      if (step_i == Fcs) expected_q <= {8'd0, crc_i[31:8]};
    end
  end

  always_comb if (ran_q && rst_ni) assert (crc_i == expected_q);

endmodule
