// SPDX-License-Identifier: Apache-2.0
// main() of tests that plug modelled cards in: starts again with umockdev's preload library.
#include <gtest/gtest.h>

#include <cstdio>

#include "sim/usb/umockdev_front.hpp"
#include "tests/sim/usb/tsan_suppressions.hpp"

int main(int argc, char** argv) {
  const std::string missing = sockwire::sim::start_again_with_umockdev(argv);
  if (!missing.empty()) {
    std::fprintf(stderr, "%s\n", missing.c_str());
    return 1;
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
