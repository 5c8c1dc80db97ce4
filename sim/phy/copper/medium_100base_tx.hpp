// SPDX-License-Identifier: Apache-2.0
// One direction of 100BASE-TX: a pair of copper, and the receiver at its end.
#pragma once

#include "sim/dut/line_port.hpp"
#include "sim/phy/copper/copper_cable.hpp"
#include "sim/phy/copper/mlt3_receiver.hpp"
#include "sim/phy/medium.hpp"

namespace sockwire::sim {

class Medium100BaseTx final : public Medium<Code100BaseTx> {
 public:
  /// settings: copper_100base_tx() with a length, noise and jitter. sample_fs divides 4 ns.
  Medium100BaseTx(const CopperSettings& settings, std::uint64_t seed)
      : cable_(settings, seed), receiver_(settings.sample_fs) {}

  void drive(std::int64_t time_fs, const LineLevel& symbol) override { cable_.drive(time_fs, driven_level(symbol)); }
  RecoveredLevels observe(std::int64_t time_fs) override { return receiver_.observe(cable_, time_fs); }

  std::int64_t delay_fs() const override { return cable_.delay_fs(); }
  double volts_at(std::int64_t time_fs) override { return cable_.at(time_fs); }

  CopperCable& cable() { return cable_; }
  const Mlt3Receiver& receiver() const { return receiver_; }

 private:
  CopperCable cable_;
  Mlt3Receiver receiver_;
};

}  // namespace sockwire::sim
