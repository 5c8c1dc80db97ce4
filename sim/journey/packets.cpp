// SPDX-License-Identifier: Apache-2.0
#include "sim/journey/packets.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <map>

#include "hls/wire/ethernet.hpp"
#include "hls/wire/tcp.hpp"

namespace sockwire::journey {

namespace {

/// Ties what arrived at an end to what the other end sent. A wire may lose, repeat, delay, overtake and damage.
void find_arrivals(const Recording& recording, std::vector<Packet>& packets) {
  std::array<std::deque<std::size_t>, kEnds> arrivals;  // by the end that sent
  for (std::size_t i = 0; i < recording.bursts.size(); ++i) {
    const LineBurst& burst = recording.bursts[i];
    if (!burst.from_card) arrivals.at(static_cast<std::size_t>(1 - burst.end)).push_back(i);
  }
  for (End end = 0; end < kEnds; ++end) {
    // By content; of equal ones the latest that can be it. What was damaged is the oldest that nothing has come of.
    std::multimap<std::vector<std::uint8_t>, std::size_t> by_content;
    for (std::size_t i = 0; i < packets.size(); ++i) {
      const LineBurst& sent = recording.bursts[packets[i].sent];
      if (sent.end == end) by_content.emplace(sent.octets, i);
    }
    std::vector<std::size_t> damaged;
    for (const std::size_t arrival : arrivals.at(static_cast<std::size_t>(end))) {
      const LineBurst& burst = recording.bursts[arrival];
      std::optional<std::size_t> best;
      const auto [first, last] = by_content.equal_range(burst.octets);
      for (auto candidate = first; candidate != last; ++candidate) {
        const LineBurst& sent = recording.bursts[packets[candidate->second].sent];
        if (sent.start_ps + recording.delay_ns * 1000 > burst.start_ps) continue;
        if (!best || sent.start_ps > recording.bursts[packets[*best].sent].start_ps) best = candidate->second;
      }
      if (best) {
        packets[*best].arrivals.push_back(arrival);
      } else {
        damaged.push_back(arrival);
      }
    }
    for (const std::size_t arrival : damaged) {
      const LineBurst& burst = recording.bursts[arrival];
      const auto found = std::find_if(packets.begin(), packets.end(), [&](const Packet& packet) {
        const LineBurst& sent = recording.bursts[packet.sent];
        return sent.end == end && packet.lost() && sent.octets.size() == burst.octets.size() &&
               sent.start_ps + recording.delay_ns * 1000 <= burst.start_ps;
      });
      if (found != packets.end()) found->arrivals.push_back(arrival);
    }
  }
}

}  // namespace

std::span<const std::uint8_t> frame_of(const LineBurst& burst) {
  const std::span<const std::uint8_t> octets(burst.octets);
  if (octets.size() < kFrameOffset + kFcsBytes || octets[kFrameOffset - 1] != wire::kStartOfFrame) return {};
  return octets.subspan(kFrameOffset, octets.size() - kFrameOffset - kFcsBytes);
}

std::vector<Packet> find_packets(const Recording& recording) {
  std::vector<Packet> packets;
  for (std::size_t i = 0; i < recording.bursts.size(); ++i) {
    if (!recording.bursts[i].from_card) continue;
    Packet packet;
    packet.sent = i;
    packet.headers = read_headers(frame_of(recording.bursts[i]));
    packets.push_back(std::move(packet));
  }
  std::stable_sort(packets.begin(), packets.end(), [&](const Packet& a, const Packet& b) {
    const LineBurst& one = recording.bursts[a.sent];
    const LineBurst& other = recording.bursts[b.sent];
    return one.end_ns != other.end_ns ? one.end_ns < other.end_ns : one.end < other.end;
  });
  PacketNumber number = 0;
  for (Packet& packet : packets) packet.number = ++number;
  find_arrivals(recording, packets);
  tie_to_messages(recording, packets);
  tie_to_each_other(packets, recording);
  find_reasons(recording, packets);
  return packets;
}

std::optional<SeqNum> initial_sequence_number(const std::vector<Packet>& packets, const Packet& packet,
                                              bool of_sender) {
  const auto is_it = [&](const Packet& other) {
    const Headers& one = packet.headers;
    const Headers& two = other.headers;
    if (!two.tcp || !two.has(wire::kTcpSyn)) return false;
    const bool same_way =
        two.source == one.source && two.source_port == one.source_port && two.destination_port == one.destination_port;
    const bool back = two.source == one.destination && two.source_port == one.destination_port &&
                      two.destination_port == one.source_port;
    return of_sender ? same_way : back;
  };
  const auto found = std::find_if(packets.begin(), packets.end(), is_it);
  if (found == packets.end()) return std::nullopt;
  return found->headers.seq;
}

}  // namespace sockwire::journey
