// SPDX-License-Identifier: Apache-2.0
// The kernels' functions give the same with our integers and with AMD's; and what would not is seen.
#include "tests/hls/vitis/functions.hpp"

#include <gtest/gtest.h>

namespace {

constexpr std::uint32_t kSeed = 7;
constexpr int kRounds = 3000;

bool planted(const std::string& name) { return name.rfind("planted: ", 0) == 0; }

TEST(VitisFunctions, GiveTheSameWithApInt) {
  const functions::Digests ours = functions::native(kSeed, kRounds);
  const functions::Digests theirs = functions::with_ap_int(kSeed, kRounds);
  ASSERT_EQ(ours.size(), theirs.size());
  EXPECT_GT(ours.size(), 40u);
  for (const auto& [name, digest] : ours) {
    if (planted(name)) continue;
    EXPECT_EQ(theirs.at(name), digest) << name << ", seed " << kSeed;
  }
}

TEST(VitisFunctions, DifferWhereAKernelWouldDependOnOurIntegers) {
  const functions::Digests ours = functions::native(kSeed, kRounds);
  const functions::Digests theirs = functions::with_ap_int(kSeed, kRounds);
  int seen = 0;
  for (const auto& [name, digest] : ours) {
    if (!planted(name)) continue;
    EXPECT_NE(theirs.at(name), digest) << name;
    ++seen;
  }
  EXPECT_EQ(seen, 4);
}

}  // namespace
