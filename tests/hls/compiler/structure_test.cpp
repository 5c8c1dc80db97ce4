// SPDX-License-Identifier: Apache-2.0
// How the module of a dataflow function is written: names, lines, what is beside it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "hls/compiler/whole_design.hpp"
#include "tests/command_outcome.hpp"

namespace {

using sockwire::test::CommandOutcome;
using sockwire::test::run_command;

std::string read(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Names that would meet each other, or what a module has anyway, in SystemVerilog.
constexpr char kClashing[] = R"(#pragma once
#include "hls/base/dataflow.hpp"
namespace sockwire {
typedef ap_uint<8> Byte;
struct PassState { Byte value = 7; };
inline void pass(PassState& state, stream<Byte>& in, stream<Byte>& out, wire<Byte>& reg) {
  reg.write(state.value);
  state.value = in.read();
  out.write(state.value);
}
struct LookState { Byte value = 0; };
inline void look(LookState& state, wire<Byte>& a, wire<Byte>& b, wire<Byte>& value_q) {
  state.value = ap_uint<8>(a.read() ^ b.read());
  value_q.write(state.value);
}
struct Parts {
  Process<PassState> idle_o;
  Process<PassState> in_fifo;
  struct { stream<Byte> b; } a;
  wire<Byte> a_b_data;
  wire<Byte> logic;
  Process<LookState> clk_i;
};
inline void clashing(Parts& e, stream<Byte>& in, stream<Byte>& endmodule, wire<Byte>& seen) {
#pragma HLS dataflow
  e.idle_o.run(pass, in, e.a.b, e.a_b_data);
  e.in_fifo.run(pass, e.a.b, endmodule, e.logic);
  e.clk_i.run(look, e.a_b_data, e.logic, seen);
}
}  // namespace sockwire
)";

class Structure : public testing::Test {
 protected:
  Structure() : folder_(testing::TempDir() + "sockwire_structure_" + std::to_string(getpid()) + "/") {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
    std::ofstream(folder_ + "clashing.hpp") << kClashing;
  }
  ~Structure() override { std::filesystem::remove_all(folder_); }

  CommandOutcome compile() const {
    return run_command(HLSC " --function clashing --module clashing -I " SOURCE_DIR " -o " + folder_ + "clashing.sv " +
                       folder_ + "clashing.hpp");
  }

  std::string folder_;
};

TEST_F(Structure, NamesThatMeetAreToldApart) {
  const CommandOutcome made = compile();
  ASSERT_EQ(made.exit_code, 0) << made.output;
  const CommandOutcome lint = run_command("verilator --lint-only -Wall --top-module clashing -y " + folder_ +
                                          " " SOURCE_DIR "/rtl/stream/stream_fifo.sv " + folder_ + "clashing.sv");
  EXPECT_EQ(lint.exit_code, 0) << lint.output << read(folder_ + "clashing.sv");
}

TEST_F(Structure, InstancesNameTheirLine) {
  ASSERT_EQ(compile().exit_code, 0);
  const std::string text = read(folder_ + "clashing.sv");
  EXPECT_NE(text.find("  // clashing.hpp:26: pass\n  pass #(\n    .OutDepth(2)\n  ) u_idle_o (\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("  // clashing.hpp:27: pass\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  // clashing.hpp:28: look\n  look u_clk_i (\n"), std::string::npos) << text;
}

// A simulator need not Verilate again what has not changed.
TEST_F(Structure, FilesThatAreEqualAreLeftAlone) {
  ASSERT_EQ(compile().exit_code, 0);
  const auto earlier = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
  for (const char* name : {"clashing.sv", "pass.sv", "look.sv"})
    std::filesystem::last_write_time(folder_ + name, earlier);
  std::ofstream(folder_ + "look.sv") << "// another\n";
  std::filesystem::last_write_time(folder_ + "look.sv", earlier);
  ASSERT_EQ(compile().exit_code, 0);
  EXPECT_EQ(std::filesystem::last_write_time(folder_ + "clashing.sv"), earlier);
  EXPECT_EQ(std::filesystem::last_write_time(folder_ + "pass.sv"), earlier);
  EXPECT_NE(std::filesystem::last_write_time(folder_ + "look.sv"), earlier);
}

TEST(ModuleName, SaysTheWidth) {
  EXPECT_EQ(hlsc::module_name("segmenter"), "segmenter");
  EXPECT_EQ(hlsc::module_name("mac_tx<1>"), "mac_tx_w1");
  EXPECT_EQ(hlsc::module_name("deep<3, 16>"), "deep_w3_16");
  EXPECT_EQ(hlsc::module_name("sort<ap_uint<8> >"), "sort_ap_uint_8");
}

}  // namespace
