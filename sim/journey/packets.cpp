// SPDX-License-Identifier: Apache-2.0
#include "sim/journey/packets.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <utility>

#include "hls/wire/ethernet.hpp"
#include "hls/wire/tcp.hpp"

namespace sockwire::journey {

namespace {

bool left_before(const Recording& recording, const Packet& packet, std::uint64_t arrival_ps, std::uint64_t way_ps) {
  return recording.bursts[packet.sent].start_ps + way_ps <= arrival_ps;
}

/// What has arrived as it was sent. Returns what was not, and how long the quickest was on its way.
std::pair<std::vector<std::size_t>, std::uint64_t> find_intact(const Recording& recording, End end,
                                                               const std::vector<std::size_t>& arrivals,
                                                               std::vector<Packet>& packets) {
  std::uint64_t way_ps = ~std::uint64_t{0};
  std::vector<std::size_t> damaged;
  // By content; of equal ones the latest that can be it.
  const auto content = [](const LineBurst& burst) {
    const auto octets = after_start(burst);
    return std::vector<std::uint8_t>(octets.begin(), octets.end());
  };
  std::multimap<std::vector<std::uint8_t>, std::size_t> by_content;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const LineBurst& sent = recording.bursts[packets[i].sent];
    if (sent.end == end) by_content.emplace(content(sent), i);
  }
  for (const std::size_t arrival : arrivals) {
    const LineBurst& burst = recording.bursts[arrival];
    std::optional<std::size_t> best;
    const auto [first, last] = by_content.equal_range(content(burst));
    for (auto candidate = first; candidate != last; ++candidate) {
      if (!left_before(recording, packets[candidate->second], burst.start_ps, recording.delay_ns * 1000)) continue;
      const LineBurst& sent = recording.bursts[packets[candidate->second].sent];
      if (!best || sent.start_ps > recording.bursts[packets[*best].sent].start_ps) best = candidate->second;
    }
    if (best) {
      packets[*best].arrivals.push_back(arrival);
      way_ps = std::min(way_ps, burst.start_ps - recording.bursts[packets[*best].sent].start_ps);
    } else {
      damaged.push_back(arrival);
    }
  }
  return {damaged, way_ps == ~std::uint64_t{0} ? recording.delay_ns * 1000 : way_ps};
}

/// Ties what arrived at an end to what the other end sent. A wire may lose, repeat, delay and damage.
void find_arrivals(const Recording& recording, std::vector<Packet>& packets) {
  std::array<std::vector<std::size_t>, kEnds> arrivals;  // by the end that sent
  for (std::size_t i = 0; i < recording.bursts.size(); ++i) {
    const LineBurst& burst = recording.bursts[i];
    if (!burst.from_card) arrivals.at(static_cast<std::size_t>(1 - burst.end)).push_back(i);
  }
  for (End end = 0; end < kEnds; ++end) {
    const auto [damaged, way_ps] = find_intact(recording, end, arrivals.at(static_cast<std::size_t>(end)), packets);
    for (const std::size_t arrival : damaged) {
      // The latest that can be it, if nothing else has come of that one: a wire keeps the order.
      const LineBurst& burst = recording.bursts[arrival];
      Packet* latest = nullptr;
      for (Packet& packet : packets) {
        const LineBurst& sent = recording.bursts[packet.sent];
        if (sent.end != end || !left_before(recording, packet, burst.start_ps, way_ps)) continue;
        if (latest == nullptr || sent.start_ps > recording.bursts[latest->sent].start_ps) latest = &packet;
      }
      if (latest == nullptr || !latest->lost()) continue;
      latest->arrivals.push_back(arrival);
      latest->damage = damage_of(recording.bursts[latest->sent], burst);
    }
  }
}

}  // namespace

std::span<const std::uint8_t> after_start(const LineBurst& burst) {
  const std::span<const std::uint8_t> octets(burst.octets);
  for (std::size_t i = 0; i < std::min(octets.size(), kFrameOffset); ++i) {
    if (octets[i] == wire::kStartOfFrame) return octets.subspan(i + 1);
  }
  return {};
}

/// A receiver may need some of the preamble: the two are laid side by side at their starts of frame.
Damage damage_of(const LineBurst& sent, const LineBurst& arrived) {
  Damage damage;
  const std::size_t preamble = arrived.octets.size() - after_start(arrived).size();
  const std::size_t missing = preamble < kFrameOffset ? kFrameOffset - preamble : 0;
  const std::size_t both = std::min(sent.octets.size(), arrived.octets.size() + missing);
  for (std::size_t i = missing; i < both; ++i) {
    const auto flipped = static_cast<unsigned>(sent.octets[i] ^ arrived.octets[i - missing]);
    if (flipped != 0 && damage.octets++ == 0) damage.first_octet = i;
    damage.bits += static_cast<std::size_t>(std::popcount(flipped));
  }
  if (damage.octets == 0) damage.first_octet = both;
  damage.missing_preamble = missing;
  damage.arrived_octets = arrived.octets.size() + missing;
  return damage;
}

std::string drop_text(const Recording& recording, const Packet& packet) {
  if (packet.lost()) {
    return recording.signal.coded ? "lost on the way: the receiver has made no frame of what came"
                                  : "lost on the way: nothing of it has arrived";
  }
  if (!packet.damage) return {};
  const Damage& damage = *packet.damage;
  std::string text = "damaged on the way: ";
  if (damage.bits > 0) {
    text += std::to_string(damage.bits) + (damage.bits == 1 ? " bit" : " bits") + " of " +
            std::to_string(damage.octets) + (damage.octets == 1 ? " octet" : " octets") +
            " changed, the first in octet " + std::to_string(damage.first_octet) + "; ";
  }
  const std::size_t sent = recording.bursts[packet.sent].octets.size();
  if (damage.arrived_octets != sent) {
    text += std::to_string(damage.arrived_octets) + " octets of " + std::to_string(sent) + " came; ";
  }
  return text + "the receiver's FCS or the line code tells, and the card drops it";
}

std::span<const std::uint8_t> frame_of(const LineBurst& burst) {
  const auto octets = after_start(burst);
  return octets.size() < kFcsBytes ? octets.first(0) : octets.first(octets.size() - kFcsBytes);
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
