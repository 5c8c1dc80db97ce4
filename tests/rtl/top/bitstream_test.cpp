// SPDX-License-Identifier: Apache-2.0
// The ways to a bitstream, as far as they go without the tools: Vivado's script in another Tcl interpreter, the open
// flow and the loader with programs in their place that say how they were called, and what is said when one is missing.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/command_outcome.hpp"

namespace sockwire::test {
namespace {

namespace fs = std::filesystem;

const std::string kSource = SOCKWIRE_SOURCE_DIR;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

class Bitstream : public testing::Test {
 protected:
  Bitstream() : folder_(testing::TempDir() + "sockwire-bitstream-" + std::to_string(getpid())) {
    fs::create_directories(folder_ / "bin");
    fs::create_directories(folder_ / "build/rtl");
    fs::create_directories(folder_ / "database");
    std::ofstream(folder_ / "build/rtl/arty_a7.f") << "one.sv\ntwo.sv\n";
    std::ofstream(folder_ / "build/rtl/arty_a7_10base_t.f") << "three.sv\n";
    std::ofstream(folder_ / "database/xc7a35tcsg324.bin") << "";
  }
  ~Bitstream() override { fs::remove_all(folder_); }

  /// A program of this name that says how it was called and then does this.
  void put(const std::string& tool, const std::string& then = "") {
    const fs::path path = folder_ / "bin" / tool;
    std::ofstream(path) << "#!/bin/sh\necho " << tool << " \"$@\" >>" << (folder_ / "calls").string() << "\n"
                        << then << '\n';
    fs::permissions(path, fs::perms::owner_all);
  }
  std::vector<std::string> calls() const {
    std::ifstream file(folder_ / "calls");
    std::ostringstream text;
    text << file.rdbuf();
    return lines_of(text.str());
  }

  /// Only what a shell needs is in PATH besides.
  CommandOutcome run(const std::string& command) const {
    return run_command("env PATH=" + (folder_ / "bin").string() + ":/usr/bin:/bin " + command);
  }
  CommandOutcome flow(const std::string& arguments) const {
    return run(kSource + "/constraints/bitstream.sh " + arguments);
  }
  std::string build() const { return (folder_ / "build").string(); }
  std::string stem() const { return build() + "/bitstream/arty_a7_35t"; }
  std::string databases() const {
    return "env CHIPDB=" + (folder_ / "database").string() + " PRJXRAY_DB_DIR=" + (folder_ / "database").string() + " ";
  }
  bool is_here(const std::string& tool) const { return run("command -v " + tool).exit_code == 0; }

  fs::path folder_;
};

CommandOutcome vivado_script(const std::string& slack, const fs::path& sources) {
  return run_command("env SLACK=" + slack + " tclsh " + kSource + "/tests/rtl/top/record_vivado.tcl " + kSource +
                     "/constraints/vivado.tcl the_part the.xdc " + sources.string() + " out/the.bit");
}

TEST_F(Bitstream, VivadosScriptDoesItsStepsInOrder) {
  const CommandOutcome outcome = vivado_script("0.25", folder_ / "build/rtl/arty_a7.f");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_EQ(lines_of(outcome.output),
            (std::vector<std::string>{
                "read_verilog -sv one.sv", "read_verilog -sv two.sv", "read_xdc the.xdc",
                "synth_design -top arty_a7 -part the_part", "opt_design", "place_design", "phys_opt_design",
                "route_design", "report_utilization -hierarchical -file out/the.utilization.txt",
                "report_timing_summary -file out/the.timing.txt", "report_cdc -details -file out/the.cdc.txt",
                "report_drc -file out/the.drc.txt", "write_bitstream -force out/the.bit"}));
}

TEST_F(Bitstream, VivadosScriptTakesTheTopFromTheListsName) {
  const CommandOutcome outcome = vivado_script("0.25", folder_ / "build/rtl/arty_a7_10base_t.f");
  EXPECT_NE(outcome.output.find("synth_design -top arty_a7_10base_t -part the_part"), std::string::npos)
      << outcome.output;
}

TEST_F(Bitstream, VivadosScriptMakesNoneOfADesignThatMissesItsTiming) {
  const CommandOutcome outcome = vivado_script("-0.125", folder_ / "build/rtl/arty_a7.f");
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_NE(outcome.output.find("misses its setup time by 0.125 ns"), std::string::npos) << outcome.output;
  EXPECT_EQ(outcome.output.find("write_bitstream"), std::string::npos);
}

TEST_F(Bitstream, VivadoIsCalledWithThePartAndItsFiles) {
  put("vivado", "touch " + stem() + ".bit");
  const CommandOutcome outcome = flow("build vivado arty-a7-35t " + build());
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_EQ(calls(), (std::vector<std::string>{"vivado -mode batch -nojournal -log " + stem() + ".vivado.log -source " +
                                               kSource + "/constraints/vivado.tcl -tclargs xc7a35ticsg324-1L " +
                                               kSource + "/constraints/arty_a7_35t.xdc " + build() + "/rtl/arty_a7.f " +
                                               stem() + ".bit"}));
}

TEST_F(Bitstream, TheOpenFlowCallsItsToolsInOrder) {
  for (const char* tool : {"yosys", "nextpnr-xilinx", "fasm2frames"}) put(tool);
  put("xc7frames2bit", "touch " + stem() + ".bit");
  const CommandOutcome outcome =
      run(databases() + kSource + "/constraints/bitstream.sh build open arty-a7-35t " + build());
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  const std::vector<std::string> called = calls();
  ASSERT_EQ(called.size(), 4u);
  EXPECT_EQ(called[0], "yosys -q -l " + stem() +
                           ".yosys.log -p read_verilog -sv one.sv two.sv ; synth_xilinx -family xc7" +
                           " -flatten -nosrl -top arty_a7; write_json " + stem() + ".json");
  EXPECT_EQ(called[1], "nextpnr-xilinx --chipdb " + (folder_ / "database/xc7a35tcsg324.bin").string() + " --xdc " +
                           kSource + "/constraints/arty_a7_35t.xdc --json " + stem() + ".json --fasm " + stem() +
                           ".fasm --freq 120");
  EXPECT_EQ(called[2].rfind("fasm2frames --part xc7a35tcsg324-1 ", 0), 0u) << called[2];
  EXPECT_EQ(called[3].rfind("xc7frames2bit --part_file ", 0), 0u) << called[3];
}

TEST_F(Bitstream, WithoutThePhyTopConstraintsAndFileAreOthers) {
  const std::string other = build() + "/bitstream/arty_a7_100t_10base_t";
  put("vivado", "touch " + other + ".bit");
  EXPECT_EQ(flow("build vivado arty-a7-100t:10base-t " + build()).exit_code, 0);
  put("openFPGALoader");
  EXPECT_EQ(flow("program arty-a7-100t:10base-t " + build()).exit_code, 0);
  std::ofstream(folder_ / "database/xc7a100tcsg324.bin") << "";
  for (const char* tool : {"yosys", "nextpnr-xilinx", "fasm2frames"}) put(tool);
  put("xc7frames2bit", "touch " + other + ".bit");
  const CommandOutcome open =
      run(databases() + kSource + "/constraints/bitstream.sh build open arty-a7-100t:10base-t " + build());
  EXPECT_EQ(open.exit_code, 0) << open.output;
  const std::vector<std::string> called = calls();
  ASSERT_EQ(called.size(), 6u);
  EXPECT_EQ(called[0], "vivado -mode batch -nojournal -log " + other + ".vivado.log -source " + kSource +
                           "/constraints/vivado.tcl -tclargs xc7a100tcsg324-1 " + kSource +
                           "/constraints/arty_a7_10base_t.xdc " + build() + "/rtl/arty_a7_10base_t.f " + other +
                           ".bit");
  EXPECT_EQ(called[1], "openFPGALoader -b arty_a7_100t " + other + ".bit");
  EXPECT_NE(
      called[2].find("read_verilog -sv three.sv ; synth_xilinx -family xc7 -flatten -nosrl -top arty_a7_10base_t;"),
      std::string::npos)
      << called[2];
  EXPECT_NE(called[3].find("--xdc " + kSource + "/constraints/arty_a7_10base_t.xdc "), std::string::npos) << called[3];
}

TEST_F(Bitstream, AFlowThatFailsOrMakesNothingIsAnError) {
  put("vivado");
  EXPECT_NE(flow("build vivado arty-a7-35t " + build()).exit_code, 0);
  put("vivado", "touch " + stem() + ".bit; exit 3");
  EXPECT_NE(flow("build vivado arty-a7-35t " + build()).exit_code, 0);
}

/// One sentence that names it.
void expect_missing(const CommandOutcome& outcome, const std::string& tool) {
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_EQ(lines_of(outcome.output).size(), 1u) << outcome.output;
  EXPECT_EQ(outcome.output.rfind("bitstream: " + tool + " is not in PATH: ", 0), 0u) << outcome.output;
}

TEST_F(Bitstream, AMissingToolIsNamedInASentence) {
  const std::string run_script = kSource + "/run ";
  if (!is_here("vivado")) expect_missing(run(run_script + "bitstream --flow vivado --board arty-a7-100t"), "vivado");
  if (!is_here("nextpnr-xilinx")) {
    expect_missing(run(run_script + "bitstream --flow open --board arty-a7-35t"), "nextpnr-xilinx");
  }
  put("nextpnr-xilinx");
  if (!is_here("fasm2frames")) {
    expect_missing(run(run_script + "bitstream --flow open --board arty-a7-35t"), "fasm2frames");
  }
  if (!is_here("openFPGALoader")) expect_missing(run(run_script + "program --board arty-a7-35t"), "openFPGALoader");
}

TEST_F(Bitstream, AMissingDatabaseIsNamed) {
  for (const char* tool : {"yosys", "nextpnr-xilinx", "fasm2frames", "xc7frames2bit"}) put(tool);
  CommandOutcome outcome = flow("check open arty-a7-35t");
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_NE(outcome.output.find("CHIPDB must be the folder"), std::string::npos) << outcome.output;
  outcome = run(databases() + kSource + "/constraints/bitstream.sh check open arty-a7-100t");
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_NE(outcome.output.find("the chip database of xc7a100tcsg324-1"), std::string::npos) << outcome.output;
}

TEST_F(Bitstream, WhatIsAskedForMustExist) {
  for (const char* wrong :
       {"bitstream", "bitstream --flow open", "bitstream --board arty-a7-35t",
        "bitstream --flow magic --board arty-a7-35t", "bitstream --flow open --board arty-z7", "bitstream --flow",
        "bitstream --flow vivado --board arty-a7-35t --line 100base-tx", "program --board arty-z7", "program --fast"}) {
    const CommandOutcome outcome = run(kSource + "/run " + wrong);
    EXPECT_NE(outcome.exit_code, 0) << wrong;
    EXPECT_EQ(lines_of(outcome.output).size(), 1u) << outcome.output;
  }
}

TEST_F(Bitstream, TheLoaderGetsTheBoardAndTheFile) {
  put("openFPGALoader");
  const CommandOutcome none = flow("program arty-a7-35t " + build());
  EXPECT_NE(none.exit_code, 0);
  EXPECT_NE(none.output.find("make it by ./run bitstream"), std::string::npos) << none.output;
  fs::create_directories(build() + "/bitstream");
  std::ofstream(stem() + ".bit") << "";
  EXPECT_EQ(flow("program arty-a7-35t " + build()).exit_code, 0);
  EXPECT_EQ(flow("program arty-a7-35t " + build() + " flash").exit_code, 0);
  EXPECT_EQ(calls(), (std::vector<std::string>{"openFPGALoader -b arty_a7_35t " + stem() + ".bit",
                                               "openFPGALoader -b arty_a7_35t -f " + stem() + ".bit"}));
}

}  // namespace
}  // namespace sockwire::test
