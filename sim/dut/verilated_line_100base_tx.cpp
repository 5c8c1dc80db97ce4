// SPDX-License-Identifier: Apache-2.0
#include <verilated.h>

#include "Vline_100base_tx_rx.h"
#include "Vline_100base_tx_tx.h"
#include "sim/dut/line_port.hpp"

namespace sockwire::sim {

namespace {

// Fields lie in the order of their declaration (hls/top/ports.hpp, hls/line/line_code.hpp), the first lowest.

unsigned bits_of(const Line<1>& line) {
  return static_cast<unsigned>(line.data) | (line.valid ? 1U << 8 : 0) | (line.error ? 1U << 9 : 0) |
         (line.dribble ? 1U << 10 : 0);
}

Line<1> line_of(unsigned bits) {
  Line<1> line;
  line.data = bits;
  line.valid = ((bits >> 8) & 1) != 0;
  line.error = ((bits >> 9) & 1) != 0;
  line.dribble = ((bits >> 10) & 1) != 0;
  return line;
}

unsigned bits_of(const RecoveredLevels& levels) {
  return static_cast<unsigned>(levels.count) | (static_cast<unsigned>(levels.first) << 2) |
         (static_cast<unsigned>(levels.second) << 4);
}

LineStatus status_of(unsigned bits) {
  LineStatus status;
  status.signal = (bits & 1) != 0;
  status.locked = (bits & 2) != 0;
  status.link = (bits & 4) != 0;
  status.inverted = (bits & 8) != 0;
  return status;
}

class VerilatedPort final : public LinePort<Code100BaseTx> {
 public:
  VerilatedPort() : tx_(&context_), rx_(&context_) {
    tx_.mac_i = 0;
    rx_.line_i = 0;
    // An asynchronous reset needs its edge.
    reset(1);
    reset(0);
    clock();
    reset(1);
    show();
  }
  ~VerilatedPort() override {
    tx_.final();
    rx_.final();
  }
  VerilatedPort(const VerilatedPort&) = delete;
  VerilatedPort& operator=(const VerilatedPort&) = delete;

  const Outputs& outputs() const override { return outputs_; }

  void step(const Inputs& inputs) override {
    tx_.mac_i = static_cast<std::uint16_t>(bits_of(inputs.mac_tx));
    rx_.line_i = static_cast<std::uint8_t>(bits_of(inputs.line_rx));
    clock();
    show();
  }

 private:
  void reset(unsigned char level) {
    tx_.rst_ni = level;
    rx_.rst_ni = level;
    tx_.eval();
    rx_.eval();
  }

  // Inputs take effect before the edge that is evaluated with them.
  void clock() {
    for (const unsigned char level : {1, 0}) {
      tx_.clk_i = level;
      rx_.clk_i = level;
      tx_.eval();
      rx_.eval();
    }
  }

  void show() {
    outputs_.tx_enable = tx_.mac_enable_o != 0;
    outputs_.line_tx = tx_.line_o;
    outputs_.mac_rx = line_of(rx_.mac_o);
    outputs_.rx_enable = rx_.mac_enable_o != 0;
    outputs_.status = status_of(rx_.status_o);
    outputs_.counted = rx_.counters_o;
  }

  VerilatedContext context_;
  Vline_100base_tx_tx tx_;
  Vline_100base_tx_rx rx_;
  Outputs outputs_;
};

}  // namespace

template <>
std::unique_ptr<LinePort<Code100BaseTx>> make_verilated_line_port<Code100BaseTx>() {
  return std::make_unique<VerilatedPort>();
}

}  // namespace sockwire::sim
