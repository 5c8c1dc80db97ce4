// SPDX-License-Identifier: Apache-2.0
// Which multicast groups we are in, and telling routers and switches: IGMPv2 (RFC 2236) for IPv4, MLDv1 (RFC 2710) for
// IPv6. Routers of later versions understand both (RFC 3376 7, RFC 3810 8).
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "host/base/ip_address.hpp"
#include "host/base/time.hpp"
#include "host/stack/counters.hpp"
#include "host/stack/frame_queue.hpp"
#include "host/stack/interface.hpp"
#include "host/stack/ip_packet.hpp"
#include "host/stack/jitter.hpp"

namespace sockwire::stack {

class MulticastGroups {
 public:
  /// All outlive it.
  MulticastGroups(const Interface& interface, FrameQueue& frames, Jitter& jitter, Counters& counters)
      : interface_(interface), frames_(frames), jitter_(jitter), counters_(counters) {}

  /// Joins once more; the first time routers are told. Returns false if it is no multicast address, or one too many.
  bool join(TimePoint now, const IpAddress& group);
  /// Leaves as often as it was joined.
  void leave(const IpAddress& group);
  /// Packets to the group are for us. That is so for all hosts' groups without joining.
  bool contains(const IpAddress& group) const;
  bool empty() const { return groups_.empty(); }

  /// An IGMP message, whose checksum is not yet verified.
  void on_igmp(TimePoint now, const IpPacket& packet);
  /// An MLD message with a good checksum.
  void on_mld(TimePoint now, const IpPacket& packet);
  void on_timeout(TimePoint now);
  TimePoint next_deadline() const;

 private:
  struct Membership {
    unsigned joins = 0;
    unsigned unsolicited = 0;  ///< Reports still to be made without being asked.
    TimePoint next_report = kNever;
    bool last_reporter = false;
  };

  void on_query(TimePoint now, const IpAddress& group, Duration max_response, bool ipv4);
  void on_report(const IpAddress& group);
  void report(const IpAddress& group);
  void write_igmp(std::uint8_t type, const IpAddress& to, const IpAddress& group);
  void write_mld(std::uint8_t type, const IpAddress& to, const IpAddress& group);

  const Interface& interface_;
  FrameQueue& frames_;
  Jitter& jitter_;
  Counters& counters_;
  std::unordered_map<IpAddress, Membership, IpAddressHash> groups_;
};

}  // namespace sockwire::stack
