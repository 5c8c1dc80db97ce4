// SPDX-License-Identifier: Apache-2.0
#include "host/stack/arp.hpp"

#include <algorithm>

#include "hls/wire/arp.hpp"
#include "hls/wire/ethernet.hpp"
#include "host/base/byte_order.hpp"
#include "host/stack/ipv4.hpp"

namespace sockwire::stack {

namespace {

/// Frames that wait for the card. Beyond that a flood of requests goes unanswered.
constexpr std::size_t kMaxReadyFrames = 256;

}  // namespace

ArpCache::ArpCache(const ArpConfig& config, MacAddress own_mac, Ipv4Address own_address, Counters& counters)
    : config_(config), own_mac_(own_mac), own_address_(own_address), counters_(counters) {}

ArpCache::Entry* ArpCache::find(Ipv4Address address) {
  for (Entry& entry : entries_) {
    if (entry.address == address) return &entry;
  }
  return nullptr;
}

ArpCache::Entry& ArpCache::insert(Ipv4Address address) {
  if (entries_.size() >= std::max<std::size_t>(config_.max_entries, 1)) {
    ++counters_.arp_evicted;
    erase(*std::min_element(entries_.begin(), entries_.end(),
                            [](const Entry& a, const Entry& b) { return a.used < b.used; }),
          true);
  }
  Entry entry;
  entry.address = address;
  entry.used = ++uses_;
  entries_.push_back(std::move(entry));
  return entries_.back();
}

void ArpCache::erase(Entry& entry, bool failed) {
  counters_.arp_queue_dropped += entry.queue.size();
  if (failed) outcomes_.push_back({entry.address, false});
  if (&entry != &entries_.back()) std::swap(entry, entries_.back());
  entries_.pop_back();
}

std::optional<MacAddress> ArpCache::lookup(TimePoint now, Ipv4Address neighbour) {
  Entry* entry = find(neighbour);
  if (entry != nullptr && entry->phase != Phase::kAsking && now - entry->confirmed >= config_.forget) {
    erase(*entry, false);
    entry = nullptr;
  }
  if (entry == nullptr) {
    entry = &insert(neighbour);
    ask(now, *entry);
    return std::nullopt;
  }
  entry->used = ++uses_;
  if (entry->phase == Phase::kAsking) return std::nullopt;
  if (entry->phase == Phase::kFresh && now - entry->confirmed >= config_.fresh) {
    entry->phase = Phase::kChecking;
    entry->requests = 0;
    ask(now, *entry);
  }
  return entry->mac;
}

void ArpCache::send(TimePoint now, Ipv4Address neighbour, TxFrame frame) {
  if (const auto mac = lookup(now, neighbour)) {
    mac->copy_to(frame.bytes.data() + wire::kEthernetDestination);
    push(std::move(frame));
    return;
  }
  // RFC 1122 2.3.2.2: at least the latest packet to a destination is kept.
  Entry* entry = find(neighbour);
  entry->queue.push_back(std::move(frame));
  if (entry->queue.size() > std::max<std::size_t>(config_.max_queued_frames, 1)) {
    entry->queue.pop_front();
    ++counters_.arp_queue_dropped;
  }
}

void ArpCache::on_packet(TimePoint now, std::span<const std::uint8_t> packet) {
  if (packet.size() < wire::kArpBytes) {
    ++counters_.arp_malformed;
    return;
  }
  const std::uint8_t* at = packet.data();
  const std::uint16_t operation = load_be16(at + wire::kArpOperation);
  const auto sender_mac = MacAddress::from_bytes(at + wire::kArpSenderMac);
  const Ipv4Address sender(load_be32(at + wire::kArpSenderIp));
  const Ipv4Address target(load_be32(at + wire::kArpTargetIp));
  if (load_be16(at + wire::kArpHardwareType) != wire::kArpHardwareEthernet ||
      load_be16(at + wire::kArpProtocolType) != wire::kEtherTypeIpv4 ||
      at[wire::kArpHardwareBytes] != wire::kMacAddressBytes || at[wire::kArpProtocolBytes] != 4 ||
      (operation != wire::kArpRequest && operation != wire::kArpReply) || sender_mac.is_group() ||
      sender_mac.is_zero()) {
    ++counters_.arp_malformed;
    return;
  }
  if (sender == own_address_ && !sender.is_unspecified()) {
    // RFC 5227 2.4; our own frames do not come back to us.
    if (sender_mac != own_mac_) ++counters_.arp_conflict;
    return;
  }
  // RFC 826, packet reception: an entry that exists is brought up to date by whatever its owner sends (the merge flag);
  // a new one is made only if the packet is for us. A probe (RFC 5227 2.1.1) has no sender address to learn.
  Entry* entry = find(sender);
  if (entry != nullptr) learn(now, *entry, sender_mac);
  if (target != own_address_ || target.is_unspecified()) {
    ++counters_.arp_not_for_us;
    return;
  }
  if (operation == wire::kArpReply) {
    // An answer that nobody asked for makes no entry.
    ++counters_.arp_replies_in;
    return;
  }
  ++counters_.arp_requests_in;
  if (entry == nullptr && !sender.is_unspecified()) learn(now, insert(sender), sender_mac);
  write_packet(wire::kArpReply, sender_mac, sender_mac, sender);
  ++counters_.arp_replies_out;
}

void ArpCache::learn(TimePoint now, Entry& entry, const MacAddress& mac) {
  const bool was_asking = entry.phase == Phase::kAsking;
  entry.mac = mac;
  entry.phase = Phase::kFresh;
  entry.confirmed = now;
  entry.requests = 0;
  entry.next_request = kNever;
  if (!was_asking) return;
  for (TxFrame& frame : entry.queue) {
    mac.copy_to(frame.bytes.data() + wire::kEthernetDestination);
    push(std::move(frame));
  }
  entry.queue.clear();
  outcomes_.push_back({entry.address, true});
}

void ArpCache::ask(TimePoint now, Entry& entry) {
  // RFC 1122 2.3.2.1 (2): a known neighbour is polled by unicast, so that nobody else is disturbed.
  const bool known = entry.phase == Phase::kChecking;
  write_packet(wire::kArpRequest, known ? entry.mac : MacAddress::broadcast(), MacAddress(), entry.address);
  ++counters_.arp_requests_out;
  ++entry.requests;
  entry.next_request = now + config_.request_interval;
}

void ArpCache::on_timeout(TimePoint now) {
  for (std::size_t i = 0; i < entries_.size();) {
    Entry& entry = entries_[i];
    if (entry.next_request > now) {
      ++i;
      continue;
    }
    if (entry.requests < config_.max_requests) {
      ask(now, entry);
      ++i;
      continue;
    }
    ++counters_.arp_unanswered;
    erase(entry, entry.phase == Phase::kAsking);
  }
}

TimePoint ArpCache::next_deadline() const {
  TimePoint deadline = kNever;
  for (const Entry& entry : entries_) deadline = std::min(deadline, entry.next_request);
  return deadline;
}

std::optional<TxFrame> ArpCache::poll_frame() {
  if (ready_.empty()) return std::nullopt;
  TxFrame frame = std::move(ready_.front());
  ready_.pop_front();
  return frame;
}

std::optional<ArpCache::Outcome> ArpCache::poll_outcome() {
  if (outcomes_.empty()) return std::nullopt;
  const Outcome outcome = outcomes_.front();
  outcomes_.pop_front();
  return outcome;
}

void ArpCache::write_packet(std::uint16_t operation, const MacAddress& frame_to, const MacAddress& target_mac,
                            Ipv4Address target) {
  TxFrame frame;
  frame.bytes.resize(wire::kEthernetHeaderBytes + wire::kArpBytes);
  write_ethernet_header(frame_to, own_mac_, wire::kEtherTypeArp, frame.bytes.data());
  std::uint8_t* at = frame.bytes.data() + wire::kEthernetHeaderBytes;
  store_be16(at + wire::kArpHardwareType, wire::kArpHardwareEthernet);
  store_be16(at + wire::kArpProtocolType, wire::kEtherTypeIpv4);
  at[wire::kArpHardwareBytes] = wire::kMacAddressBytes;
  at[wire::kArpProtocolBytes] = 4;
  store_be16(at + wire::kArpOperation, operation);
  own_mac_.copy_to(at + wire::kArpSenderMac);
  store_be32(at + wire::kArpSenderIp, own_address_.value());
  target_mac.copy_to(at + wire::kArpTargetMac);
  store_be32(at + wire::kArpTargetIp, target.value());
  push(std::move(frame));
}

void ArpCache::push(TxFrame frame) {
  if (ready_.size() >= kMaxReadyFrames) {
    ++counters_.arp_queue_dropped;
    return;
  }
  ready_.push_back(std::move(frame));
}

}  // namespace sockwire::stack
