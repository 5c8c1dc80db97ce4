// SPDX-License-Identifier: Apache-2.0
#include <verilated.h>

#include "Vuart_link.h"
#include "sim/dut/link_port.hpp"

namespace sockwire::sim {

namespace {

class VerilatedLink final : public LinkPort {
 public:
  VerilatedLink() : model_(&context_) {
    // An asynchronous reset needs its edge, and the memories' reset values a clock.
    model_.rst_ni = 1;
    model_.eval();
    model_.rst_ni = 0;
    clock();
    clock();
    model_.rst_ni = 1;
    model_.eval();
    show();
  }
  ~VerilatedLink() override { model_.final(); }
  VerilatedLink(const VerilatedLink&) = delete;
  VerilatedLink& operator=(const VerilatedLink&) = delete;

  const LinkOutputs& outputs() const override { return outputs_; }

  void step(const LinkInputs& inputs) override {
    model_.ticks_i = static_cast<std::uint32_t>(LinkTicks(inputs.now_ns >> kLinkTickLog2));
    now_ns_ = inputs.now_ns;
    model_.phy_i = static_cast<std::uint8_t>(inputs.phy.present | (inputs.phy.link << 1) | (inputs.phy.hundred << 2) |
                                             (inputs.phy.full_duplex << 3));
    model_.line_busy_i = inputs.line_busy;
    model_.s_line_rx_valid_i = inputs.line_rx_valid;
    model_.s_line_rx_data_i = static_cast<std::uint16_t>(inputs.line_rx.data | (inputs.line_rx.error << 8));
    model_.s_events_valid_i = inputs.event_valid;
    model_.s_events_data_i =
        static_cast<std::uint16_t>(inputs.event.data | (inputs.event.keep << 8) | (inputs.event.last << 9));
    model_.m_commands_ready_i = inputs.command_ready;
    model_.m_line_tx_ready_i = inputs.line_tx_ready;
    clock();
    show();
  }

 private:
  // Inputs take effect before the edge that is evaluated with them.
  void clock() {
    model_.clk_i = 1;
    model_.eval();
    model_.clk_i = 0;
    model_.eval();
  }

  void show() {
    outputs_.line_rx_ready = model_.s_line_rx_ready_o;
    outputs_.event_ready = model_.s_events_ready_o;
    outputs_.command_valid = model_.m_commands_valid_o;
    if (outputs_.command_valid) {
      outputs_.command.data = model_.m_commands_data_o & 0xFF;
      outputs_.command.keep = (model_.m_commands_data_o >> 8) & 1;
      outputs_.command.last = (model_.m_commands_data_o >> 9) & 1;
    }
    outputs_.line_tx_valid = model_.m_line_tx_valid_o;
    if (outputs_.line_tx_valid) outputs_.line_tx = model_.m_line_tx_data_o;
    outputs_.divisor = model_.divisor_o;
    outputs_.counted = model_.counters_o;
    outputs_.receive_counted = model_.receive_counters_o;
    outputs_.idle = model_.idle_o;
    outputs_.settled = outputs_.idle;
    outputs_.deadline_ns = link_deadline_ns((model_.deadline_o & 1) != 0, model_.deadline_o >> 1, now_ns_);
  }

  VerilatedContext context_;
  Vuart_link model_;
  std::uint64_t now_ns_ = 0;
  LinkOutputs outputs_;
};

}  // namespace

std::unique_ptr<LinkPort> make_verilated_link() { return std::make_unique<VerilatedLink>(); }

}  // namespace sockwire::sim
