// SPDX-License-Identifier: Apache-2.0
// The modules that hlsc makes of bit-level kernels (bit_level_kernels.hpp), and what the card's kernels do with CRCs
// and checksums, are proven equal to references that treat one bit after the other (bit_serial/*.sv). Each reference
// has a parameter that makes it wrong in one place, and every proof must then fail.
//
//   by induction    both modules from reset on, with the same free inputs: their outputs never differ (Yosys, miter and
//                   sat -tempinduct)
//   on a basis      for XOR networks that are too wide for a SAT solver: both netlists are nothing but XORs, so they
//   are
//                   equal if they are for no bit and for each single bit
//   from inside     a reference that watches registers of a module that is too large to be written twice
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/command_outcome.hpp"

namespace {

using sockwire::test::CommandOutcome;
using sockwire::test::run_command;

const std::string kGenerated = SOCKWIRE_GENERATED_RTL "/";
const std::string kReferences = SOCKWIRE_SOURCE_DIR "/tests/rtl/formal/bit_serial/";
const std::string kCannotBeShown = "proof did fail";

CommandOutcome yosys(const std::string& script) { return run_command("yosys -q -p '" + script + "'"); }

void expect_proof(const CommandOutcome& outcome, bool wrong) {
  EXPECT_EQ(outcome.exit_code, wrong ? 1 : 0) << outcome.output;
  EXPECT_EQ(outcome.output.find(kCannotBeShown) != std::string::npos, wrong) << outcome.output;
}

/// The generated module of a kernel as `gate`, its reference as `gold`, in one design.
std::string both(const std::string& name, bool wrong) {
  const std::string generated = "test_" + name;
  return "read_verilog -sv " + kGenerated + generated + ".sv; prep -flatten -top " + generated +
         "; memory_map; async2sync; dffunmap; rename -top gate; design -stash gate; read_verilog -sv " + kReferences +
         name + ".sv; chparam -set Wrong " + (wrong ? "1 " : "0 ") + name + "; prep -flatten -top " + name +
         "; memory_map; async2sync; dffunmap; rename -top gold; design -stash gold; design -copy-from gold -as gold "
         "A:top;"
         " design -copy-from gate -as gate A:top; ";
}

class ByInduction : public testing::TestWithParam<std::string> {
 protected:
  static CommandOutcome prove(const std::string& name, bool wrong) {
    return yosys(both(name, wrong) +
                 "miter -equiv -flatten gold gate both; hierarchy -top both; opt_clean;"
                 " sat -verify -tempinduct -set-at 1 in_rst_ni 0 -prove trigger 0 both");
  }
};

TEST_P(ByInduction, TheModuleEqualsItsReference) { expect_proof(prove(GetParam(), false), false); }
TEST_P(ByInduction, AWrongReferenceIsRefuted) { expect_proof(prove(GetParam(), true), true); }

INSTANTIATE_TEST_SUITE_P(Kernels, ByInduction,
                         testing::Values("crc32_byte", "crc32_after", "internet_checksum", "word_sum", "scrambler58",
                                         "descrambler58", "stream_cipher", "toeplitz", "encoder_8b10b", "bit_questions",
                                         "word_questions"),
                         [](const auto& instance) { return instance.param; });

struct Linear {
  std::string name;
  std::string inputs;  // of `all`, the bits of which are the basis
  unsigned bits;
  std::string output;
};

void PrintTo(const Linear& linear, std::ostream* out) { *out << linear.name; }

class OnABasis : public testing::TestWithParam<Linear> {
 protected:
  /// Only XORs (and NOTs) between inputs and registers.
  static CommandOutcome only_xors(const std::string& path, const std::string& top) {
    return yosys("read_verilog -sv " + path + "; prep -flatten -top " + top +
                 "; memory_map; opt -full; techmap; opt -full; select -assert-min 1 t:$_XOR_;"
                 " select -assert-none t:* t:$_XOR_ %d t:$_XNOR_ %d t:$_NOT_ %d t:$_DFF_* %d");
  }

  static std::string wrapper(const Linear& linear) {
    const std::string bits = std::to_string(linear.bits);
    const auto instance = [&](const std::string& module, const std::string& output) {
      return "  " + module + " u_" + module + " (.clk_i, .rst_ni, " + linear.inputs + ", ." + linear.output + "(" +
             output + "));\n";
    };
    return "module basis(input logic clk_i, input logic rst_ni, input logic [7:0] index_i);\n"
           "  logic [" +
           bits +
           "-1:0] all;\n  logic [31:0] a;\n  logic [31:0] b;\n  logic ran_q = 1'b0;\n"
           "  always_comb for (int i = 0; i < " +
           bits + "; i = i + 1) all[i] = (index_i == i + 1);\n" + instance("gate", "a") + instance("gold", "b") +
           "  always_ff @(posedge clk_i) ran_q <= rst_ni;\n"
           "  always_comb if (ran_q && rst_ni) assert (a == b);\nendmodule\n";
  }

  static CommandOutcome prove(const Linear& linear, bool wrong) {
    const std::string path = testing::TempDir() + "sockwire-basis-" + std::to_string(getpid()) + ".sv";
    std::ofstream(path) << wrapper(linear);
    const CommandOutcome outcome = yosys(both(linear.name, wrong) + "read_verilog -sv -formal " + path +
                                         "; prep -flatten -top basis; select -assert-count 1 t:$assert;"
                                         " sat -verify -tempinduct -prove-asserts");
    unlink(path.c_str());
    return outcome;
  }
};

TEST_P(OnABasis, BothAreNothingButXors) {
  const std::string& name = GetParam().name;
  for (const auto& [path, top] :
       {std::pair(kGenerated + "test_" + name + ".sv", "test_" + name), std::pair(kReferences + name + ".sv", name)}) {
    const CommandOutcome outcome = only_xors(path, top);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  }
}

TEST(OnABasisItself, ANetworkWithAnAndIsNone) {
  const std::string name = "internet_checksum";
  const CommandOutcome outcome = yosys("read_verilog -sv " + kReferences + name + ".sv; prep -flatten -top " + name +
                                       "; opt -full; techmap; opt -full;"
                                       " select -assert-none t:* t:$_XOR_ %d t:$_XNOR_ %d t:$_NOT_ %d t:$_DFF_* %d");
  EXPECT_EQ(outcome.exit_code, 1);
}

TEST_P(OnABasis, TheModuleEqualsItsReference) { expect_proof(prove(GetParam(), false), false); }
TEST_P(OnABasis, AWrongReferenceIsRefuted) { expect_proof(prove(GetParam(), true), true); }

INSTANTIATE_TEST_SUITE_P(Kernels, OnABasis,
                         testing::Values(Linear{"crc32_beat8", ".crc_i(all[31:0]), .data_i(all[95:32])", 96, "next_o"},
                                         Linear{"crc32_back", ".crc_i(all[31:0])", 32, "earlier_o"}),
                         [](const auto& instance) { return instance.param.name; });

/// A module of the card, and what watches it: its parameters aside, an instance among the module's own statements.
struct Watched {
  std::string module;
  std::string watcher;
  std::string pins;
};

void PrintTo(const Watched& watched, std::ostream* out) { *out << watched.module; }

class FromInside : public testing::TestWithParam<Watched> {
 protected:
  static CommandOutcome prove(const Watched& watched, bool wrong) {
    std::ifstream in(kGenerated + watched.module + ".sv");
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    const std::size_t end = text.rfind("endmodule");
    if (end == std::string::npos) return {};
    text.insert(end, "  " + watched.watcher + " #(.Wrong(" + (wrong ? "1" : "0") + ")) u_watcher (.clk_i, .rst_ni, " +
                         watched.pins + ");\n");
    const std::string path = testing::TempDir() + "sockwire-watched-" + std::to_string(getpid()) + ".sv";
    std::ofstream(path) << text;
    // Memories are cut off: whatever they may hold.
    const CommandOutcome outcome =
        yosys("read_verilog -sv -formal -DSYNTHESIS " SOCKWIRE_SOURCE_DIR "/rtl/stream/stream_fifo.sv " + kReferences +
              watched.watcher + ".sv " + path + "; prep -flatten -top " + watched.module +
              "; memory_collect; cutpoint t:$mem_v2; async2sync; dffunmap; opt_clean;"
              " select -assert-count 1 t:$assert; sat -verify -tempinduct -prove-asserts");
    unlink(path.c_str());
    return outcome;
  }
};

TEST_P(FromInside, TheRegistersAreWhatTheReferenceSays) { expect_proof(prove(GetParam(), false), false); }
TEST_P(FromInside, AWrongReferenceIsRefuted) { expect_proof(prove(GetParam(), true), true); }

INSTANTIATE_TEST_SUITE_P(
    Card, FromInside,
    testing::Values(Watched{"mac_tx_w1", "mac_tx_crc",
                            ".steps_i(fire & enable_i), .step_i(step_q), .valid_i(s_frame_valid_i),"
                            " .data_i(s_frame_data_i[7:0]), .crc_i(crc_q)"},
                    Watched{"mac_rx_w1", "mac_rx_crc", ".data_i(line_i[7:0]), .crc_i(crc_q)"},
                    Watched{"checksum_insert_w1", "checksum_insert_sum",
                            ".last_i(part_last_q), .sum_i(l4_sum_q), .part_i(l4_part_q), .folded_i(folded_l4_q)"}),
    [](const auto& instance) { return instance.param.module; });

}  // namespace
