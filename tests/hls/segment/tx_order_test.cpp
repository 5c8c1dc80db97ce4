// SPDX-License-Identifier: Apache-2.0
// When segments leave, and which do not: cut-through, slots in turn, pacing, release, eviction.
#include <algorithm>
#include <set>

#include "tests/hls/segment/tx_path.hpp"

namespace sockwire::test {
namespace {

TYPED_TEST_SUITE(TxPath, Widths);

/// The source port of an untagged IPv4 frame.
int port_of(const Bytes& frame) { return frame[34] << 8 | frame[35]; }

TYPED_TEST(TxPath, SegmentsLeaveBeforeTheirSuperSegmentHasArrived) {
  Send s = small_send(8000);
  s.mss = 1000;
  this->chain.send(open_slot(s.slot, 0, 14, s.seq));
  this->chain.send(update(s.slot, s.rcv_nxt, s.window, s.tsecr));
  this->chain.send(send_command(s));
  this->chain.run(500);
  EXPECT_TRUE(this->chain.frames.empty());
  this->chain.send(write_payload(s.slot, s.seq, s.payload));
  while (!this->chain.input_done()) this->chain.step();
  EXPECT_GE(this->chain.frames.size(), 5u);
  ASSERT_NO_FATAL_FAILURE(this->expect_frames(expected_frames(s)));
}

TYPED_TEST(TxPath, ASegmentWaitsForItsLastByte) {
  Send s = small_send(1000);
  this->chain.send(open_slot(s.slot, 0, 14, s.seq));
  this->chain.send(update(s.slot, s.rcv_nxt, s.window, s.tsecr));
  this->chain.send(send_command(s));
  this->chain.send(write_payload(s.slot, s.seq, Bytes(s.payload.begin(), s.payload.end() - 1)));
  this->chain.run(5000);
  EXPECT_TRUE(this->chain.frames.empty());
  EXPECT_FALSE(this->chain.busy());
  this->chain.send(write_payload(s.slot, s.seq + 999, {s.payload.back()}));
  ASSERT_NO_FATAL_FAILURE(this->expect_frames(expected_frames(s)));
}

TYPED_TEST(TxPath, SlotsTakeTurnsASegmentEach) {
  this->chain.sink_ready = [](std::uint64_t cycle) { return cycle > 60'000; };  // until all are queued
  for (int slot = 0; slot < card::kSlots; ++slot) {
    Send s = small_send(16 * 64);
    s.slot = slot;
    s.mss = 64;
    s.shape.port = static_cast<std::uint16_t>(1000 + slot);
    this->send(s, static_cast<std::uint32_t>(1024 * slot), 10);
  }
  ASSERT_TRUE(this->chain.drain());
  ASSERT_EQ(this->chain.frames.size(), 16u * card::kSlots);
  // What was planned before the last slot had its SEND comes first; then each eight in a row are of eight slots.
  for (std::size_t i = 20; i < 40; ++i) {
    std::set<int> ports;
    for (std::size_t j = i; j < i + card::kSlots; ++j) ports.insert(port_of(this->chain.frames[j].bytes));
    EXPECT_EQ(ports.size(), static_cast<std::size_t>(card::kSlots)) << "from frame " << i;
  }
}

TYPED_TEST(TxPath, ASlotSendsInOrderWhatItsQueueHolds) {
  Send a = small_send(700);
  a.mss = 300;
  Send b = small_send(500);
  b.seq = a.seq + 700;
  b.tag = 2;
  b.payload = pattern(500, 99);
  this->chain.sink_ready = [](std::uint64_t cycle) { return cycle > 5000; };
  this->send(a);
  this->chain.send(write_payload(b.slot, b.seq, b.payload));
  this->chain.send(send_command(b));
  auto expected = expected_frames(a);
  const auto more = expected_frames(b);
  expected.insert(expected.end(), more.begin(), more.end());
  ASSERT_NO_FATAL_FAILURE(this->expect_frames(expected));
}

TYPED_TEST(TxPath, PacedSegmentsKeepTheirDistance) {
  Send s = small_send(5 * 100);
  s.mss = 100;
  s.pacing_gap_ns = 20'000;
  this->send(s);
  for (int i = 0; i < 1000; ++i) this->chain.step();
  ASSERT_EQ(this->chain.frames.size(), 1u);
  EXPECT_FALSE(this->chain.busy());
  ASSERT_TRUE(this->chain.deadline().valid);
  const std::uint64_t due = this->chain.deadline().time_ns;
  ASSERT_NO_FATAL_FAILURE(this->expect_frames(expected_frames(s)));
  std::vector<std::uint64_t> starts;
  for (const SentFrame& frame : this->chain.frames) starts.push_back(frame.first_cycle * this->chain.ns_per_cycle);
  for (std::size_t i = 1; i < starts.size(); ++i) {
    EXPECT_GE(starts[i] - starts[i - 1], 20'000u);
    EXPECT_LE(starts[i] - starts[i - 1], 20'000u + 100 * this->chain.ns_per_cycle);
  }
  EXPECT_GE(starts[1], due);
}

TYPED_TEST(TxPath, PacingOfOneSlotDoesNotHoldUpAnother) {
  Send paced = small_send(300);
  paced.slot = 0;
  paced.mss = 100;
  paced.pacing_gap_ns = 1'000'000'000;
  paced.shape.port = 1;
  Send other = small_send(3000);
  other.slot = 1;
  other.mss = 100;
  other.shape.port = 2;
  this->send(paced, 0, 12);
  this->send(other, 4096, 12);
  this->chain.run(20'000);
  ASSERT_EQ(this->chain.frames.size(), 31u);
  EXPECT_EQ(std::count_if(this->chain.frames.begin(), this->chain.frames.end(),
                          [](const SentFrame& f) { return port_of(f.bytes) == 1; }),
            1);
}

TYPED_TEST(TxPath, WhatIsReleasedIsNotSent) {
  Send s = small_send(4000);
  s.mss = 1000;
  this->chain.send(open_slot(s.slot, 0, 14, s.seq));
  this->chain.send(release(s.slot, s.seq + 2500));
  this->chain.send(update(s.slot, s.rcv_nxt, s.window, s.tsecr));
  this->chain.send(write_payload(s.slot, s.seq, s.payload));
  this->chain.send(send_command(s));
  const auto all = expected_frames(s);
  ASSERT_NO_FATAL_FAILURE(this->expect_frames(std::vector<Bytes>{all[2], all[3]}));
  EXPECT_EQ(this->count(card::Counter::kTxReleased), 2u);
  EXPECT_EQ(this->chain.frames[1].info.segments, 2u);
  EXPECT_TRUE(this->chain.released.empty());
}

TYPED_TEST(TxPath, AReleasedSendIsStillReported) {
  Send s = small_send(3000);
  s.mss = 1000;
  this->chain.send(open_slot(s.slot, 0, 14, s.seq));
  this->chain.send(send_command(s));  // nothing is written: it could not leave
  this->chain.send(release(s.slot, s.seq + 3000));
  ASSERT_TRUE(this->chain.drain());
  EXPECT_TRUE(this->chain.frames.empty());
  ASSERT_EQ(this->chain.released.size(), 1u);
  EXPECT_EQ(this->chain.released[0].tag, s.tag);
  EXPECT_EQ(this->chain.released[0].seq_end, static_cast<std::uint32_t>(s.seq + 3000));
  EXPECT_EQ(this->chain.released[0].segments, 0u);
  EXPECT_EQ(this->chain.released[0].slot, 3u);
  EXPECT_EQ(this->count(card::Counter::kTxReleased), 3u);
  // Its queue entry is free again, and so is its template.
  for (int i = 0; i < 5; ++i) {
    Send again = small_send(10);
    again.seq = s.seq + 3000 + 10 * static_cast<std::uint32_t>(i);
    this->chain.send(write_payload(s.slot, again.seq, again.payload));
    this->chain.send(send_command(again));
    ASSERT_TRUE(this->chain.drain());
  }
  EXPECT_EQ(this->chain.frames.size(), 5u);
  EXPECT_EQ(this->count(card::Counter::kCommandOverrun), 0u);
}

// Another slot's frame keeps the assembler busy: what is said to be done with must be free by then, since the host
// fills it again at once.
TYPED_TEST(TxPath, AReleasedSendIsReportedNoEarlierThanItsQueueEntryIsFree) {
  bool open = false;
  this->chain.sink_ready = [&open](std::uint64_t) { return open; };
  Send busy = small_send(14'000);
  busy.slot = 5;
  busy.mss = 1400;
  this->send(busy);
  this->chain.run(20'000);  // as far as it gets
  Send s = small_send(1000);
  this->chain.send(open_slot(s.slot, 16384, 12, s.seq));
  this->chain.send(send_command(s));
  this->chain.send(release(s.slot, s.seq + 1000));
  this->chain.run(20'000);
  for (int i = 0; this->chain.released.empty(); ++i) {
    ASSERT_LT(i, 20'000);
    open = true;
    this->chain.step();
  }
  open = false;
  for (std::uint32_t i = 0; i < static_cast<unsigned>(card::slot_queue_depth(TestFixture::kBytes)); ++i) {
    Send again = small_send(10);
    again.seq = s.seq + 1000 + 10 * i;
    this->chain.send(write_payload(s.slot, again.seq, again.payload));
    this->chain.send(send_command(again));
  }
  this->chain.run(20'000);
  open = true;
  ASSERT_TRUE(this->chain.drain());
  EXPECT_EQ(this->chain.frames.size(), 10u + static_cast<unsigned>(card::slot_queue_depth(TestFixture::kBytes)));
  EXPECT_EQ(this->count(card::Counter::kCommandOverrun), 0u);
}

// RFC 9293 3.4: a FIN occupies a sequence number; data below it being acknowledged does not acknowledge it.
TYPED_TEST(TxPath, AFinIsNotReleasedWithTheDataBeforeIt) {
  Send s = small_send(100);
  s.last_flags = 0x09;
  this->chain.send(open_slot(s.slot, 0, 14, s.seq));
  this->chain.send(update(s.slot, s.rcv_nxt, s.window, s.tsecr));
  this->chain.send(write_payload(s.slot, s.seq, s.payload));
  this->chain.send(release(s.slot, s.seq + 100));
  this->chain.send(send_command(s));
  ASSERT_NO_FATAL_FAILURE(this->expect_frames(expected_frames(s)));
  this->chain.send(release(s.slot, s.seq + 101));
  this->chain.send(send_command(s));
  ASSERT_TRUE(this->chain.drain());
  EXPECT_EQ(this->chain.frames.size(), 1u);
  EXPECT_EQ(this->chain.released.size(), 1u);
}

TYPED_TEST(TxPath, AnEvictedRangeIsWrittenAndSentAgain) {
  // A ring of 1 KiB: the second 1000 bytes overwrite the first.
  Send first = small_send(1000);
  this->send(first, 3072, 10);
  ASSERT_TRUE(this->chain.drain());
  Send second = small_send(1000);
  second.seq = first.seq + 1000;
  second.payload = pattern(1000, 55);
  this->chain.send(write_payload(second.slot, second.seq, second.payload));
  this->chain.send(send_command(second));
  ASSERT_TRUE(this->chain.drain());
  Send again = small_send(400);
  again.seq = first.seq + 300;
  again.payload = Bytes(first.payload.begin() + 300, first.payload.begin() + 700);
  this->chain.send(
      write_payload(again.slot, again.seq, again.payload, static_cast<std::uint8_t>(card::WriteFlag::kRewrite)));
  this->chain.send(send_command(again));
  // Writing goes on where it was: what was rewritten does not hold up or let through anything else.
  Send third = small_send(200);
  third.seq = second.seq + 1000;
  third.payload = pattern(200, 77);
  this->chain.send(send_command(third));
  this->chain.run(4000);
  EXPECT_EQ(this->chain.frames.size(), 3u);
  this->chain.send(write_payload(third.slot, third.seq, third.payload));
  ASSERT_NO_FATAL_FAILURE(this->expect_frames(
      {expected_frames(first)[0], expected_frames(second)[0], expected_frames(again)[0], expected_frames(third)[0]}));
}

TYPED_TEST(TxPath, OpeningASlotAgainForgetsWhatItHeld) {
  Send s = small_send(1000);
  this->chain.send(open_slot(s.slot, 0, 14, s.seq));
  this->chain.send(send_command(s));
  this->chain.run(200);
  s.seq = 77;
  s.tag = 5;
  this->send(s);
  ASSERT_NO_FATAL_FAILURE(this->expect_frames(expected_frames(s)));
  EXPECT_TRUE(this->chain.released.empty());
}

TYPED_TEST(TxPath, HelloForgetsQueuesSlotsAndCredits) {
  Send waits = small_send(1000);
  this->chain.send(open_slot(waits.slot, 0, 14, waits.seq));
  this->chain.send(send_command(waits));
  Frame f;
  f.bytes = pattern(70, 1);
  this->chain.send(frame_command(f));
  ASSERT_TRUE(this->chain.drain());
  EXPECT_EQ(this->chain.lane_credit(), 1);
  this->chain.send(hello(2));
  ASSERT_TRUE(this->chain.drain());
  ASSERT_EQ(this->chain.hellos.size(), 2u);
  EXPECT_EQ(this->chain.epoch(), 2u);
  EXPECT_EQ(this->chain.lane_credit(), 0);
  EXPECT_EQ(this->chain.payload_credit(), 0);
  // The slot is closed, and the old epoch is over.
  this->chain.send(write_payload(waits.slot, waits.seq, waits.payload));
  Bytes in_new_epoch = write_payload(waits.slot, waits.seq, waits.payload);
  in_new_epoch[1] = 2;
  this->chain.send(in_new_epoch);
  ASSERT_TRUE(this->chain.drain());
  EXPECT_EQ(this->chain.frames.size(), 1u);
  EXPECT_EQ(this->count(card::Counter::kCommandEpoch), 1u);
  EXPECT_EQ(this->count(card::Counter::kCommandMalformed), 1u);
}

}  // namespace
}  // namespace sockwire::test
