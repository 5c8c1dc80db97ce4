// SPDX-License-Identifier: Apache-2.0
// Two line ports joined symbol to symbol, and a MAC's transmit side to feed one.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <utility>

#include "sim/dut/line_port.hpp"
#include "tests/hls/line/symbols.hpp"
#include "tests/hls/mac/mac_bench.hpp"

namespace sockwire::test {

template <typename Code>
using Port = sim::LinePort<Code>;
template <typename Code>
using JoinOf = Join<typename Code::TxSymbol, typename Code::RxSymbol>;

/// What differs between codes that is not a property of the code: how long the harness waits. A code with other needs
/// specialises it beside its test.
template <typename Code>
struct Patience {
  /// Clocks, with shortened timers, after which a link must be up.
  static constexpr std::uint64_t kLinkClocks = 4'000'000;
  /// Octets of idle behind each frame of symbol_errors(): longer than the way from one MAC to the other, and than what
  /// a wrong symbol upset.
  static constexpr int kRecoveryBytes = Code::kBytes == 8 ? 200 : 64;
};

/// A MAC's transmit side: frames with the gap between them, moved on when the port says so.
template <int kBytes>
class FrameSource {
 public:
  /// The MAC's lines of a frame and the idle after it.
  void frame(const Bytes& frame_with_fcs, int idle_bytes) {
    LineWriter<kBytes> writer;
    writer.frame(frame_with_fcs);
    writer.idle(idle_bytes);
    while (writer.symbols.size() % kBytes != 0) writer.idle(1);
    for (const Line<kBytes>& line : writer.lines()) lines_.push_back(line);
  }
  void idle(int cycles) { lines_.insert(lines_.end(), static_cast<std::size_t>(cycles), Line<kBytes>{}); }

  bool empty() const { return lines_.empty(); }
  /// Cycles of the MAC that wait.
  std::size_t size() const { return lines_.size(); }

  /// What the MAC drives in a clock.
  const Line<kBytes>& drive(bool enabled) {
    if (!enabled) return now_;
    shown_ = now_;
    now_ = Line<kBytes>{};
    if (!lines_.empty()) {
      now_ = lines_.front();
      lines_.pop_front();
    }
    return shown_;
  }

 private:
  std::deque<Line<kBytes>> lines_;
  Line<kBytes> now_{};
  Line<kBytes> shown_{};
};

inline Bytes random_frame_with_fcs(std::mt19937& random, std::size_t bytes_max) {
  return with_fcs(random_frame(random, 60 + random() % (bytes_max - 59)));
}

/// Two ports, each one's symbols the other's. Only the far end's receiver is looked at; both directions exist, since a
/// link needs them.
template <typename Code>
class JoinedPorts {
 public:
  JoinedPorts() : JoinedPorts(sim::make_native_line_port<Code>(), sim::make_native_line_port<Code>()) {}
  JoinedPorts(std::unique_ptr<Port<Code>> near, std::unique_ptr<Port<Code>> far)
      : near_(std::move(near)), far_(std::move(far)) {
    near_->shorten_timers();
    far_->shorten_timers();
  }

  Port<Code>& near() { return *near_; }
  Port<Code>& far() { return *far_; }

  /// A clock; `replace` may change the symbol that reaches the far end.
  template <typename Replace>
  void step(FrameSource<Code::kBytes>& source, Replace replace) {
    typename Port<Code>::Inputs near_inputs;
    typename Port<Code>::Inputs far_inputs;
    near_inputs.mac_tx = source.drive(near_->outputs().tx_enable);
    near_inputs.line_rx = back_.carry(far_->outputs().line_tx, 0);
    far_inputs.line_rx = forth_.carry(near_->outputs().line_tx, 0);
    replace(far_inputs.line_rx);
    near_->step(near_inputs);
    far_->step(far_inputs);
  }

  /// Idle until both ends have their link, then for a while. Returns false if it takes too long.
  bool link_up() {
    FrameSource<Code::kBytes> idle;
    const auto as_it_is = [](typename Code::RxSymbol&) {};
    for (std::uint64_t clock = 0; clock < Patience<Code>::kLinkClocks; ++clock) {
      if (near_->outputs().status.link && far_->outputs().status.link) {
        for (int i = 0; i < 100 * Code::kClocksPerCycle; ++i) step(idle, as_it_is);
        return true;
      }
      step(idle, as_it_is);
    }
    return false;
  }

 private:
  std::unique_ptr<Port<Code>> near_;
  std::unique_ptr<Port<Code>> far_;
  JoinOf<Code> forth_;
  JoinOf<Code> back_;
};

}  // namespace sockwire::test
