// SPDX-License-Identifier: Apache-2.0
// What a FIFO becomes on 7-series is what stream_fifo.sv says: Yosys maps each style to the cells it is meant for.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "tests/command_outcome.hpp"

namespace {

const std::string kFifo = SOCKWIRE_SOURCE_DIR "/rtl/stream/stream_fifo.sv";

struct Mapping {
  std::string name;
  unsigned width;
  unsigned depth;
  std::string count;  // how many of the cells there are
  std::string cells;
  std::string others;  // and none of these
};

const Mapping kMappings[] = {
    {"register", 10, 1, "-assert-count 11", "t:FD*", "t:RAM*"},
    {"slice", 10, 2, "-assert-count 22", "t:FD*", "t:RAM*"},
    {"shallow_is_lutram", 66, 4, "-assert-count 11", "t:RAM32M", "t:RAMB* t:RAM64M"},
    {"depth_64_is_lutram", 9, 64, "-assert-count 3", "t:RAM64M", "t:RAMB* t:RAM32M"},
    {"little_is_lutram_however_deep", 8, 514, "-assert-min 1", "t:RAM64M t:RAM128X1D", "t:RAMB*"},
    {"much_is_a_block", 36, 514, "-assert-count 1", "t:RAMB18E1", "t:RAM32M t:RAM64M t:RAM128X1D t:RAMB36E1"},
    {"deep_and_narrow_is_a_block", 9, 1500, "-assert-count 1", "t:RAMB18E1",
     "t:RAM32M t:RAM64M t:RAM128X1D t:RAMB36E1"},
    {"wide_and_deep_is_blocks", 72, 514, "-assert-count 1", "t:RAMB36E1", "t:RAM32M t:RAM64M t:RAM128X1D t:RAMB18E1"},
};

// Each as a module of its own, in one run.
TEST(FifoMapping, IsAsMeant) {
  const std::string path = testing::TempDir() + "sockwire-mapping-" + std::to_string(getpid()) + ".sv";
  std::ofstream top(path);
  top << "module all_of_them;\n";
  std::string script;
  std::string checks;
  for (const Mapping& each : kMappings) {
    script += "read_verilog -sv " + kFifo + "; chparam -set Width " + std::to_string(each.width) + " -set Depth " +
              std::to_string(each.depth) + " stream_fifo; rename stream_fifo " + each.name + "; ";
    top << "  (* keep *) " << each.name << " u_" << each.name << " ();\n";
    checks +=
        "; cd " + each.name + "; select " + each.count + " " + each.cells + "; select -assert-none " + each.others;
  }
  top << "endmodule\n";
  top.close();
  script += "read_verilog -sv " + path + "; synth_xilinx -family xc7 -noiopad -noclkbuf -top all_of_them";
  const auto outcome = sockwire::test::run_command("yosys -q -p '" + script + "; stat" + checks + "'");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  unlink(path.c_str());
}

}  // namespace
