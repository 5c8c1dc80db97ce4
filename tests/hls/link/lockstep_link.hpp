// SPDX-License-Identifier: Apache-2.0
// The native and the Verilated link in one: both take the same inputs, and their outputs are compared in every clock.
#pragma once

#include <memory>
#include <string>

#include "sim/dut/link_port.hpp"

namespace sockwire::test {

class LockstepLink final : public sim::LinkPort {
 public:
  const sim::LinkOutputs& outputs() const override { return native_->outputs(); }

  void step(const sim::LinkInputs& inputs) override {
    native_->step(inputs);
    verilated_->step(inputs);
    ++cycles_;
    if (difference_.empty()) compare();
  }

  /// The first one, as "cycle N: what"; empty if there is none.
  const std::string& difference() const { return difference_; }
  std::uint64_t cycles() const { return cycles_; }

 private:
  void compare() {
    const sim::LinkOutputs& a = native_->outputs();
    const sim::LinkOutputs& b = verilated_->outputs();
    differ("line_rx_ready", a.line_rx_ready, b.line_rx_ready);
    differ("line_tx_valid", a.line_tx_valid, b.line_tx_valid);
    differ("line_tx", a.line_tx, b.line_tx);
    differ("event_ready", a.event_ready, b.event_ready);
    differ("command_valid", a.command_valid, b.command_valid);
    differ("command", a.command.data | (a.command.last << 8), b.command.data | (b.command.last << 8));
    differ("divisor", a.divisor, b.divisor);
    differ("counted", a.counted, b.counted);
    differ("receive_counted", a.receive_counted, b.receive_counted);
    differ("idle", a.idle, b.idle);
    differ("deadline", a.deadline_ns, b.deadline_ns);
  }
  void differ(const char* what, std::uint64_t native, std::uint64_t verilated) {
    if (native == verilated || !difference_.empty()) return;
    difference_ = "cycle " + std::to_string(cycles_) + ": " + what + " is " + std::to_string(native) + " natively, " +
                  std::to_string(verilated) + " Verilated";
  }

  std::unique_ptr<sim::LinkPort> native_ = sim::make_native_link();
  std::unique_ptr<sim::LinkPort> verilated_ = sim::make_verilated_link();
  std::uint64_t cycles_ = 0;
  std::string difference_;
};

}  // namespace sockwire::test
