// SPDX-License-Identifier: Apache-2.0
#include "host/base/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace sockwire {
namespace {

Result<int, std::string> half(int number) {
  if (number % 2 != 0) return Failure{std::string("odd")};
  return number / 2;
}

Result<void, std::string> must_be_even(int number) {
  if (number % 2 != 0) return Failure{std::string("odd")};
  return {};
}

TEST(Result, HoldsAValueOrAnError) {
  EXPECT_TRUE(half(4).ok());
  EXPECT_EQ(*half(4), 2);
  EXPECT_FALSE(half(3).ok());
  EXPECT_EQ(half(3).error(), "odd");
}

TEST(Result, OfVoidHoldsSuccessOrAnError) {
  EXPECT_TRUE(must_be_even(2).ok());
  EXPECT_EQ(must_be_even(1).error(), "odd");
}

TEST(Result, GivesUpAMoveOnlyValue) {
  Result<std::unique_ptr<int>, int> result(std::make_unique<int>(7));
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 7);
}

}  // namespace
}  // namespace sockwire
