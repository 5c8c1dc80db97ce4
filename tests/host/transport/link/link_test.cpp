// SPDX-License-Identifier: Apache-2.0
// The serial link whole: the host's endpoint against the card's kernels.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/host/transport/link/serial_pair.hpp"

namespace sockwire::test {
namespace {

using transport::LinkConfig;
using transport::LinkPhase;
using namespace std::chrono_literals;

SerialPair pair_with(const WireFaults& faults, std::uint64_t seed, const LinkConfig& config = {}) {
  return {sim::make_native_link(), config, faults, seed};
}

bool bring_up(SerialPair& pair, Duration longest = 3s) {
  pair.host().start(pair.now(), 7);
  return pair.run_until([&] { return pair.host().up(); }, longest);
}

TEST(UartLink, ComesUpAtTheBestRate) {
  SerialPair pair = pair_with({}, 1);
  ASSERT_TRUE(bring_up(pair));
  EXPECT_EQ(pair.host().baud(), 12'000'000u);
  EXPECT_EQ(pair.divisor(), 10u);
  EXPECT_EQ(pair.host().card_clock_mhz(), 120u);
}

TEST(UartLink, FindsTheRateThatTheWiresCarry) {
  SerialPair pair = pair_with({}, 2);
  pair.set_baud_limit(6'000'000);
  ASSERT_TRUE(bring_up(pair, 20s));
  EXPECT_EQ(pair.host().baud(), 6'000'000u);
}

struct Traffic {
  std::vector<Bytes> commands;
  std::vector<Bytes> events;
};

Traffic random_traffic(SerialPair& pair, std::uint64_t seed, std::size_t messages) {
  std::mt19937_64 random(seed);
  Traffic traffic;
  for (std::size_t i = 0; i < messages; ++i) {
    traffic.commands.push_back(message_of(random() % 3 == 0 ? random() % 3000 : random() % 40, random));
    traffic.events.push_back(message_of(random() % 3 == 0 ? random() % 1500 : random() % 20, random));
    pair.send_command(traffic.commands.back());
    pair.send_event(traffic.events.back());
  }
  return traffic;
}

bool all_come(SerialPair& pair, const Traffic& traffic, Duration longest) {
  return pair.run_until(
      [&] {
        return pair.commands().size() >= traffic.commands.size() && pair.events().size() >= traffic.events.size();
      },
      longest);
}

/// Which message is the first that differs, and how; empty if none does.
std::string first_difference(const std::vector<Bytes>& got, const std::vector<Bytes>& sent) {
  for (std::size_t i = 0; i < std::max(got.size(), sent.size()); ++i) {
    if (i >= got.size() || i >= sent.size())
      return std::to_string(got.size()) + " messages for " + std::to_string(sent.size());
    if (got[i] == sent[i]) continue;
    const auto at = std::ranges::mismatch(got[i], sent[i]).in1 - got[i].begin();
    return "message " + std::to_string(i) + " of " + std::to_string(sent[i].size()) + " bytes came with " +
           std::to_string(got[i].size()) + ", byte " + std::to_string(at) + " first";
  }
  return "";
}

void expect_equal(const SerialPair& pair, const Traffic& traffic) {
  EXPECT_EQ(first_difference(pair.commands(), traffic.commands), "");
  EXPECT_EQ(first_difference(pair.events(), traffic.events), "");
}

TEST(UartLink, CarriesMessagesBothWaysAtOnce) {
  SerialPair pair = pair_with({}, 3);
  ASSERT_TRUE(bring_up(pair));
  const Traffic traffic = random_traffic(pair, 3, 100);
  ASSERT_TRUE(all_come(pair, traffic, 5s));
  expect_equal(pair, traffic);
  EXPECT_EQ(pair.host().counters().frames_bad, 0u);
  EXPECT_EQ(pair.host().counters().frames_again, 0u);
  EXPECT_EQ(pair.counted(LinkCounter::kBad), 0u);
  EXPECT_EQ(pair.counted(LinkCounter::kRepeated), 0u);
}

TEST(UartLink, SendsAgainWhatTheWiresDamage) {
  for (const std::uint64_t seed : {4u, 5u, 6u}) {
    SCOPED_TRACE(seed);
    SerialPair pair = pair_with({.byte_error = 1e-4, .byte_loss = 1e-5}, seed);
    ASSERT_TRUE(bring_up(pair));
    const Traffic traffic = random_traffic(pair, seed, 200);
    ASSERT_TRUE(all_come(pair, traffic, 20s));
    expect_equal(pair, traffic);
    EXPECT_EQ(pair.events(), traffic.events);
    EXPECT_GT(pair.counted(LinkCounter::kBad), 0u);
    EXPECT_GT(pair.host().counters().frames_bad, 0u);
    EXPECT_GT(pair.host().counters().frames_again, 0u);
  }
}

// Silence for longer than both ends wait: each goes back to 1 Mbaud by itself, and nothing is lost.
TEST(UartLink, SurvivesWiresThatAreCutForAWhile) {
  SerialPair pair = pair_with({}, 8);
  ASSERT_TRUE(bring_up(pair));
  const Traffic traffic = random_traffic(pair, 8, 200);
  pair.run_until([&] { return pair.commands().size() > 40; }, 1s);
  pair.cut(true);
  pair.run_until([] { return false; }, 3s);
  EXPECT_EQ(pair.host().phase(), LinkPhase::kSeeking);
  EXPECT_EQ(pair.divisor(), unsigned{kLinkStartDivisor});
  pair.cut(false);
  ASSERT_TRUE(all_come(pair, traffic, 5s));
  expect_equal(pair, traffic);
  EXPECT_EQ(pair.host().baud(), 12'000'000u);
  EXPECT_EQ(pair.host().counters().sessions, 1u);
}

// The card says something of its own every 250 ms, just before this host would ask whether it is there.
TEST(UartLink, AnIdleLinkStaysUpWhoeverSpeaksFirst) {
  for (const Duration keep_alive : {240ms, 250ms, 251ms, 300ms}) {
    SCOPED_TRACE(keep_alive.count());
    SerialPair pair = pair_with({}, 14, {.keep_alive = keep_alive});
    ASSERT_TRUE(bring_up(pair));
    EXPECT_FALSE(pair.run_until([&] { return !pair.host().up() || pair.divisor() != 10; }, 10s));
    EXPECT_EQ(pair.host().counters().deaths, 0u);
  }
}

// The wires get worse in mid-transfer, so that nothing above 6 Mbaud passes.
TEST(UartLink, FallsBackToARateThatPasses) {
  SerialPair pair = pair_with({}, 9);
  ASSERT_TRUE(bring_up(pair));
  const Traffic traffic = random_traffic(pair, 9, 200);
  pair.run_until([&] { return pair.commands().size() > 40; }, 1s);
  pair.set_baud_limit(6'000'000);
  ASSERT_TRUE(all_come(pair, traffic, 20s));
  expect_equal(pair, traffic);
  EXPECT_EQ(pair.host().baud(), 6'000'000u);
}

// One byte in 300 is damaged, at 12 Mbaud only: frames still pass now and then, but a lower rate is better.
TEST(UartLink, LeavesARateThatDamagesTooMuch) {
  SerialPair pair = pair_with({}, 10);
  ASSERT_TRUE(bring_up(pair));
  pair.set_faults({.byte_error = 3e-3});
  const Traffic traffic = random_traffic(pair, 10, 100);
  EXPECT_TRUE(pair.run_until([&] { return pair.host().baud() < 12'000'000; }, 5s));
  pair.set_faults({});
  ASSERT_TRUE(all_come(pair, traffic, 20s));
  expect_equal(pair, traffic);
}

bool hears(SerialPair& pair, const PhyStatus& phy, Duration longest) {
  pair.set_phy(phy);
  return pair.run_until([&] { return pair.host().phy() == phy; }, longest);
}

constexpr PhyStatus kNoLink{.present = true};
constexpr PhyStatus kTenHalf{.present = true, .link = true};
constexpr PhyStatus kHundredFull{.present = true, .link = true, .hundred = true, .full_duplex = true};

// At once: it is sent because it changed, and no keep-alive is waited for.
TEST(UartLink, TellsWhatThePhySaysOfItsLink) {
  SerialPair pair = pair_with({}, 14);
  pair.set_phy(kHundredFull);
  EXPECT_EQ(pair.host().phy(), std::nullopt);
  ASSERT_TRUE(bring_up(pair));
  EXPECT_EQ(pair.host().phy(), kHundredFull) << "it follows the answer to SYNC";
  EXPECT_TRUE(hears(pair, kNoLink, 1ms));
  EXPECT_TRUE(hears(pair, kTenHalf, 1ms));
  EXPECT_TRUE(hears(pair, {}, 1ms)) << "a PHY that answers no more";
  ASSERT_TRUE(bring_up(pair));
  EXPECT_EQ(pair.host().phy(), PhyStatus{}) << "another session, in which nothing is known";
  const Traffic traffic = random_traffic(pair, 14, 100);
  EXPECT_TRUE(hears(pair, kHundredFull, 50ms)) << "with traffic both ways";
  ASSERT_TRUE(all_come(pair, traffic, 2s));
}

// What was said while the wires were cut is said again by the next STATUS, which a silent card sends all the same.
TEST(UartLink, SaysAgainWhatOfThePhyWasLost) {
  SerialPair pair = pair_with({}, 15);
  pair.set_phy(kHundredFull);
  ASSERT_TRUE(bring_up(pair));
  pair.cut(true);
  EXPECT_FALSE(hears(pair, kNoLink, 10ms));
  pair.cut(false);
  EXPECT_TRUE(hears(pair, kNoLink, 600ms));
}

TEST(UartLink, TellsWhenTheCardHasForgottenTheSession) {
  SerialPair pair = pair_with({}, 11);
  ASSERT_TRUE(bring_up(pair));
  pair.replace_card(sim::make_native_link());
  ASSERT_TRUE(pair.run_until([&] { return pair.host().phase() == LinkPhase::kDown; }, 10s));
  ASSERT_TRUE(bring_up(pair));
  const Traffic traffic = random_traffic(pair, 11, 10);
  ASSERT_TRUE(all_come(pair, traffic, 2s));
  expect_equal(pair, traffic);
}

TEST(UartLink, TellsWhenNobodyIsThere) {
  SerialPair pair = pair_with({}, 12);
  ASSERT_TRUE(bring_up(pair));
  pair.cut(true);
  ASSERT_TRUE(pair.run_until([&] { return pair.host().phase() == LinkPhase::kDown; }, 10s));
}

// A host program that ended in mid-message: the next one's session ends that message, and its own are whole.
TEST(UartLink, ASessionEndsTheMessageOfTheOneBefore) {
  SerialPair pair = pair_with({}, 13);
  ASSERT_TRUE(bring_up(pair));
  std::mt19937_64 random(13);
  pair.send_command(message_of(9000, random));
  pair.run_until([&] { return pair.counted(LinkCounter::kFrames) >= 5; }, 1s);
  ASSERT_TRUE(pair.commands().empty());
  ASSERT_TRUE(bring_up(pair));
  const Bytes next = message_of(100, random);
  pair.send_command(next);
  ASSERT_TRUE(pair.run_until([&] { return pair.commands().size() >= 2; }, 1s));
  EXPECT_LT(pair.commands()[0].size(), 9016u);
  EXPECT_TRUE(pair.commands()[1] == next);
}

}  // namespace
}  // namespace sockwire::test
