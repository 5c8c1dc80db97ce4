// SPDX-License-Identifier: Apache-2.0
// One direction of what is between two line ports: a pair of copper with a receiver's front end, or a serial link. Time
// is the simulation's, in femtoseconds: the clocks of the two ends need not agree.
#pragma once

#include <cstdint>

namespace sockwire::sim {

/// Code: one of sim/dut/line_port.hpp.
template <typename Code>
class Medium {
 public:
  virtual ~Medium() = default;

  /// At each clock of the transmitter: it drives `symbol` from `time_fs` on. Times never go back.
  virtual void drive(std::int64_t time_fs, const typename Code::TxSymbol& symbol) = 0;

  /// At each clock of the receiver: what its front end shows. Times never go back; what is driven later than `time_fs`
  /// has no part in it.
  virtual typename Code::RxSymbol observe(std::int64_t time_fs) = 0;

  /// How long a symbol is under way.
  virtual std::int64_t delay_fs() const = 0;

  /// What an oscilloscope at the receiver's end shows, in volts; 0 if this medium has no waveform. A time that
  /// observe() was asked for, or one that is a little earlier.
  virtual double volts_at(std::int64_t time_fs) {
    static_cast<void>(time_fs);
    return 0;
  }
};

}  // namespace sockwire::sim
