// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/receive_budget.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sockwire::tcp {
namespace {

constexpr std::uint32_t kSegment = 1000;

ReceiveDemand demand(std::uint64_t received, std::uint32_t wanted = 1 << 20) {
  return {.segment = kSegment, .wanted = wanted, .received = received, .closes = false};
}

TEST(ReceiveBudget, AloneAConnectionHasWhatItMakesUseOf) {
  ReceiveBudget budget(10'000);
  ReceiveShare share(&budget);
  EXPECT_EQ(share.most(demand(0)), 2'000u);
  EXPECT_EQ(share.most(demand(3'000)), 5'000u);
  EXPECT_EQ(share.most(demand(50'000)), 10'000u);
  share.set(10'000, demand(50'000));
  EXPECT_EQ(budget.free(), 0u);
}

TEST(ReceiveBudget, WithoutOneThereIsNoLimit) {
  ReceiveShare share;
  EXPECT_EQ(share.most(demand(0)), ReceiveShare::kNoLimit);
  share.set(0, demand(0));
  EXPECT_FALSE(share.waits());
}

TEST(ReceiveBudget, TwoSegmentsAreSetAsideForThoseWhoDoNotReceive) {
  ReceiveBudget budget(10'000);
  ReceiveShare sender(&budget);
  ReceiveShare receiver(&budget);
  sender.set(sender.most(demand(0)), demand(0));
  receiver.set(receiver.most(demand(90'000)), demand(90'000));
  EXPECT_EQ(sender.granted(), 2'000u);
  EXPECT_EQ(receiver.granted(), 8'000u);
}

TEST(ReceiveBudget, WhoBeginsToReceiveIsGivenAnEqualPart) {
  ReceiveBudget budget(10'000);
  ReceiveShare first(&budget);
  ReceiveShare second(&budget);
  second.set(2'000, demand(0));
  first.set(8'000, demand(90'000));
  second.set(1'000, demand(9'000));  // it has received, and has less than 5,000
  first.set(4'000, demand(94'000));  // its peer has sent
  EXPECT_EQ(first.most(demand(94'000)), 5'000u);
  EXPECT_EQ(second.most(demand(9'000)), 5'000u);
  second.set(5'000, demand(9'000));
  EXPECT_EQ(first.most(demand(94'000)), 5'000u);
}

TEST(ReceiveBudget, AnApplicationThatDoesNotReadWantsNothing) {
  ReceiveBudget budget(10'000);
  ReceiveShare first(&budget);
  ReceiveShare second(&budget);
  second.set(100, demand(9'000, 100));
  first.set(6'000, demand(90'000));
  EXPECT_EQ(budget.waiting(), 0u);
  EXPECT_EQ(first.most(demand(90'000)), 8'000u);
}

TEST(ReceiveBudget, WhileSomebodyWaitsNobodyElsesWindowOpens) {
  ReceiveBudget budget(4'000);
  ReceiveShare first(&budget);
  first.set(4'000, demand(9'000));
  ReceiveShare second(&budget);
  second.set(0, demand(0));
  first.set(1'000, demand(12'000));
  EXPECT_EQ(budget.waiting(), 1u);
  EXPECT_EQ(first.most(demand(12'000)), 1'000u);
  EXPECT_EQ(second.most(demand(0)), 2'000u);
  second.set(2'000, demand(0));
  EXPECT_EQ(budget.waiting(), 0u);
  EXPECT_EQ(first.most(demand(12'000)), 2'000u);
}

TEST(ReceiveBudget, OfMoreConnectionsThanSegmentsTheLateOnesWait) {
  ReceiveBudget budget(4'000);
  std::vector<ReceiveShare> shares;
  for (int i = 0; i < 10; ++i) shares.emplace_back(&budget);
  for (ReceiveShare& share : shares) share.set(share.most(demand(0)), demand(0));
  EXPECT_EQ(budget.granted(), 4'000u);
  EXPECT_EQ(budget.waiting(), 8u);
}

TEST(ReceiveBudget, AShareGivesBackWhatItHadAndItsTwinKeepsIt) {
  ReceiveBudget budget(4'000);
  {
    ReceiveShare share(&budget);
    share.set(3'000, demand(9'000));
    const ReceiveShare twin = share.twin();
    EXPECT_EQ(budget.granted(), 6'000u);
    EXPECT_EQ(budget.free(), 0u);
    {
      const ReceiveShare gone(std::move(share));
    }
    EXPECT_EQ(budget.granted(), 3'000u);
    EXPECT_EQ(twin.granted(), 3'000u);
  }
  EXPECT_EQ(budget.granted(), 0u);
  EXPECT_EQ(budget.connections(), 0u);
}

}  // namespace
}  // namespace sockwire::tcp
