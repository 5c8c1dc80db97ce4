// SPDX-License-Identifier: Apache-2.0
// Each congestion control on paths that have a queue, random loss, or marks.
#include <gtest/gtest.h>

#include <string>

#include "pair.hpp"

namespace sockwire::tcp::test {
namespace {

constexpr double kRate = 50e6;  // of the slower hop; the card's wire has 1 Gb/s

struct Path {
  std::string name;
  CongestionAlgorithm congestion = CongestionAlgorithm::kCubic;
  double loss = 0;
  double queue_bdp = 1;  ///< The queue in bandwidth-delay products.
  Duration round_trip = 40ms;
  EcnMode ecn = EcnMode::kAccept;
  double mark_bdp = 0;
};

struct Result {
  double utilisation = 0;  ///< Of the slower hop, from 2 s on.
  double srtt_ms = 0;
  std::uint64_t queue_drops = 0;
  Info info;
};

Result transfer(const Path& path, std::uint64_t bytes, std::uint64_t seed = 1) {
  Pair pair(seed);
  pair.config_a.congestion = pair.config_b.congestion = path.congestion;
  pair.config_a.ecn = path.ecn;
  pair.config_a.send_buffer_bytes = pair.config_b.receive_buffer_bytes = 4 << 20;
  const double bdp = kRate / 8 * std::chrono::duration<double>(path.round_trip).count();
  for (int i = 0; i < 2; ++i) {
    WireConfig& wire = pair.side(i).wire;
    wire = {.bits_per_second = 1e9, .latency = path.round_trip / 2};
    pair.side(i).log_transmits = false;
  }
  pair.a().wire.loss = path.loss;
  pair.a().wire.bottleneck_bits_per_second = kRate;
  pair.a().wire.bottleneck_bytes = static_cast<std::size_t>(path.queue_bdp * bdp);
  pair.a().wire.mark_bytes = static_cast<std::size_t>(path.mark_bdp * bdp);
  pair.establish();
  pair.a().to_send = bytes;
  pair.pump(0);
  pair.run_for(2s);
  const std::uint64_t before = pair.b().received;
  const TimePoint start = pair.now();
  pair.run_until([&] { return pair.b().received == bytes; }, 600s);
  Result result;
  EXPECT_EQ(pair.b().received, bytes) << path.name;
  EXPECT_FALSE(pair.b().mismatch) << path.name;
  const double seconds = std::chrono::duration<double>(pair.now() - start).count();
  result.utilisation = static_cast<double>(bytes - before) * 8 / seconds / (kRate * 1448 / 1538);
  result.info = pair.a().connection->info();
  result.srtt_ms = std::chrono::duration<double, std::milli>(result.info.srtt).count();
  result.queue_drops = pair.a().queue_drops;
  return result;
}

constexpr CongestionAlgorithm kAll[] = {CongestionAlgorithm::kNewReno, CongestionAlgorithm::kCubic,
                                        CongestionAlgorithm::kBbr};

// RFC 5681, RFC 9438: a queue of a bandwidth-delay product keeps the path busy.
TEST(CongestionOnAPath, FillsAPathWithAQueue) {
  for (const auto algorithm : kAll) {
    const Result result = transfer({.name = "queue", .congestion = algorithm}, 30'000'000);
    EXPECT_GE(result.utilisation, 0.95) << result.info.congestion;
    EXPECT_LE(result.info.timeouts, algorithm == CongestionAlgorithm::kBbr ? 1u : 0u) << result.info.congestion;
  }
}

// BBR does not fill the queue: with four bandwidth-delay products of it, CUBIC's round trip is several times BBR's.
TEST(CongestionOnAPath, BbrKeepsQueuesShort) {
  const Result cubic =
      transfer({.name = "deep", .congestion = CongestionAlgorithm::kCubic, .queue_bdp = 4}, 30'000'000);
  const Result bbr = transfer({.name = "deep", .congestion = CongestionAlgorithm::kBbr, .queue_bdp = 4}, 30'000'000);
  EXPECT_GE(bbr.utilisation, 0.95);
  EXPECT_LE(bbr.srtt_ms, 60);
  EXPECT_GE(cubic.srtt_ms, 100);
}

// Random loss is no congestion for BBR; the others follow their response functions.
TEST(CongestionOnAPath, BbrBearsRandomLoss) {
  const Path lossy{.name = "1 % loss", .congestion = CongestionAlgorithm::kBbr, .loss = 0.01};
  EXPECT_GE(transfer(lossy, 30'000'000).utilisation, 0.85);
}

// A queue of a tenth: NewReno and CUBIC lose some, nobody times out.
TEST(CongestionOnAPath, ShallowQueue) {
  for (const auto algorithm : kAll) {
    const Result result = transfer({.name = "shallow", .congestion = algorithm, .queue_bdp = 0.1}, 30'000'000);
    EXPECT_GE(result.utilisation, 0.65) << result.info.congestion;
    EXPECT_LE(result.info.timeouts, 1u) << result.info.congestion;
  }
}

// RFC 3168: marks in place of drops.
TEST(CongestionOnAPath, MarksReplaceDrops) {
  for (const auto algorithm : {CongestionAlgorithm::kNewReno, CongestionAlgorithm::kCubic}) {
    const Result result = transfer(
        {.name = "ecn", .congestion = algorithm, .queue_bdp = 5, .ecn = EcnMode::kOffer, .mark_bdp = 1}, 30'000'000);
    EXPECT_GE(result.utilisation, 0.9) << result.info.congestion;
    EXPECT_GE(result.info.ecn_reductions, 1u) << result.info.congestion;
    EXPECT_EQ(result.info.retransmissions, 0u) << result.info.congestion;
    EXPECT_EQ(result.queue_drops, 0u) << result.info.congestion;
  }
}

}  // namespace
}  // namespace sockwire::tcp::test
