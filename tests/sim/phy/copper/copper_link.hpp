// SPDX-License-Identifier: Apache-2.0
// Two ports of 10BASE-T with a pair each way, and a clock of its own for each.
#pragma once

#include <memory>
#include <utility>

#include "sim/phy/copper/medium_10base_t.hpp"
#include "tests/hls/line/line_harness.hpp"

namespace sockwire::test {

class CopperLink {
 public:
  using Code = sim::Code10BaseT;

  struct End {
    std::unique_ptr<sim::LinePort<Code>> port = sim::make_native_line_port<Code>();
    FrameSource<1> source;
    LineReader<1> reader;
    std::int64_t period_fs = 0;
    std::int64_t next_fs = 0;
    int counted[kLineCounters] = {};
  };

  /// offset_ppm: how much faster than it should be the near end's clock is; the far end's is as much slower.
  CopperLink(const sim::CopperSettings& settings, std::uint64_t seed, double offset_ppm)
      : forth_(settings, seed), back_(settings, seed + 1) {
    constexpr auto kPeriodFs = static_cast<double>(Code::kClockPs) * 1000;
    near.period_fs = static_cast<std::int64_t>(kPeriodFs / (1 + offset_ppm * 1e-6));
    far.period_fs = static_cast<std::int64_t>(kPeriodFs / (1 - offset_ppm * 1e-6));
    far.next_fs = 3'333'333;
    near.port->shorten_timers();
    far.port->shorten_timers();
  }

  sim::Medium10BaseT& forth() { return forth_; }
  sim::Medium10BaseT& back() { return back_; }

  /// The next clock of whichever end it comes first at.
  void step() {
    if (near.next_fs <= far.next_fs) {
      step(near, forth_, back_);
    } else {
      step(far, back_, forth_);
    }
  }
  void run(std::int64_t microseconds) {
    const std::int64_t until = near.next_fs + microseconds * 1'000'000'000;
    while (near.next_fs < until) step();
  }
  bool linked() const { return near.port->outputs().status.link && far.port->outputs().status.link; }

  End near;
  End far;

 private:
  static void step(End& end, sim::Medium10BaseT& out, sim::Medium10BaseT& in) {
    const auto& outputs = end.port->outputs();
    out.drive(end.next_fs, outputs.line_tx);
    if (outputs.rx_enable) end.reader.step(outputs.mac_rx);
    for (int i = 0; i < kLineCounters; ++i) end.counted[i] += outputs.counted[i];
    sim::LinePort<Code>::Inputs inputs;
    inputs.mac_tx = end.source.drive(outputs.tx_enable);
    inputs.line_rx = in.observe(end.next_fs);
    end.port->step(inputs);
    end.next_fs += end.period_fs;
  }

  sim::Medium10BaseT forth_;
  sim::Medium10BaseT back_;
};

}  // namespace sockwire::test
