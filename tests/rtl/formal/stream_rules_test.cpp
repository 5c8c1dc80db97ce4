// SPDX-License-Identifier: Apache-2.0
// Proven with Yosys for every module that hlsc makes, from whatever state its registers may be in:
// - what an output stream offers holds until it is taken (rtl/formal/stream_rules.sv, by temporal induction);
// - no ready input reaches a valid, data or ready output in the same cycle (by following the netlist).
// And of the FIFO in each of its styles, with its memory.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "tests/command_outcome.hpp"

namespace {

using sockwire::test::CommandOutcome;
using sockwire::test::run_command;

namespace fs = std::filesystem;

const std::string kRtl = SOCKWIRE_SOURCE_DIR "/rtl/";

struct Port {
  bool is_input = false;
  std::string width;  // "[7:0]", or empty
  std::string name;
};

CommandOutcome yosys(const std::string& script) { return run_command("yosys -q -p '" + script + "'"); }

std::string read(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<Port> ports_of(const std::string& source) {
  static const std::regex declaration(R"(\n  (input |output) logic (\[\d+:0\] )?(\w+),?(?=\n))");
  std::vector<Port> ports;
  for (std::sregex_iterator at(source.begin(), source.end(), declaration), end; at != end; ++at) {
    ports.push_back({(*at)[1] == "input ", (*at)[2], (*at)[3]});
  }
  return ports;
}

/// The names of the streams that the module writes.
std::vector<std::string> outputs_of(const std::vector<Port>& ports) {
  static const std::regex valid("m_(\\w+)_valid_o");
  std::vector<std::string> names;
  for (const Port& port : ports) {
    if (std::smatch match; std::regex_match(port.name, match, valid)) names.push_back(match[1]);
  }
  return names;
}

/// The module with the rules at each of its outputs, and free inputs.
std::string under_rules(const std::string& module, const std::vector<Port>& ports) {
  std::string inputs;
  std::string nets;
  std::string pins;
  for (const Port& port : ports) {
    if (port.is_input) inputs += (inputs.empty() ? "" : ", ") + ("input logic " + port.width + port.name);
    if (!port.is_input) nets += "  logic " + port.width + port.name + ";\n";
    pins += (pins.empty() ? "." : ", .") + port.name;
  }
  std::string text = "module under_rules(" + inputs + ");\n" + nets + "  " + module + " u_module (" + pins + ");\n";
  for (const std::string& name : outputs_of(ports)) {
    const std::string data = "m_" + name + "_data_o";
    text += "  stream_rules #(.Width($bits(" + data + "))) u_" + name + " (.clk_i, .rst_ni, .valid_i(m_" + name +
            "_valid_o), .ready_i(m_" + name + "_ready_i), .data_i(" + data + "));\n";
  }
  return text + "endmodule\n";
}

std::string path_of(const std::string& module) { return SOCKWIRE_GENERATED_RTL "/" + module + ".sv"; }

/// It consists of kernels, as an engine does: its outputs are theirs.
bool is_design(const std::string& module) {
  static const std::regex instance(R"(\n +(\w+) (?:#\([^;]*?\) )?u_\w+ \()");
  const std::string source = read(path_of(module));
  for (std::sregex_iterator at(source.begin(), source.end(), instance), end; at != end; ++at) {
    if (fs::exists(path_of((*at)[1]))) return true;
  }
  return false;
}

std::vector<std::string> kernels() {
  std::vector<std::string> names;
  if (!fs::exists(SOCKWIRE_GENERATED_RTL)) return names;
  for (const auto& entry : fs::directory_iterator(SOCKWIRE_GENERATED_RTL)) {
    const std::string name = entry.path().stem();
    // The compiler's test kernels are in no card.
    const bool is_kernel = name.rfind("test_", 0) != 0 && !is_design(name);
    if (entry.path().extension() == ".sv" && is_kernel) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// What has no output stream has nothing to prove.
std::vector<std::string> kernels_with_outputs() {
  std::vector<std::string> names = kernels();
  std::erase_if(names, [](const std::string& name) { return outputs_of(ports_of(read(path_of(name)))).empty(); });
  return names;
}

class StreamRules : public testing::TestWithParam<std::string> {
 protected:
  StreamRules() : path_(path_of(GetParam())), ports_(ports_of(read(path_))) {}

  std::string path_;
  std::vector<Port> ports_;
};
INSTANTIATE_TEST_SUITE_P(Modules, StreamRules, testing::ValuesIn(kernels_with_outputs()),
                         [](const auto& instance) { return instance.param; });

// A kernel's memories are cut off: whatever they may hold, the rules must be kept. Those of FIFOs are not, since what
// is offered lies in them.
TEST_P(StreamRules, WhatIsOfferedHoldsUntilItIsTaken) {
  const std::string wrapper = testing::TempDir() + "sockwire-rules-" + std::to_string(getpid()) + ".sv";
  std::ofstream(wrapper) << under_rules(GetParam(), ports_);
  const CommandOutcome outcome =
      yosys("read_verilog -sv -formal -DSYNTHESIS " + kRtl + "formal/stream_rules.sv " + kRtl +
            "stream/stream_fifo.sv " + kRtl + "stream/stream_reserve_fifo.sv " + path_ + " " + wrapper +
            "; prep -top under_rules -flatten; memory_collect; memory_map c:*_fifo.*ram_q*; cutpoint t:$mem_v2;"
            " async2sync; dffunmap; opt_clean; select -assert-min 1 t:$assert;"
            " sat -tempinduct -set-at 1 rst_ni 0 -prove-asserts -verify");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  unlink(wrapper.c_str());
}

// Whoever offers something is asked.
TEST(StreamRulesThemselves, LeaveOutNoModuleThatOffers) {
  const std::vector<std::string> asked = kernels_with_outputs();
  EXPECT_GT(asked.size(), 20U);
  for (const std::string& name : kernels()) {
    const bool offers = read(path_of(name)).find("_valid_o") != std::string::npos;
    EXPECT_EQ(offers, std::binary_search(asked.begin(), asked.end(), name)) << name;
  }
}

// The rules can be broken: by a valid that does not wait, and by data that does not.
TEST(StreamRulesThemselves, RefuteAWriterThatTakesItsOfferBack) {
  const std::string source = testing::TempDir() + "sockwire-writer-" + std::to_string(getpid()) + ".sv";
  for (const std::string broken : {"valid", "data"}) {
    const std::string valid = broken == "valid" ? "free_i" : "valid_q";
    const std::string data = broken == "data" ? "{8{free_i}}" : "8'd5";
    std::ofstream(source)
        << "module writer(input logic clk_i, input logic rst_ni, input logic ready_i, input logic free_i);\n"
           "  logic valid_q;\n"
           "  always_ff @(posedge clk_i) valid_q <= 1;\n"
           "  stream_rules #(.Width(8)) u_rules (.clk_i, .rst_ni, .valid_i(" +
               valid + "), .ready_i, .data_i(" + data + "));\nendmodule\n";
    const CommandOutcome outcome =
        yosys("read_verilog -sv -formal " + kRtl + "formal/stream_rules.sv " + source +
              "; prep -top writer -flatten; async2sync; dffunmap; sat -tempinduct -prove-asserts"
              " -verify");
    EXPECT_NE(outcome.exit_code, 0) << broken;
    EXPECT_NE(outcome.output.find("proof did fail"), std::string::npos) << outcome.output;
  }
  unlink(source.c_str());
}

TEST_P(StreamRules, NoReadyInputReachesAnOutputInTheSameCycle) {
  const CommandOutcome outcome = yosys("read_verilog -sv " + kRtl + "stream/stream_fifo.sv " + kRtl +
                                       "stream/stream_reserve_fifo.sv " + path_ + "; prep -top " + GetParam() +
                                       " -flatten; select -set outputs o:m_*_valid_o o:m_*_data_o %u o:s_*_ready_o %u;"
                                       " select -assert-min 2 @outputs;"
                                       " select -set reached i:m_*_ready_i %coe*:-$dff,$dffe,$adff,$adffe,$mem_v2;"
                                       " select -assert-none @reached @outputs %i");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
}

struct FifoStyle {
  const char* name;
  unsigned depth;
  unsigned style;
};

void PrintTo(const FifoStyle& style, std::ostream* out) { *out << style.name; }

class FifoRules : public testing::TestWithParam<FifoStyle> {
 protected:
  FifoRules() : wrapper_(testing::TempDir() + "sockwire-fifo-" + std::to_string(getpid()) + ".sv") {}
  ~FifoRules() override { unlink(wrapper_.c_str()); }

  std::string wrapper_;
};

INSTANTIATE_TEST_SUITE_P(Styles, FifoRules,
                         testing::Values(FifoStyle{"Register", 1, 0}, FifoStyle{"Slice", 2, 0},
                                         FifoStyle{"Lutram", 5, 1}, FifoStyle{"Block", 7, 2},
                                         FifoStyle{"SmallestBlock", 3, 2}),
                         [](const auto& instance) { return instance.param.name; });

// What stream_fifo.sv asserts of its registers is proven with it.
TEST_P(FifoRules, WhatIsOfferedHoldsUntilItIsTaken) {
  std::ofstream(wrapper_) << "module fifo_under_rules(input logic clk_i, input logic rst_ni, input logic s_valid_i,\n"
                             "    input logic [3:0] s_data_i, input logic m_ready_i);\n"
                             "  logic s_ready;\n  logic m_valid;\n  logic [3:0] m_data;\n"
                             "  stream_fifo #(.Width(4), .Depth("
                          << GetParam().depth << "), .Style(" << GetParam().style
                          << ")) u_fifo (.clk_i, .rst_ni, .s_valid_i, .s_ready_o(s_ready), .s_data_i,\n"
                             "    .m_valid_o(m_valid), .m_ready_i, .m_data_o(m_data));\n"
                             "  stream_rules #(.Width(4)) u_rules (.clk_i, .rst_ni, .valid_i(m_valid),\n"
                             "    .ready_i(m_ready_i), .data_i(m_data));\nendmodule\n";
  const CommandOutcome outcome = yosys(
      "read_verilog -sv -formal " + kRtl + "formal/stream_rules.sv " + kRtl + "stream/stream_fifo.sv " + wrapper_ +
      "; prep -top fifo_under_rules -flatten; memory_map; async2sync; dffunmap; opt_clean;"
      " select -assert-min 2 t:$assert; sat -tempinduct -set-at 1 rst_ni 0 -prove-asserts -verify");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
}

TEST_P(FifoRules, NoReadyInputReachesAnOutputInTheSameCycle) {
  const CommandOutcome outcome =
      yosys("read_verilog -sv " + kRtl + "stream/stream_fifo.sv; chparam -set Depth " +
            std::to_string(GetParam().depth) + " -set Style " + std::to_string(GetParam().style) +
            " stream_fifo; prep -top stream_fifo -flatten; select -assert-min 3 o:*;"
            " select -set reached i:m_ready_i %coe*:-$dff,$dffe,$adff,$adffe,$mem_v2;"
            " select -assert-none @reached o:* %i");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
}

}  // namespace
