// SPDX-License-Identifier: Apache-2.0
#include "host/stack/ip_reassembly.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sockwire::stack {

namespace {

constexpr std::uint32_t kMaxPayloadBytes = 65535;
/// What a datagram and a piece cost beside their bytes, roughly.
constexpr std::size_t kDatagramCost = 256;
constexpr std::size_t kPieceCost = 96;
constexpr std::size_t kMaxExpired = 8;
constexpr std::uint8_t kEcnCe = 0x03;

/// RFC 791 3.2: source, destination, protocol, identification. IPv6 leaves the protocol out (RFC 8200 4.5).
bool same_datagram(const IpPacket& a, const IpPacket& b) {
  return a.id == b.id && a.source == b.source && a.destination == b.destination &&
         (!a.source.is_ipv4() || a.protocol == b.protocol);
}

std::uint32_t end_of(const IpPacket& fragment) {
  return fragment.fragment_offset + static_cast<std::uint32_t>(fragment.payload.size());
}

}  // namespace

std::optional<IpPacket> IpReassembly::add(TimePoint now, const IpPacket& fragment) {
  ++counters_.fragments_in;
  // All but the last are cut between units of eight bytes, and no datagram is longer than its length field can say.
  if (fragment.payload.empty() || (fragment.more_fragments && fragment.payload.size() % 8 != 0) ||
      end_of(fragment) > kMaxPayloadBytes) {
    ++counters_.fragment_malformed;
    return std::nullopt;
  }
  const auto found = find_or_add(now, fragment);
  Datagram& datagram = *found;
  if (datagram.refused) {
    ++counters_.fragment_overlap;
    return std::nullopt;
  }
  if (is_duplicate(datagram, fragment)) {
    ++counters_.fragment_duplicate;
    return std::nullopt;
  }
  if (!fits(datagram, fragment)) {
    ++counters_.fragment_overlap;
    refuse(datagram);
    return std::nullopt;
  }
  const std::size_t cost =
      kPieceCost + fragment.payload.size() + (fragment.first_fragment ? fragment.header.size() : 0);
  if (datagram.pieces.size() >= limits_.max_fragments || datagram.cost + cost > limits_.max_bytes) {
    ++counters_.reassembly_evicted;
    erase(found);
    return std::nullopt;
  }
  make_room(found, cost);
  datagram.cost += cost;
  bytes_ += cost;
  datagram.payload_bytes += static_cast<std::uint32_t>(fragment.payload.size());
  datagram.pieces.emplace(fragment.fragment_offset,
                          std::vector<std::uint8_t>(fragment.payload.begin(), fragment.payload.end()));
  // RFC 3168 5.3: congestion that one of them has met is the datagram's.
  const auto is_ce = [](const IpPacket& packet) { return (packet.traffic_class & kEcnCe) == kEcnCe; };
  const bool congested = is_ce(datagram.first) || is_ce(fragment);
  if (fragment.first_fragment) {
    datagram.header.assign(fragment.header.begin(), fragment.header.end());
    datagram.first = fragment;
  }
  if (congested) datagram.first.traffic_class |= kEcnCe;
  if (!fragment.more_fragments) datagram.total_bytes = end_of(fragment);
  if (datagram.total_bytes != datagram.payload_bytes) return std::nullopt;
  ++counters_.reassembled;
  return complete(found);
}

IpReassembly::Datagrams::iterator IpReassembly::find_or_add(TimePoint now, const IpPacket& fragment) {
  const auto found = std::find_if(datagrams_.begin(), datagrams_.end(),
                                  [&](const Datagram& datagram) { return same_datagram(datagram.first, fragment); });
  if (found != datagrams_.end()) return found;
  if (datagrams_.size() >= std::max<std::size_t>(limits_.max_datagrams, 1)) {
    ++counters_.reassembly_evicted;
    erase(datagrams_.begin());
  }
  Datagram datagram;
  datagram.first = fragment;
  datagram.deadline = now + limits_.lifetime;
  datagram.cost = kDatagramCost;
  bytes_ += kDatagramCost;
  datagrams_.push_back(std::move(datagram));
  return std::prev(datagrams_.end());
}

/// The very same again (RFC 8200 4.5): dropped, and no harm done.
bool IpReassembly::is_duplicate(const Datagram& datagram, const IpPacket& fragment) {
  const auto same = datagram.pieces.find(fragment.fragment_offset);
  return same != datagram.pieces.end() && same->second.size() == fragment.payload.size() &&
         std::equal(same->second.begin(), same->second.end(), fragment.payload.begin()) &&
         (fragment.more_fragments || datagram.total_bytes == end_of(fragment));
}

/// Neither over another fragment, nor beyond the end that the last one has told.
bool IpReassembly::fits(const Datagram& datagram, const IpPacket& fragment) const {
  const std::uint32_t end = end_of(fragment);
  const auto next = datagram.pieces.lower_bound(fragment.fragment_offset);
  if (next != datagram.pieces.end() && next->first < end) return false;
  if (next != datagram.pieces.begin()) {
    const auto& before = *std::prev(next);
    if (before.first + before.second.size() > fragment.fragment_offset) return false;
  }
  if (datagram.total_bytes) return fragment.more_fragments && end <= *datagram.total_bytes;
  return fragment.more_fragments || next == datagram.pieces.end();
}

void IpReassembly::refuse(Datagram& datagram) {
  datagram.refused = true;
  datagram.pieces.clear();
  datagram.header.clear();
  bytes_ -= datagram.cost - kDatagramCost;
  datagram.cost = kDatagramCost;
}

void IpReassembly::make_room(Datagrams::iterator keep, std::size_t cost) {
  for (auto oldest = datagrams_.begin(); bytes_ + cost > limits_.max_bytes && oldest != datagrams_.end();) {
    const auto current = oldest++;
    if (current == keep) continue;
    ++counters_.reassembly_evicted;
    erase(current);
  }
}

void IpReassembly::erase(Datagrams::iterator datagram) {
  bytes_ -= datagram->cost;
  datagrams_.erase(datagram);
}

IpPacket IpReassembly::complete(Datagrams::iterator datagram) {
  whole_.assign(datagram->header.begin(), datagram->header.end());
  for (const auto& piece : datagram->pieces) whole_.insert(whole_.end(), piece.second.begin(), piece.second.end());
  IpPacket packet = datagram->first;
  packet.fragment = packet.more_fragments = false;
  packet.header = std::span(whole_).first(datagram->header.size());
  packet.payload = std::span(whole_).subspan(datagram->header.size());
  erase(datagram);
  return packet;
}

void IpReassembly::on_timeout(TimePoint now) {
  while (!datagrams_.empty() && datagrams_.front().deadline <= now) {
    ++counters_.reassembly_timeout;
    Datagram& over = datagrams_.front();
    const bool report = !over.header.empty() && expired_.size() < kMaxExpired;
    bytes_ -= over.cost;
    if (report) expired_.push_back(std::move(over));
    datagrams_.pop_front();
  }
}

std::optional<IpPacket> IpReassembly::poll_expired() {
  if (expired_.empty()) return std::nullopt;
  const Datagram over = std::move(expired_.front());
  expired_.pop_front();
  const auto& piece = over.pieces.at(0);
  whole_.assign(over.header.begin(), over.header.end());
  whole_.insert(whole_.end(), piece.begin(), piece.end());
  IpPacket packet = over.first;
  packet.header = std::span(whole_).first(over.header.size());
  packet.payload = std::span(whole_).subspan(over.header.size());
  return packet;
}

}  // namespace sockwire::stack
