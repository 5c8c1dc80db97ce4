// SPDX-License-Identifier: Apache-2.0
// The kernels of a line code at one end of a line, whatever they are made of: run directly, or the RTL that hlsc made,
// under Verilator. Both behave alike, clock by clock.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "hls/line/line_code.hpp"
#include "hls/top/ports.hpp"

namespace sockwire::sim {

// What is fixed for a code: see the table in hls/line/line_code.hpp. Times are in picoseconds.

struct Code10BaseT {
  static constexpr std::string_view kName = "10base-t";
  static constexpr int kBytes = 1;
  static constexpr std::uint64_t kClockPs = 12500;
  static constexpr int kClocksPerCycle = 64;
  using TxSymbol = LineLevel;
  using RxSymbol = LineLevel;
};

struct Code100BaseTx {
  static constexpr std::string_view kName = "100base-tx";
  static constexpr int kBytes = 1;
  static constexpr std::uint64_t kClockPs = 8000;
  static constexpr int kClocksPerCycle = 10;
  using TxSymbol = LineLevel;
  using RxSymbol = RecoveredLevels;
};

struct Code1000BaseX {
  static constexpr std::string_view kName = "1000base-x";
  static constexpr int kBytes = 1;
  static constexpr std::uint64_t kClockPs = 8000;
  static constexpr int kClocksPerCycle = 1;
  using TxSymbol = CodeGroup;
  using RxSymbol = CodeGroup;
};

struct Code10GBaseR {
  static constexpr std::string_view kName = "10gbase-r";
  static constexpr int kBytes = 8;
  static constexpr std::uint64_t kClockPs = 6400;
  static constexpr int kClocksPerCycle = 1;
  using TxSymbol = Block66;
  using RxSymbol = Block66;
};

/// A transmitter and a receiver. The protocol of a clock is Engine's: look at outputs(), choose the inputs, step().
template <typename Code>
class LinePort {
 public:
  struct Inputs {
    Line<Code::kBytes> mac_tx{};  ///< what the MAC drives; it counts when `tx_enable` was shown
    typename Code::RxSymbol line_rx{};
  };
  /// All of them are registers: they depend on earlier clocks' inputs only.
  struct Outputs {
    bool tx_enable = false;  ///< the MAC's transmitter moves in this clock
    typename Code::TxSymbol line_tx{};
    Line<Code::kBytes> mac_rx{};
    bool rx_enable = false;  ///< `mac_rx` counts in this clock
    LineStatus status{};
    ap_uint<kLineCounters> counted = 0;  ///< a bit for each LineCounter that went up
  };

  virtual ~LinePort() = default;
  virtual const Outputs& outputs() const = 0;
  virtual void step(const Inputs& inputs) = 0;

  /// For tests: what the standard counts in milliseconds (a link's timers) takes microseconds from now on. Before the
  /// first step; a code without such timers has nothing to do.
  virtual void shorten_timers() {}
};

template <typename Code>
std::unique_ptr<LinePort<Code>> make_native_line_port();

template <typename Code>
std::unique_ptr<LinePort<Code>> make_verilated_line_port();

}  // namespace sockwire::sim
