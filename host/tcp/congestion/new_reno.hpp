// SPDX-License-Identifier: Apache-2.0
// One segment more a round trip, half of it at a loss: RFC 5681, counting bytes as RFC 3465 does, since one ACK may
// cover many segments.
#pragma once

#include "host/tcp/congestion/congestion_control.hpp"

namespace sockwire::tcp {

class NewReno final : public CongestionControl {
 public:
  using CongestionControl::CongestionControl;
  CongestionAlgorithm algorithm() const override { return CongestionAlgorithm::kNewReno; }

 private:
  // RFC 5681 3.1, equation 4.
  std::uint32_t threshold(TimePoint, std::uint32_t flight) override { return flight / 2; }
  void avoid(const AckSample& sample) override {
    acked_ += sample.acked;
    if (acked_ < cwnd()) return;
    acked_ -= cwnd();
    set_cwnd(cwnd() + mss());
  }
  void restart() override { acked_ = 0; }
  void undo() override {}

  std::uint32_t acked_ = 0;  ///< Since the window grew last.
};

}  // namespace sockwire::tcp
