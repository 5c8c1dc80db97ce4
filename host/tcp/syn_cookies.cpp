// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/syn_cookies.hpp"

#include <algorithm>
#include <array>

namespace sockwire::tcp {

namespace {

constexpr Duration kPeriod = std::chrono::seconds(64);
constexpr unsigned kPeriodBits = 5;
constexpr unsigned kMssShift = 24;
constexpr unsigned kPeriodShift = 27;
constexpr std::uint32_t kHashMask = (1u << kMssShift) - 1;

/// What links make usual, in both IP versions; the first is the least that a connection uses at all.
constexpr std::array<std::uint16_t, 8> kMss{48, 216, 536, 1220, 1360, 1440, 1460, 8940};

constexpr std::uint32_t kScaleMask = 0xf;
constexpr std::uint32_t kNoScale = 0xf;
constexpr std::uint32_t kSackBit = 1u << 4;
constexpr std::uint32_t kEcnBit = 1u << 5;
constexpr std::uint32_t kOptionMask = 0x3f;

std::uint64_t period_of(TimePoint now) {
  return static_cast<std::uint64_t>(now.time_since_epoch().count() / kPeriod.count());
}

/// Of a SYN without the option what RFC 9293 3.7.1 says has an entry, too.
unsigned mss_index(std::uint16_t mss) {
  const auto* above = std::upper_bound(kMss.begin(), kMss.end(), mss);
  return above == kMss.begin() ? 0 : static_cast<unsigned>(above - kMss.begin() - 1);
}

bool offers_ecn(const Segment& syn) {
  constexpr std::uint8_t kBoth = wire::kTcpEce | wire::kTcpCwr;
  return (syn.flags & kBoth) == kBoth;
}

}  // namespace

Segment SynCookies::reduced(const Segment& syn) {
  Segment left;
  left.seq = syn.seq;
  left.flags = wire::kTcpSyn;
  left.window = syn.window;
  if (syn.options.mss) left.options.mss = kMss[mss_index(*syn.options.mss)];
  if (!syn.options.timestamps) return left;
  left.options.timestamps = syn.options.timestamps;
  left.options.window_scale = syn.options.window_scale;
  left.options.sack_permitted = syn.options.sack_permitted;
  if (offers_ecn(syn)) left.flags |= wire::kTcpEce | wire::kTcpCwr;
  return left;
}

SeqNum SynCookies::iss(const Endpoint& local, const Endpoint& remote, TimePoint now, const Segment& reduced_syn) const {
  constexpr std::uint16_t kDefaultMss = 536;  // of IPv6 it is 1220, but less does no harm
  const std::uint64_t period = period_of(now);
  const unsigned index = mss_index(reduced_syn.options.mss.value_or(kDefaultMss));
  const auto low_period = static_cast<std::uint32_t>(period & ((1u << kPeriodBits) - 1));
  return SeqNum(low_period << kPeriodShift | index << kMssShift | hash(local, remote, reduced_syn.seq, period, index));
}

std::uint32_t SynCookies::tsval(std::uint32_t tsval, const Segment& reduced_syn) {
  const Options& options = reduced_syn.options;
  const std::uint32_t bits = (options.window_scale ? *options.window_scale & kScaleMask : kNoScale) |
                             (options.sack_permitted ? kSackBit : 0) | (offers_ecn(reduced_syn) ? kEcnBit : 0);
  const std::uint32_t made = (tsval & ~kOptionMask) | bits;
  return (tsval & kOptionMask) < bits ? made - (kOptionMask + 1) : made;
}

std::optional<Segment> SynCookies::syn_of(const Endpoint& local, const Endpoint& remote, TimePoint now,
                                          const Segment& ack) const {
  const std::uint32_t cookie = (ack.ack - 1).value();
  const unsigned index = cookie >> kMssShift & 7;
  const std::uint64_t current = period_of(now);
  const std::uint64_t age = (current - (cookie >> kPeriodShift)) & ((1u << kPeriodBits) - 1);
  if (age > 1 || age > current) return std::nullopt;
  const SeqNum peer_iss = ack.seq - 1;
  if ((cookie & kHashMask) != hash(local, remote, peer_iss, current - age, index)) return std::nullopt;
  Segment syn;
  syn.seq = peer_iss;
  syn.flags = wire::kTcpSyn;
  syn.window = ack.window;
  syn.options.mss = kMss[index];
  if (!ack.options.timestamps) return syn;
  const std::uint32_t bits = ack.options.timestamps->tsecr & kOptionMask;
  syn.options.timestamps = Timestamps{ack.options.timestamps->tsval, 0};
  if ((bits & kScaleMask) != kNoScale) syn.options.window_scale = static_cast<std::uint8_t>(bits & kScaleMask);
  syn.options.sack_permitted = (bits & kSackBit) != 0;
  if ((bits & kEcnBit) != 0) syn.flags |= wire::kTcpEce | wire::kTcpCwr;
  return syn;
}

std::uint32_t SynCookies::hash(const Endpoint& local, const Endpoint& remote, SeqNum peer_iss, std::uint64_t period,
                               unsigned mss_index) const {
  std::array<std::uint8_t, 49> message{};
  auto out = message.begin();
  for (const Endpoint* end : {&local, &remote}) {
    for (const std::uint8_t byte : end->address.bytes()) *out++ = byte;
    *out++ = static_cast<std::uint8_t>(end->port >> 8);
    *out++ = static_cast<std::uint8_t>(end->port);
  }
  for (unsigned shift = 0; shift < 32; shift += 8) *out++ = static_cast<std::uint8_t>(peer_iss.value() >> shift);
  for (unsigned shift = 0; shift < 64; shift += 8) *out++ = static_cast<std::uint8_t>(period >> shift);
  *out = static_cast<std::uint8_t>(mss_index);
  return static_cast<std::uint32_t>(siphash24(key_, message)) & kHashMask;
}

}  // namespace sockwire::tcp
