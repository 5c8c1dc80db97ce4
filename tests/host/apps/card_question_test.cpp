// SPDX-License-Identifier: Apache-2.0
#include "host/apps/card_question.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "host/apps/peers.hpp"

namespace sockwire::apps {
namespace {

TEST(CardQuestion, AFileIsOpenWhileAProcessHasIt) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/ttyUSB1";
  EXPECT_FALSE(is_open_somewhere(path));
  {
    const std::ofstream file(path);
    EXPECT_TRUE(is_open_somewhere(path));
  }
  EXPECT_FALSE(is_open_somewhere(path));
}

}  // namespace
}  // namespace sockwire::apps
