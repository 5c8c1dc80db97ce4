// SPDX-License-Identifier: Apache-2.0
// SYN cookies (RFC 4987 3.6): when too many handshakes are half open, a SYN is answered without keeping anything of it.
// All that the connection needs later is in the sequence number of the SYN-ACK, and in its timestamp if there is one;
// the peer's ACK brings both back.
//
//   sequence number:  | t mod 32 (5) | MSS (3) | keyed hash of the addresses, the peer's ISN, t and the MSS (24) |
//   timestamp:        | its own high bits (26) | ECN (1) | SACK (1) | the peer's window scale, 15: none (4) |
//
// t counts periods of 64 s. A cookie is taken in the period in which it was made and in the next.
#pragma once

#include <cstdint>
#include <optional>

#include "hls/wire/seq_num.hpp"
#include "host/base/time.hpp"
#include "host/tcp/config.hpp"
#include "host/tcp/endpoint.hpp"
#include "host/tcp/isn.hpp"
#include "host/tcp/segment.hpp"

namespace sockwire::tcp {

class SynCookies {
 public:
  explicit SynCookies(const SipHashKey& key) : key_(key) {}

  /// What is left of a SYN that a cookie has to hold: its MSS rounded down to one of eight, and without timestamps
  /// neither window scaling nor SACK. Precondition: syn.syn().
  static Segment reduced(const Segment& syn);

  /// The initial sequence number that is the cookie of reduced(syn).
  SeqNum iss(const Endpoint& local, const Endpoint& remote, TimePoint now, const Segment& reduced_syn) const;
  /// The timestamp to send instead of `tsval`: never a later one.
  static std::uint32_t tsval(std::uint32_t tsval, const Segment& reduced_syn);

  /// The SYN whose cookie this ACK brings back; nothing: it brings none of ours, or an old one.
  std::optional<Segment> syn_of(const Endpoint& local, const Endpoint& remote, TimePoint now, const Segment& ack) const;

 private:
  std::uint32_t hash(const Endpoint& local, const Endpoint& remote, SeqNum peer_iss, std::uint64_t period,
                     unsigned mss_index) const;

  SipHashKey key_;
};

}  // namespace sockwire::tcp
