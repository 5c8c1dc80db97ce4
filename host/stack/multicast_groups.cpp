// SPDX-License-Identifier: Apache-2.0
#include "host/stack/multicast_groups.hpp"

#include <algorithm>
#include <chrono>

#include "hls/wire/icmp.hpp"
#include "hls/wire/icmpv6.hpp"
#include "hls/wire/ipv4.hpp"
#include "hls/wire/ipv6.hpp"
#include "hls/wire/ipv6_extensions.hpp"
#include "host/base/byte_order.hpp"
#include "host/base/ipv4_address.hpp"
#include "host/stack/internet_checksum.hpp"
#include "host/stack/ip_frame.hpp"
#include "host/stack/ndp.hpp"

namespace sockwire::stack {

namespace {

constexpr std::size_t kMaxGroups = 256;
/// RFC 2236 8.10 and 8.1, RFC 2710 7.10 and 7.1.
constexpr Duration kUnsolicitedInterval = std::chrono::seconds(10);
constexpr unsigned kRobustness = 2;

/// RFC 2236 2.
constexpr std::uint8_t kIgmpQuery = 0x11;
constexpr std::uint8_t kIgmpV1Report = 0x12;
constexpr std::uint8_t kIgmpReport = 0x16;
constexpr std::uint8_t kIgmpLeave = 0x17;
constexpr int kIgmpMaxResponse = 1;  ///< Tenths of a second.
constexpr int kIgmpChecksum = 2;
constexpr int kIgmpGroup = 4;
constexpr int kIgmpBytes = 8;
constexpr std::uint8_t kIpProtocolIgmp = 2;

constexpr Ipv4Address kAllSystems(224, 0, 0, 1);
constexpr Ipv4Address kAllIpv4Routers(224, 0, 0, 2);

/// Every host is in it, and nobody is told so (RFC 2236 6, RFC 2710 5).
bool is_all_hosts(const IpAddress& group) { return group == IpAddress(kAllSystems) || group == kAllNodes; }

}  // namespace

bool MulticastGroups::join(TimePoint now, const IpAddress& group) {
  if (!group.is_multicast()) return false;
  if (is_all_hosts(group)) return true;
  if (groups_.size() >= kMaxGroups && !groups_.contains(group)) return false;
  Membership& membership = groups_[group];
  if (++membership.joins > 1) return true;
  membership.unsolicited = kRobustness;
  membership.next_report = now;
  return true;
}

void MulticastGroups::leave(const IpAddress& group) {
  const auto found = groups_.find(group);
  if (found == groups_.end() || --found->second.joins > 0) return;
  // RFC 2236 3, RFC 2710 4: who was not the last to report need not say anything.
  if (found->second.last_reporter) {
    if (group.is_ipv4()) {
      write_igmp(kIgmpLeave, kAllIpv4Routers, group);
    } else {
      write_mld(wire::kMldDone, kAllRouters, group);
    }
  }
  groups_.erase(found);
}

bool MulticastGroups::contains(const IpAddress& group) const { return is_all_hosts(group) || groups_.contains(group); }

void MulticastGroups::on_igmp(TimePoint now, const IpPacket& packet) {
  if (packet.payload.size() < kIgmpBytes || !checksum_holds(packet.payload)) {
    ++counters_.igmp_malformed;
    return;
  }
  const std::uint8_t* at = packet.payload.data();
  const IpAddress group = IpAddress::from_ipv4(load_be32(at + kIgmpGroup));
  if (at[0] == kIgmpQuery) {
    // RFC 2236 4: version 1 gives no time, and means ten seconds.
    const unsigned tenths = at[kIgmpMaxResponse] == 0 ? 100 : at[kIgmpMaxResponse];
    on_query(now, group, std::chrono::milliseconds(100 * tenths), true);
  } else if (at[0] == kIgmpReport || at[0] == kIgmpV1Report) {
    on_report(group);
  }
}

void MulticastGroups::on_mld(TimePoint now, const IpPacket& packet) {
  // RFC 2710 3 and 5: from a link-local address, one hop.
  if (packet.payload.size() < wire::kMldBytes || packet.ttl != 1 || !packet.source.is_link_local()) {
    ++counters_.mld_malformed;
    return;
  }
  std::array<std::uint8_t, 16> bytes{};
  std::copy_n(packet.payload.begin() + wire::kMldGroup, bytes.size(), bytes.begin());
  const IpAddress group(bytes);
  if (packet.payload[wire::kIcmpType] == wire::kMldQuery) {
    on_query(now, group, std::chrono::milliseconds(load_be16(&packet.payload[wire::kMldMaxResponse])), false);
  } else if (packet.payload[wire::kIcmpType] == wire::kMldReport) {
    on_report(group);
  }
}

void MulticastGroups::on_query(TimePoint now, const IpAddress& group, Duration max_response, bool ipv4) {
  for (auto& [own, membership] : groups_) {
    if (own.is_ipv4() != ipv4 || (!group.is_unspecified() && own != group)) continue;
    membership.next_report = std::min(membership.next_report, now + jitter_.below(max_response));
  }
}

/// RFC 2236 3, RFC 2710 4: another member has said it.
void MulticastGroups::on_report(const IpAddress& group) {
  const auto found = groups_.find(group);
  if (found == groups_.end()) return;
  found->second.next_report = kNever;
  found->second.last_reporter = false;
}

void MulticastGroups::on_timeout(TimePoint now) {
  for (auto& [group, membership] : groups_) {
    if (membership.next_report > now) continue;
    report(group);
    membership.last_reporter = true;
    if (membership.unsolicited > 0) --membership.unsolicited;
    membership.next_report = membership.unsolicited > 0 ? now + kUnsolicitedInterval : kNever;
  }
}

TimePoint MulticastGroups::next_deadline() const {
  TimePoint deadline = kNever;
  for (const auto& item : groups_) deadline = std::min(deadline, item.second.next_report);
  return deadline;
}

void MulticastGroups::report(const IpAddress& group) {
  ++counters_.group_reports_out;
  if (group.is_ipv4()) {
    write_igmp(kIgmpReport, group, group);
  } else {
    write_mld(wire::kMldReport, group, group);
  }
}

/// With the router alert option (RFC 2236 2, RFC 2113), and so with checksums of our own making.
void MulticastGroups::write_igmp(std::uint8_t type, const IpAddress& to, const IpAddress& group) {
  constexpr std::size_t kOptionBytes = 4;
  constexpr std::array<std::uint8_t, kOptionBytes> kRouterAlert = {0x94, 4, 0, 0};
  IpHeader header;
  header.source = interface_.source_for(to).value_or(IpAddress(Ipv4Address()));
  header.destination = to;
  header.protocol = kIpProtocolIgmp;
  header.ttl = 1;
  const std::size_t l3 = interface_.link_header_bytes();
  const std::size_t l4 = ip_headers_bytes(interface_, true) + kOptionBytes;
  TxFrame frame;
  frame.bytes.resize(l4 + kIgmpBytes);
  write_ip_headers(interface_, group_mac(to), header, kOptionBytes + kIgmpBytes, frame.bytes.data());
  std::uint8_t* ip = frame.bytes.data() + l3;
  ip[wire::kIpv4VersionIhl] = 0x46;
  std::copy(kRouterAlert.begin(), kRouterAlert.end(), ip + wire::kIpv4MinHeaderBytes);
  store_be16(ip + wire::kIpv4Checksum, internet_checksum({ip, wire::kIpv4MinHeaderBytes + kOptionBytes}));
  std::uint8_t* at = frame.bytes.data() + l4;
  at[0] = type;
  store_be32(at + kIgmpGroup, group.ipv4());
  store_be16(at + kIgmpChecksum, internet_checksum({at, kIgmpBytes}));
  frames_.push(std::move(frame));
}

/// Behind a hop-by-hop header with the router alert option (RFC 2710 3, RFC 2711).
void MulticastGroups::write_mld(std::uint8_t type, const IpAddress& to, const IpAddress& group) {
  constexpr std::size_t kHopByHopBytes = 8;
  IpHeader header;
  header.source = interface_.source_for(to).value_or(IpAddress());  // unspecified: RFC 3590 4
  header.destination = to;
  header.protocol = wire::kNextHopByHop;
  header.ttl = 1;
  TxFrame frame = make_ip_frame(interface_, group_mac(to), header, kHopByHopBytes + wire::kMldBytes, 0, false);
  const std::array<std::uint8_t, kHopByHopBytes> options = {
      wire::kIpProtocolIcmpv6, 0, wire::kOptionRouterAlert, 2, 0, 0, wire::kOptionPadN, 0};
  std::copy(options.begin(), options.end(), frame.bytes.begin() + frame.l4_offset);
  frame.l4_offset = static_cast<std::uint8_t>(frame.l4_offset + kHopByHopBytes);
  frame.checksum_offset = static_cast<std::uint8_t>(frame.l4_offset + wire::kIcmpChecksum);
  frame.pseudo_sum = pseudo_header_sum(header.source, to, wire::kIpProtocolIcmpv6, wire::kMldBytes);
  std::uint8_t* at = frame.bytes.data() + frame.l4_offset;
  at[wire::kIcmpType] = type;
  std::copy(group.bytes().begin(), group.bytes().end(), at + wire::kMldGroup);
  frames_.push(std::move(frame));
}

}  // namespace sockwire::stack
