// SPDX-License-Identifier: Apache-2.0
// Proportional rate reduction (RFC 6937): during fast recovery, what may be sent follows from what is delivered, so
// that the window shrinks to ssthresh without a pause and without a burst.
#pragma once

#include <algorithm>
#include <cstdint>

namespace sockwire::tcp {

class Prr {
 public:
  /// Recovery begins. flight: RecoverFS, all that is between SND.UNA and SND.NXT; more than 0.
  void start(std::uint32_t flight, std::uint32_t ssthresh) {
    recover_fs_ = std::max(flight, 1u);
    ssthresh_ = ssthresh;
    delivered_ = out_ = 0;
  }
  /// An ACK told that `delivered` bytes more have arrived and `in_flight` are on their way (pipe). safe: it moved
  /// SND.UNA and found no further loss, so the path bears slow start up to ssthresh (PRR-SSRB). Returns the window.
  std::uint32_t on_ack(std::uint32_t delivered, std::uint32_t in_flight, bool safe, std::uint32_t mss) {
    delivered_ += delivered;
    std::uint64_t quota = 0;
    if (in_flight > ssthresh_) {
      const std::uint64_t share = (std::uint64_t{delivered_} * ssthresh_ + recover_fs_ - 1) / recover_fs_;
      quota = share > out_ ? share - out_ : 0;
    } else {
      std::uint64_t limit = delivered_ > out_ ? delivered_ - out_ : 0;
      if (safe) limit = std::max<std::uint64_t>(limit, delivered) + mss;
      quota = std::min<std::uint64_t>(ssthresh_ - in_flight, limit);
    }
    return static_cast<std::uint32_t>(in_flight + quota);
  }
  void on_sent(std::uint32_t bytes) { out_ += bytes; }

 private:
  std::uint32_t recover_fs_ = 1;
  std::uint32_t ssthresh_ = 0;
  std::uint32_t delivered_ = 0;
  std::uint32_t out_ = 0;
};

}  // namespace sockwire::tcp
