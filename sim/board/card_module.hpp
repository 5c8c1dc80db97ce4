// SPDX-License-Identifier: Apache-2.0
// rtl/top/uart_mii_card.sv, Verilated, as a SystemC module. Its registers move with the rising edges of three clocks
// that need have nothing in common; an input that changes with an edge is seen at the next one, as registers do.
#pragma once

#include <memory>
#include <systemc>

class Vuart_mii_card;
class VerilatedContext;

namespace sockwire::sim {

class CardModule final : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> clk{"clk"};
  sc_core::sc_in<bool> mii_tx_clk{"mii_tx_clk"};
  sc_core::sc_in<bool> mii_rx_clk{"mii_rx_clk"};
  sc_core::sc_in<bool> rst_n{"rst_n"};  ///< of all three domains
  sc_core::sc_in<bool> uart_rx{"uart_rx"};
  sc_core::sc_out<bool> uart_tx{"uart_tx"};
  sc_core::sc_out<sc_dt::sc_uint<4>> mii_txd{"mii_txd"};
  sc_core::sc_out<bool> mii_tx_en{"mii_tx_en"};
  sc_core::sc_in<sc_dt::sc_uint<4>> mii_rxd{"mii_rxd"};
  sc_core::sc_in<bool> mii_rx_dv{"mii_rx_dv"};
  sc_core::sc_in<bool> mii_rx_er{"mii_rx_er"};
  sc_core::sc_in<bool> mii_crs{"mii_crs"};
  sc_core::sc_in<bool> mii_col{"mii_col"};
  sc_core::sc_out<bool> phy_rst_n{"phy_rst_n"};
  sc_core::sc_out<bool> mdc{"mdc"};
  sc_core::sc_in<bool> mdio_in{"mdio_in"};
  sc_core::sc_out<bool> mdio_out{"mdio_out"};
  sc_core::sc_out<bool> mdio_drives{"mdio_drives"};
  sc_core::sc_out<sc_dt::sc_uint<4>> leds{"leds"};  ///< link, activity, error, heartbeat

  SC_HAS_PROCESS(CardModule);
  explicit CardModule(const sc_core::sc_module_name& name);
  ~CardModule() override;

  /// Clocks of 120 MHz so far.
  std::uint64_t cycles() const { return cycles_; }

 private:
  void on_reset();
  void on_clock();
  void on_mii_tx_clock();
  void on_mii_rx_clock();

  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Vuart_mii_card> rtl_;
  std::uint64_t cycles_ = 0;
};

}  // namespace sockwire::sim
