// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/host/card/harness.hpp"

namespace sockwire::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Handshake, HelloMakesItReadyAndTellsOfTheCard) {
  Rig rig(8);
  rig.driver.start(rig.now(), 9);
  EXPECT_FALSE(rig.driver.ready());
  rig.settle();
  EXPECT_TRUE(rig.driver.ready());
  EXPECT_EQ(rig.take<card::Ready>().size(), 1u);
  EXPECT_EQ(rig.card.epoch(), 9);
  EXPECT_EQ(rig.driver.info().boot_id, 77u);
  EXPECT_EQ(rig.driver.info().bytes_per_beat, 8u);
  EXPECT_EQ(rig.driver.info().send_buffer_bytes, static_cast<std::uint32_t>(card::send_buffer_bytes(8)));
  EXPECT_EQ(rig.driver.info().payload_window_bytes, static_cast<std::uint32_t>(card::payload_window_bytes(8)));
  EXPECT_EQ(rig.driver.next_deadline(), kNever);
}

TEST(Handshake, AnotherLayoutIsRefusedWithAMessage) {
  Rig rig;
  rig.card.set_layout_hash(0xDEADBEEF);
  rig.start();
  EXPECT_FALSE(rig.driver.ready());
  const auto failed = rig.take<card::Failed>();
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_NE(failed[0].message.find("deadbeef"), std::string::npos) << failed[0].message;
}

TEST(Handshake, IsRepeatedInAnotherEpochAndGivesUp) {
  Rig rig;
  rig.driver.start(rig.now(), 250);
  for (int attempt = 0; attempt < 5; ++attempt) {
    ASSERT_TRUE(rig.driver.poll_command(rig.now(), rig.message));
    EXPECT_EQ(rig.message[1], static_cast<std::uint8_t>(250 + attempt));
    EXPECT_FALSE(rig.driver.poll_command(rig.now(), rig.message));
    const TimePoint deadline = rig.driver.next_deadline();
    EXPECT_EQ(deadline, rig.now() + seconds(1));
    rig.driver.on_timeout(deadline - milliseconds(1));  // Too early.
    EXPECT_FALSE(rig.driver.poll_command(rig.now(), rig.message));
    rig.now_ns += 1'000'000'000;
    rig.driver.on_timeout(rig.now());
  }
  rig.notices();
  EXPECT_EQ(rig.take<card::Failed>().size(), 1u);
  EXPECT_EQ(rig.driver.next_deadline(), kNever);
}

TEST(Events, OfOtherEpochsMalformedOrUnknownAreCounted) {
  Rig rig;
  rig.start(3);
  std::vector<std::uint8_t> event(16, 0);
  event[0] = 0x85;
  event[1] = 2;
  rig.driver.on_event(rig.now(), event);
  EXPECT_EQ(rig.driver.driver_counters().events_other_epoch, 1u);
  event[1] = 3;
  event[2] = 1;  // One byte of body that is not there.
  rig.driver.on_event(rig.now(), event);
  rig.driver.on_event(rig.now(), std::span(event).first(15));
  EXPECT_EQ(rig.driver.driver_counters().events_malformed, 2u);
  event[2] = 0;
  event[0] = 0x99;
  rig.driver.on_event(rig.now(), event);
  EXPECT_EQ(rig.driver.driver_counters().events_unknown, 1u);
  event.resize(24);
  event[2] = 8;
  event[0] = 0x82;
  rig.driver.on_event(rig.now(), event);
  EXPECT_EQ(rig.driver.driver_counters().events_unexpected, 1u);
}

// Card time comes modulo 2^40 ns (18 minutes).
TEST(Events, TimeIsExtendedToTheNearestPointOnEitherSideOfAWrap) {
  Rig rig;
  rig.start();
  const std::uint64_t wrap = 3ULL << 40;
  const std::uint8_t frame[60] = {};
  for (const auto& [arrival, now] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{
           {wrap - 5, wrap + 1000}, {wrap + 7, wrap + 1000}, {wrap + 2000, wrap - 10}}) {
    rig.card.receive(arrival, frame, 0x44, 34, 54);
    const auto message = rig.card.pop_event();
    rig.driver.on_event(Rig::at(now), *message);
    rig.notices();
    const auto received = rig.take<card::Received>();
    ASSERT_EQ(received.size(), 1u);
    EXPECT_EQ(received[0].time, Rig::at(arrival));
    EXPECT_EQ(received[0].frame.size(), 60u);
    EXPECT_EQ(received[0].status, 0x44);
    EXPECT_EQ(received[0].l4_offset, 34);
    EXPECT_EQ(received[0].payload_offset, 54);
  }
}

TEST(Send, CommandsComeInTheOrderOfTheContractAndTheFirstSegmentIsWrittenFirst) {
  Rig rig;
  rig.start();
  const auto id = rig.driver.open_connection();
  rig.driver.update(id, {.rcv_nxt = 0x01020304, .window = 0x0506, .tsecr = 0x0708090A});
  rig.send(id, 5000, 3000, 12, 0x18, 0x08);
  std::vector<int> types;
  std::vector<std::size_t> sizes;
  while (rig.driver.poll_command(rig.now(), rig.message)) {
    types.push_back(rig.message[0]);
    sizes.push_back(rig.message.size());
    rig.card.push(rig.message);
  }
  EXPECT_EQ(types, (std::vector<int>{0x06, 0x05, 0x03, 0x02, 0x02}));  // SLOT UPDATE SEND WRITE WRITE
  EXPECT_EQ(sizes, (std::vector<std::size_t>{16, 16, 16 + 16 + 54, 16 + 1000, 16 + 2000}));
  rig.settle();
  const auto wire = rig.card.take_wire();
  ASSERT_EQ(wire.size(), 3u);
  EXPECT_EQ(wire[0].kept_flags, 0x10);
  EXPECT_EQ(wire[2].kept_flags, 0x18);
  EXPECT_EQ(wire[0].rcv_nxt, 0x01020304u);
  EXPECT_EQ(wire[0].window, 0x0506u);
  EXPECT_EQ(wire[0].tsecr, 0x0708090Au);
  const auto sent = rig.take<card::Sent>();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].seq_end, 8000u);
  EXPECT_EQ(sent[0].tag, 12u);
}

TEST(Send, AckOvertakesPayload) {
  Rig rig;
  rig.start();
  const auto id = rig.driver.open_connection();
  rig.send(id, 0, 16000, 0);
  rig.commands(4);  // SLOT, UPDATE, SEND, the first WRITE.
  const std::vector<std::uint8_t> bytes(60);
  ASSERT_TRUE(rig.driver.frame(rig.now(), {.bytes = bytes, .ack = true}));
  ASSERT_TRUE(rig.driver.poll_command(rig.now(), rig.message));
  EXPECT_EQ(rig.message[0], 0x04);
  ASSERT_TRUE(rig.driver.poll_command(rig.now(), rig.message));
  EXPECT_EQ(rig.message[0], 0x02);
  EXPECT_LE(rig.message.size(), 2048u + 16u);
}

TEST(Send, SoftStateOfAQueuedSendIsRenewed) {
  Rig rig;
  rig.start();
  rig.card.hold_slots(true);
  const auto id = rig.driver.open_connection();
  rig.driver.update(id, {.rcv_nxt = 1, .window = 2, .tsecr = 3});
  rig.send(id, 0, 1000, 0);
  rig.settle();
  rig.driver.update(id, {.rcv_nxt = 100, .window = 200, .tsecr = 300});
  rig.settle();
  rig.card.hold_slots(false);
  rig.settle();
  const auto wire = rig.card.take_wire();
  ASSERT_EQ(wire.size(), 1u);
  EXPECT_EQ(wire[0].rcv_nxt, 100u);
  rig.driver.update(id, {.rcv_nxt = 101, .window = 200, .tsecr = 300});
  EXPECT_EQ(rig.commands(), 0) << "nothing is queued: the update can wait for the next SEND";
}

TEST(Send, RetransmissionFromTheRingNeedsNoWriteAndAnEvictedOneIsWrittenAgain) {
  Rig rig;
  rig.start();
  const auto id = rig.driver.open_connection();
  for (std::uint32_t i = 0; i < 4; ++i) {
    rig.send(id, i * 16000, 16000, i);
    rig.settle();
  }
  rig.card.take_wire();
  const auto before = rig.driver.driver_counters();
  rig.send(id, 63000, 1000, 4);  // Among the last 32 KiB.
  rig.settle();
  EXPECT_EQ(rig.driver.driver_counters().writes, before.writes);
  rig.send(id, 1000, 1000, 5);
  rig.settle();
  EXPECT_EQ(rig.driver.driver_counters().rewrite_bytes, before.rewrite_bytes + 1000);
  rig.send(id, 64000, 5000, 6);  // New data goes on as before.
  rig.settle();
  const auto wire = rig.card.take_wire();
  ASSERT_EQ(wire.size(), 7u);
  EXPECT_EQ(wire[1].seq, 1000u);
  for (std::size_t i = 0; i < 1000; ++i)
    ASSERT_EQ(wire[1].bytes[54 + i], pattern(id, 1000 + static_cast<std::uint32_t>(i)));
  for (const auto& fault : rig.card.faults()) ADD_FAILURE() << fault;
}

// Cells 16384 to 31231 of the ring of 32 KiB are where the second half of the first SEND goes, and hold what the
// retransmission behind it sends. Were that handed over at once, each would wait for the other for ever.
TEST(Send, RetransmissionBehindUnwrittenDataThatNeedsItsCellsDoesNotBlockIt) {
  Rig rig;
  rig.start();
  const auto id = rig.driver.open_connection();
  for (std::uint32_t i = 0; i < 3; ++i) {
    rig.send(id, i * 16000, 16000, i);
    rig.settle();
  }
  rig.send(id, 48000, 16000, 3);
  rig.commands(2);  // SEND and the first WRITE.
  rig.send(id, 17000, 1000, 4);
  rig.settle();
  EXPECT_EQ(rig.take<card::Sent>().size(), 5u);
  for (const auto& fault : rig.card.faults()) ADD_FAILURE() << fault;
}

TEST(Send, WhatIsReleasedBeforeItsTurnIsSkippedAndWhatIsQueuedIsCancelled) {
  Rig rig;
  rig.start();
  const auto id = rig.driver.open_connection();
  rig.send(id, 0, 10000, 0);
  rig.settle();
  rig.card.take_wire();
  rig.card.hold_slots(true);
  for (std::uint32_t i = 0; i < 4; ++i) rig.send(id, 0, 3000, 1 + i);  // Retransmissions, of which two are issued.
  rig.settle();
  rig.driver.release(rig.now(), id, 10000);
  rig.settle();
  rig.card.hold_slots(false);
  rig.settle();
  EXPECT_TRUE(rig.card.take_wire().empty());
  const auto sent = rig.take<card::Sent>();
  ASSERT_EQ(sent.size(), 5u);
  for (std::uint32_t i = 0; i < 5; ++i) EXPECT_EQ(sent[i].tag, i);
  EXPECT_TRUE(sent[4].skipped);
  EXPECT_EQ(rig.driver.driver_counters().releases, 1u);
}

// The card says at once that it will not send what was released; what was issued before may still be on its way out.
TEST(Send, WhatIsReportedOutOfOrderWaitsForWhatWasIssuedBefore) {
  Rig rig;
  rig.start();
  const auto id = rig.driver.open_connection();
  rig.card.hold_slots(true);
  for (std::uint32_t i = 0; i < 3; ++i) rig.send(id, 1000 * i, 1000, i);  // Of which two are issued.
  rig.settle();
  rig.card.hold_slots(false);
  while (rig.card.step(rig.now_ns)) {
  }
  std::vector<std::vector<std::uint8_t>> sent;
  while (auto event = rig.card.pop_event()) {
    if (event->at(0) == static_cast<std::uint8_t>(card::Event::kSent)) sent.push_back(*event);
  }
  ASSERT_EQ(sent.size(), 2u);
  std::swap_ranges(sent[0].begin() + card::kHeaderBytes, sent[0].end(), sent[1].begin() + card::kHeaderBytes);
  rig.driver.on_event(rig.now(), sent[0]);
  rig.notices();
  EXPECT_TRUE(rig.take<card::Sent>().empty());
  EXPECT_EQ(rig.commands(), 0);
  rig.driver.on_event(rig.now(), sent[1]);
  rig.notices();
  const auto reported = rig.take<card::Sent>();
  ASSERT_EQ(reported.size(), 2u);
  for (std::uint32_t i = 0; i < 2; ++i) EXPECT_EQ(reported[i].tag, i);
  EXPECT_GT(rig.commands(), 0);
}

// A FIN takes a sequence number: that all data before it is acknowledged does not cancel it.
TEST(Send, FinSurvivesTheAcknowledgementOfTheDataBeforeIt) {
  Rig rig;
  rig.start();
  const auto id = rig.driver.open_connection();
  rig.send(id, 0, 1000, 0, 0x11, 0x01);
  rig.settle();
  rig.card.take_wire();
  rig.card.hold_slots(true);
  rig.send(id, 0, 1000, 1, 0x11, 0x01);
  rig.send(id, 1000, 0, 2, 0x11);
  rig.settle();
  rig.driver.release(rig.now(), id, 1000);
  rig.settle();
  rig.card.hold_slots(false);
  rig.settle();
  EXPECT_EQ(rig.card.take_wire().size(), 2u);
  rig.card.hold_slots(true);
  rig.send(id, 0, 1000, 3, 0x11, 0x01);
  rig.settle();
  rig.driver.release(rig.now(), id, 1001);
  rig.settle();
  rig.card.hold_slots(false);
  rig.settle();
  EXPECT_TRUE(rig.card.take_wire().empty());
}

TEST(Send, MoreConnectionsThanSlotsTakeTurns) {
  Rig rig;
  rig.start();
  std::vector<card::ConnectionId> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(rig.driver.open_connection());
  rig.card.hold_slots(true);
  for (const auto id : ids) rig.send(id, 100, 9000, id);
  rig.settle();
  for (unsigned slot = 0; slot < 8; ++slot) EXPECT_EQ(rig.card.slot_ring_log2(slot), 12u);
  rig.card.hold_slots(false);
  rig.settle();
  EXPECT_EQ(rig.take<card::Sent>().size(), 20u);
  EXPECT_EQ(rig.card.take_wire().size(), 20u * 9u);
  for (const auto& fault : rig.card.faults()) ADD_FAILURE() << fault;

  // Alone again, and a while later, one of them gets everything.
  rig.now_ns += 100'000'000;
  rig.send(ids[3], 9100, 16000, 50);
  rig.settle();
  rig.send(ids[3], 25100, 16000, 51);
  rig.settle();
  EXPECT_EQ(rig.driver.send_room(ids[3]), 16384u);
  for (const auto& fault : rig.card.faults()) ADD_FAILURE() << fault;
}

// All have always something to send: none of them keeps a slot while others wait for one.
TEST(Send, WhoAlwaysHasMoreToSendLetsOthersHaveTheirTurn) {
  constexpr std::uint32_t kBytes = 2000;
  Rig rig;
  rig.start();
  std::map<card::ConnectionId, unsigned> sent;
  std::map<card::ConnectionId, std::uint32_t> next;
  const auto more = [&](card::ConnectionId id) {
    rig.send(id, next[id], kBytes, next[id] / kBytes);
    next[id] += kBytes;
  };
  for (int i = 0; i < 30; ++i) sent[rig.driver.open_connection()] = 0;
  for (const auto& one : sent) more(one.first), more(one.first);
  unsigned total = 0;
  for (int turn = 0; turn < 100'000 && total < 1500; ++turn) {
    rig.now_ns += 1000;
    rig.commands();
    rig.notices();
    while (rig.card.step(rig.now_ns)) {
    }
    rig.events();
    for (const auto& notice : rig.take<card::Sent>()) {
      ++sent[notice.connection];
      ++total;
      more(notice.connection);
    }
  }
  ASSERT_GE(total, 1500u);
  for (const auto& [id, count] : sent) EXPECT_NEAR(count, 50, 2) << "connection " << id;
  for (const auto& fault : rig.card.faults()) ADD_FAILURE() << fault;
}

TEST(Send, WhoIsClosedWhileItWaitsForASlotIsPassedOver) {
  Rig rig;
  rig.start();
  std::vector<card::ConnectionId> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(rig.driver.open_connection());
  rig.card.hold_slots(true);
  for (const auto id : ids) rig.send(id, 100, 3000, id);
  rig.settle();
  for (std::size_t i = 8; i < 20; i += 2) rig.driver.close_connection(rig.now(), ids[i]);
  rig.card.hold_slots(false);
  rig.settle();
  EXPECT_EQ(rig.take<card::Sent>().size(), 14u);
  for (const auto& fault : rig.card.faults()) ADD_FAILURE() << fault;
}

TEST(Send, ClosedConnectionGivesItsSlotBackAndIsNotHeardOfAgain) {
  Rig rig;
  rig.start();
  rig.card.hold_slots(true);
  const auto id = rig.driver.open_connection();
  rig.send(id, 0, 16000, 0);
  rig.send(id, 16000, 16000, 1);
  rig.commands(6);  // Some of it is written.
  rig.driver.close_connection(rig.now(), id);
  rig.settle();
  rig.card.hold_slots(false);
  rig.settle();
  EXPECT_TRUE(rig.take<card::Sent>().empty());
  const auto next = rig.driver.open_connection();
  rig.send(next, 7, 30000, 5);
  rig.settle();
  EXPECT_EQ(rig.take<card::Sent>().size(), 1u);
  EXPECT_EQ(rig.card.slot_ring_log2(0), 15u);
  for (const auto& fault : rig.card.faults()) ADD_FAILURE() << fault;
}

TEST(CardLoss, EverythingUnsentIsSentByTheNextCard) {
  Rig rig;
  rig.start(1);
  rig.card.hold_slots(true);
  const auto id = rig.driver.open_connection();
  rig.driver.update(id, {.rcv_nxt = 1, .window = 2, .tsecr = 3});
  for (std::uint32_t i = 0; i < 4; ++i) rig.send(id, i * 16000, 16000, i);
  rig.settle();
  rig.driver.on_card_lost(rig.now());
  EXPECT_FALSE(rig.driver.poll_command(rig.now(), rig.message));
  rig.card = SoftCard(78, 1, 5);
  rig.start(2);
  const auto sent = rig.take<card::Sent>();
  ASSERT_EQ(sent.size(), 4u);
  for (std::uint32_t i = 0; i < 4; ++i) EXPECT_EQ(sent[i].tag, i);
  std::uint32_t seq = 0;
  for (const auto& segment : rig.card.take_wire()) {
    EXPECT_EQ(segment.seq, seq);
    seq += static_cast<std::uint32_t>(segment.bytes.size() - segment.template_bytes);
  }
  EXPECT_EQ(seq, 64000u);
  EXPECT_EQ(rig.driver.driver_counters().card_losses, 1u);
  for (const auto& fault : rig.card.faults()) ADD_FAILURE() << fault;
}

}  // namespace
}  // namespace sockwire::test
