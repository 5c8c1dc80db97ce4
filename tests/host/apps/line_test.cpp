// SPDX-License-Identifier: Apache-2.0
// Whole transfers between two cards over each line code, in virtual time, and what the command line says of one.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

#include "host/apps/far_side.hpp"
#include "host/apps/setup.hpp"
#include "host/apps/sha256.hpp"
#include "host/apps/transfer.hpp"
#include "tests/host/apps/pattern_digest.hpp"
#include "tests/sim/wave/fst_reader.hpp"

namespace sockwire::apps {
namespace {

using namespace std::chrono_literals;

struct Case {
  sim::LineCode code;
  CardKind card;
  std::uint64_t bytes;
};

std::string name_of_case(const testing::TestParamInfo<Case>& info) {
  std::string name(sim::name_of(info.param.code));
  std::erase(name, '-');
  return name + "_" + name_of(info.param.card);
}

class LineTransfer : public testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Codes, LineTransfer,
                         testing::Values(Case{sim::LineCode::k10BaseT, CardKind::kNative, 10'000},
                                         Case{sim::LineCode::k10BaseT, CardKind::kVerilator, 2'000},
                                         Case{sim::LineCode::k100BaseTx, CardKind::kNative, 50'000},
                                         Case{sim::LineCode::k100BaseTx, CardKind::kVerilator, 20'000},
                                         Case{sim::LineCode::k1000BaseX, CardKind::kNative, 200'000},
                                         Case{sim::LineCode::k1000BaseX, CardKind::kVerilator, 20'000},
                                         Case{sim::LineCode::k10GBaseR, CardKind::kNative, 400'000},
                                         Case{sim::LineCode::k10GBaseR, CardKind::kVerilator, 50'000}),
                         name_of_case);

TEST_P(LineTransfer, GetsAFile) {
  Options options;
  options.card = GetParam().card;
  options.wire = WireKind::kLoop;
  options.line.code = GetParam().code;
  options.line.verilated = GetParam().card == CardKind::kVerilator;
  options.width = sim::width_of(options.line.code);
  const auto setup = apps::Setup::make(options);
  ASSERT_TRUE(setup) << setup.error();
  apps::Setup& world = **setup;
  FarSide far(*world.far_host(), options.seed);
  world.loop().add_task([&far] { return far.turn(); });
  ASSERT_TRUE(far.serve_http(80));
  Sha256 sha;
  const auto fetched = fetch(
      world, *Url::parse("http://10.18.0.1/" + std::to_string(GetParam().bytes)), 60s,
      [&](std::span<const std::uint8_t> bytes) {
        sha.update(bytes);
        return Result<void, std::string>();
      },
      [](std::uint64_t, std::optional<std::uint64_t>) {});
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(fetched->bytes, GetParam().bytes);
  EXPECT_EQ(sha.finish(), pattern_digest(1, GetParam().bytes));

  const auto line = world.measure().line;
  ASSERT_TRUE(line);
  EXPECT_TRUE(line->near_status.link && line->far_status.link);
  for (const LineCounter counter : {LineCounter::kFrameCut, LineCounter::kLinkLost, LineCounter::kFalseCarrier}) {
    EXPECT_EQ(line->near_counts.of(counter), 0u);
    EXPECT_EQ(line->far_counts.of(counter), 0u);
  }
}

// The ping's first octets, and what they become: in a GTKWave file, by the standard's names.
TEST(LineWave, NamesTheSymbolsOfAFrame) {
  const std::string path = testing::TempDir() + "sockwire-line-" + std::to_string(getpid()) + ".fst";
  {
    Options options;
    options.card = CardKind::kNative;
    options.wire = WireKind::kLoop;
    options.line.code = sim::LineCode::k10GBaseR;
    options.width = 8;
    options.wave = path;
    const auto setup = apps::Setup::make(options);
    ASSERT_TRUE(setup) << setup.error();
    Host& host = (*setup)->host();
    const int socket = *host.socket(SocketType::kDatagram);
    const std::array<std::uint8_t, 3> data{1, 2, 3};
    ASSERT_TRUE(host.sendto(socket, data, {IpAddress(Ipv4Address(10, 18, 0, 1)), 9}));
    (*setup)->loop().run_until([] { return false; }, host.now() + 1ms);
  }
  const sim::FstReader wave(path);
  unlink(path.c_str());
  ASSERT_TRUE(wave.open);
  const auto all = [&](const std::string& signal) {
    std::string text;
    for (const auto& change : wave.changes.at(signal)) text += "[" + change.value + "]";
    return text;
  };
  EXPECT_NE(all("near.symbol_name").find("[S0][D]"), std::string::npos) << all("near.symbol_name");
  EXPECT_NE(all("near.mac_tx").find("S 55 55 55 55 55 55 d5"), std::string::npos) << all("near.mac_tx");
  EXPECT_NE(all("far.symbol_name").find("[S0][D]"), std::string::npos) << "the ARP reply";
}

}  // namespace
}  // namespace sockwire::apps
