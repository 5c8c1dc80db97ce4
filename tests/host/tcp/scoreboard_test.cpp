// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/scoreboard.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace sockwire::tcp {
namespace {

using namespace std::chrono_literals;

constexpr SeqNum at(std::uint32_t offset) { return SeqNum(0xfffffc00u) + offset; }  // wraps after 1024

/// [0, 1000) as tag 0, [1000, 2000) as tag 1, ... which have all left.
Scoreboard filled(std::uint32_t ranges) {
  Scoreboard board;
  for (std::uint32_t i = 0; i < ranges; ++i) {
    board.add(at(i * 1000), at(i * 1000 + 1000), i, TimePoint{1s});
    board.on_departed(at(i * 1000), at(i * 1000 + 1000), i, TimePoint{1s} + i * 1ms);
  }
  return board;
}

void nothing(const Scoreboard::Range&) {}
void none(const Scoreboard::Range&, bool) {}
bool all(const Scoreboard::Range&) { return true; }

TEST(Scoreboard, CumulativeAckTakesPartsOfRanges) {
  Scoreboard board = filled(2);
  std::vector<std::pair<std::uint32_t, bool>> seen;
  board.acknowledge(at(1500), [&](const Scoreboard::Range& r, bool whole) { seen.push_back({r.bytes(), whole}); });
  EXPECT_EQ(seen, (std::vector<std::pair<std::uint32_t, bool>>{{1000, true}, {500, false}}));
  ASSERT_EQ(board.ranges().size(), 1u);
  EXPECT_EQ(board.ranges()[0].begin, at(1500));
}

TEST(Scoreboard, SackSplitsAndJoins) {
  Scoreboard board = filled(3);
  std::uint32_t news = 0;
  const auto count = [&](const Scoreboard::Range& r) { news += r.bytes(); };
  board.sack(at(500), at(700), count);
  board.sack(at(500), at(700), count);
  EXPECT_EQ(news, 200u) << "what is known is no news";
  board.sack(at(600), at(2500), count);
  EXPECT_EQ(news, 2000u);
  EXPECT_EQ(board.sacked_bytes(), 2000u);
  EXPECT_EQ(board.ranges().size(), 3u) << "before, the block, behind";
}

TEST(Scoreboard, SackedDataIsNotDeliveredAgain) {
  Scoreboard board = filled(3);
  board.sack(at(1000), at(2000), nothing);
  std::uint32_t news = 0;
  board.acknowledge(at(3000), [&](const Scoreboard::Range& r, bool) { news += r.bytes(); });
  EXPECT_EQ(news, 2000u);
  EXPECT_EQ(board.sacked_bytes(), 0u);
  EXPECT_TRUE(board.empty());
}

TEST(Scoreboard, LostRunEndsAtWhatThePeerHas) {
  Scoreboard board = filled(4);
  board.sack(at(2000), at(3000), nothing);
  EXPECT_EQ(board.mark_lost(at(0), at(4000), all), 3000u);
  EXPECT_EQ(board.first_lost().begin, at(0));
  EXPECT_EQ(board.first_lost().end, at(2000));
  board.resend(at(0), at(500), 7, TimePoint{2s});
  EXPECT_EQ(board.lost_bytes(), 2500u);
  EXPECT_EQ(board.first_lost().begin, at(500));
}

// Departure is an event: what has not left is neither lost nor measured.
TEST(Scoreboard, WhatWaitsIsNotLost) {
  Scoreboard board = filled(1);
  board.add(at(1000), at(2000), 1, TimePoint{1s});
  EXPECT_EQ(board.mark_lost(at(0), at(2000), all), 1000u);
  board.resend(at(0), at(1000), 2, TimePoint{2s});
  EXPECT_EQ(board.mark_lost(at(0), at(2000), all), 0u);
  board.on_departed(at(0), at(1000), 0, TimePoint{3s});
  EXPECT_TRUE(board.ranges()[0].waits) << "that was the first transmission";
  board.on_departed(at(0), at(1000), 2, TimePoint{3s});
  EXPECT_EQ(board.mark_lost(at(0), at(2000), all), 1000u);
}

TEST(Scoreboard, ForgivesAndForgets) {
  Scoreboard board = filled(3);
  board.sack(at(1000), at(2000), nothing);
  board.mark_lost(at(0), at(3000), all);
  board.forgive();
  EXPECT_EQ(board.lost_bytes(), 0u);
  board.forget_sacks();
  EXPECT_EQ(board.sacked_bytes(), 0u);
  EXPECT_EQ(board.mark_lost(at(0), at(3000), all), 3000u);
}

TEST(Scoreboard, IsBounded) {
  Scoreboard board;
  board.add(at(0), at(1000000), 0, TimePoint{1s});
  board.on_departed(at(0), at(1000000), 0, TimePoint{1s});
  for (std::uint32_t i = 0; i < 400000; i += 2) board.sack(at(i + 1), at(i + 2), nothing);
  EXPECT_LE(board.ranges().size(), Scoreboard::kMaxRanges);
  board.acknowledge(at(1000000), none);
  EXPECT_TRUE(board.empty());
  EXPECT_EQ(board.sacked_bytes(), 0u);
}

// Against a board that notes each byte by itself.
TEST(Scoreboard, AgreesWithABytewiseBoard) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](std::uint32_t limit) { return static_cast<std::uint32_t>(random() % limit); };
    struct Byte {
      bool sacked = false, lost = false;
    };
    std::vector<Byte> bytes;
    Scoreboard board;
    std::uint32_t una = 0;
    std::uint32_t tag = 0;
    for (int step = 0; step < 400; ++step) {
      const auto size = static_cast<std::uint32_t>(bytes.size());
      const std::uint32_t a = size > una ? una + below(size - una) : una;
      const std::uint32_t b = size > a ? a + 1 + below(size - a) : a;
      const std::uint32_t choice = below(5);
      if (choice == 0 || size == una) {
        const std::uint32_t more = 1 + below(60);
        bytes.resize(size + more);
        board.add(at(size), at(size + more), tag, TimePoint{1s});
        board.on_departed(at(size), at(size + more), tag++, TimePoint{1s});
      } else if (choice == 1) {
        board.sack(at(a), at(b), nothing);
        for (std::uint32_t i = a; i < b; ++i) bytes[i] = {true, false};
      } else if (choice == 2) {
        board.mark_lost(at(a), at(b), all);
        for (std::uint32_t i = a; i < b; ++i) bytes[i].lost = !bytes[i].sacked;
      } else if (choice == 3) {
        const Scoreboard::Run run = board.first_lost();
        if (run.bytes() > 0) {
          const std::uint32_t from = run.begin - at(0);
          const std::uint32_t to = from + 1 + below(run.bytes());
          board.resend(at(from), at(to), tag, TimePoint{2s});
          board.on_departed(at(from), at(to), tag++, TimePoint{2s});
          for (std::uint32_t i = from; i < to; ++i) {
            EXPECT_TRUE(bytes[i].lost) << "seed " << seed;
            bytes[i].lost = false;
          }
        }
      } else if (below(4) == 0) {
        board.acknowledge(at(a), none);
        una = a;
      }
      std::uint32_t sacked = 0, lost = 0;
      for (std::uint32_t i = una; i < bytes.size(); ++i) sacked += bytes[i].sacked, lost += bytes[i].lost;
      ASSERT_EQ(board.sacked_bytes(), sacked) << "seed " << seed << " step " << step;
      ASSERT_EQ(board.lost_bytes(), lost) << "seed " << seed << " step " << step;
    }
  }
}

}  // namespace
}  // namespace sockwire::tcp
