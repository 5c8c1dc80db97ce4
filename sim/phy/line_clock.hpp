// SPDX-License-Identifier: Apache-2.0
// A clock that is not quite as fast as it says: how many of its clocks fall into a cycle of the nominal one.
#pragma once

namespace sockwire::sim {

class LineClock {
 public:
  /// ppm: faster than nominal, or slower if negative. Precondition: far from a million.
  explicit LineClock(double ppm = 0) : ppm_(ppm) {}

  /// In the next nominal cycle: 1, and now and then 0 or 2.
  int clocks() {
    if (ppm_ == 0) return 1;
    ahead_ += ppm_ * 1e-6;
    if (ahead_ >= 1) {
      ahead_ -= 1;
      return 2;
    }
    if (ahead_ <= -1) {
      ahead_ += 1;
      return 0;
    }
    return 1;
  }

 private:
  double ppm_;
  double ahead_ = 0;
};

}  // namespace sockwire::sim
