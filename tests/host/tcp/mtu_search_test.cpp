// SPDX-License-Identifier: Apache-2.0
// Paths that swallow large packets without a word: RFC 4821, RFC 8899 5, RFC 2923 2.1.
#include "host/tcp/mtu_search.hpp"

#include <gtest/gtest.h>

#include "pair.hpp"

namespace sockwire::tcp::test {
namespace {

constexpr TimePoint kNow{1s};

/// Searches on a path that passes `passes`. Returns what is found.
std::uint16_t search(std::uint16_t passes, unsigned& probes) {
  MtuSearch search(1448);
  std::uint16_t mss = search.on_black_hole(1448);
  SeqNum next(1);
  for (probes = 0; const auto size = search.next_probe(kNow); ++probes) {
    search.on_probe_sent(kNow, next, next + *size);
    next += *size;
    if (*size > passes) {
      search.on_probe_lost();
    } else if (const auto larger = search.on_acknowledged(next)) {
      mss = *larger;
    }
  }
  return mss;
}

TEST(MtuSearch, FindsWhatPassesToWithinSixteenBytes) {
  for (std::uint16_t passes = MtuSearch::kBase; passes < 1448; ++passes) {
    unsigned probes = 0;
    const std::uint16_t found = search(passes, probes);
    EXPECT_LE(found, passes);
    EXPECT_GE(found + 16, passes) << passes;
    EXPECT_LE(probes, 15u) << passes;
  }
}

TEST(MtuSearch, TriesAgainWhenThePathMayHaveChanged) {
  MtuSearch search(1448);
  search.on_black_hole(1448);
  SeqNum next(1);
  while (const auto size = search.next_probe(kNow)) {
    search.on_probe_sent(kNow, next, next + *size);
    search.on_probe_lost();
  }
  EXPECT_FALSE(search.next_probe(kNow + 9min));
  ASSERT_TRUE(search.next_probe(kNow + 11min));
}

// All the way: the sender notices, goes on with small segments, and climbs to what the path takes.
TEST(MtuSearch, ABlackHoleIsLeftBehind) {
  for (const std::size_t passes : {1300u, 1100u, 600u}) {
    Pair pair;
    pair.establish();
    pair.a().drop = [passes](const Packet& packet, std::uint64_t) { return packet.bytes.size() > passes; };
    pair.a().to_send = 2'000'000;
    pair.pump(0);
    EXPECT_TRUE(pair.run_until([&] { return pair.b().received == 2'000'000; }, 120s)) << passes;
    EXPECT_FALSE(pair.b().mismatch);
    const Info info = pair.a().connection->info();
    EXPECT_LE(info.mss, passes);
    const std::size_t best = passes >= MtuSearch::kBase ? passes : MtuSearch::kFloor;
    EXPECT_GE(info.mss + 16, std::min(best, passes)) << passes;
  }
}

// RFC 4821 7.7: what a probe loses is not lost to congestion.
TEST(MtuSearch, ALostProbeDoesNotSlowTheSender) {
  Pair pair;
  pair.a().wire.bits_per_second = 1e9;  // so that no two segments leave at the same time, which RACK goes by
  pair.establish();
  pair.a().drop = [](const Packet& packet, std::uint64_t) { return packet.bytes.size() > 1200; };
  pair.a().to_send = 400'000;
  pair.pump(0);
  ASSERT_TRUE(pair.run_until([&] { return pair.b().received == 400'000; }, 120s));
  const Info before = pair.a().connection->info();
  pair.a().to_send = 2'000'000;
  pair.pump(0);
  ASSERT_TRUE(pair.run_until([&] { return pair.b().received == 2'000'000; }, 120s));
  const Info after = pair.a().connection->info();
  EXPECT_GT(after.retransmissions, before.retransmissions);
  EXPECT_EQ(after.fast_retransmits, before.fast_retransmits);
  EXPECT_EQ(after.timeouts, before.timeouts);
}

}  // namespace
}  // namespace sockwire::tcp::test
