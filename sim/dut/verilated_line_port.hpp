// SPDX-License-Identifier: Apache-2.0
// A line port that is a Verilated design (hls/line/line_CODE.hpp). Its ports have the names of LineWires
// (native_line_port.hpp):
//
//   template <>
//   std::unique_ptr<LinePort<CodeX>> make_verilated_line_port<CodeX>() {
//     return std::make_unique<VerilatedLinePort<CodeX, Vline_x>>();
//   }
#pragma once

#include <verilated.h>

#include <type_traits>

#include "sim/dut/line_port.hpp"

namespace sockwire::sim {

namespace detail {

/// The bits of a port, the first field lowest.
struct PortBits {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

// Fields lie in the order of their declaration (hls/line/line_code.hpp, hls/top/ports.hpp), the first lowest.

inline PortBits bits_of(const LineLevel& level) { return {level, 0}; }
inline PortBits bits_of(const CodeGroup& group) { return {group, 0}; }
inline PortBits bits_of(const RecoveredLevels& levels) {
  return {levels.count | (levels.first << 2) | (levels.second << 4), 0};
}
inline PortBits bits_of(const Block66& block) { return {block.sync | (block.data << 2), block.data >> 62}; }
inline PortBits bits_of(const Line<1>& line) {
  return {line.data | (std::uint64_t{line.valid} << 8) | (std::uint64_t{line.error} << 9) |
              (std::uint64_t{line.dribble} << 10),
          0};
}
inline PortBits bits_of(const Line<8>& line) { return {line.data, line.control}; }

inline void from_bits(LineLevel& level, const PortBits& bits) { level = bits.low; }
inline void from_bits(CodeGroup& group, const PortBits& bits) { group = bits.low; }
inline void from_bits(Block66& block, const PortBits& bits) {
  block.sync = bits.low;
  block.data = (bits.low >> 2) | (bits.high << 62);
}
inline void from_bits(Line<1>& line, const PortBits& bits) {
  line.data = bits.low;
  line.valid = (bits.low >> 8) & 1;
  line.error = (bits.low >> 9) & 1;
  line.dribble = (bits.low >> 10) & 1;
}
inline void from_bits(Line<8>& line, const PortBits& bits) {
  line.data = bits.low;
  line.control = bits.high;
}
inline void from_bits(LineStatus& status, const PortBits& bits) {
  status.signal = bits.low & 1;
  status.locked = (bits.low >> 1) & 1;
  status.link = (bits.low >> 2) & 1;
  status.inverted = (bits.low >> 3) & 1;
}

// Verilator's types of a port by its width: up to 64 bits an unsigned integer, above it words of 32 bits.

template <typename Port>
void put_bits(Port& port, const PortBits& bits) {
  if constexpr (std::is_integral_v<Port>) {
    port = static_cast<Port>(bits.low);
  } else {
    static_assert(sizeof(port) == 12, "65 to 96 bits");
    port[0] = static_cast<std::uint32_t>(bits.low);
    port[1] = static_cast<std::uint32_t>(bits.low >> 32);
    port[2] = static_cast<std::uint32_t>(bits.high);
  }
}

template <typename Port>
PortBits get_bits(const Port& port) {
  if constexpr (std::is_integral_v<Port>) {
    return {port, 0};
  } else {
    static_assert(sizeof(port) == 12, "65 to 96 bits");
    return {port[0] | (static_cast<std::uint64_t>(port[1]) << 32), port[2]};
  }
}

}  // namespace detail

template <typename Code, typename Model>
class VerilatedLinePort final : public LinePort<Code> {
 public:
  VerilatedLinePort() : model_(&context_) {
    detail::put_bits(model_.mac_tx_i, detail::bits_of(Line<Code::kBytes>{}));
    // An asynchronous reset needs its edge.
    model_.rst_ni = 1;
    model_.eval();
    model_.rst_ni = 0;
    clock();
    clock();
    model_.rst_ni = 1;
    model_.eval();
    show();
  }
  ~VerilatedLinePort() override { model_.final(); }
  VerilatedLinePort(const VerilatedLinePort&) = delete;
  VerilatedLinePort& operator=(const VerilatedLinePort&) = delete;

  const typename LinePort<Code>::Outputs& outputs() const override { return outputs_; }

  void step(const typename LinePort<Code>::Inputs& inputs) override {
    detail::put_bits(model_.mac_tx_i, detail::bits_of(inputs.mac_tx));
    detail::put_bits(model_.line_rx_i, detail::bits_of(inputs.line_rx));
    clock();
    show();
  }

  void shorten_timers() override {
    if constexpr (requires { model_.short_timers_i; }) model_.short_timers_i = 1;
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
    outputs_.tx_enable = model_.tx_enable_o;
    detail::from_bits(outputs_.line_tx, detail::get_bits(model_.line_tx_o));
    detail::from_bits(outputs_.mac_rx, detail::get_bits(model_.mac_rx_o));
    outputs_.rx_enable = model_.rx_enable_o;
    detail::from_bits(outputs_.status, detail::get_bits(model_.status_o));
    outputs_.counted = model_.counters_o;
  }

  VerilatedContext context_;
  Model model_;
  typename LinePort<Code>::Outputs outputs_;
};

}  // namespace sockwire::sim
