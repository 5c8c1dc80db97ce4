// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.8.5 (MUST-30 to MUST-33, MUST-62), RFC 6093: urgent data of any length is read in its place in the stream;
// the application is told that it is there, and how far it reaches.
#include <gtest/gtest.h>

#include "host/tcp/header.hpp"
#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, UrgentDataStaysInTheStream) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs, kOurs, 0, "before ");
  lone.receive(kTheirs + 7, kOurs, wire::kTcpUrg, text(kMss));
  lone.receive(kTheirs + 7 + kMss, kOurs, wire::kTcpUrg, text(kMss));
  lone.receive(kTheirs + 7 + 2 * kMss, kOurs, 0, " after");
  EXPECT_EQ(lone.read(), "before " + text(2 * kMss) + " after");
}

void receive_urgent(Lone& lone, SeqNum seq, const std::string& data, std::uint16_t pointer) {
  Segment segment = lone.segment(seq, lone->snd_una(), wire::kTcpAckFlag | wire::kTcpUrg);
  segment.urgent = pointer;
  segment.payload = {reinterpret_cast<const std::uint8_t*>(data.data()), data.size()};
  lone.deliver(segment);
}

TEST(Rfc9293, UrgentDataIsToldAtOnceAndOnce) {
  Lone lone;
  lone.establish();
  receive_urgent(lone, kTheirs, "", 100);  // it is yet to come
  EXPECT_EQ(lone.take_events(), std::vector<Event>{Event::kUrgent});
  receive_urgent(lone, kTheirs, text(50), 100);
  EXPECT_EQ(lone.take_events(), std::vector<Event>{Event::kReadable}) << "the same mark";
  receive_urgent(lone, kTheirs + 50, text(50), 50);
  lone.read();
  EXPECT_EQ(lone->urgent_bytes(), 0u);
  lone.take_events();
  receive_urgent(lone, kTheirs + 100, "!", 1);
  EXPECT_EQ(lone.take_events(), (std::vector<Event>{Event::kUrgent, Event::kReadable})) << "another";
}

TEST(Rfc9293, UrgentBytesThatAreLeftAreKnown) {
  Lone lone;
  lone.establish();
  EXPECT_EQ(lone->urgent_bytes(), 0u);
  receive_urgent(lone, kTheirs, text(10), 30);
  EXPECT_EQ(lone->urgent_bytes(), 30u);
  lone.read();
  EXPECT_EQ(lone->urgent_bytes(), 20u);
  receive_urgent(lone, kTheirs + 10, text(25), 20);
  EXPECT_EQ(lone->urgent_bytes(), 20u) << "what follows is not urgent";
  lone.read();
  EXPECT_EQ(lone->urgent_bytes(), 0u);
  receive_urgent(lone, kTheirs, "", 5);
  EXPECT_EQ(lone->urgent_bytes(), 0u) << "that was read long ago";
}

TEST(Rfc9293, UrgentPointerPointsBehindTheLastUrgentByte) {
  Lone lone;
  lone.config.nodelay = true;
  lone.establish();
  const std::string urgent = text(2 * kMss + 10);
  lone->send_urgent(lone.now, {reinterpret_cast<const std::uint8_t*>(urgent.data()), urgent.size()});
  lone.pump();
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 3u) << "each of its own";
  for (const Transmit& t : out) {
    EXPECT_EQ(t.flags_first & wire::kTcpUrg, wire::kTcpUrg);
    EXPECT_EQ(t.seq + t.urgent, kOurs + 2 * kMss + 10);
  }
  lone.receive(kTheirs, out.back().seq_end());
  lone.send(text(3 * kMss));
  const auto rest = lone.take();
  ASSERT_EQ(rest.size(), 1u) << "in one go again";
  EXPECT_EQ(rest[0].flags() & wire::kTcpUrg, 0);
}

TEST(Rfc9293, UrgentPointerIsWrittenAndRead) {
  Transmit transmit;
  transmit.flags_first = transmit.flags_last = wire::kTcpAckFlag | wire::kTcpUrg;
  transmit.urgent = 0x1234;
  std::array<std::uint8_t, 60> bytes{};
  const std::size_t size = write_header(transmit, {1, 2}, bytes);
  EXPECT_EQ(bytes[18], 0x12);
  EXPECT_EQ(bytes[19], 0x34);
  EXPECT_EQ(parse_header(std::span(bytes).first(size))->segment.urgent, 0x1234);
}

}  // namespace
}  // namespace sockwire::tcp::test
