// SPDX-License-Identifier: Apache-2.0
// The transmit path keeps the wire full, and answers soon.
#include "tests/hls/segment/tx_path.hpp"

namespace sockwire::test {
namespace {

TYPED_TEST_SUITE(TxPath, Widths);

/// Streams `sends` SENDs of 8 KiB through a ring of 16 KiB, as a host with credit would, and gives the cycles per frame
/// between the first and the last frame. The sink takes a beat every cycle, and `gap` cycles for each frame's overhead.
template <int kBytes>
double cycles_per_frame(TxChain<kBytes>& chain, std::uint16_t mss, unsigned send_bytes, unsigned sends,
                        std::uint64_t gap) {
  chain.sink_gap_cycles = gap;
  std::size_t per_send = (send_bytes + mss - 1) / mss;
  std::uint32_t seq = 1000;
  chain.send(open_slot(0, 0, 14, seq));
  for (unsigned i = 0; i < sends; ++i) {
    Send s;
    s.slot = 0;
    s.seq = seq;
    s.mss = mss;
    s.report = false;
    s.payload = pattern(send_bytes, i);
    // Overwrites what left before last; the SEND goes first, so that its segments need not wait for all of it.
    while (i >= 2 && chain.frames.size() < (i - 1) * per_send) chain.step();
    chain.send(send_command(s));
    chain.send(write_payload(0, s.seq, s.payload));
    seq += send_bytes;
  }
  EXPECT_TRUE(chain.drain());
  EXPECT_EQ(chain.frames.size(), sends * per_send);
  const std::size_t skip = per_send;
  const std::uint64_t cycles = chain.frames.back().last_cycle - chain.frames[skip].last_cycle;
  return static_cast<double>(cycles) / static_cast<double>(chain.frames.size() - 1 - skip);
}

// IEEE 802.3: preamble, SFD, FCS and gap take 24 byte times beside a frame's bytes.
TYPED_TEST(TxPath, FullSegmentsLeaveWithoutBubbles) {
  constexpr bool kNarrow = TestFixture::kBytes == 1;
  const double cycles = cycles_per_frame(this->chain, 1460, 5 * 1460, 20, kNarrow ? 24 : 2);
  EXPECT_LE(cycles, kNarrow ? 1538.0 : 192.0);
  EXPECT_EQ(this->chain.info_late, 0u);
}

TYPED_TEST(TxPath, TheFrameItselfHasNoBubble) {
  Send s = small_send(1460);
  this->send(s);
  ASSERT_NO_FATAL_FAILURE(this->expect_frames(expected_frames(s)));
  EXPECT_EQ(this->chain.frames[0].last_cycle - this->chain.frames[0].first_cycle,
            (1514 + TestFixture::kBytes - 1) / TestFixture::kBytes - 1u);
}

// A minimum-size frame takes 84 byte times on the wire.
TYPED_TEST(TxPath, MinimumSizeSegmentsLeaveAtFullRate) {
  constexpr bool kNarrow = TestFixture::kBytes == 1;
  const double cycles = cycles_per_frame(this->chain, 6, 6 * 400, 6, kNarrow ? 24 : 2);
  EXPECT_LE(cycles, kNarrow ? 84.0 : 10.5);
}

// In cycles, from the command's last beat to the frame's first beat at the MAC.
TYPED_TEST(TxPath, LatencyOfOneSegment) {
  constexpr bool kNarrow = TestFixture::kBytes == 1;
  for (const std::size_t bytes : {0, 1, 1460}) {
    this->chain.frames.clear();
    Send s = small_send(bytes);
    this->send(s);
    ASSERT_TRUE(this->chain.drain());
    ASSERT_EQ(this->chain.frames.size(), 1u);
    const std::uint64_t latency = this->chain.frames[0].first_cycle - this->chain.last_input_cycle();
    const std::uint64_t stored_beats = (54 + bytes + TestFixture::kBytes - 1) / TestFixture::kBytes;
    this->RecordProperty("cycles_" + std::to_string(bytes), static_cast<int>(latency));
    EXPECT_LE(latency, stored_beats + (kNarrow ? 36u : 22u)) << bytes << " bytes";
  }
}

}  // namespace
}  // namespace sockwire::test
