// SPDX-License-Identifier: Apache-2.0
// Behind a coded line: what is at its far end takes octets, such as a TAP. The far line port's MAC side is its line.
#pragma once

#include <array>
#include <cstddef>

#include "sim/cosim/coded_link.hpp"
#include "sim/phy/line_clock.hpp"

namespace sockwire::sim {

/// The near end of a line whose far end this steps along with it.
template <typename Code>
class CodedTap final : public LinePeer<Code::kBytes> {
 public:
  static constexpr int kBytes = Code::kBytes;

  /// link, far: outlive it.
  CodedTap(CodedLink<Code>& link, LinePeer<kBytes>& far)
      : link_(link), far_(far), far_clock_(link.b().clock_ppm() - link.a().clock_ppm()) {}

  LineInputs<kBytes> exchange(std::uint64_t now_ns, const Line<kBytes>& from_engine) override {
    const LineInputs<kBytes> to_engine = link_.a().exchange(now_ns, from_engine);
    for (int clocks = far_clock_.clocks(); clocks > 0; --clocks) step_far(now_ns);
    return to_engine;
  }

  std::uint64_t next_arrival_ns() const override {
    if (waiting_ != 0) return 0;
    return std::min({link_.a().next_arrival_ns(), link_.b().next_arrival_ns(), far_.next_arrival_ns()});
  }
  int wait_fd() const override { return far_.wait_fd(); }
  void poll_outside(std::uint64_t now_ns) override { far_.poll_outside(now_ns); }

 private:
  // Octets come in by the near end's clock, and go out by the far end's: a few wait, and idle is not kept waiting.
  void step_far(std::uint64_t now_ns) {
    const LineInputs<kBytes> in = link_.b().exchange(now_ns, driven_);
    if (in.rx_enable && waiting_ < kWaitingMax && (waiting_ == 0 || !is_idle(in.rx) || !was_idle_)) {
      queue_[(first_ + waiting_) % kWaitingMax] = in.rx;
      ++waiting_;
      was_idle_ = is_idle(in.rx);
    }
    if (!in.tx_enable) return;
    Line<kBytes> from;
    if (waiting_ != 0) {
      from = queue_[first_];
      first_ = (first_ + 1) % kWaitingMax;
      --waiting_;
    }
    driven_ = far_.exchange(now_ns, from).rx;
  }

  static constexpr std::size_t kWaitingMax = 16;

  CodedLink<Code>& link_;
  LinePeer<kBytes>& far_;
  LineClock far_clock_;
  Line<kBytes> driven_{};
  std::array<Line<kBytes>, kWaitingMax> queue_{};
  std::size_t first_ = 0;
  std::size_t waiting_ = 0;
  bool was_idle_ = true;
};

}  // namespace sockwire::sim
