// SPDX-License-Identifier: Apache-2.0
// clang-format off: behind SystemC's headers Verilator's would take SystemC's time for their own.
#include "Vuart_mii_card.h"
// clang-format on

#include "sim/board/card_module.hpp"

namespace sockwire::sim {

CardModule::CardModule(const sc_core::sc_module_name& name)
    : sc_module(name),
      context_(std::make_unique<VerilatedContext>()),
      rtl_(std::make_unique<Vuart_mii_card>(context_.get())) {
  // A reset that is there from the start has no edge, and Verilator would wait for one.
  rtl_->rst_ni = rtl_->mii_tx_rst_ni = rtl_->mii_rx_rst_ni = 1;
  rtl_->eval();
  SC_METHOD(on_reset);
  sensitive << rst_n;
  SC_METHOD(on_clock);
  sensitive << clk.pos();
  dont_initialize();
  SC_METHOD(on_mii_tx_clock);
  sensitive << mii_tx_clk.pos();
  dont_initialize();
  SC_METHOD(on_mii_rx_clock);
  sensitive << mii_rx_clk.pos();
  dont_initialize();
}

CardModule::~CardModule() = default;

void CardModule::on_reset() {
  rtl_->rst_ni = rtl_->mii_tx_rst_ni = rtl_->mii_rx_rst_ni = rst_n.read() ? 1 : 0;
  rtl_->eval();
}

// Nothing happens with a falling edge, so that it comes at once.
void CardModule::on_clock() {
  rtl_->uart_rx_i = uart_rx.read();
  rtl_->mdio_i = mdio_in.read();
  rtl_->mii_crs_i = mii_crs.read();
  rtl_->mii_col_i = mii_col.read();
  rtl_->clk_i = 1;
  rtl_->eval();
  rtl_->clk_i = 0;
  rtl_->eval();
  ++cycles_;
  uart_tx.write(rtl_->uart_tx_o != 0);
  phy_rst_n.write(rtl_->phy_rst_no != 0);
  mdc.write(rtl_->mdc_o != 0);
  mdio_out.write(rtl_->mdio_o != 0);
  mdio_drives.write(rtl_->mdio_drives_o != 0);
  leds.write(rtl_->leds_o);
}

void CardModule::on_mii_tx_clock() {
  rtl_->mii_tx_clk_i = 1;
  rtl_->eval();
  rtl_->mii_tx_clk_i = 0;
  rtl_->eval();
  mii_txd.write(rtl_->mii_txd_o);
  mii_tx_en.write(rtl_->mii_tx_en_o != 0);
}

void CardModule::on_mii_rx_clock() {
  rtl_->mii_rxd_i = static_cast<CData>(mii_rxd.read().value());
  rtl_->mii_rx_dv_i = mii_rx_dv.read();
  rtl_->mii_rx_er_i = mii_rx_er.read();
  rtl_->mii_rx_clk_i = 1;
  rtl_->eval();
  rtl_->mii_rx_clk_i = 0;
  rtl_->eval();
}

}  // namespace sockwire::sim
