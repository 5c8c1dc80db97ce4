// SPDX-License-Identifier: Apache-2.0
// What a host and a wire see of the engine, native and Verilated, at both widths.
#include <gtest/gtest.h>

#include <type_traits>

#include "tests/sim/dut/engine_driver.hpp"

namespace sockwire::sim {
namespace {

constexpr std::uint32_t kBootId = 0xB0071D00;

template <int kWidth, bool kNative>
struct Subject {
  static constexpr int kBytes = kWidth;
  static std::unique_ptr<Engine<kWidth>> make() {
    return kNative ? make_native_engine<kWidth>(kBootId) : make_verilated_engine<kWidth>(kBootId);
  }
};

template <typename T>
class EngineOf : public testing::Test {
 protected:
  static constexpr int kBytes = T::kBytes;

  CommandHeader header(card::Command type, unsigned slot = 0) const {
    CommandHeader out;
    out.type = type;
    out.epoch = driver_.epoch;
    out.slot = slot;
    return out;
  }

  void open_slot(std::uint32_t seq) {
    CommandHeader slot = header(card::Command::kSlot);
    slot.tag = 14;
    slot.seq = seq;
    driver_.send(command(slot));
    CommandHeader update = header(card::Command::kUpdate);
    update.seq = 0x11223344;
    update.tag = 0x5566;
    driver_.send(command(update));
  }

  void write(std::uint32_t seq, const Message& data) {
    CommandHeader out = header(card::Command::kWrite);
    out.seq = seq;
    driver_.send(command(out, data));
  }

  void send(std::uint32_t seq, std::uint32_t bytes, std::uint32_t mss, unsigned flags = 0x0C) {
    CommandHeader out = header(card::Command::kSend);
    out.seq = seq;
    out.arg = bytes | (mss << 16);
    out.tag = 0x1234;
    out.flags = flags;
    const Message headers = tcp_template(0x18);
    SendParameters parameters;
    parameters.pseudo_sum = template_pseudo_sum(headers);
    parameters.ip_id = 100;
    parameters.last_flags = 0x08;
    driver_.send(command(out, send_body(parameters, headers)));
  }

  std::vector<typename EngineDriver<kBytes>::Event> events_of(card::Event type) const {
    std::vector<typename EngineDriver<kBytes>::Event> out;
    for (const auto& event : driver_.events) {
      if (event.type() == static_cast<unsigned>(type)) out.push_back(event);
    }
    return out;
  }

  EngineDriver<kBytes> driver_{T::make()};
};

using Subjects = testing::Types<Subject<1, true>, Subject<8, true>, Subject<1, false>, Subject<8, false>>;
struct Names {
  template <typename T>
  static std::string GetName(int index) {
    return std::string(index < 2 ? "Native" : "Verilated") + "W" + std::to_string(T::kBytes);
  }
};
TYPED_TEST_SUITE(EngineOf, Subjects, Names);

Message pattern(std::size_t count) {
  Message bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 + (i >> 8) + 7);
  return bytes;
}

std::uint32_t be(const Bytes& bytes, std::size_t at, int count) {
  std::uint32_t value = 0;
  for (int i = 0; i < count; ++i) value = (value << 8) | bytes.at(at + static_cast<std::size_t>(i));
  return value;
}

/// FCS, IPv4 header checksum and TCP checksum; the last with the pseudo header, RFC 9293 3.1.
void expect_sound(const Bytes& frame_with_fcs) {
  Bytes frame(frame_with_fcs.begin(), frame_with_fcs.end() - 4);
  EXPECT_EQ(with_fcs(frame), frame_with_fcs);
  EXPECT_EQ(ones_sum(frame, 14, 34), 0xFFFFu);
  const std::uint32_t total = be(frame, 16, 2);
  EXPECT_EQ(ones_sum(frame, 34, 14 + total, template_pseudo_sum(frame) + total - 20), 0xFFFFu);
}

TYPED_TEST(EngineOf, AnswersHelloWithWhoItIs) {
  EXPECT_TRUE(this->driver_.outputs().command_ready);
  CommandHeader hello = this->header(card::Command::kHello);
  hello.arg = card::layout_hash();
  this->driver_.send(command(hello));
  ASSERT_TRUE(this->driver_.run_until_idle(1000));
  ASSERT_EQ(this->driver_.events.size(), 1u);
  const auto& event = this->driver_.events[0];
  ASSERT_EQ(event.type(), static_cast<unsigned>(card::Event::kHello));
  const Message body = event.body();
  ASSERT_EQ(body.size(), static_cast<std::size_t>(card::hello::kBytes));
  EXPECT_EQ(get_le(body, card::hello::kBootId, 4), kBootId);
  EXPECT_EQ(get_le(body, card::hello::kLayoutHash, 4), card::layout_hash());
  EXPECT_EQ(get_le(body, card::hello::kBytesPerBeat, 1), static_cast<unsigned>(TestFixture::kBytes));
  EXPECT_EQ(get_le(body, card::hello::kSendBufferBytes, 4),
            static_cast<unsigned>(card::send_buffer_bytes(TestFixture::kBytes)));
}

TYPED_TEST(EngineOf, CutsASuperSegmentAndSendsItSound) {
  this->driver_.start();
  const std::uint32_t seq = 0xFFFFF000;  // the sequence space wraps inside
  const Message data = pattern(5000);
  this->open_slot(seq);
  this->send(seq, 5000, 1460);
  this->write(seq, data);
  ASSERT_TRUE(this->driver_.run_until_idle(30000));
  const auto& frames = this->driver_.line_tx.frames;
  ASSERT_EQ(frames.size(), 4u);
  Message sent;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const Bytes& frame = frames[i].bytes;
    SCOPED_TRACE(i);
    expect_sound(frame);
    EXPECT_EQ(be(frame, 18, 2), 100 + i);                                      // IP id
    EXPECT_EQ(be(frame, 38, 4), static_cast<std::uint32_t>(seq + 1460u * i));  // seq
    EXPECT_EQ(be(frame, 42, 4), 0x11223344u);                                  // stamped
    EXPECT_EQ(be(frame, 48, 2), 0x5566u);                                      // stamped
    EXPECT_EQ(be(frame, 47, 1), i == 3 ? 0x18u : 0x10u);                       // PSH on the last
    EXPECT_TRUE(i == 0 || frames[i].gap >= 9);
    sent.insert(sent.end(), frame.begin() + 54, frame.begin() + 14 + be(frame, 16, 2));
  }
  EXPECT_EQ(sent, data);
  const auto reports = this->events_of(card::Event::kSent);
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(get_le(reports[0].body(), card::sent::kSeqEnd, 4), seq + 5000);
  EXPECT_EQ(get_le(reports[0].body(), card::sent::kTag, 2), 0x1234u);
  EXPECT_EQ(get_le(reports[0].body(), card::sent::kSegments, 1), 4u);
  EXPECT_NEAR(static_cast<double>(reports[0].time_ns()),
              static_cast<double>(frames[3].last_cycle * cycle_ps<TestFixture::kBytes>() / 1000), 100.0);
}

TYPED_TEST(EngineOf, ReceivesWhatItSends) {
  this->driver_.loop = true;
  this->driver_.start();
  this->driver_.write_register(card::Register::kFilter, static_cast<unsigned>(card::FilterBit::kPromiscuous));
  this->open_slot(1);
  this->write(1, pattern(3000));
  this->send(1, 3000, 1000);
  ASSERT_TRUE(this->driver_.run_until_idle(20000));
  const auto received = this->events_of(card::Event::kReceive);
  ASSERT_EQ(received.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    const Bytes& sent = this->driver_.line_tx.frames[i].bytes;
    EXPECT_EQ(received[i].body(), Bytes(sent.begin(), sent.end() - 4));
    EXPECT_EQ(received[i].bytes[card::event::kStatus], static_cast<unsigned>(card::ReceiveStatus::kL3Good) |
                                                           static_cast<unsigned>(card::ReceiveStatus::kL4Good) |
                                                           static_cast<unsigned>(card::ReceiveStatus::kTcp));
    EXPECT_EQ(received[i].bytes[card::event::kL4Offset], 34);
    EXPECT_EQ(received[i].bytes[card::event::kPayloadOffset], 54);
  }
  EXPECT_EQ(this->driver_.counter(card::Counter::kRxFrames), 3u);
  EXPECT_EQ(this->driver_.counter(card::Counter::kTxFrames), 3u);
  EXPECT_EQ(this->driver_.counter(card::Counter::kTxSegments), 3u);
}

// IEEE 802.3 clause 4.2.3.3: at least 64 bytes with FCS; the pad is not part of what is summed.
TYPED_TEST(EngineOf, PadsAnEmptySegment) {
  this->driver_.start();
  this->open_slot(7);
  this->send(7, 0, 1460);
  ASSERT_TRUE(this->driver_.run_until_idle(2000));
  ASSERT_EQ(this->driver_.line_tx.frames.size(), 1u);
  const Bytes& frame = this->driver_.line_tx.frames[0].bytes;
  EXPECT_EQ(frame.size(), 64u);
  EXPECT_EQ(be(frame, 16, 2), 40u);
  expect_sound(frame);
}

// What is due later: idle with a deadline, and not before it on the wire.
TYPED_TEST(EngineOf, KeepsThePacingGap) {
  this->driver_.start();
  this->open_slot(0);
  this->write(0, pattern(200));
  CommandHeader out = this->header(card::Command::kSend);
  out.arg = 200 | (100u << 16);
  const Message headers = tcp_template(0x10);
  SendParameters parameters;
  parameters.pacing_gap_ns = 50000;
  this->driver_.send(command(out, send_body(parameters, headers)));
  ASSERT_TRUE(this->driver_.run_until_idle(5000));
  ASSERT_EQ(this->driver_.line_tx.frames.size(), 1u);
  EXPECT_NE(this->driver_.outputs().deadline_ns, ~0ULL);
  const std::uint64_t most = this->driver_.cycle + 60'000'000 / cycle_ps<TestFixture::kBytes>();
  while (this->driver_.line_tx.frames.size() < 2 && this->driver_.cycle < most) this->driver_.step();
  ASSERT_EQ(this->driver_.line_tx.frames.size(), 2u);
  const auto& frames = this->driver_.line_tx.frames;
  const std::uint64_t apart_ns =
      (frames[1].first_cycle - frames[0].first_cycle) * cycle_ps<TestFixture::kBytes>() / 1000;
  EXPECT_GE(apart_ns, 49900u);
  EXPECT_LE(apart_ns, 51000u);
}

TYPED_TEST(EngineOf, DropsAFrameWithAWrongFcsAndCountsIt) {
  this->driver_.start();
  Bytes frame(60, 0xFF);
  frame = with_fcs(frame);
  this->driver_.line_rx.add(frame, 20);
  frame[20] ^= 1;
  this->driver_.line_rx.add(frame, 20);
  ASSERT_TRUE(this->driver_.run_until_idle(2000));
  EXPECT_EQ(this->events_of(card::Event::kReceive).size(), 1u);
  EXPECT_EQ(this->driver_.counter(card::Counter::kRxFcs), 1u);
}

// The whole receive path at the full rate of the smallest frames: 84 byte times each, IEEE 802.3 clause 4.4.2.
TYPED_TEST(EngineOf, ReceivesMinimumFramesAtFullRateWithoutADrop) {
  this->driver_.start();
  Bytes frame(60, 0xFF);
  for (int i = 0; i < 500; ++i) this->driver_.line_rx.add(with_fcs(frame), 12);
  ASSERT_TRUE(this->driver_.run_until_idle(100000));
  EXPECT_EQ(this->events_of(card::Event::kReceive).size(), 500u);
  EXPECT_EQ(this->driver_.counter(card::Counter::kRxFrames), 500u);
}

TYPED_TEST(EngineOf, IsIdleUntilSomethingComes) {
  for (int i = 0; i < 10; ++i) this->driver_.step();
  EXPECT_TRUE(this->driver_.outputs().idle);
  EXPECT_EQ(this->driver_.outputs().deadline_ns, ~0ULL);
  this->driver_.line_rx.add(with_fcs(Bytes(60, 0xFF)), 12);
  for (int i = 0; i < 6; ++i) this->driver_.step();
  EXPECT_FALSE(this->driver_.outputs().idle);
}

}  // namespace
}  // namespace sockwire::sim
