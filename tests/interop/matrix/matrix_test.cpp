// SPDX-License-Identifier: Apache-2.0
// Some cells of the matrix; all of them are a campaign (matrix_main.cpp).
#include <gtest/gtest.h>

#include <set>

#include "matrix_run.hpp"

namespace sockwire::interop {
namespace {

constexpr std::uint64_t kSeed = 7;
constexpr std::size_t kBytes = 200'000;

void expect_to_pass(const Setting& setting, const std::vector<PeerCell>& cells = linux_cells()) {
  SCOPED_TRACE(name_of(setting) + ", seed " + std::to_string(kSeed));
  const SettingReport report = run_setting(setting, cells, kBytes, kSeed);
  if (!report.permitted) GTEST_SKIP() << report.reason;
  for (const auto& cell : report.cells) EXPECT_EQ(cell.problem, "") << cell.peer;
}

TEST(InteropMatrix, TheUsualSettings) { expect_to_pass({}); }

TEST(InteropMatrix, NoOptionsAndTheSmallestMtu) {
  expect_to_pass({.congestion = "reno", .sack = false, .timestamps = false, .window_scaling = false, .mtu = 576});
}

TEST(InteropMatrix, BbrWithEcnOverIpv6) {
  expect_to_pass({.congestion = "bbr", .ecn = true, .mtu = 9000, .ipv6 = true});
}

TEST(InteropMatrix, LossesWithoutSackAndWithIt) {
  expect_to_pass({.congestion = "reno", .sack = false, .loss = 0.01});
  expect_to_pass({.ipv6 = true, .loss = 0.01});
}

TEST(InteropMatrix, OneWrongByteIsNoticed) {
  const std::vector<std::uint8_t> content{1, 2, 3};
  EXPECT_NO_THROW(compare({1, 2, 3}, content));
  EXPECT_THROW(compare({1, 2, 4}, content), CellFailure);
  EXPECT_THROW(compare({1, 2}, content), CellFailure);
  EXPECT_THROW(compare_file("/dev/null", content), CellFailure);
}

TEST(InteropMatrix, LwipAsThePeer) {
  for (const Setting& setting : lwip_matrix()) expect_to_pass(setting, lwip_cells());
}

TEST(InteropMatrix, TheWholeOfItHasEverySettingOnce) {
  const auto settings = linux_matrix();
  std::set<std::string> names;
  for (const Setting& setting : settings) names.insert(name_of(setting));
  EXPECT_EQ(names.size(), settings.size());
  EXPECT_EQ(settings.size(), 3u * 16u * (4u + 3u));
}

}  // namespace
}  // namespace sockwire::interop
