// SPDX-License-Identifier: Apache-2.0
// Random commands of a well-behaved host, and of one that is not, against the reference, with random stalls.
#include <map>
#include <random>

#include "tests/hls/segment/tx_path.hpp"

namespace sockwire::test {
namespace {

TYPED_TEST_SUITE(TxPath, Widths);

/// A host that keeps to the contract: eight slots, each with a ring of its own, and the lane.
template <int kBytes>
class RandomHost {
 public:
  RandomHost(TxChain<kBytes>& chain, unsigned seed) : chain_(chain), random_(seed) {
    for (int slot = 0; slot < card::kSlots; ++slot) {
      Slot& s = slots_[slot];
      s.shape.port = static_cast<std::uint16_t>(100 + slot);
      s.shape.vlan = pick(4) == 0;
      s.shape.ipv6 = pick(3) == 0;
      s.shape.udp = pick(4) == 0;
      s.shape.timestamps = pick(2) == 0;
      s.shape.ip_option_words = s.shape.ipv6 ? 0 : static_cast<int>(pick(3));
      s.seq = static_cast<std::uint32_t>(random_());
      s.rcv_nxt = static_cast<std::uint32_t>(random_());
      chain_.send(open_slot(slot, static_cast<std::uint32_t>(slot) << kRingLog2, kRingLog2, s.seq));
      chain_.send(update(slot, s.rcv_nxt, 4000, 99));
    }
  }

  void act() {
    if (pick(4) == 0) {
      frame();
    } else {
      send(static_cast<int>(pick(card::kSlots)));
    }
    chain_.run(pick(300));
  }

  /// Every frame is the next one of its slot or of the lane.
  void check() {
    ASSERT_TRUE(chain_.drain(4'000'000));
    for (const SentFrame& frame : chain_.frames) {
      const int slot = static_cast<int>(frame.info.slot);
      auto& queue = expected_[slot];
      ASSERT_FALSE(queue.empty()) << "a frame too many of slot " << slot;
      ASSERT_EQ(frame.bytes, queue.front()) << "slot " << slot;
      queue.pop_front();
    }
    for (const auto& [slot, queue] : expected_) EXPECT_TRUE(queue.empty()) << "frames missing of slot " << slot;
  }

 private:
  static constexpr std::size_t kDepth = card::slot_queue_depth(kBytes);
  static constexpr int kRingLog2 = 11 + card::slot_queue_log2(kBytes);  // SENDs have up to 2000 bytes

  struct Slot {
    HeaderShape shape;
    std::uint32_t seq = 0;
    std::uint32_t rcv_nxt = 0;
    std::vector<std::size_t> frames_at;  ///< per SEND: frames of the slot when it has left
    std::size_t frames = 0;
  };

  std::uint32_t pick(std::uint32_t below) { return static_cast<std::uint32_t>(random_()) % below; }

  std::size_t left(int slot) {
    for (; counted_ < chain_.frames.size(); ++counted_) ++left_[static_cast<int>(chain_.frames[counted_].info.slot)];
    return left_[slot];
  }

  void send(int number) {
    Slot& slot = slots_[number];
    // As many SENDs as the queue holds, for which the ring has room.
    while (slot.frames_at.size() >= kDepth && left(number) < slot.frames_at[slot.frames_at.size() - kDepth]) {
      chain_.step();
    }
    Send s;
    s.slot = number;
    s.tag = static_cast<std::uint16_t>(random_());
    s.seq = slot.seq;
    s.shape = slot.shape;
    s.mss = static_cast<std::uint16_t>(pick(3) == 0 ? 1 + pick(100) : 100 + pick(1300));
    const std::uint32_t bytes = pick(8) == 0 ? 0 : 1 + pick(s.shape.udp ? 1200 : 2000);
    s.payload = pattern(bytes, number * 1000 + static_cast<unsigned>(slot.frames));
    s.ip_id = static_cast<std::uint16_t>(random_());
    s.first_flags = pick(2) == 0 ? 0x80 : 0;
    s.last_flags = pick(2) == 0 ? 0x08 : 0;
    s.pacing_gap_ns = pick(6) == 0 ? pick(20'000) : 0;
    s.rcv_nxt = slot.rcv_nxt;
    s.window = 4000;
    s.tsecr = 99;
    const bool send_first = pick(2) == 0;
    if (send_first) chain_.send(send_command(s));
    for (std::uint32_t at = 0; at < bytes;) {
      const std::uint32_t n = std::min(bytes - at, 1 + pick(700));
      chain_.send(write_payload(number, s.seq + at, Bytes(s.payload.begin() + at, s.payload.begin() + at + n)));
      at += n;
    }
    if (!send_first) chain_.send(send_command(s));
    slot.seq += bytes;
    for (Bytes& frame : expected_frames(s)) {
      expected_[number].push_back(std::move(frame));
      ++slot.frames;
    }
    slot.frames_at.push_back(slot.frames);
    while (!chain_.input_done()) chain_.step();
  }

  void frame() {
    Frame f;
    f.bytes = pattern(14 + pick(115), static_cast<unsigned>(chain_.cycle()));
    f.flags = static_cast<std::uint8_t>(card::FrameFlag::kAck);
    f.tag = static_cast<std::uint16_t>(random_());
    if (f.bytes.size() >= 54 && pick(2) == 0) {
      f.bytes[14] = static_cast<std::uint8_t>(0x45 + pick(3));
      f.flags |= 3;
      f.l3_offset = 14;
      f.l4_offset = 34;
      f.checksum_offset = static_cast<std::uint8_t>(34 + 2 * pick(9));
      f.pseudo_sum = static_cast<std::uint16_t>(random_());
    }
    while (static_cast<std::uint8_t>(acks_ - (chain_.lane_credit() >> 8)) >= card::kAckFrames) chain_.step();
    ++acks_;
    expected_[0xFF].push_back(expected_frame(f));
    chain_.send(frame_command(f));
    while (!chain_.input_done()) chain_.step();
  }

  TxChain<kBytes>& chain_;
  std::mt19937 random_;
  Slot slots_[card::kSlots];
  std::map<int, std::deque<Bytes>> expected_;
  std::uint8_t acks_ = 0;
  std::size_t counted_ = 0;
  std::map<int, std::size_t> left_;
};

TYPED_TEST(TxPath, RandomCommandsBecomeTheFramesOfTheReference) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    TxChain<TestFixture::kBytes> path;
    std::mt19937 stalls(seed + 100);
    const unsigned sink_percent = seed == 1 ? 100 : 50;
    const unsigned source_percent = seed == 2 ? 100 : 60;
    path.sink_ready = [&](std::uint64_t) { return stalls() % 100 < sink_percent; };
    path.source_valid = [&](std::uint64_t) { return stalls() % 100 < source_percent; };
    path.send(hello(1));
    path.run(300);
    RandomHost<TestFixture::kBytes> host(path, seed);
    for (int i = 0; i < 120; ++i) host.act();
    host.check();
    for (int i = index_of(card::Counter::kCommandEpoch); i <= index_of(card::Counter::kCommandOverrun); ++i) {
      EXPECT_EQ(path.counts[i], 0u) << "counter " << i;
    }
  }
}

/// One of the things that a broken host does; each is one message.
Bytes broken_message(std::mt19937& random) {
  Send s = small_send(random() % 200);
  s.slot = static_cast<int>(random() % 10);
  Bytes m;
  switch (random() % 6) {
    case 0:
      m = send_command(s);
      break;
    case 1:
      m = write_payload(s.slot, s.seq, pattern(1 + random() % 300, 1));
      break;
    case 2: {
      Frame f;
      f.bytes = pattern(random() % 1600, 2);
      f.flags = static_cast<std::uint8_t>(random());
      f.l3_offset = static_cast<std::uint8_t>(random());
      f.l4_offset = static_cast<std::uint8_t>(random());
      f.checksum_offset = static_cast<std::uint8_t>(random());
      m = frame_command(f);
      break;
    }
    case 3:
      m = open_slot(s.slot, static_cast<std::uint32_t>(random()) & 0xFFFF, static_cast<int>(random() % 20), 1);
      break;
    case 4:
      m = release(s.slot, static_cast<std::uint32_t>(random()));
      break;
    default:
      m = pattern(1 + random() % 400, static_cast<unsigned>(random()));
      break;
  }
  // Then damage: bytes, or the length.
  for (std::size_t i = random() % 4; i > 0; --i) {
    m[random() % std::min<std::size_t>(m.size(), 34)] = static_cast<std::uint8_t>(random());
  }
  if (m.size() > 1) m[1] = 1;
  if (!m.empty() && m[0] == static_cast<std::uint8_t>(card::Command::kHello)) m[0] = 0;
  if (random() % 4 == 0) m.resize(1 + random() % (m.size() + 40));
  return m;
}

TYPED_TEST(TxPath, NothingHangsWhateverTheHostSends) {
  std::mt19937 random(2024);
  this->chain.sink_ready = [&](std::uint64_t) { return random() % 4 != 0; };
  for (std::uint8_t round = 0; round < 20; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    for (int i = 0; i < 60; ++i) this->chain.send(broken_message(random));
    const auto epoch = static_cast<std::uint8_t>(2 + round);
    const std::size_t hellos = this->chain.hellos.size();
    this->chain.send(hello(epoch));
    for (int i = 0; i < 400'000 && this->chain.hellos.size() == hellos; ++i) this->chain.step();
    ASSERT_EQ(this->chain.hellos.size(), hellos + 1);
    ASSERT_TRUE(this->chain.drain());
    this->chain.frames.clear();
    // The next well-formed SEND works.
    const Send s = small_send(300);
    for (Bytes m : {open_slot(s.slot, 0, 12, s.seq), update(s.slot, s.rcv_nxt, s.window, s.tsecr),
                    write_payload(s.slot, s.seq, s.payload), send_command(s)}) {
      m[1] = epoch;
      this->chain.send(m);
    }
    ASSERT_NO_FATAL_FAILURE(this->expect_frames(expected_frames(s)));
    this->chain.send(hello(1));
    ASSERT_TRUE(this->chain.drain());
  }
  EXPECT_GT(this->count(card::Counter::kCommandMalformed), 100u);
  EXPECT_GT(this->count(card::Counter::kCommandUnknown), 10u);
}

TYPED_TEST(TxPath, EachReasonForDroppingIsCounted) {
  const auto malformed = [&](Bytes m, const char* why) {
    const std::uint64_t before = this->count(card::Counter::kCommandMalformed);
    this->chain.send(m);
    ASSERT_TRUE(this->chain.drain());
    EXPECT_EQ(this->count(card::Counter::kCommandMalformed), before + 1) << why;
    EXPECT_TRUE(this->chain.frames.empty()) << why;
  };
  const auto patched = [](Bytes m, std::size_t at, int value) {
    m[at] = static_cast<std::uint8_t>(value);
    return m;
  };
  const Send s = small_send(100);
  malformed(send_command(s), "the slot is closed");
  this->chain.send(open_slot(s.slot, 0, 12, s.seq));
  const Bytes good = send_command(s);
  malformed(patched(good, 2, good[2] + 1), "a byte is missing");
  malformed(patched(good, 2, good[2] - 1), "a byte too many");
  malformed(patched(good, card::command::kSlot, 8), "no such slot");
  malformed(patched(good, 16 + card::send::kTemplateBytes, 55), "template length and body do not agree");
  malformed(patched(good, 16 + card::send::kL3Offset, 15), "odd offset");
  malformed(patched(good, 16 + card::send::kL4Offset, 32), "IPv4 header too short");
  malformed(patched(good, 16 + card::send::kL4Offset, 36), "TCP header beyond the template");
  malformed(patched(good, 16 + card::send::kTsecrOffset, 52), "echo beyond the template");
  malformed(patched(patched(good, card::command::kArg + 2, 0), card::command::kArg + 3, 0), "no MSS");
  malformed(patched(patched(good, card::command::kArg + 1, 8), card::command::kArg + 3, 6), "MSS beyond the frame");
  malformed(Bytes(good.begin(), good.begin() + 9), "half a header");
  malformed(Bytes(good.begin(), good.begin() + 16), "no body");
  malformed(open_slot(1, 512, 12, 0), "ring not aligned");
  malformed(open_slot(1, 0, 9, 0), "ring too small");
  constexpr auto kBuffer = static_cast<std::uint32_t>(card::send_buffer_bytes(TestFixture::kBytes));
  malformed(open_slot(1, 0, card::ring_log2_max(TestFixture::kBytes) + 1, 0), "ring too large");
  malformed(open_slot(1, kBuffer - 1024, 11, 0), "ring that ends beyond the buffer");
  malformed(open_slot(1, kBuffer, 10, 0), "ring beyond the buffer");
  Command c;
  c.type = card::Command::kUpdate;
  malformed(message(c, {1, 2, 3}), "a body that does not belong");
  c.type = static_cast<card::Command>(0x77);
  this->chain.send(message(c, {1, 2, 3}));
  c.epoch = 9;
  this->chain.send(message(c));
  ASSERT_TRUE(this->chain.drain());
  EXPECT_EQ(this->count(card::Counter::kCommandUnknown), 1u);
  EXPECT_EQ(this->count(card::Counter::kCommandEpoch), 1u);
}

TYPED_TEST(TxPath, WithoutCreditIsCountedAndDropped) {
  this->chain.sink_ready = [](std::uint64_t cycle) { return cycle > 20'000; };
  Frame f;
  f.bytes = pattern(60, 1);
  // Some leave the lane for the checksum insertion, which holds a few frames.
  for (int i = 0; i < 20; ++i) this->chain.send(frame_command(f));
  const Send s = small_send(10);
  this->chain.send(open_slot(s.slot, 0, 12, s.seq));
  constexpr unsigned kDepth = card::slot_queue_depth(TestFixture::kBytes);
  for (unsigned i = 0; i < kDepth + 3; ++i) this->chain.send(send_command(s));  // never written: they stay
  this->chain.run(10'000);
  const std::uint64_t frames_left = this->chain.lane_credit() & 0xFF;
  EXPECT_EQ(this->count(card::Counter::kCommandOverrun), (20 - frames_left - card::kControlFrames) + 3);
  this->chain.run(20'000);
  EXPECT_EQ(this->chain.frames.size(), frames_left + card::kControlFrames);
}

}  // namespace
}  // namespace sockwire::test
