// SPDX-License-Identifier: Apache-2.0
// A connection with a round trip of 40 ms, whose peer a test plays segment by segment.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/host/tcp/lone.hpp"

namespace sockwire::tcp::test {

inline constexpr std::uint32_t kMss = 1460;

/// One past the n-th segment of ours; the first begins at at(0).
constexpr SeqNum at(std::uint32_t segments) { return Lone::kIss + 1 + segments * kMss; }

class Repair : public ::testing::Test {
 protected:
  void start(bool sack = true, CongestionAlgorithm congestion = CongestionAlgorithm::kNewReno) {
    lone.config.congestion = congestion;
    lone.config.send_buffer_bytes = 1 << 20;
    lone.config.initial_window_segments = 20;
    lone.connect();
    lone.now += 40ms;
    Segment syn_ack = lone.segment(Lone::kPeer, Lone::kIss + 1, wire::kTcpSyn | wire::kTcpAckFlag);
    syn_ack.options = Options{1460, std::nullopt, std::nullopt, sack};
    lone.deliver(syn_ack);
    lone.take();
  }
  void send(std::uint32_t segments) { lone.send(std::string(segments * kMss, 'x')); }
  /// What was polled since, as "from+count" in segments; R before what is sent again.
  std::string sent() {
    std::string text;
    for (const Transmit& t : lone.take()) {
      if (t.kind != TransmitKind::kSegment) continue;
      if (!text.empty()) text += ' ';
      text += (t.retransmission ? "R" : "") + std::to_string((t.seq - at(0)) / kMss) + "+" +
              std::to_string((t.payload_bytes + kMss - 1) / kMss);
    }
    return text;
  }

  Lone lone;
};

}  // namespace sockwire::tcp::test
