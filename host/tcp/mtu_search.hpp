// SPDX-License-Identifier: Apache-2.0
// A path that swallows large packets and says nothing (RFC 2923 2.1): segments get small, and probes find out what
// passes. Packetization layer path MTU discovery (RFC 4821) with the sizes and counts of RFC 8899 5.
//
//     floor        base            low    probe    high       ceiling
//     |            |               | passes  ?      | does not  | what failed first
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "hls/wire/seq_num.hpp"
#include "host/base/time.hpp"

namespace sockwire::tcp {

/// Sizes are bytes of payload of one segment.
class MtuSearch {
 public:
  /// BASE_PLPMTU of RFC 8899 5.1.2, 1200 bytes, without the headers of IPv6 and TCP with timestamps.
  static constexpr std::uint16_t kBase = 1200 - 40 - 32;
  /// An IPv4 packet of 576 bytes (RFC 1122 3.3.3), likewise.
  static constexpr std::uint16_t kFloor = 576 - 20 - 32;

  /// ceiling: the size with which nothing passed.
  explicit MtuSearch(std::uint16_t ceiling) : ceiling_(ceiling) {}

  /// Nothing passes with segments of `mss`. Returns the size to go on with; the same if there is no smaller one.
  std::uint16_t on_black_hole(std::uint16_t mss) {
    probe_.reset();
    losses_ = 0;
    low_ = mss > kBase ? kBase : std::min(mss, kFloor);
    high_ = std::max<std::uint16_t>(mss, low_);
    return low_;
  }
  /// A router says that no more than this passes.
  void limit(std::uint16_t mss) {
    ceiling_ = std::min(ceiling_, mss);
    high_ = std::min<std::uint16_t>(high_, static_cast<std::uint16_t>(mss + 1));
  }

  /// What size to try now, if any.
  std::optional<std::uint16_t> next_probe(TimePoint now) {
    if (probe_) return std::nullopt;
    if (high_ - low_ <= kPrecision) {
      // RFC 8899 5.1.1, PMTU_RAISE_TIMER: the path may have changed.
      if (now < next_search_ || low_ >= ceiling_) return std::nullopt;
      high_ = static_cast<std::uint16_t>(ceiling_ + 1);
      next_search_ = now + kRaiseInterval;
    }
    return static_cast<std::uint16_t>(low_ + (high_ - low_) / 2);
  }
  void on_probe_sent(TimePoint now, SeqNum begin, SeqNum end) {
    probe_ = Probe{begin, end};
    next_search_ = now + kRaiseInterval;
  }
  bool is_probe(SeqNum begin, SeqNum end) const { return probe_ && probe_->begin == begin && probe_->end == end; }

  /// Everything before `una` has arrived. Returns the size that has turned out to pass.
  std::optional<std::uint16_t> on_acknowledged(SeqNum una) {
    if (!probe_ || una < probe_->end) return std::nullopt;
    low_ = static_cast<std::uint16_t>(probe_->end - probe_->begin);
    probe_.reset();
    losses_ = 0;
    return low_;
  }
  /// The probe alone was lost. That is no sign of congestion (RFC 4821 7.7), and after MAX_PROBES of RFC 8899 5.1.2 one
  /// of its size.
  void on_probe_lost() {
    if (!probe_) return;
    if (++losses_ >= kMaxProbes) {
      high_ = static_cast<std::uint16_t>(probe_->end - probe_->begin);
      losses_ = 0;
    }
    probe_.reset();
  }

 private:
  static constexpr unsigned kMaxProbes = 3;
  static constexpr int kPrecision = 16;
  static constexpr Duration kRaiseInterval = std::chrono::minutes(10);

  struct Probe {
    SeqNum begin;
    SeqNum end;
  };

  std::uint16_t ceiling_;
  std::uint16_t low_ = 0;   ///< Passes.
  std::uint16_t high_ = 0;  ///< Does not.
  unsigned losses_ = 0;     ///< Of probes of the size that is being tried.
  std::optional<Probe> probe_;
  TimePoint next_search_;
};

}  // namespace sockwire::tcp
