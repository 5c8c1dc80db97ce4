// SPDX-License-Identifier: Apache-2.0
// The Arty's tops as circuits: their clocks, where these meet, their resets; and that the constraints name every port
// once.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/command_outcome.hpp"
#include "tests/rtl/top/clock_domains.hpp"

namespace sockwire::test {
namespace {

using nlohmann::json;

const std::string kSource = SOCKWIRE_SOURCE_DIR;
/// A top, and what is particular to it.
struct Top {
  std::string name;
  std::string netlist;
  std::vector<std::string> constraints;
  std::set<std::string> clocks;              ///< BUFG
  std::map<std::string, std::string> ports;  ///< input ports to the BUFG of the clock that they belong to
  double second_mhz;                         ///< of the MMCM's second clock
  std::map<std::string, std::string> pins;   ///< some, from Digilent's master constraints
};

void PrintTo(const Top& top, std::ostream* out) { *out << top.name; }

const Top kMii{"arty_a7",
               SOCKWIRE_ARTY_A7_NETLIST,
               {"arty_a7_35t", "arty_a7_100t"},
               {"u_clk", "u_clk_mii_rx", "u_clk_mii_tx"},
               {{"eth_rxd", "u_clk_mii_rx"}, {"eth_rx_dv", "u_clk_mii_rx"}, {"eth_rxerr", "u_clk_mii_rx"}},
               25,
               {{"eth_rxd[3]", "G17"}, {"eth_txd[0]", "H14"}, {"eth_ref_clk", "G18"}, {"eth_mdio", "K13"}}};
const Top k10BaseT{"arty_a7_10base_t",
                   SOCKWIRE_ARTY_A7_10BASE_T_NETLIST,
                   {"arty_a7_10base_t"},
                   {"u_clk", "u_clk_line"},
                   {},
                   80,
                   {{"eth_rstn", "C16"}, {"td_p", "E15"}, {"td_n", "E16"}, {"rd_above", "D15"}, {"rd_below", "C15"}}};

std::set<std::string> crossing_modules() {
  std::set<std::string> out;
  std::ifstream list(kSource + "/rtl/modules.txt");
  for (std::string line; std::getline(list, line);) {
    std::istringstream words(line);
    std::string module;
    std::string kind;
    if (words >> module >> kind && kind == "crossing") out.insert(module);
  }
  return out;
}

class ArtyA7 : public testing::TestWithParam<Top> {
 protected:
  static const json& module() {
    static std::map<std::string, json> netlists;
    json& netlist = netlists[GetParam().name];
    if (netlist.is_null()) netlist = json::parse(std::ifstream(GetParam().netlist));
    return netlist.at("modules").at(GetParam().name);
  }
  ClockDomains domains_{module(), {crossing_modules(), GetParam().ports}};
};

INSTANTIATE_TEST_SUITE_P(Tops, ArtyA7, testing::Values(kMii, k10BaseT), [](const auto& top) { return top.param.name; });

TEST_P(ArtyA7, HasItsClocksFromBuffersAndNoLatch) {
  EXPECT_EQ(domains_.latches(), std::vector<std::string>());
  EXPECT_EQ(domains_.inferred_clocks(), std::vector<std::string>());
  std::set<std::string> clocks;
  for (const auto& [name, bits] : domains_.clocks()) clocks.insert(name);
  EXPECT_EQ(clocks, GetParam().clocks);
  EXPECT_GT(domains_.clocks().at("u_clk"), 3000);
}

TEST_P(ArtyA7, ClocksMeetInCrossingModulesAlone) { EXPECT_EQ(domains_.crossings(), std::vector<std::string>()); }

TEST_P(ArtyA7, EveryResetEndsOnItsOwnClock) { EXPECT_EQ(domains_.resets(), std::vector<std::string>()); }

// UG472, DS181: the MMCM's oscillator runs at 600 to 1200 MHz in speed grade -1; 12 Mbaud is 10 clocks of 120 MHz.
TEST_P(ArtyA7, TheMmcmMakesItsClocks) {
  const json& parameters = module().at("cells").at("u_mmcm").at("parameters");
  const auto number = [&](const char* name) {
    const std::string text = parameters.at(name);
    return text.find('.') == std::string::npos ? double(std::stoul(text, nullptr, 2)) : std::stod(text);
  };
  const double vco = 1000 / number("CLKIN1_PERIOD") * number("CLKFBOUT_MULT_F");
  EXPECT_GE(vco, 600);
  EXPECT_LE(vco, 1200);
  EXPECT_EQ(vco / number("CLKOUT0_DIVIDE_F"), 120);
  EXPECT_EQ(vco / number("CLKOUT1_DIVIDE"), GetParam().second_mhz);
}

// ---- constraints
// ------------------------------------------------------------------------------------------------------

struct Pin {
  std::string package_pin;
  std::string standard;
  bool operator==(const Pin&) const = default;
};

/// The commands of a constraints file, as a Tcl interpreter sees them: words separated by '|'.
std::vector<std::vector<std::string>> commands_of(const std::string& board) {
  const CommandOutcome outcome =
      run_command("tclsh " + kSource + "/tests/rtl/top/record_xdc.tcl " + kSource + "/constraints/" + board + ".xdc");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  std::vector<std::vector<std::string>> commands;
  std::istringstream lines(outcome.output);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> words;
    std::istringstream in(line);
    for (std::string word; std::getline(in, word, '|');) words.push_back(word);
    commands.push_back(words);
  }
  return commands;
}

std::map<std::string, Pin> pins_of(const std::string& board) {
  std::map<std::string, Pin> pins;
  for (const auto& command : commands_of(board)) {
    if (command.at(0) != "set_property" || command.at(1) != "-dict") continue;
    std::istringstream dict(command.at(2));
    std::string key;
    std::string value;
    Pin pin;
    while (dict >> key >> value) (key == "PACKAGE_PIN" ? pin.package_pin : pin.standard) = value;
    EXPECT_EQ(pins.count(command.at(3)), 0u) << command.at(3) << " is constrained twice";
    pins[command.at(3)] = pin;
  }
  return pins;
}

std::set<std::string> ports_of_the_top(const json& module) {
  std::set<std::string> ports;
  for (const auto& [name, port] : module.at("ports").items()) {
    const std::size_t bits = port.at("bits").size();
    for (std::size_t i = 0; i < bits; ++i) ports.insert(bits == 1 ? name : name + "[" + std::to_string(i) + "]");
  }
  return ports;
}

TEST_P(ArtyA7, EveryPortHasAPinOfItsOwnAndAStandard) {
  for (const std::string& board : GetParam().constraints) {
    std::set<std::string> constrained;
    std::set<std::string> package_pins;
    for (const auto& [port, pin] : pins_of(board)) {
      constrained.insert(port);
      EXPECT_TRUE(package_pins.insert(pin.package_pin).second) << pin.package_pin << " is given away twice";
      EXPECT_EQ(pin.standard, "LVCMOS33") << port;
    }
    EXPECT_EQ(constrained, ports_of_the_top(module())) << board;
  }
}

// Digilent's master constraints for the Arty A7, some of each group.
TEST_P(ArtyA7, PinsAreTheBoards) {
  for (const std::string& board : GetParam().constraints) {
    const auto pins = pins_of(board);
    std::map<std::string, std::string> expected = {
        {"CLK100MHZ", "E3"}, {"ck_rst", "C2"}, {"uart_rxd_out", "D10"}, {"uart_txd_in", "A9"}, {"led[3]", "T10"}};
    expected.insert(GetParam().pins.begin(), GetParam().pins.end());
    for (const auto& [port, pin] : expected) {
      EXPECT_EQ(pins.at(port).package_pin, pin) << port;
    }
  }
}

// A port is timed by its clock, is a clock, or is excepted; and what is excepted exists.
TEST_P(ArtyA7, EveryPortIsTimedOrExcepted) {
  for (const std::string& board : GetParam().constraints) {
    std::set<std::string> covered;
    for (const auto& command : commands_of(board)) {
      if (command.at(0) == "set_property") continue;
      for (const std::string& word : command) {
        for (const std::string& port : ports_of_the_top(module())) {
          const std::string whole = port.substr(0, port.find('[')) + (port.find('[') == std::string::npos ? "" : "[*]");
          std::istringstream names(word);
          for (std::string name; names >> name;) {
            if (name == port || name == whole) covered.insert(port);
          }
        }
      }
    }
    EXPECT_EQ(covered, ports_of_the_top(module())) << board;
  }
}

TEST(ArtyA7Constraints, TheBoardsConstraintsDifferInTheirNameAlone) {
  const auto lines_of = [](const std::string& board) {
    std::vector<std::string> lines;
    std::ifstream file(kSource + "/constraints/" + board + ".xdc");
    for (std::string line; std::getline(file, line);) {
      if (line.find("A7-35T") == std::string::npos && line.find("A7-100T") == std::string::npos) lines.push_back(line);
    }
    return lines;
  };
  EXPECT_EQ(lines_of("arty_a7_35t"), lines_of("arty_a7_100t"));
  EXPECT_GT(lines_of("arty_a7_35t").size(), 30u);
}

// nextpnr-xilinx reads a line at a time, and splits set_property at spaces into exactly four words.
TEST_P(ArtyA7, EveryCommandIsOnOneLine) {
  for (const std::string& board : GetParam().constraints) {
    std::ifstream file(kSource + "/constraints/" + board + ".xdc");
    for (std::string line; std::getline(file, line);) {
      const bool is_command = line.rfind("set_", 0) == 0 || line.rfind("create_", 0) == 0;
      EXPECT_TRUE(line.empty() || line[0] == '#' || is_command) << line;
      EXPECT_NE(line.empty() ? ' ' : line.back(), '\\') << line;
    }
  }
}

}  // namespace
}  // namespace sockwire::test
