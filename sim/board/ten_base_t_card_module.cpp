// SPDX-License-Identifier: Apache-2.0
// clang-format off: behind SystemC's headers Verilator's would take SystemC's time for their own.
#include "Vuart_10base_t_card.h"
// clang-format on

#include "sim/board/ten_base_t_card_module.hpp"

namespace sockwire::sim {

TenBaseTCardModule::TenBaseTCardModule(const sc_core::sc_module_name& name)
    : sc_module(name),
      context_(std::make_unique<VerilatedContext>()),
      rtl_(std::make_unique<Vuart_10base_t_card>(context_.get())) {
  // A reset that is there from the start has no edge, and Verilator would wait for one.
  rtl_->rst_ni = rtl_->rst_line_ni = 1;
  rtl_->short_timers_i = 1;
  rtl_->eval();
  SC_METHOD(on_reset);
  sensitive << rst_n;
  SC_METHOD(on_clock);
  sensitive << clk.pos();
  dont_initialize();
  SC_METHOD(on_line_clock);
  sensitive << clk_line.pos();
  dont_initialize();
}

TenBaseTCardModule::~TenBaseTCardModule() = default;

void TenBaseTCardModule::on_reset() {
  rtl_->rst_ni = rtl_->rst_line_ni = rst_n.read() ? 1 : 0;
  rtl_->eval();
}

// Nothing happens with a falling edge, so that it comes at once.
void TenBaseTCardModule::on_clock() {
  rtl_->uart_rx_i = uart_rx.read();
  rtl_->clk_i = 1;
  rtl_->eval();
  rtl_->clk_i = 0;
  rtl_->eval();
  uart_tx.write(rtl_->uart_tx_o != 0);
  leds.write(rtl_->leds_o);
}

void TenBaseTCardModule::on_line_clock() {
  rtl_->rd_i = static_cast<CData>(rd.read().value());
  rtl_->clk_line_i = 1;
  rtl_->eval();
  rtl_->clk_line_i = 0;
  rtl_->eval();
  td.write(rtl_->td_o);
}

}  // namespace sockwire::sim
