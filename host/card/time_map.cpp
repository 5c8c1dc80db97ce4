// SPDX-License-Identifier: Apache-2.0
#include "host/card/time_map.hpp"

namespace sockwire::card {

namespace {

std::int64_t ns(TimePoint time) { return time.time_since_epoch().count(); }

/// The number nearest to `near` whose low 40 bits are `low`.
std::uint64_t extend(std::uint64_t near, std::uint64_t low) {
  constexpr std::uint64_t kModulus = 1ULL << 40;
  const std::uint64_t ahead = (low - near) & (kModulus - 1);
  return ahead < kModulus / 2 ? near + ahead : near - (kModulus - ahead);
}

}  // namespace

TimePoint TimeMap::to_host(TimePoint now, std::uint64_t low) {
  if (!own_clock_)
    return TimePoint(Duration(static_cast<std::int64_t>(extend(static_cast<std::uint64_t>(ns(now)), low))));
  if (!known_) {
    known_ = true;
    // Far from the beginning, so that an event that is a little older than the first is not before it.
    card_ns_ = (1ULL << 40) + low;
    window_ = now;
    least_ = before_ = kNone;
  } else {
    card_ns_ = extend(card_ns_ + static_cast<std::uint64_t>((now - seen_).count()), low);
  }
  seen_ = now;
  if (now - window_ >= kWindow) {
    before_ = least_;
    least_ = kNone;
    window_ = now;
  }
  const auto card = static_cast<std::int64_t>(card_ns_);
  least_ = std::min(least_, ns(now) - card);
  return TimePoint(Duration(card + std::min(least_, before_)));
}

}  // namespace sockwire::card
