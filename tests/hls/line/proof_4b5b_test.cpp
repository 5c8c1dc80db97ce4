// SPDX-License-Identifier: Apache-2.0
// What hlsc makes of 4B/5B is table_4b5b.sv, for every nibble and every code-group: by SAT (Yosys). It must fail once
// the table is wrong.
#include <gtest/gtest.h>

#include <string>

#include "tests/command_outcome.hpp"

namespace {

void expect_proof(bool wrong) {
  const std::string generated = SOCKWIRE_GENERATED_RTL "/";
  const sockwire::test::CommandOutcome outcome = sockwire::test::run_command(
      "yosys -q -p 'read_verilog -sv -formal " + generated + "test_encode_4b5b.sv " + generated +
      "test_decode_4b5b.sv " SOCKWIRE_SOURCE_DIR "/tests/hls/line/table_4b5b.sv; chparam -set Wrong " +
      (wrong ? "1" : "0") +
      " table_4b5b; prep -flatten -top table_4b5b; memory_map; async2sync; dffunmap; opt_clean;"
      " select -assert-count 3 t:$assert; sat -verify -tempinduct -prove-asserts'");
  EXPECT_EQ(outcome.exit_code, wrong ? 1 : 0) << outcome.output;
  EXPECT_EQ(outcome.output.find("proof did fail") != std::string::npos, wrong) << outcome.output;
}

TEST(Proof4b5b, EncoderAndDecoderAreTable24Dash1) { expect_proof(false); }
TEST(Proof4b5b, AWrongTableIsRefuted) { expect_proof(true); }

}  // namespace
