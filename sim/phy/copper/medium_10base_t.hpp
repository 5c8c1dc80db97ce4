// SPDX-License-Identifier: Apache-2.0
// A pair of 10BASE-T with a receiver's front end (IEEE 802.3 clause 14.3.1.3).
//
//   voltage -> its mean over a clock (12.5 ns) -> two comparators -> LineLevel
//
// The mean over the time between two samples lets through what is below some 35 MHz, and makes the noise of one sample
// have nothing to do with that of the next. The comparators' threshold is both what squelch needs (14.3.1.3.2: 300 mV
// are nothing, 585 mV are something) and the slicer of the data: what is between is about zero. There is no equaliser
// and no baseline restorer: Manchester has no direct current, and 100 m of cable leave a bit's eye open. Clock recovery
// and the decision over a bit's eight samples are the kernel's (hls/line/manchester.hpp).
#pragma once

#include <cmath>

#include "sim/dut/line_port.hpp"
#include "sim/phy/copper/copper_cable.hpp"
#include "sim/phy/medium.hpp"

namespace sockwire::sim {

class Medium10BaseT final : public Medium<Code10BaseT> {
 public:
  /// Volts, between 0.3 and 0.585.
  static constexpr double kThreshold = 0.45;

  Medium10BaseT(const CopperSettings& settings, std::uint64_t seed)
      : cable_(settings, seed), samples_(static_cast<double>(kWindowFs) / static_cast<double>(settings.sample_fs)) {}

  void drive(std::int64_t time_fs, const LineLevel& symbol) override { cable_.drive(time_fs, driven_level(symbol)); }

  LineLevel observe(std::int64_t time_fs) override {
    const double volts = filtered(time_fs);
    if (volts > kThreshold) return kLevelPositive;
    return volts < -kThreshold ? kLevelNegative : kLevelZero;
  }

  std::int64_t delay_fs() const override { return cable_.delay_fs(); }
  double volts_at(std::int64_t time_fs) override { return cable_.at(time_fs); }

  /// What the comparators compare, in volts: the mean over the clock before `time_fs`.
  double filtered(std::int64_t time_fs) {
    const std::int64_t last = cable_.render(time_fs + cable_.settings().sample_fs);
    const std::int64_t since = time_fs + cable_.settings().sample_fs - cable_.sample_time_fs(last);
    const double share = static_cast<double>(since) / static_cast<double>(cable_.settings().sample_fs);
    double sum = share * volts(last);
    double left = samples_ - share;
    std::int64_t number = last - 1;
    while (left >= 1) {
      sum += volts(number--);
      left -= 1;
    }
    return (sum + left * volts(number)) / samples_;
  }

  CopperCable& cable() { return cable_; }

 private:
  static constexpr std::int64_t kWindowFs = Code10BaseT::kClockPs * 1000;

  double volts(std::int64_t number) const { return static_cast<double>(cable_.sample(number)); }

  CopperCable cable_;
  double samples_;  ///< of the waveform in a clock
};

}  // namespace sockwire::sim
