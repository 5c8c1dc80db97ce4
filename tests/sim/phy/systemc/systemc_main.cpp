// SPDX-License-Identifier: Apache-2.0
// GoogleTest inside SystemC's main program.
#include <gtest/gtest.h>

#include <systemc>

int sc_main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
