// SPDX-License-Identifier: Apache-2.0
// A line with calls at its far end: bare IP packets go in and out there, and Ethernet is put on and taken off.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <queue>
#include <span>
#include <vector>

#include "hls/wire/ethernet.hpp"
#include "host/base/mac_address.hpp"
#include "sim/phy/line_peer.hpp"
#include "sim/phy/soft_mac.hpp"
#include "sim/phy/wire.hpp"

namespace sockwire::sim {

/// A packet that has left.
struct DepartedPacket {
  std::uint64_t time_ns = 0;  ///< Of the cycle with its last octet.
  std::vector<std::uint8_t> bytes;
};

/// Bytes of an IP packet as its header has them; 0 if the header makes no sense or says more than there is.
std::size_t ip_packet_bytes(std::span<const std::uint8_t> packet);

template <int kBytes>
class PacketLine final : public LinePeer<kBytes> {
 public:
  /// near: the engine's MAC address; far: that of everybody else.
  PacketLine(const MacAddress& near, const MacAddress& far) : near_(near), far_(far), to_engine_({}, 1) {}

  /// A packet arrives at `time_ns`, or now if that is past. Those of one time arrive in the order of the calls.
  /// Precondition: ip_packet_bytes(packet) > 0.
  void arrive(std::uint64_t time_ns, std::span<const std::uint8_t> packet) {
    arrivals_.push({time_ns, ++arrival_number_, std::vector<std::uint8_t>(packet.begin(), packet.end())});
  }
  /// The oldest packet that has left.
  std::optional<DepartedPacket> take_departed() {
    if (departed_.empty()) return std::nullopt;
    DepartedPacket packet = std::move(departed_.front());
    departed_.pop_front();
    return packet;
  }
  bool has_departed() const { return !departed_.empty(); }
  /// How many have left so far.
  std::uint64_t departures() const { return departures_; }
  /// Frames of the engine that are no IP packets: an engine whose host asks for no neighbours sends none.
  std::uint64_t other_frames() const { return other_frames_; }

  LineInputs<kBytes> exchange(std::uint64_t now_ns, const Line<kBytes>& from_engine) override {
    if (decoder_.push(now_ns, from_engine)) depart(decoder_.frame());
    while (!arrivals_.empty() && arrivals_.top().time_ns <= now_ns) {
      to_engine_.push_burst(now_ns, encoder_.encode(frame_of(arrivals_.top().packet)));
      arrivals_.pop();
    }
    return to_engine_.pull(now_ns);
  }

  std::uint64_t next_arrival_ns() const override {
    return std::min(to_engine_.next_arrival_ns(), arrivals_.empty() ? kNeverNs : arrivals_.top().time_ns);
  }

 private:
  struct Arrival {
    std::uint64_t time_ns;
    std::uint64_t number;
    std::vector<std::uint8_t> packet;
    bool operator>(const Arrival& other) const {
      return time_ns != other.time_ns ? time_ns > other.time_ns : number > other.number;
    }
  };

  std::vector<std::uint8_t> frame_of(std::span<const std::uint8_t> packet) const {
    std::vector<std::uint8_t> frame(wire::kEthernetHeaderBytes);
    near_.copy_to(frame.data() + wire::kEthernetDestination);
    far_.copy_to(frame.data() + wire::kEthernetSource);
    const std::uint16_t type = packet[0] >> 4 == 4 ? wire::kEtherTypeIpv4 : wire::kEtherTypeIpv6;
    frame[wire::kEthernetType] = static_cast<std::uint8_t>(type >> 8);
    frame[wire::kEthernetType + 1] = static_cast<std::uint8_t>(type);
    frame.insert(frame.end(), packet.begin(), packet.end());
    return frame;
  }

  void depart(const ReceivedFrame& frame) {
    const std::span<const std::uint8_t> bytes(frame.bytes);
    const std::size_t length = frame.fault == FrameFault::kNone && bytes.size() > wire::kEthernetHeaderBytes
                                   ? ip_packet_bytes(bytes.subspan(wire::kEthernetHeaderBytes))
                                   : 0;
    if (length == 0) {
      ++other_frames_;
      return;
    }
    const auto packet = bytes.subspan(wire::kEthernetHeaderBytes, length);
    ++departures_;
    departed_.push_back({frame.end_ns, {packet.begin(), packet.end()}});
  }

  MacAddress near_;
  MacAddress far_;
  Wire<kBytes> to_engine_;
  FrameDecoder<kBytes> decoder_;
  FrameEncoder<kBytes> encoder_;
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> arrivals_;
  std::uint64_t arrival_number_ = 0;
  std::deque<DepartedPacket> departed_;
  std::uint64_t departures_ = 0;
  std::uint64_t other_frames_ = 0;
};

inline std::size_t ip_packet_bytes(std::span<const std::uint8_t> packet) {
  if (packet.size() >= 20 && packet[0] >> 4 == 4) {
    const std::size_t bytes = static_cast<std::size_t>(packet[2]) << 8 | packet[3];
    return bytes >= 20 && bytes <= packet.size() ? bytes : 0;
  }
  if (packet.size() >= 40 && packet[0] >> 4 == 6) {
    const std::size_t bytes = 40 + (static_cast<std::size_t>(packet[4]) << 8 | packet[5]);
    return bytes <= packet.size() ? bytes : 0;
  }
  return 0;
}

}  // namespace sockwire::sim
