// SPDX-License-Identifier: Apache-2.0
// The check of clock domains on small designs that break its rules one at a time.
#include "tests/rtl/top/clock_domains.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/command_outcome.hpp"

namespace sockwire::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class SmallDesign : public testing::Test {
 protected:
  SmallDesign() : folder_(testing::TempDir() + "sockwire-domains-" + std::to_string(getpid())) {
    fs::create_directories(folder_);
  }
  ~SmallDesign() override { fs::remove_all(folder_); }

  /// Two clocks, a and b, behind u_a and u_b, and this body. Pin `p` belongs to a, pin `x` to none.
  ClockDomains design(const std::string& body) {
    std::ofstream(folder_ / "part.sv")
        << "module part(input logic a_pin, input logic b_pin, input logic rst, input logic p, input logic x,\n"
           " output logic q);\n logic a, b;\n BUFG u_a(.I(a_pin), .O(a));\n BUFG u_b(.I(b_pin), .O(b));\n"
        << body << "\nendmodule\n";
    const std::string netlist = (folder_ / "part.json").string();
    const CommandOutcome outcome =
        run_command("yosys -q -p 'read_verilog -lib +/xilinx/cells_sim.v; read_verilog -sv " SOCKWIRE_SOURCE_DIR
                    "/rtl/stream/sync_2ff.sv " +
                    (folder_ / "part.sv").string() +
                    "; hierarchy -top part; proc; flatten; opt_clean; memory_collect; write_json " + netlist + "'");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    netlist_ = json::parse(std::ifstream(netlist));
    return {netlist_.at("modules").at("part"), {{"sync_2ff", "async_fifo"}, {{"p", "u_a"}}}};
  }

  fs::path folder_;
  json netlist_;
};

const char* const kSync = " sync_2ff u_s(.clk_i(b), .rst_ni(rst), .d_i(in), .q_o(q));";

TEST_F(SmallDesign, OneClockOrASynchroniserIsFine) {
  ClockDomains domains = design(std::string("logic in; always_ff @(posedge a) in <= p;") + kSync);
  EXPECT_EQ(domains.crossings(), std::vector<std::string>());
  EXPECT_EQ(domains.latches(), std::vector<std::string>());
  EXPECT_EQ(domains.inferred_clocks(), std::vector<std::string>());
  EXPECT_EQ(domains.clocks(), (std::map<std::string, int>{{"u_a", 1}, {"u_b", 2}}));
}

TEST_F(SmallDesign, ARegisterThatSeesAnotherClockIsFound) {
  EXPECT_EQ(design("logic in; always_ff @(posedge a) in <= p; always_ff @(posedge b) q <= !in;").crossings().size(),
            1u);
  EXPECT_EQ(design("always_ff @(posedge b) q <= p;").crossings().size(), 1u);
  EXPECT_EQ(design("always_ff @(posedge a) q <= x;").crossings().size(), 1u);
}

TEST_F(SmallDesign, ASynchroniserBehindLogicIsFound) {
  const std::string two = "logic in, r, s; always_ff @(posedge a) {r, s} <= {p, r}; assign in = r ^ s;";
  EXPECT_EQ(design(two + kSync).crossings().size(), 1u);
}

TEST_F(SmallDesign, AMemoryThatSeesAnotherClockIsFound) {
  const std::string memory = "logic m[16]; logic [3:0] n; always_ff @(posedge a) begin n <= n + p; m[n] <= p; end ";
  EXPECT_EQ(design(memory + "always_ff @(posedge a) q <= m[n];").crossings().size(), 0u);
  EXPECT_EQ(
      design(memory + "logic [3:0] k; always_ff @(posedge b) begin k <= k + 1; q <= m[k]; end").crossings().size(), 1u);
  EXPECT_GE(design("logic m[16]; logic [3:0] n; always_ff @(posedge b) m[n] <= p; always_ff @(posedge a) n <= n + 1;"
                   "always_ff @(posedge a) q <= m[n];")
                .crossings()
                .size(),
            2u);
}

TEST_F(SmallDesign, LatchesAndInferredClocksAreFound) {
  EXPECT_EQ(design("always_latch if (x) q = p;").latches().size(), 1u);
  EXPECT_EQ(design("always_ff @(posedge x) q <= p;").inferred_clocks().size(), 1u);
  EXPECT_EQ(design("always_ff @(negedge a) q <= p;").inferred_clocks().size(), 1u);
  EXPECT_EQ(design("logic g; assign g = a & x; always_ff @(posedge g) q <= p;").inferred_clocks().size(), 1u);
}

TEST_F(SmallDesign, AResetMustEndOnItsOwnClock) {
  const std::string use = "always_ff @(posedge a or negedge r) if (!r) q <= 0; else q <= p;";
  const auto sync = [](const char* clock) {
    return std::string("logic r; sync_2ff u_r(.clk_i(") + clock + "), .rst_ni(rst), .d_i(1'b1), .q_o(r));";
  };
  EXPECT_EQ(design(sync("a") + use).resets(), std::vector<std::string>());
  EXPECT_EQ(design(sync("b") + use).resets().size(), 1u);
  EXPECT_EQ(design("logic r; assign r = rst;" + use).resets().size(), 1u);
}

}  // namespace
}  // namespace sockwire::test
