// SPDX-License-Identifier: Apache-2.0
// rtl/top/uart_10base_t_card.sv, Verilated, as a SystemC module: CardModule's kin, with two pairs in MII's place.
#pragma once

#include <memory>
#include <systemc>

class Vuart_10base_t_card;
class VerilatedContext;

namespace sockwire::sim {

class TenBaseTCardModule final : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> clk{"clk"};
  sc_core::sc_in<bool> clk_line{"clk_line"};
  sc_core::sc_in<bool> rst_n{"rst_n"};  ///< of both domains
  sc_core::sc_in<bool> uart_rx{"uart_rx"};
  sc_core::sc_out<bool> uart_tx{"uart_tx"};
  sc_core::sc_out<sc_dt::sc_uint<2>> td{"td"};
  sc_core::sc_in<sc_dt::sc_uint<2>> rd{"rd"};
  sc_core::sc_out<sc_dt::sc_uint<4>> leds{"leds"};  ///< link, activity, error, heartbeat

  SC_HAS_PROCESS(TenBaseTCardModule);
  /// Its link pulses come in microseconds.
  explicit TenBaseTCardModule(const sc_core::sc_module_name& name);
  ~TenBaseTCardModule() override;

 private:
  void on_reset();
  void on_clock();
  void on_line_clock();

  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Vuart_10base_t_card> rtl_;
};

}  // namespace sockwire::sim
