// SPDX-License-Identifier: Apache-2.0
// Sends from the application's memory: in which order it comes back, and that what is sent (again) is the right bytes.
#include <gtest/gtest.h>

#include <deque>
#include <random>

#include "host/tcp/send_buffer.hpp"
#include "lone.hpp"

namespace sockwire::tcp::test {
namespace {

std::span<const std::uint8_t> bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string copy(const SendBuffer& buffer, SeqNum seq, std::size_t size) {
  std::string result(size, '?');
  const std::size_t there = buffer.copy(seq, {reinterpret_cast<std::uint8_t*>(result.data()), size});
  return result.substr(size - there);
}

template <typename Lender>
std::vector<std::uint64_t> completions(Lender& lender) {
  std::vector<std::uint64_t> tokens;
  while (const auto token = lender.take_completion()) tokens.push_back(*token);
  return tokens;
}

TEST(ZeroCopy, LentBytesTakeNoRoomInTheRing) {
  SendBuffer buffer(16, SeqNum(7));
  const std::string lent(1000, 'x');
  EXPECT_EQ(buffer.append(bytes("0123456789")), 10u);
  EXPECT_TRUE(buffer.lend(bytes(lent), 1));
  EXPECT_EQ(buffer.space(), 6u);
  EXPECT_EQ(buffer.append(bytes("abcdefgh")), 6u);
  EXPECT_EQ(buffer.size(), 1016u);
  EXPECT_EQ(copy(buffer, SeqNum(7), 1016), "0123456789" + lent + "abcdef");
  buffer.release_to(SeqNum(7 + 10 + 500));
  EXPECT_EQ(buffer.space(), 10u);
  EXPECT_EQ(completions(buffer), std::vector<std::uint64_t>{}) << "half of it is not acknowledged";
  EXPECT_EQ(copy(buffer, SeqNum(7), 1016), lent.substr(500) + "abcdef");
}

// Against a plain string: any order of copied and lent pieces, any range, around the wrap of the sequence numbers.
TEST(ZeroCopy, EveryRangeOverEveryBorderIsWhatWasGiven) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const SeqNum first(0u - static_cast<std::uint32_t>(random() % 3000));
    SendBuffer buffer(256, first);
    std::string all;
    std::size_t released = 0;
    std::deque<std::string> lent;
    std::vector<std::size_t> ends;
    std::vector<std::uint64_t> tokens;
    for (int step = 0; step < 400; ++step) {
      std::string piece(random() % 120, '\0');
      for (char& c : piece) c = static_cast<char>(random());
      if (random() % 2 == 0) {
        all += piece.substr(0, buffer.append(bytes(piece)));
      } else {
        lent.push_back(piece);
        ASSERT_TRUE(buffer.lend(bytes(lent.back()), ends.size()));
        all += piece;
        ends.push_back(all.size());
      }
      const std::size_t left = all.size() - released;
      const std::size_t from = released + random() % (left + 1);
      const std::size_t size = random() % (all.size() - from + 1);
      ASSERT_EQ(copy(buffer, first + static_cast<std::uint32_t>(from), size), all.substr(from, size));
      if (random() % 2 == 0) {
        released += random() % (left + 1);
        buffer.release_to(first + static_cast<std::uint32_t>(released));
      }
      for (const std::uint64_t token : completions(buffer)) {
        ASSERT_EQ(token, tokens.size()) << "once, and in order";
        ASSERT_LE(ends[token], released);
        tokens.push_back(token);
        lent[token].assign(lent[token].size(), '!');  // it is the application's again
      }
      ASSERT_TRUE(tokens.size() == ends.size() || ends[tokens.size()] > released) << "not later than it could be";
    }
  }
}

TEST(ZeroCopy, HowMuchIsLentIsBounded) {
  SendBuffer buffer(16, SeqNum(0));
  for (std::size_t i = 0; i < SendBuffer::kLentPiecesMax; ++i) EXPECT_TRUE(buffer.lend(bytes("x"), i));
  EXPECT_FALSE(buffer.lend(bytes("x"), 0));
  buffer.release_to(buffer.end());
  EXPECT_FALSE(buffer.lend(bytes("x"), 0)) << "nobody has taken the completions";
  EXPECT_EQ(completions(buffer).size(), SendBuffer::kLentPiecesMax);
  EXPECT_TRUE(buffer.lend(bytes("x"), 0));
  // Of memory that nobody touches, only the size counts here.
  EXPECT_FALSE(buffer.lend({bytes("x").data(), SendBuffer::kLentBytesMax}, 0));
}

struct Lending : Lone {
  Lending() {
    config.nodelay = true;
    establish(Options{10, std::nullopt, std::nullopt, false});
  }
  bool lend(const std::string& data, std::uint64_t token) {
    const bool taken = connection->send_zero_copy(now, bytes(data), token);
    pump();
    return taken;
  }
  std::string sent() {
    std::string all;
    for (const Transmit& transmit : out) all += payload(transmit);
    return all;
  }
};

TEST(ZeroCopy, TheTokenComesWhenAllIsAcknowledged) {
  Lending lone;
  const std::string lent = "lent";
  EXPECT_TRUE(lone.lend(lent, 42));
  EXPECT_EQ(lone.sent(), "lent");
  lone.acknowledge(Lone::kIss + 1 + 3);
  EXPECT_FALSE(lone->has_completion());
  EXPECT_EQ(lone.take_events(), std::vector<Event>{});
  lone.acknowledge(Lone::kIss + 1 + 4);
  EXPECT_EQ(lone.take_events(), std::vector<Event>{Event::kCompletion});
  EXPECT_EQ(completions(*lone), std::vector<std::uint64_t>{42});
  EXPECT_EQ(completions(*lone), std::vector<std::uint64_t>{});
}

// RFC 9293 3.8.1: what is sent again are the same bytes, wherever they are.
TEST(ZeroCopy, ARetransmissionReachesOverBorders) {
  Lending lone;
  const std::string first = "01234";
  const std::string second = "56789";
  lone.room = 0;
  lone.lend(first, 1);
  lone.send("abcde");
  lone.lend(second, 2);
  lone.room = kMaxTransmitBytes;
  lone.pump();
  EXPECT_EQ(lone.sent(), "01234abcde56789");
  lone.take();
  lone.advance(5s);
  ASSERT_FALSE(lone.out.empty());
  EXPECT_TRUE(lone.out[0].retransmission);
  EXPECT_EQ(lone.payload(lone.out[0]), std::string("01234abcde56789").substr(0, lone.out[0].payload_bytes));
  lone.acknowledge(Lone::kIss + 1 + 8);
  EXPECT_EQ(completions(*lone), std::vector<std::uint64_t>{1});
  lone.take();
  lone.advance(20s);
  ASSERT_FALSE(lone.out.empty());
  EXPECT_EQ(lone.payload(lone.out[0]), std::string("de56789").substr(0, lone.out[0].payload_bytes));
}

TEST(ZeroCopy, AResetReturnsAllInOrder) {
  Lending lone;
  const std::string lent = "lent";
  for (std::uint64_t token = 1; token <= 3; ++token) lone.lend(lent, token);
  lone.receive(Lone::kPeer + 1, Lone::kIss + 1, wire::kTcpRst);
  EXPECT_TRUE(lone->is_closed());
  EXPECT_EQ(completions(*lone), (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_FALSE(lone.lend(lent, 4));
}

// What waits on the card leaves before the RST, and the peer reads it: it must be what was given.
TEST(ZeroCopy, AfterAnAbortTheCardStillFindsWhatItHas) {
  Lending lone;
  lone.departs = false;
  std::string lent = "lent";
  lone.lend(lent, 1);
  lone->abort(lone.now);
  EXPECT_EQ(completions(*lone), std::vector<std::uint64_t>{1});
  lent = "gone";
  EXPECT_EQ(lone.payload(lone.out.at(0)), "lent");
}

TEST(ZeroCopy, CloseReturnsAllAndStillSendsIt) {
  Lending lone;
  std::string lent = "lent";
  lone.room = 0;
  lone.send("copied ");
  lone.lend(lent, 1);
  lone->close(lone.now);
  EXPECT_EQ(completions(*lone), std::vector<std::uint64_t>{1});
  lent = "gone";
  lone.room = kMaxTransmitBytes;
  lone.pump();
  EXPECT_EQ(lone.sent(), "copied lent");
  EXPECT_TRUE(lone.out.back().fin());
}

TEST(ZeroCopy, AConnectionDoesNotRestWhileTokensWait) {
  Lending lone;
  const std::string lent = "lent";
  lone.lend(lent, 1);
  lone.acknowledge(Lone::kIss + 1 + 4);
  lone.advance(60s);
  EXPECT_FALSE(lone->rest(lone.now));
  EXPECT_EQ(completions(*lone), std::vector<std::uint64_t>{1});
  EXPECT_TRUE(lone->rest(lone.now));
  EXPECT_FALSE(lone->has_completion());
}

}  // namespace
}  // namespace sockwire::tcp::test
