# SPDX-License-Identifier: Apache-2.0
# Digilent Arty A7, 35T and 100T alike (their pins are the same), for rtl/top/arty_a7_10base_t.sv: 10BASE-T from Pmod JB. What has to be
# between these pins and a cable is in arty.md. Read by Vivado and by nextpnr-xilinx; the latter takes pins and create_clock, and passes
# over the rest. One command a line, for it.

# ---- pins: all banks that are used have 3.3 V

# The board's crystal
set_property -dict {PACKAGE_PIN E3 IOSTANDARD LVCMOS33} [get_ports CLK100MHZ]

# The red button, low while it is pressed
set_property -dict {PACKAGE_PIN C2 IOSTANDARD LVCMOS33} [get_ports ck_rst]

# Channel B of the FT2232H, named from its side
set_property -dict {PACKAGE_PIN A9 IOSTANDARD LVCMOS33} [get_ports uart_txd_in]
set_property -dict {PACKAGE_PIN D10 IOSTANDARD LVCMOS33} [get_ports uart_rxd_out]

# LD4 to LD7: link, activity, error, heartbeat
set_property -dict {PACKAGE_PIN H5 IOSTANDARD LVCMOS33} [get_ports {led[0]}]
set_property -dict {PACKAGE_PIN J5 IOSTANDARD LVCMOS33} [get_ports {led[1]}]
set_property -dict {PACKAGE_PIN T9 IOSTANDARD LVCMOS33} [get_ports {led[2]}]
set_property -dict {PACKAGE_PIN T10 IOSTANDARD LVCMOS33} [get_ports {led[3]}]

# DP83848J: held in reset
set_property -dict {PACKAGE_PIN C16 IOSTANDARD LVCMOS33} [get_ports eth_rstn]

# Pmod JB, which has no resistors of its own (JA and JD have 200 Ohm in each wire). Its pins 1 and 2: the transmit pair
set_property -dict {PACKAGE_PIN E15 IOSTANDARD LVCMOS33} [get_ports td_p]
set_property -dict {PACKAGE_PIN E16 IOSTANDARD LVCMOS33} [get_ports td_n]
# Both change at once, as fast and as strong as these pins can.
set_property IOB TRUE [get_ports td_p]
set_property IOB TRUE [get_ports td_n]
set_property DRIVE 16 [get_ports td_p]
set_property DRIVE 16 [get_ports td_n]
set_property SLEW FAST [get_ports td_p]
set_property SLEW FAST [get_ports td_n]
# Its pins 3 and 4: the comparators of the receive pair. Without them there is no signal.
set_property -dict {PACKAGE_PIN D15 IOSTANDARD LVCMOS33} [get_ports rd_above]
set_property -dict {PACKAGE_PIN C15 IOSTANDARD LVCMOS33} [get_ports rd_below]
set_property PULLTYPE PULLDOWN [get_ports rd_above]
set_property PULLTYPE PULLDOWN [get_ports rd_below]

set_property CFGBVS VCCO [current_design]
set_property CONFIG_VOLTAGE 3.3 [current_design]
# Pins that the design leaves alone, the PHY's among them, must not be pulled at.
set_property BITSTREAM.CONFIG.UNUSEDPIN Pullnone [current_design]

# ---- clocks

create_clock -period 10.000 -name CLK100MHZ [get_ports CLK100MHZ]
# The MMCM's, whose periods the tool derives: 8.333 ns and 12.5 ns. Here they get their names.
create_generated_clock -name clk_card [get_pins u_mmcm/CLKOUT0]
create_generated_clock -name clk_line [get_pins u_mmcm/CLKOUT1]

# ---- exceptions, each with its reason

# The two clocks come from one MMCM, but nothing relies on their phase. What crosses between them does so in async_fifo and sync_2ff
# (rtl/stream), as Gray codes, as memory that stands still before its pointer tells of it, and as the single bit of the link: that needs that
# no bit is later than another by more than a period of the faster clock.
set_max_delay -datapath_only -from [get_clocks clk_card] -to [get_clocks clk_line] 8.333
set_max_delay -datapath_only -from [get_clocks clk_line] -to [get_clocks clk_card] 8.333

# Resets begin at any time; each domain's sync_2ff ends its own on its own clock.
set_false_path -from [get_ports ck_rst]
set_false_path -through [get_pins u_mmcm/LOCKED]

# Inputs that belong to no clock of this chip's; each goes to a sync_2ff and nowhere else. Both are sampled eight times a bit or more.
set_false_path -from [get_ports {uart_txd_in rd_above rd_below}]

# Outputs that no clock samples: the UART's receiver, eyes, and the pair's driver, whose two pins leave through registers of their own.
set_false_path -to [get_ports {uart_rxd_out led[*] td_p td_n}]
# It does not change.
set_false_path -to [get_ports eth_rstn]
