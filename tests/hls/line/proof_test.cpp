// SPDX-License-Identifier: Apache-2.0
// Proofs by SAT (Yosys) about what hlsc makes of the codes: 8b/10b against a table of its own (table_8b10b.sv), 64b/66b
// against itself backwards. Each must fail once something is wrong.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "tests/command_outcome.hpp"

namespace {

using sockwire::test::CommandOutcome;
using sockwire::test::run_command;

const std::string kGenerated = SOCKWIRE_GENERATED_RTL "/";
const std::string kSource = SOCKWIRE_SOURCE_DIR "/tests/hls/line/";

void expect_proof(const CommandOutcome& outcome, bool wrong) {
  EXPECT_EQ(outcome.exit_code, wrong ? 1 : 0) << outcome.output;
  EXPECT_EQ(outcome.output.find("proof did fail") != std::string::npos, wrong) << outcome.output;
}

CommandOutcome prove(const std::string& files, const std::string& top, const std::string& parameters, int asserts) {
  return run_command("yosys -q -p 'read_verilog -sv -formal " + files + "; " + parameters + "; prep -flatten -top " +
                     top + "; memory_map; async2sync; dffunmap; opt_clean; select -assert-count " +
                     std::to_string(asserts) + " t:$assert; sat -verify -tempinduct -prove-asserts'");
}

// The encoder is the table's; the decoder gives back what the table encodes, says valid of nothing else, and keeps the
// running disparity of clause 36.2.4.4 whatever comes.
CommandOutcome prove_8b10b(bool wrong) {
  return prove(kGenerated + "test_encode_8b10b.sv " + kGenerated + "test_decode_8b10b.sv " + kSource + "table_8b10b.sv",
               "table_8b10b", std::string("chparam -set Wrong ") + (wrong ? "1" : "0") + " table_8b10b", 6);
}

TEST(Proof8b10b, EncoderAndDecoderAreTheTables) { expect_proof(prove_8b10b(false), false); }
TEST(Proof8b10b, AWrongTableIsRefuted) { expect_proof(prove_8b10b(true), true); }

/// Every beat of XGMII that is a block comes back as it was; if `wrong`, every beat at all.
CommandOutcome prove_64b66b(bool wrong) {
  const std::string path = testing::TempDir() + "sockwire-64b66b-" + std::to_string(getpid()) + ".sv";
  std::ofstream(path) << "module back(input logic clk_i, input logic rst_ni, input logic [63:0] data_i,"
                         " input logic [7:0] control_i);\n"
                         "  logic good, same, ran_q = 1'b0;\n"
                         "  test_64b66b u_gate (.clk_i, .rst_ni, .data_i, .control_i, .good_o(good), .same_o(same));\n"
                         "  always_ff @(posedge clk_i) ran_q <= rst_ni;\n"
                         "  always_comb if (ran_q && rst_ni && "
                      << (wrong ? "1'b1" : "good") << ") assert (same);\nendmodule\n";
  const CommandOutcome outcome = prove(kGenerated + "test_64b66b.sv " + path, "back", "select *", 1);
  unlink(path.c_str());
  return outcome;
}

TEST(Proof64b66b, WhatIsABlockComesBackAsItWas) { expect_proof(prove_64b66b(false), false); }
TEST(Proof64b66b, WhatIsNoneDoesNot) { expect_proof(prove_64b66b(true), true); }

}  // namespace
