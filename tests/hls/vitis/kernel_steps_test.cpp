// SPDX-License-Identifier: Apache-2.0
// Every kernel as a top for Vitis HLS, with the documented semantics of its integers and streams, does step for step
// what it does natively: under random inputs, on every port.
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "tests/hls/vitis/kernel_steps.hpp"

namespace {

std::vector<std::string> kernels() {
  std::vector<std::string> names;
  std::istringstream in(KERNELS);
  for (std::string name; std::getline(in, name, ',');) names.push_back(name);
  return names;
}

class VitisTop : public testing::TestWithParam<std::string> {};

TEST_P(VitisTop, StepsAsTheNativeKernelDoes) {
  constexpr std::uint32_t kSeed = 20250101;
  constexpr int kSteps = 30000;
  const std::string& kernel = GetParam();
  const std::vector<steps::Step> natively = steps::native(kernel, kSeed, kSteps);
  ASSERT_EQ(natively.size(), std::size_t{kSteps}) << "native_steps.cpp does not know " << kernel;
  const bool wide = kernel.size() > 3 && kernel.compare(kernel.size() - 3, 3, "_w8") == 0;
  const std::vector<steps::Step> as_top =
      wide ? steps::vitis_w8(kernel, kSeed, natively) : steps::vitis_w1(kernel, kSeed, natively);
  ASSERT_EQ(as_top.size(), natively.size()) << "vitis_steps.cpp does not know " << kernel;

  std::size_t fired = 0;
  std::set<std::uint64_t> shown;
  for (std::size_t i = 0; i < natively.size(); ++i) {
    ASSERT_EQ(as_top[i].shown, natively[i].shown) << kernel << ", seed " << kSeed << ", step " << i;
    fired += natively[i].fired;
    shown.insert(natively[i].shown);
  }
  std::cout << kernel << ": seed " << kSeed << ", " << fired << " steps fired, " << shown.size()
            << " different things shown\n";
  EXPECT_GT(fired, natively.size() / 8) << "the inputs were not worth comparing";
  EXPECT_GT(shown.size(), 100u) << "the inputs were not worth comparing";
}

INSTANTIATE_TEST_SUITE_P(Vitis, VitisTop, testing::ValuesIn(kernels()),
                         [](const testing::TestParamInfo<std::string>& each) { return each.param; });

}  // namespace
