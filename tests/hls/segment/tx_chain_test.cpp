// SPDX-License-Identifier: Apache-2.0
// What single commands become, at both widths.
#include "tests/hls/segment/tx_path.hpp"

namespace sockwire::test {
namespace {

TYPED_TEST_SUITE(TxPath, Widths);

TYPED_TEST(TxPath, SendsOneSegment) {
  const Send s = small_send(100);
  this->send(s);
  ASSERT_NO_FATAL_FAILURE(this->expect_frames(expected_frames(s)));
  EXPECT_TRUE(this->chain.frames[0].info.report);
  EXPECT_EQ(this->chain.frames[0].info.tag, 0x5152u);
  EXPECT_EQ(this->chain.frames[0].info.seq_end, 0xFFFFFF80u + 100);
  EXPECT_EQ(this->chain.frames[0].info.segments, 1u);
  EXPECT_EQ(this->chain.frames[0].info.slot, 3u);
}

TYPED_TEST(TxPath, SendsASegmentWithoutPayload) {
  Send s = small_send(0);
  s.mss = 0;
  this->send(s);
  ASSERT_NO_FATAL_FAILURE(this->expect_frames(expected_frames(s)));
}

TYPED_TEST(TxPath, CutsByMssAcrossTheSequenceWrap) {
  Send s = small_send(5 * 536 + 17);
  s.mss = 536;
  this->send(s);
  ASSERT_NO_FATAL_FAILURE(this->expect_frames(expected_frames(s)));
  EXPECT_FALSE(this->chain.frames[0].info.report);
  EXPECT_EQ(this->chain.frames[5].info.segments, 6u);
  EXPECT_EQ(this->count(card::Counter::kTxSegments), 6u);
}

TYPED_TEST(TxPath, TemplatesOfAllShapesAndPayloadsOfAllLengths) {
  std::vector<Bytes> expected;
  unsigned n = 0;
  for (const bool vlan : {false, true}) {
    for (const bool ipv6 : {false, true}) {
      for (const bool udp : {false, true}) {
        for (const int options : {0, 1, 2}) {
          for (std::size_t bytes = 0; bytes < 18; ++bytes) {
            Send s = small_send(bytes + 3 * n % 40);
            s.slot = static_cast<int>(n % 8);
            s.seq += n;
            s.shape.vlan = vlan;
            s.shape.ipv6 = ipv6;
            s.shape.udp = udp;
            s.shape.timestamps = options == 1;
            s.shape.syn_options = options == 2;
            s.shape.ip_option_words = ipv6 ? 0 : static_cast<int>(n % 4);
            s.stamp = n % 5 != 0;
            s.ip_id = static_cast<std::uint16_t>(n * 7);
            s.payload = pattern(s.payload.size(), n);
            ++n;
            this->send(s, 2048u * (n % 8), 11);
            ASSERT_TRUE(this->chain.drain());
            const auto frames = expected_frames(s);
            expected.insert(expected.end(), frames.begin(), frames.end());
          }
        }
      }
    }
  }
  ASSERT_NO_FATAL_FAILURE(this->expect_frames(expected));
}

// RFC 768: "If the computed checksum is zero, it is transmitted as all ones".
TYPED_TEST(TxPath, AUdpChecksumOfZeroIsSentAsAllOnes) {
  Send s = small_send(2);
  s.shape.udp = true;
  s.payload = {0, 0};
  const Bytes probe = expected_frames(s)[0];
  // The word that makes the sum all ones: the checksum that comes out without it.
  s.payload = {probe[40], probe[41]};
  const Bytes frame = expected_frames(s)[0];
  ASSERT_EQ(frame[40], 0xFF);
  ASSERT_EQ(frame[41], 0xFF);
  this->send(s);
  ASSERT_NO_FATAL_FAILURE(this->expect_frames(std::vector<Bytes>{frame}));
}

TYPED_TEST(TxPath, TheLongestSendFitsItsRingAndWraps) {
  Send s = small_send(16384);
  s.mss = 1460;
  this->send(s, 8192, 14);
  ASSERT_NO_FATAL_FAILURE(this->expect_frames(expected_frames(s)));
}

// Every bit of an address counts: a cell half the buffer away is another one, in another ring as in the same one.
TYPED_TEST(TxPath, HalfTheBufferApartIsAnotherCell) {
  constexpr auto kHalf = static_cast<std::uint32_t>(card::send_buffer_bytes(TestFixture::kBytes)) / 2;
  constexpr int kHalfLog2 = card::ring_log2_max(TestFixture::kBytes) - 1;
  static_assert(kHalf == 1u << kHalfLog2);
  Send first = small_send(1000);
  Send second = small_send(1000);
  second.slot = 4;
  second.payload = pattern(1000, 99);
  const auto start = [this](const Send& s, std::uint32_t base, int log2) {
    this->chain.send(open_slot(s.slot, base, log2, s.seq));
    this->chain.send(update(s.slot, s.rcv_nxt, s.window, s.tsecr));
  };
  start(first, 0, kHalfLog2);
  start(second, kHalf, kHalfLog2);
  this->chain.send(write_payload(first.slot, first.seq, first.payload));
  this->chain.send(write_payload(second.slot, second.seq, second.payload));
  this->chain.send(send_command(first));
  this->chain.send(send_command(second));
  std::vector<Bytes> expected = expected_frames(first);
  for (const Bytes& frame : expected_frames(second)) expected.push_back(frame);
  ASSERT_NO_FATAL_FAILURE(this->expect_frames(expected));
}

// A ring of the whole buffer, too.
TYPED_TEST(TxPath, TheWholeBufferIsOneRing) {
  constexpr auto kAll = static_cast<std::uint32_t>(card::send_buffer_bytes(TestFixture::kBytes));
  Send first = small_send(1000);
  Send second = small_send(1000);
  second.seq = first.seq + kAll / 2;
  second.payload = pattern(1000, 99);
  this->chain.send(open_slot(first.slot, 0, card::ring_log2_max(TestFixture::kBytes), first.seq));
  this->chain.send(update(first.slot, first.rcv_nxt, first.window, first.tsecr));
  this->chain.send(write_payload(first.slot, first.seq, first.payload));
  this->chain.send(write_payload(second.slot, second.seq, second.payload));
  std::vector<Bytes> expected;
  for (const Send& s : {first, second}) {
    this->chain.send(send_command(s));
    for (const Bytes& frame : expected_frames(s)) expected.push_back(frame);
  }
  ASSERT_NO_FATAL_FAILURE(this->expect_frames(expected));
}

TYPED_TEST(TxPath, FramesGetTheirChecksumsAndCreditsComeBack) {
  std::vector<Bytes> expected;
  for (unsigned n = 0; n < 40; ++n) {
    Frame f;
    f.bytes = expected_frames(small_send(n))[0];
    f.bytes[24] = static_cast<std::uint8_t>(n * 3);  // garbage where the sums go
    f.bytes[51] = 0x77;
    f.flags = static_cast<std::uint8_t>(n & 0x0F);
    f.tag = static_cast<std::uint16_t>(n);
    f.l3_offset = 14;
    f.l4_offset = 34;
    f.checksum_offset = 50;
    f.pseudo_sum = static_cast<std::uint16_t>(n * 4321);
    this->chain.send(frame_command(f));
    ASSERT_TRUE(this->chain.drain());
    ASSERT_EQ(this->chain.frames.size(), n + 1u);
    EXPECT_EQ(this->chain.frames[n].bytes, expected_frame(f));
    EXPECT_EQ(this->chain.frames[n].info.report, (n & 8) != 0);
    EXPECT_EQ(this->chain.frames[n].info.tag, n);
    EXPECT_EQ(this->chain.frames[n].info.slot, 0xFFu);
  }
  EXPECT_EQ(this->chain.lane_credit() & 0xFF, 20);
  EXPECT_EQ(this->chain.lane_credit() >> 8, 20);
}

TYPED_TEST(TxPath, TheLaneGoesBetweenSegments) {
  Send s = small_send(8 * 1000);
  s.mss = 1000;
  this->send(s);
  while (this->chain.frames.size() < 3) this->chain.step();
  Frame f;
  f.bytes = pattern(60, 3);
  this->chain.send(frame_command(f));
  ASSERT_TRUE(this->chain.drain());
  ASSERT_EQ(this->chain.frames.size(), 9u);
  std::size_t place = 0;
  while (this->chain.frames[place].bytes != f.bytes) ++place;
  // Two frames are stored behind the one that leaves; no more may overtake it.
  EXPECT_LE(place, 6u);
}

TYPED_TEST(TxPath, SoftStateIsTheLatest) {
  Send s = small_send(6 * 1000);
  s.mss = 1000;
  this->send(s);
  while (this->chain.frames.empty()) this->chain.step();
  this->chain.send(update(s.slot, 0x55667788, 0x1234, 0));
  ASSERT_TRUE(this->chain.drain());
  ASSERT_EQ(this->chain.frames.size(), 6u);
  const auto before = expected_frames(s);
  s.rcv_nxt = 0x55667788;
  s.window = 0x1234;
  const auto after = expected_frames(s);
  std::size_t changed = 0;
  while (this->chain.frames[changed].bytes == before[changed]) ++changed;
  EXPECT_LE(changed, 4u);
  for (std::size_t i = changed; i < 6; ++i) EXPECT_EQ(this->chain.frames[i].bytes, after[i]);
}

TYPED_TEST(TxPath, RegistersAndPayloadCredit) {
  Command c;
  c.type = card::Command::kWriteRegister;
  c.tag = 77;
  c.seq = 0x41;
  c.arg = 0xCAFE1234;
  this->chain.send(message(c));
  c.type = card::Command::kReadRegister;
  this->chain.send(message(c));
  this->chain.send(open_slot(0, 0, 14, 0));
  this->chain.send(write_payload(0, 0, pattern(200, 1)));
  ASSERT_TRUE(this->chain.drain());
  ASSERT_EQ(this->chain.register_requests.size(), 2u);
  EXPECT_TRUE(this->chain.register_requests[0].write);
  EXPECT_EQ(this->chain.register_requests[0].address, 0x41u);
  EXPECT_EQ(this->chain.register_requests[0].value, 0xCAFE1234u);
  EXPECT_FALSE(this->chain.register_requests[1].write);
  EXPECT_EQ(this->chain.register_requests[1].tag, 77u);
  EXPECT_EQ(this->chain.payload_credit(), 200 / 64);
}

}  // namespace
}  // namespace sockwire::test
