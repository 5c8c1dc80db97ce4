// SPDX-License-Identifier: Apache-2.0
// Whole transfers between two cards back to back, in virtual time: the same seed gives the same run.
#include <gtest/gtest.h>

#include "host/apps/far_side.hpp"
#include "host/apps/pattern.hpp"
#include "host/apps/setup.hpp"
#include "host/apps/sha256.hpp"
#include "host/apps/transfer.hpp"
#include "tests/host/apps/pattern_digest.hpp"

namespace sockwire::apps {
namespace {

using namespace std::chrono_literals;

constexpr Ipv4Address kFar{10, 18, 0, 1};

struct World {
  explicit World(Options options) {
    options.card = CardKind::kNative;
    options.wire = WireKind::kLoop;
    auto made = Setup::make(options);
    if (!made) {
      ADD_FAILURE() << made.error();
      return;
    }
    setup = std::move(made).value();
    far.emplace(*setup->far_host(), options.seed);
    setup->loop().add_task([this] { return far->turn(); });
  }
  std::unique_ptr<Setup> setup;
  std::optional<FarSide> far;
};

struct Outcome {
  std::string digest;
  TransferResult result;
};

Outcome get(World& world, const std::string& url) {
  Sha256 sha;
  const auto fetched = fetch(
      *world.setup, *Url::parse(url), 60s,
      [&](std::span<const std::uint8_t> bytes) {
        sha.update(bytes);
        return Result<void, std::string>();
      },
      [](std::uint64_t, std::optional<std::uint64_t>) {});
  if (!fetched) {
    ADD_FAILURE() << fetched.error().message;
    return {};
  }
  return {sha.finish(), *fetched};
}

class LoopWorld : public testing::TestWithParam<int> {
 protected:
  Options options() const {
    Options options;
    options.width = GetParam();
    return options;
  }
};
INSTANTIATE_TEST_SUITE_P(Widths, LoopWorld, testing::Values(1, 8));

TEST_P(LoopWorld, GetsAFile) {
  World world(options());
  ASSERT_TRUE(world.setup);
  ASSERT_TRUE(world.far->serve_http(80));
  const auto outcome = get(world, "http://10.18.0.1/300k");
  EXPECT_EQ(outcome.result.bytes, 300'000u);
  EXPECT_EQ(outcome.digest, pattern_digest(1, 300'000));
  EXPECT_EQ(outcome.result.info.retransmissions, 0u);
}

TEST_P(LoopWorld, SendsAFile) {
  World world(options());
  ASSERT_TRUE(world.setup);
  ASSERT_TRUE(world.far->serve_sink(7000));
  std::uint64_t offset = 0;
  const auto pushed = push(
      *world.setup, {kFar, 7000}, 60s,
      [&](std::span<std::uint8_t> out) -> Result<std::size_t, std::string> {
        const auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), 300'000 - offset));
        fill_pattern(9, offset, out.first(bytes));
        offset += bytes;
        return bytes;
      },
      300'000, [](std::uint64_t, std::optional<std::uint64_t>) {});
  ASSERT_TRUE(pushed) << pushed.error().message;
  ASSERT_TRUE(world.far->sunk());
  EXPECT_EQ(world.far->sunk()->bytes, 300'000u);
  EXPECT_EQ(world.far->sunk()->sha256, pattern_digest(9, 300'000));
  const auto measures = world.setup->measure();
  EXPECT_GT(measures.card[static_cast<std::size_t>(card::Counter::kTxSegments)], 200u);
  EXPECT_EQ(measures.to_far.lost, 0u);
}

TEST_P(LoopWorld, RecoversFromEverythingAtOnce) {
  Options faulty = options();
  faulty.loss = 0.02;
  faulty.reordering = 0.02;
  faulty.duplication = 0.01;
  faulty.bit_error_rate = 1e-6;
  faulty.seed = 5;
  World world(faulty);
  ASSERT_TRUE(world.setup);
  ASSERT_TRUE(world.far->serve_http(80));
  const auto outcome = get(world, "http://10.18.0.1/1M");
  EXPECT_EQ(outcome.digest, pattern_digest(5, 1'000'000));
  EXPECT_GT(world.setup->glance().from_far.lost, 0u);
}

TEST_P(LoopWorld, SameSeedSameRun) {
  Options faulty = options();
  faulty.loss = 0.05;
  faulty.seed = 3;
  std::vector<std::uint64_t> cycles;
  for (int i = 0; i < 2; ++i) {
    World world(faulty);
    ASSERT_TRUE(world.setup);
    ASSERT_TRUE(world.far->serve_http(80));
    get(world, "http://10.18.0.1/100k");
    cycles.push_back(world.setup->glance().cycles);
  }
  EXPECT_EQ(cycles[0], cycles[1]);
}

TEST_P(LoopWorld, ErrorsSayWhatToDo) {
  World world(options());
  ASSERT_TRUE(world.setup);
  ASSERT_TRUE(world.far->serve_http(80));
  const auto error = [&](const std::string& url) {
    const auto fetched = fetch(
        *world.setup, *Url::parse(url), 20s, [](std::span<const std::uint8_t>) { return Result<void, std::string>(); },
        [](std::uint64_t, std::optional<std::uint64_t>) {});
    return fetched ? std::string() : fetched.error().message;
  };
  EXPECT_EQ(error("http://10.18.0.1:81/1"), "connection refused by 10.18.0.1:81; is a server listening on that port?");
  EXPECT_NE(error("http://10.18.0.9/1").find("no answer to ARP"), std::string::npos);
  EXPECT_EQ(error("http://10.18.0.1/nothing"), "the server says 404 Not Found to /nothing");
  // What the sink cannot take ends the transfer.
  const auto fetched = fetch(
      *world.setup, *Url::parse("http://10.18.0.1/100k"), 20s,
      [](std::span<const std::uint8_t>) -> Result<void, std::string> { return Failure<std::string>{"disk full"}; },
      [](std::uint64_t, std::optional<std::uint64_t>) {});
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().message, "disk full");
}

TEST_P(LoopWorld, PingIsAnswered) {
  World world(options());
  ASSERT_TRUE(world.setup);
  const auto reply = world.setup->host().ping(kFar, 1, 56, 1s);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->bytes, 64u);
  EXPECT_LT(reply->rtt, 100us);
}

}  // namespace
}  // namespace sockwire::apps
