// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.1 (MUST-1) and REC-1: a window above 32,767 is a large one, not a negative one.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, WindowIsUnsigned) {
  Lone lone;
  lone.config.initial_window_segments = 60;
  lone.peer_window = 65535;
  lone.establish();
  lone.send(text(65536));
  EXPECT_GT(payload_bytes(lone.take()), 60000u);
}

}  // namespace
}  // namespace sockwire::tcp::test
