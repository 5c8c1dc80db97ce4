// SPDX-License-Identifier: Apache-2.0
// main() of tests that plug modelled cards in: starts again with umockdev's preload library.
#include <gtest/gtest.h>

#include <cstdio>

#include "sim/usb/umockdev_front.hpp"

#ifdef __SANITIZE_THREAD__
// These are not instrumented: ThreadSanitizer sees their memory, and not the locks and pipes that order their accesses.
extern "C" const char* __tsan_default_suppressions() {
  return "race:libumockdev.so\nrace:libglib-2.0.so\nrace:libgobject-2.0.so\nrace:libgio-2.0.so\nrace:libudev.so\n";
}
#endif

int main(int argc, char** argv) {
  const std::string missing = sockwire::sim::start_again_with_umockdev(argv);
  if (!missing.empty()) {
    std::fprintf(stderr, "%s\n", missing.c_str());
    return 1;
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
