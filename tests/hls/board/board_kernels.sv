// SPDX-License-Identifier: Apache-2.0
// The kernels of hls/board side by side, for the lockstep test.
module board_kernels (
    input  logic        clk_i,
    input  logic        rst_ni,
    output logic [63:0] now_ns_o,
    input  logic        command_i,
    output logic [31:0] boot_id_o,
    input  logic        pin_i,
    output logic        mdc_o,
    output logic        mdio_o,
    output logic        drives_o,
    output logic        running_o,
    output logic [ 3:0] status_o,
    input  logic        link_i,
    input  logic        activity_i,
    input  logic        error_i,
    output logic [ 3:0] leds_o
);
  card_time u_card_time (
      .clk_i   (clk_i),
      .rst_ni  (rst_ni),
      .now_ns_o(now_ns_o)
  );
  boot_id u_boot_id (
      .clk_i    (clk_i),
      .rst_ni   (rst_ni),
      .command_i(command_i),
      .id_o     (boot_id_o)
  );
  mdio u_mdio (
      .clk_i     (clk_i),
      .rst_ni    (rst_ni),
      .pin_i     (pin_i),
      .mdc_o     (mdc_o),
      .mdio_bit_o(mdio_o),
      .drives_o  (drives_o),
      .running_o (running_o),
      .status_o  (status_o)
  );
  status_leds u_status_leds (
      .clk_i     (clk_i),
      .rst_ni    (rst_ni),
      .link_i    (link_i),
      .activity_i(activity_i),
      .error_i   (error_i),
      .leds_o    (leds_o)
  );
endmodule
