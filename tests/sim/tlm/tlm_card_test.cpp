// SPDX-License-Identifier: Apache-2.0
// The TLM card before a bus and a peer: messages, frames, errors, and what takes time.
#include "sim/tlm/tlm_card.hpp"

#include <gtest/gtest.h>

#include "tests/sim/tlm/bus_master.hpp"
#include "tests/sim/tlm/frame_peer.hpp"

namespace sockwire::test {
namespace {

using namespace sim::tlm_map;
using sc_core::sc_time;
using sim::Message;

constexpr unsigned kEpoch = 1;

template <int kBytes>
struct Bench {
  explicit Bench(const typename sim::TlmCard<kBytes>::MakeEngine& make_engine = sim::make_native_engine<kBytes>)
      : card("card", make_engine, 77) {
    master.bus.bind(card.bus);
    card.ethernet_out.bind(peer.in);
    peer.out.bind(card.ethernet_in);
    card.interrupt.bind(interrupt);
    settle();
  }

  /// Until nothing happens any more at this time.
  static void settle() {
    do {
      sc_core::sc_start(sc_core::SC_ZERO_TIME);
    } while (sc_core::sc_pending_activity_at_current_time());
  }
  void send(const Message& message) {
    ASSERT_TRUE(master.send(message));
    settle();
  }
  std::vector<Message> take_events() {
    std::vector<Message> events;
    while (auto event = master.take_event()) {
      events.push_back(*event);
      settle();
    }
    return events;
  }
  void start() {
    send(hello());
    take_events();
  }
  static Message hello() {
    sim::CommandHeader header;
    header.epoch = kEpoch;
    header.arg = card::layout_hash();
    return sim::command(header);
  }
  std::uint64_t counter(card::Counter which) {
    sim::CommandHeader header;
    header.type = card::Command::kReadRegister;
    header.epoch = kEpoch;
    header.seq = static_cast<std::uint32_t>(card::Register::kCounterBase) + static_cast<std::uint32_t>(which);
    send(sim::command(header));
    const std::vector<Message> events = take_events();
    if (events.empty() || events.back()[card::event::kType] != static_cast<unsigned>(card::Event::kRegister))
      return ~0U;
    return sim::get_le(events.back(), card::kHeaderBytes + card::register_value::kValue, 4);
  }

  BusMaster master{"master"};
  FramePeer peer{"peer"};
  sim::TlmCard<kBytes> card;
  sc_core::sc_signal<bool> interrupt;
};

Message frame_command(const Message& frame) {
  sim::CommandHeader header;
  header.type = card::Command::kFrame;
  header.epoch = kEpoch;
  return sim::command(header, frame);
}

/// To the broadcast address, of an experimental type (IEEE 802 table 9-1: 0x88B5).
Message broadcast_frame(std::size_t bytes, std::uint8_t fill) {
  Message frame(bytes, fill);
  std::fill_n(frame.begin(), 6, 0xFF);
  frame[12] = 0x88;
  frame[13] = 0xB5;
  return frame;
}

template <typename T>
class TlmCardTest : public ::testing::Test {};
using Widths = ::testing::Types<std::integral_constant<int, 1>, std::integral_constant<int, 8>>;
TYPED_TEST_SUITE(TlmCardTest, Widths);

TYPED_TEST(TlmCardTest, SaysHelloInNoTimeAndRaisesTheInterrupt) {
  Bench<TypeParam::value> bench;
  ASSERT_TRUE(bench.master.write(kInterruptEnable, kEventWaiting));
  bench.settle();
  EXPECT_FALSE(bench.interrupt.read());
  ASSERT_TRUE(bench.master.send(bench.hello()));
  EXPECT_EQ(bench.master.read(kEventBytes), 0U) << "an access alone steps nothing";
  EXPECT_EQ(bench.master.read(kStatus), 0U) << "nor does it make room";
  bench.settle();
  EXPECT_TRUE(bench.interrupt.read());
  const auto event = bench.master.take_event();
  ASSERT_TRUE(event);
  ASSERT_EQ(event->size(), static_cast<std::size_t>(card::kHeaderBytes + card::hello::kBytes));
  EXPECT_EQ(event->at(card::event::kType), static_cast<unsigned>(card::Event::kHello));
  EXPECT_EQ(sim::get_le(*event, card::kHeaderBytes + card::hello::kBootId, 4), 77U);
  EXPECT_EQ(sim::get_le(*event, card::kHeaderBytes + card::hello::kLayoutHash, 4), card::layout_hash());
  EXPECT_EQ(event->at(card::kHeaderBytes + card::hello::kBytesPerBeat), TypeParam::value);
  bench.settle();
  EXPECT_FALSE(bench.interrupt.read());
  EXPECT_EQ(bench.master.read(kStatus), std::uint32_t{kCommandRoom});
  EXPECT_EQ(sc_core::sc_time_stamp(), sc_core::SC_ZERO_TIME);
}

TYPED_TEST(TlmCardTest, FramesPassWholeInBothDirections) {
  Bench<TypeParam::value> bench;
  bench.start();
  sc_core::sc_start(sc_time(12345, sc_core::SC_NS));
  for (const std::size_t bytes : {20, 60, 61, 1514, 1518}) {
    const auto fill = static_cast<std::uint8_t>(bytes);
    Message frame = broadcast_frame(bytes, fill);
    bench.send(frame_command(frame));
    ASSERT_TRUE(bench.peer.send(frame));
    bench.settle();
    frame.resize(std::max<std::size_t>(bytes, card::kFrameBytesMin));
    ASSERT_EQ(bench.peer.frames.size(), 1U) << bytes;
    EXPECT_EQ(bench.peer.frames[0].bytes, frame);
    bench.peer.frames.clear();
    bool received = false;
    for (const Message& event : bench.take_events()) {
      if (event[card::event::kType] != static_cast<unsigned>(card::Event::kReceive)) continue;
      received = true;
      EXPECT_EQ(Message(event.begin() + card::kHeaderBytes, event.end()), frame);
      EXPECT_EQ(sim::get_le(event, card::event::kTime, card::event::kTimeBytes), 12345U);
    }
    EXPECT_TRUE(received) << bytes;
  }
  EXPECT_EQ(bench.card.counters().frames_out, 5U);
  EXPECT_EQ(bench.card.counters().frames_in, 5U);
}

// What no Ethernet would bring is refused; what a receiver drops, the engine drops and counts.
TYPED_TEST(TlmCardTest, WrongFramesAreRefusedOrDroppedByTheEngine) {
  Bench<TypeParam::value> bench;
  bench.start();
  EXPECT_EQ(bench.peer.perform(read_of(0, 60)), tlm::TLM_COMMAND_ERROR_RESPONSE);
  EXPECT_EQ(bench.peer.perform({tlm::TLM_WRITE_COMMAND, 0, 0}), tlm::TLM_BURST_ERROR_RESPONSE);
  EXPECT_EQ(bench.peer.perform({tlm::TLM_WRITE_COMMAND, 0, bench.card.kFrameInBytesMax + 1}),
            tlm::TLM_BURST_ERROR_RESPONSE);
  Access enables(0, broadcast_frame(60, 1));
  enables.payload.set_byte_enable_ptr(enables.data.data());
  EXPECT_EQ(bench.peer.perform(std::move(enables)), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  Access streaming(0, broadcast_frame(60, 1));
  streaming.payload.set_streaming_width(4);
  EXPECT_EQ(bench.peer.perform(std::move(streaming)), tlm::TLM_BURST_ERROR_RESPONSE);
  EXPECT_EQ(bench.card.counters().frames_in_refused, 5U);

  EXPECT_TRUE(bench.peer.send(broadcast_frame(1519, 2)));
  Message filtered = broadcast_frame(60, 3);
  filtered[0] = 0x02;
  EXPECT_TRUE(bench.peer.send(filtered));
  bench.settle();
  EXPECT_TRUE(bench.take_events().empty());
  EXPECT_EQ(bench.counter(card::Counter::kRxGiant), 1U);
  EXPECT_EQ(bench.counter(card::Counter::kRxFiltered), 1U);
}

TYPED_TEST(TlmCardTest, APeerThatRefusesIsCounted) {
  Bench<TypeParam::value> bench;
  bench.start();
  bench.peer.answer = tlm::TLM_GENERIC_ERROR_RESPONSE;
  bench.send(frame_command(broadcast_frame(60, 1)));
  EXPECT_EQ(bench.card.counters().frames_out, 1U);
  EXPECT_EQ(bench.card.counters().frames_out_refused, 1U);
}

// No room for events: frames wait, up to a limit at which their sender is told.
TYPED_TEST(TlmCardTest, FramesWaitForAHostThatDoesNotLook) {
  Bench<TypeParam::value> bench;
  bench.start();
  std::size_t sent = 0;
  for (unsigned i = 0; i < 3000; ++i) {
    Message frame = broadcast_frame(60, 0);
    sim::put_le(frame, 20, 4, sent);
    if (bench.peer.send(frame)) ++sent;
    if (i % 7 == 0) bench.settle();
  }
  EXPECT_GE(sent, bench.card.kFramesWaiting);
  EXPECT_LT(sent, bench.card.kFramesWaiting + 80) << "and the events that a card holds";
  EXPECT_EQ(bench.card.counters().frames_in_refused, 3000U - sent);
  const std::vector<Message> events = bench.take_events();
  ASSERT_EQ(events.size(), sent);
  for (std::size_t i = 0; i < sent; ++i) ASSERT_EQ(sim::get_le(events[i], card::kHeaderBytes + 20, 4), i);
  EXPECT_EQ(bench.counter(card::Counter::kRxOverflow), 0U);
}

// What is no message for the engine, the engine counts; it goes on.
TYPED_TEST(TlmCardTest, BytesThatAreNoCommandAreTheEnginesToCount) {
  Bench<TypeParam::value> bench;
  bench.start();
  bench.send(Message{2, kEpoch, 0});
  Message longer = frame_command(broadcast_frame(60, 1));
  sim::put_le(longer, card::command::kBodyBytes, 2, 70);
  bench.send(longer);
  EXPECT_EQ(bench.counter(card::Counter::kCommandMalformed), 2U);
  bench.send(frame_command(broadcast_frame(60, 1)));
  EXPECT_EQ(bench.peer.frames.size(), 1U);
}

// What the host has sent and what has come is gone; the boot id is another one.
TYPED_TEST(TlmCardTest, AResetLeavesAFreshCard) {
  Bench<TypeParam::value> bench;
  EXPECT_TRUE(bench.interrupt.read()) << "fresh";
  bench.start();
  EXPECT_FALSE(bench.interrupt.read());
  ASSERT_TRUE(bench.peer.send(broadcast_frame(60, 1)));
  bench.settle();
  ASSERT_NE(bench.master.read(kEventBytes), 0U);
  ASSERT_TRUE(bench.peer.send(broadcast_frame(60, 1)));
  bench.card.reset();
  bench.settle();
  EXPECT_EQ(bench.master.read(kEventBytes), 0U);
  EXPECT_EQ(bench.master.read(kStatus), kCommandRoom | kFresh);
  EXPECT_TRUE(bench.interrupt.read());
  EXPECT_EQ(bench.card.counters().resets, 1U);
  EXPECT_EQ(bench.card.counters().frames_in_reset, 1U);
  bench.send(bench.hello());
  EXPECT_FALSE(bench.interrupt.read());
  const auto event = bench.master.take_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(sim::get_le(*event, card::kHeaderBytes + card::hello::kBootId, 4), 78U);
}

// The only time that passes inside is what the host has asked for.
TYPED_TEST(TlmCardTest, APacingGapIsSystemCTime) {
  Bench<TypeParam::value> bench;
  bench.start();
  sim::CommandHeader slot;
  slot.type = card::Command::kSlot;
  slot.epoch = kEpoch;
  slot.tag = card::kRingLog2Min;
  bench.send(sim::command(slot));
  sim::CommandHeader send;
  send.type = card::Command::kSend;
  send.epoch = kEpoch;
  send.arg = 300 | 100U << 16;  // three segments
  sim::SendParameters parameters;
  parameters.pacing_gap_ns = 1'000'000;
  const Message header = sim::tcp_template(0x10);
  parameters.pseudo_sum = sim::template_pseudo_sum(header);
  bench.send(sim::command(send, sim::send_body(parameters, header)));
  EXPECT_TRUE(bench.peer.frames.empty());
  sim::CommandHeader write;
  write.type = card::Command::kWrite;
  write.epoch = kEpoch;
  bench.send(sim::command(write, Message(300, 9)));
  EXPECT_EQ(bench.peer.frames.size(), 1U);
  sc_core::sc_start(sc_time(10, sc_core::SC_MS));
  ASSERT_EQ(bench.peer.frames.size(), 3U);
  for (unsigned i = 0; i < 3; ++i) EXPECT_EQ(bench.peer.frames[i].time, sc_time(i, sc_core::SC_MS));
}

// IEEE 802.3 annex 31B: 0x4000 quanta of 512 bit times. At width 1 these are more cycles than a turn has.
TYPED_TEST(TlmCardTest, APauseHoldsNothingUp) {
  Bench<TypeParam::value> bench;
  bench.start();
  Message pause(60);
  const Message head{0x01, 0x80, 0xC2, 0x00, 0x00, 0x01, 0x02, 0, 0, 0, 0, 9, 0x88, 0x08, 0x00, 0x01, 0x40, 0x00};
  std::copy(head.begin(), head.end(), pause.begin());
  ASSERT_TRUE(bench.peer.send(pause));
  bench.send(frame_command(broadcast_frame(60, 1)));
  EXPECT_EQ(bench.peer.frames.size(), 1U);
  EXPECT_EQ(sc_core::sc_time_stamp(), sc_core::SC_ZERO_TIME);
  EXPECT_EQ(bench.counter(card::Counter::kRxPause), 1U);
  EXPECT_GE(bench.card.counters().cycles, 0x4000U * 64 / TypeParam::value);
}

/// An initiator of the other coding style.
class NonBlockingMaster final : public sc_core::sc_module, private tlm::tlm_mm_interface {
 public:
  tlm_utils::simple_initiator_socket<NonBlockingMaster> bus{"bus"};

  explicit NonBlockingMaster(const sc_core::sc_module_name& name) : sc_module(name) {
    bus.register_nb_transport_bw(this, &NonBlockingMaster::answer);
  }
  bool begin(tlm::tlm_generic_payload& payload) {
    payload.set_mm(this);
    payload.acquire();
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_time delay;
    return bus->nb_transport_fw(payload, phase, delay) != tlm::TLM_COMPLETED;
  }
  bool answered = false;

 private:
  tlm::tlm_sync_enum answer(tlm::tlm_generic_payload& /*access*/, tlm::tlm_phase& phase, sc_time& /*delay*/) {
    if (phase != tlm::BEGIN_RESP) return tlm::TLM_ACCEPTED;
    answered = true;
    return tlm::TLM_COMPLETED;
  }
  void free(tlm::tlm_generic_payload* /*payload*/) override {}
};

TEST(TlmCard, NeedsNothingButABus) {
  BusMaster master("master");
  sim::TlmCard<8> card("card", sim::make_native_engine<8>, 1);
  master.bus.bind(card.bus);
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  ASSERT_TRUE(master.send(Bench<8>::hello()));
  Bench<8>::settle();
  ASSERT_TRUE(master.send(frame_command(broadcast_frame(60, 1))));
  Bench<8>::settle();
  EXPECT_EQ(card.counters().frames_out_unplugged, 1U);
  EXPECT_EQ(card.counters().frames_out, 0U);
}

TEST(TlmCard, ItsSocketTakesNonBlockingTransportToo) {
  NonBlockingMaster master("master");
  sim::TlmCard<8> card("card", sim::make_native_engine<8>, 1);
  master.bus.bind(card.bus);
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  Access status = read_of(kStatus);
  ASSERT_TRUE(master.begin(status.payload));
  sc_core::sc_start(sc_time(1, sc_core::SC_NS));
  EXPECT_TRUE(master.answered);
  EXPECT_EQ(status.payload.get_response_status(), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(sim::get_le(status.data, 0, 4), kCommandRoom | kFresh);
}

// The same card with the RTL in it.
TYPED_TEST(TlmCardTest, AnyEngineServes) {
  Bench<TypeParam::value> bench(
      [](std::uint32_t boot_id) { return sim::make_verilated_engine<TypeParam::value>(boot_id); });
  bench.start();
  bench.send(frame_command(broadcast_frame(100, 5)));
  ASSERT_EQ(bench.peer.frames.size(), 1U);
  EXPECT_EQ(bench.peer.frames[0].bytes, broadcast_frame(100, 5));
}

}  // namespace
}  // namespace sockwire::test
