// SPDX-License-Identifier: Apache-2.0
#include "hls/card/event_writer.hpp"

#include <gtest/gtest.h>

#include "tests/hls/card/event_bench.hpp"

namespace sockwire::test {
namespace {

template <typename Width>
class EventWriter : public testing::Test {};
template <int kWidth>
using Width = std::integral_constant<int, kWidth>;
using Widths = testing::Types<Width<1>, Width<8>>;
TYPED_TEST_SUITE(EventWriter, Widths);

template <int kBytes>
void expect_header(const Event& event, card::Event type, std::size_t body_bytes) {
  EXPECT_EQ(event.type(), type);
  EXPECT_EQ(event.field(card::event::kBodyBytes, 2), body_bytes);
  EXPECT_EQ(event.bytes.size(), 16 + body_bytes);
}

TYPED_TEST(EventWriter, HelloTellsTheCardsIdentityAndSizes) {
  EventBench<TypeParam::value> bench;
  bench.hello.push(HelloRequest{7});
  bench.run(80);
  ASSERT_EQ(bench.seen.size(), 1u);
  const Event& event = bench.seen[0];
  expect_header<TypeParam::value>(event, card::Event::kHello, card::hello::kBytes);
  EXPECT_EQ(event.body(card::hello::kBootId, 4), 0xB007B007u);
  EXPECT_EQ(event.body(card::hello::kLayoutHash, 4), card::layout_hash());
  EXPECT_EQ(event.body(card::hello::kSendBufferBytes, 4),
            static_cast<std::uint64_t>(card::send_buffer_bytes(TypeParam::value)));
  EXPECT_EQ(event.body(card::hello::kPayloadWindow, 4),
            static_cast<std::uint64_t>(card::payload_window_bytes(TypeParam::value)));
  EXPECT_EQ(event.body(card::hello::kBytesPerBeat, 1), static_cast<std::uint64_t>(TypeParam::value));
  EXPECT_EQ(event.body(card::hello::kSlotCount, 1), 8u);
  EXPECT_EQ(event.body(card::hello::kQueueDepth, 1), TypeParam::value == 1 ? 2u : 4u);
  EXPECT_EQ(event.body(card::hello::kControlCredits, 1), 2u);
  EXPECT_EQ(event.body(card::hello::kAckCredits, 1), 16u);
  EXPECT_EQ(event.body(card::hello::kCapabilities, 1), 0x0Fu);
  EXPECT_EQ(event.body(card::hello::kFrameBytes, 2), 1518u);
  EXPECT_FALSE(bench.busy.read());
}

TYPED_TEST(EventWriter, EventsCarryTheEpochOfTheLastHello) {
  EventBench<TypeParam::value> bench;
  bench.reply.push(RegisterReply{});
  bench.run(80);
  for (const unsigned epoch : {7u, 9u}) {
    bench.hello.push(HelloRequest{ap_uint<8>(epoch)});
    bench.reply.push(RegisterReply{});
    bench.run(160);
  }
  std::vector<std::uint64_t> epochs;
  for (const Event& event : bench.seen) epochs.push_back(event.field(card::event::kEpoch, 1));
  EXPECT_EQ(epochs, (std::vector<std::uint64_t>{0, 7, 7, 9, 9}));
}

TYPED_TEST(EventWriter, SentCarriesTagSequenceAndDepartureTime) {
  EventBench<TypeParam::value> bench;
  Departure departure;
  departure.time_ns = 0xA1B2C3D4E5;
  departure.tag = 0x1234;
  departure.seq_end = 0x89ABCDEF;
  departure.segments = 45;
  departure.slot = 0xFF;
  bench.sent.push(departure);
  departure.tag = 0x4321;
  bench.released.push(departure);
  bench.run(80);
  ASSERT_EQ(bench.seen.size(), 2u);
  for (const Event& event : bench.seen) {
    expect_header<TypeParam::value>(event, card::Event::kSent, card::sent::kBytes);
    EXPECT_EQ(event.time(), 0xA1B2C3D4E5u);
    EXPECT_EQ(event.field(card::event::kStatus, 3), 0u);
    EXPECT_EQ(event.body(card::sent::kSeqEnd, 4), 0x89ABCDEFu);
    EXPECT_EQ(event.body(card::sent::kSegments, 1), 45u);
    EXPECT_EQ(event.body(card::sent::kSlot, 1), 0xFFu);
  }
  EXPECT_EQ(bench.seen[0].body(card::sent::kTag, 2) + bench.seen[1].body(card::sent::kTag, 2), 0x1234u + 0x4321u);
}

TYPED_TEST(EventWriter, RegisterCarriesAddressTagAndValue) {
  EventBench<TypeParam::value> bench;
  RegisterReply value;
  value.address = 0x0041;
  value.tag = 0xBEEF;
  value.value = 0x01020304;
  bench.reply.push(value);
  bench.run(60);
  ASSERT_EQ(bench.seen.size(), 1u);
  expect_header<TypeParam::value>(bench.seen[0], card::Event::kRegister, card::register_value::kBytes);
  EXPECT_EQ(bench.seen[0].body(card::register_value::kAddress, 2), 0x41u);
  EXPECT_EQ(bench.seen[0].body(card::register_value::kTag, 2), 0xBEEFu);
  EXPECT_EQ(bench.seen[0].body(card::register_value::kValue, 4), 0x01020304u);
}

TYPED_TEST(EventWriter, ReceiveCarriesMetadataAndFrame) {
  EventBench<TypeParam::value> bench;
  std::mt19937 random(60);
  for (std::size_t bytes : {60, 61, 67, 1518}) {
    const Bytes frame = random_frame(random, bytes);
    RxDescriptor about;
    about.bytes = bytes;
    about.time_ns = 0x1122334455;
    about.status = 0x45;
    about.l4_offset = 34;
    about.payload_offset = 66;
    bench.descriptor.push(about);
    for (std::size_t at = 0; at < bytes;) {
      if (!bench.frame.full()) {
        bench.frame.push(make_beat<TypeParam::value, Beat<TypeParam::value>>(frame, at));
        at += TypeParam::value;
      }
      bench.run(1);
    }
    bench.run(20);
    ASSERT_FALSE(bench.seen.empty());
    const Event& event = bench.seen.back();
    expect_header<TypeParam::value>(event, card::Event::kReceive, bytes);
    EXPECT_EQ(event.time(), 0x1122334455u);
    EXPECT_EQ(event.field(card::event::kStatus, 1), 0x45u);
    EXPECT_EQ(event.field(card::event::kL4Offset, 1), 34u);
    EXPECT_EQ(event.field(card::event::kPayloadOffset, 1), 66u);
    EXPECT_EQ(event.body(), frame);
  }
  EXPECT_EQ(bench.seen.size(), 4u);
}

TYPED_TEST(EventWriter, CreditIsSaidWhenItIsWorthIt) {
  EventBench<TypeParam::value> bench;
  bench.run(40);
  EXPECT_TRUE(bench.seen.empty());
  constexpr unsigned kStep = card::payload_window_bytes(TypeParam::value) / 8 / 64;  // an eighth of the window
  bench.payload_credit.drive(kStep - 1);
  bench.run(40);
  EXPECT_TRUE(bench.seen.empty());
  bench.payload_credit.drive(kStep);
  bench.run(40);
  ASSERT_EQ(bench.seen.size(), 1u);
  expect_header<TypeParam::value>(bench.seen[0], card::Event::kCredit, 0);
  EXPECT_EQ(bench.seen[0].field(card::event::kPayloadCredit, 2), kStep);
  bench.lane_credit.drive(0x0501);  // ACK 5, control 1
  bench.run(40);
  ASSERT_EQ(bench.seen.size(), 2u);
  EXPECT_EQ(bench.seen[1].field(card::event::kControlCredit, 1), 1u);
  EXPECT_EQ(bench.seen[1].field(card::event::kAckCredit, 1), 5u);
  bench.run(100);
  EXPECT_EQ(bench.seen.size(), 2u) << "said once";
}

TYPED_TEST(EventWriter, CreditWrapsAround) {
  EventBench<TypeParam::value> bench;
  bench.payload_credit.drive(0xFFF0);
  bench.run(40);
  ASSERT_EQ(bench.seen.size(), 1u);
  constexpr unsigned kStep = card::payload_window_bytes(TypeParam::value) / 8 / 64;
  bench.payload_credit.drive(static_cast<std::uint16_t>(0xFFF0 + kStep - 1));
  bench.run(40);
  EXPECT_EQ(bench.seen.size(), 1u);
  bench.payload_credit.drive(static_cast<std::uint16_t>(0xFFF0 + kStep));
  bench.run(40);
  EXPECT_EQ(bench.seen.size(), 2u);
}

TYPED_TEST(EventWriter, EveryEventCarriesTheCreditsOfItsStart) {
  EventBench<TypeParam::value> bench;
  bench.payload_credit.drive(5);
  bench.reply.push(RegisterReply{});
  bench.run(1);  // the reply is visible in the next cycle
  bench.run(1);
  bench.payload_credit.drive(6);  // while the event is under way
  bench.run(60);
  ASSERT_EQ(bench.seen.size(), 1u);
  EXPECT_EQ(bench.seen[0].field(card::event::kPayloadCredit, 2), 5u);
}

// Random events from every source and a reader that stalls: all arrive whole, in order per source.
TYPED_TEST(EventWriter, RandomSourcesAndStalls) {
  EventBench<TypeParam::value> bench;
  std::mt19937 random(61);
  std::vector<Bytes> frames;
  Bytes left;
  std::size_t at = 0;
  unsigned tags[3] = {0, 0, 0};
  for (int i = 0; i < 60000; ++i) {
    if (i < 50000) {
      if (random() % 160 == 0 && !bench.sent.full()) {
        Departure departure;
        departure.tag = tags[0]++;
        bench.sent.push(departure);
      }
      if (random() % 200 == 0 && !bench.released.full()) {
        Departure departure;
        departure.slot = 1;
        departure.tag = tags[1]++;
        bench.released.push(departure);
      }
      if (random() % 200 == 0 && !bench.reply.full()) {
        RegisterReply value;
        value.tag = tags[2]++;
        bench.reply.push(value);
      }
    }
    if (at >= left.size() && i < 50000 && !bench.descriptor.full()) {
      left = random_frame(random, 60 + random() % 100);
      at = 0;
      frames.push_back(left);
      RxDescriptor about;
      about.bytes = left.size();
      bench.descriptor.push(about);
    }
    if (at < left.size() && !bench.frame.full() && random() % 3 != 0) {
      bench.frame.push(make_beat<TypeParam::value, Beat<TypeParam::value>>(left, at));
      at += TypeParam::value;
    }
    bench.step(random() % 5 != 0);
    bench.tick_all();
  }
  unsigned seen[3] = {0, 0, 0};
  std::size_t frame = 0;
  for (const Event& event : bench.seen) {
    switch (event.type()) {
      case card::Event::kSent: {
        const std::size_t source = event.body(card::sent::kSlot, 1) != 0 ? 1 : 0;
        EXPECT_EQ(event.body(card::sent::kTag, 2), seen[source]++ & 0xFFFF);
        break;
      }
      case card::Event::kRegister:
        EXPECT_EQ(event.body(card::register_value::kTag, 2), seen[2]++ & 0xFFFF);
        break;
      case card::Event::kReceive:
        ASSERT_LT(frame, frames.size());
        EXPECT_EQ(event.body(), frames[frame++]);
        break;
      default:
        ADD_FAILURE() << "an event that nobody asked for";
    }
  }
  EXPECT_EQ(frame, frames.size()) << "seed 61";
  EXPECT_GT(frame, 100u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(seen[i], tags[i]);
}

}  // namespace
}  // namespace sockwire::test
