# SPDX-License-Identifier: Apache-2.0
# Digilent Arty A7-35T, for rtl/top/arty_a7.sv. The boards' pins are the same; a test keeps the two files alike but for this line.
# Read by Vivado and by nextpnr-xilinx; the latter takes pins and create_clock, and passes over the rest. One command a line, for it.

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

# DP83848J
set_property -dict {PACKAGE_PIN G18 IOSTANDARD LVCMOS33} [get_ports eth_ref_clk]
set_property -dict {PACKAGE_PIN C16 IOSTANDARD LVCMOS33} [get_ports eth_rstn]
set_property -dict {PACKAGE_PIN F16 IOSTANDARD LVCMOS33} [get_ports eth_mdc]
set_property -dict {PACKAGE_PIN K13 IOSTANDARD LVCMOS33} [get_ports eth_mdio]
set_property -dict {PACKAGE_PIN H16 IOSTANDARD LVCMOS33} [get_ports eth_tx_clk]
set_property -dict {PACKAGE_PIN H15 IOSTANDARD LVCMOS33} [get_ports eth_tx_en]
set_property -dict {PACKAGE_PIN H14 IOSTANDARD LVCMOS33} [get_ports {eth_txd[0]}]
set_property -dict {PACKAGE_PIN J14 IOSTANDARD LVCMOS33} [get_ports {eth_txd[1]}]
set_property -dict {PACKAGE_PIN J13 IOSTANDARD LVCMOS33} [get_ports {eth_txd[2]}]
set_property -dict {PACKAGE_PIN H17 IOSTANDARD LVCMOS33} [get_ports {eth_txd[3]}]
set_property -dict {PACKAGE_PIN F15 IOSTANDARD LVCMOS33} [get_ports eth_rx_clk]
set_property -dict {PACKAGE_PIN G16 IOSTANDARD LVCMOS33} [get_ports eth_rx_dv]
set_property -dict {PACKAGE_PIN C17 IOSTANDARD LVCMOS33} [get_ports eth_rxerr]
set_property -dict {PACKAGE_PIN D18 IOSTANDARD LVCMOS33} [get_ports {eth_rxd[0]}]
set_property -dict {PACKAGE_PIN E17 IOSTANDARD LVCMOS33} [get_ports {eth_rxd[1]}]
set_property -dict {PACKAGE_PIN E18 IOSTANDARD LVCMOS33} [get_ports {eth_rxd[2]}]
set_property -dict {PACKAGE_PIN G17 IOSTANDARD LVCMOS33} [get_ports {eth_rxd[3]}]
set_property -dict {PACKAGE_PIN G14 IOSTANDARD LVCMOS33} [get_ports eth_crs]
set_property -dict {PACKAGE_PIN D17 IOSTANDARD LVCMOS33} [get_ports eth_col]

set_property CFGBVS VCCO [current_design]
set_property CONFIG_VOLTAGE 3.3 [current_design]
# The PHY reads its straps from pins as its reset ends: pins that the design leaves alone must not pull at them or at anything else.
set_property BITSTREAM.CONFIG.UNUSEDPIN Pullnone [current_design]

# ---- clocks

create_clock -period 10.000 -name CLK100MHZ [get_ports CLK100MHZ]
# Of MII at 100 Mb/s (IEEE 802.3 clause 22.2.2.1 and .2). At 10 Mb/s both are ten times slower.
create_clock -period 40.000 -name eth_tx_clk [get_ports eth_tx_clk]
create_clock -period 40.000 -name eth_rx_clk [get_ports eth_rx_clk]
# The MMCM's, whose periods the tool derives: 8.333 ns and 40 ns. Here they get their names.
create_generated_clock -name clk_card [get_pins u_mmcm/CLKOUT0]
create_generated_clock -name clk_phy [get_pins u_mmcm/CLKOUT1]

# ---- MII

# Clause 22.3.2: the PHY's outputs are valid from 10 ns before RX_CLK's rise to 10 ns after it, so that they change 10 to 30 ns after one.
set_input_delay -clock eth_rx_clk -max 30.000 [get_ports {eth_rxd[*] eth_rx_dv eth_rxerr}]
set_input_delay -clock eth_rx_clk -min 10.000 [get_ports {eth_rxd[*] eth_rx_dv eth_rxerr}]
# Clause 22.3.1: the PHY's inputs change 0 to 25 ns after TX_CLK's rise.
set_output_delay -clock eth_tx_clk -max 15.000 [get_ports {eth_txd[*] eth_tx_en}]
set_output_delay -clock eth_tx_clk -min 0.000 [get_ports {eth_txd[*] eth_tx_en}]

# ---- exceptions, each with its reason

# The three clocks have no phase in common. What crosses between them does so in async_fifo (rtl/stream), as Gray codes and as memory that
# stands still before its pointer tells of it: both need that no bit is later than another by more than a period of the faster clock.
set_max_delay -datapath_only -from [get_clocks clk_card] -to [get_clocks eth_tx_clk] 8.333
set_max_delay -datapath_only -from [get_clocks eth_tx_clk] -to [get_clocks clk_card] 8.333
set_max_delay -datapath_only -from [get_clocks clk_card] -to [get_clocks eth_rx_clk] 8.333
set_max_delay -datapath_only -from [get_clocks eth_rx_clk] -to [get_clocks clk_card] 8.333

# Resets begin at any time; each domain's sync_2ff ends its own on its own clock.
set_false_path -from [get_ports ck_rst]
set_false_path -through [get_pins u_mmcm/LOCKED]

# Inputs that belong to no clock of this chip's; each goes to a sync_2ff and nowhere else. The UART is sampled ten times a bit or more; MDIO
# stands still for 200 ns about where it is looked at; carrier sense and collision light lamps.
set_false_path -from [get_ports {uart_txd_in eth_mdio eth_crs eth_col}]

# Outputs that no clock samples: the UART's receiver and eyes.
set_false_path -to [get_ports {uart_rxd_out led[*]}]
# The PHY's reset lasts 1.6 ms. MDIO changes 200 ns before MDC rises and needs 10 (clause 22.3.4).
set_false_path -to [get_ports {eth_rstn eth_mdc eth_mdio}]
# A clock, and nothing's data: it leaves through an output register of its own.
set_false_path -to [get_ports eth_ref_clk]
