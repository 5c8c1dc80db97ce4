// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <deque>
#include <random>

#include "sim/cosim/cosim_card.hpp"
#include "sim/cosim/cosim_world.hpp"

namespace sockwire::sim {
namespace {

/// Answers every command with an event of the same bytes, `latency` cycles later, and stalls at random if asked to.
template <int kBytes>
class EchoEngine final : public Engine<kBytes> {
 public:
  EchoEngine(std::uint64_t latency, std::uint64_t seed) : latency_(latency), random_(seed), stalls_(seed != 0) {
    outputs_.command_ready = true;
    outputs_.idle = true;
  }
  const EngineOutputs<kBytes>& outputs() const override { return outputs_; }
  void step(const EngineInputs<kBytes>& inputs) override {
    if (inputs.command_valid && outputs_.command_ready) {
      beats_.push_back({inputs.command, cycle_ + latency_});
      taken_at.push_back(cycle_);
    }
    if (outputs_.event_valid && inputs.event_ready) beats_.pop_front();
    ++cycle_;
    times.push_back(inputs.now_ns);
    outputs_.command_ready = !stalls_ || random_() % 3 != 0;
    outputs_.event_valid = !beats_.empty() && beats_.front().second <= cycle_ && (!stalls_ || random_() % 3 != 0);
    if (outputs_.event_valid) outputs_.event = beats_.front().first;
    outputs_.idle = beats_.empty();
    outputs_.deadline_ns = deadline_ns;
  }

  std::uint64_t deadline_ns = kNeverNs;
  std::vector<std::uint64_t> taken_at;
  std::vector<std::uint64_t> times;

 private:
  std::uint64_t latency_;
  std::mt19937_64 random_;
  bool stalls_;
  std::uint64_t cycle_ = 0;
  std::deque<std::pair<Beat<kBytes>, std::uint64_t>> beats_;
  EngineOutputs<kBytes> outputs_;
};

/// A line on which a byte arrives at one point in time.
template <int kBytes>
class LateLine final : public LinePeer<kBytes> {
 public:
  LineInputs<kBytes> exchange(std::uint64_t now_ns, const Line<kBytes>&) override {
    if (now_ns >= arrival_ns) arrival_ns = kNeverNs;
    return {};
  }
  std::uint64_t next_arrival_ns() const override { return arrival_ns; }
  std::uint64_t arrival_ns = kNeverNs;
};

template <int kBytes>
struct Bench {
  explicit Bench(std::uint64_t latency = 3, std::uint64_t seed = 0)
      : owned(std::make_unique<EchoEngine<kBytes>>(latency, seed)), engine(*owned), card(std::move(owned), line) {
    world.add(card);
  }
  std::unique_ptr<EchoEngine<kBytes>> owned;
  EchoEngine<kBytes>& engine;
  LateLine<kBytes> line;
  CosimCard<kBytes> card;
  CosimWorld<kBytes> world{ClockKind::kVirtual};
};

template <typename T>
class CosimCardTest : public ::testing::Test {};
using Widths = ::testing::Types<std::integral_constant<int, 1>, std::integral_constant<int, 8>>;
TYPED_TEST_SUITE(CosimCardTest, Widths);

TYPED_TEST(CosimCardTest, MessagesPassUnchangedUnderRandomStalls) {
  const std::uint64_t seed = 4711;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  Bench<TypeParam::value> bench(5, seed);
  std::deque<std::vector<std::uint8_t>> sent;
  int received = 0;
  for (int messages = 0; messages < 300 || !sent.empty();) {
    if (messages < 300 && bench.card.can_send()) {
      std::vector<std::uint8_t> message(1 + random() % 70);
      for (auto& byte : message) byte = static_cast<std::uint8_t>(random());
      bench.card.send(message);
      sent.push_back(message);
      ++messages;
    }
    ASSERT_TRUE(bench.world.advance(kNever)) << "stands still with " << sent.size() << " messages under way";
    for (auto event = bench.card.poll_event(); !event.empty(); event = bench.card.poll_event()) {
      ASSERT_FALSE(sent.empty());
      ASSERT_EQ(std::vector<std::uint8_t>(event.begin(), event.end()), sent.front());
      sent.pop_front();
      ++received;
    }
  }
  EXPECT_EQ(received, 300);
}

// A host that always has a message ready keeps the command stream busy in every cycle.
TYPED_TEST(CosimCardTest, CommandsFollowOneAnotherWithoutAGap) {
  Bench<TypeParam::value> bench;
  const std::vector<std::uint8_t> message(24, 7);
  for (int messages = 0; messages < 50;) {
    while (bench.card.can_send() && messages < 50) {
      bench.card.send(message);
      ++messages;
    }
    ASSERT_TRUE(bench.world.advance(kNever));
    while (!bench.card.poll_event().empty()) {
    }
  }
  const auto& taken = bench.engine.taken_at;
  for (std::size_t i = 1; i < taken.size(); ++i) ASSERT_EQ(taken[i], taken[i - 1] + 1);
}

TYPED_TEST(CosimCardTest, IdleTimeIsSkippedUpToTheNextArrivalDeadlineOrTheHostsOwn) {
  constexpr int kBytes = TypeParam::value;
  Bench<kBytes> bench;
  EXPECT_TRUE(bench.world.advance(TimePoint(std::chrono::hours(1))));
  EXPECT_EQ(bench.world.now(), TimePoint(std::chrono::hours(1)));
  EXPECT_LT(bench.world.counters().cycles, 8u);

  const std::uint64_t hour_ns = 3'600'000'000'000;
  bench.line.arrival_ns = hour_ns + 1'000'000;
  EXPECT_FALSE(bench.world.advance(kNever)) << "after the arrival nothing can happen any more";
  const auto now_ns = static_cast<std::uint64_t>(bench.world.now().time_since_epoch().count());
  EXPECT_GE(now_ns, hour_ns + 1'000'000);
  EXPECT_LE(now_ns, hour_ns + 1'000'000 + 4 * cycle_ps<kBytes>() / 1000);

  bench.engine.deadline_ns = now_ns + 5'000'000;
  EXPECT_TRUE(bench.world.advance(TimePoint(Duration(static_cast<std::int64_t>(now_ns + 5'000'100)))));
  EXPECT_GE(bench.engine.times.back(), bench.engine.deadline_ns) << "the engine saw its deadline pass";
  EXPECT_LT(bench.world.counters().cycles, 100u);
}

TYPED_TEST(CosimCardTest, TimeIsCyclesAtTheLineRate) {
  Bench<TypeParam::value> bench(1000);
  const std::vector<std::uint8_t> message(8, 1);
  bench.card.send(message);
  ASSERT_TRUE(bench.world.advance(kNever));
  const std::uint64_t cycles = bench.world.counters().cycles;
  EXPECT_GT(cycles, 1000u);
  EXPECT_EQ(static_cast<std::uint64_t>(bench.world.now().time_since_epoch().count()),
            cycles * (TypeParam::value == 1 ? 80 : 64) / 10);  // 125 MHz and 156.25 MHz
}

}  // namespace
}  // namespace sockwire::sim
