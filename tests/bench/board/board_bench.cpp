// SPDX-License-Identifier: Apache-2.0
// What the whole Arty A7 takes of its FPGA: Yosys, synth_xilinx -family xc7 of rtl/top/arty_a7.sv, no place and route.
// The same netlist goes into both parts, so that the bounds alone differ. Results are kept as area_bench keeps them.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>

#include "board_sources.hpp"  // written by CMake: kBoardSources
#include "tests/bench/synthesis/synthesis.hpp"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using sockwire::bench::Area;
using sockwire::bench::area_of;
using sockwire::bench::figure;

/// What the board may take, less than either part has: room to place and route, and for what is still to come.
constexpr double kLutTarget = 8000;
constexpr double kBram36Target = 40;

/// What a part has (AMD, DS180: four LUTs and eight flip-flops in each slice).
struct Part {
  const char* name;
  double lut, ff, bram36;
};
constexpr Part kParts[] = {{"arty_a7_35t", 20800, 41600, 50}, {"arty_a7_100t", 63400, 126800, 135}};

/// The whole, then what it consists of.
constexpr const char* kModules[] = {"arty_a7", "engine_w1", "uart_link", "uart",       "mii_adapter",
                                    "mdio",    "card_time", "boot_id",   "status_leds"};

/// A share of the whole by module, each synthesised by itself: what Yosys shares or removes across them is in none.
std::string shares(const std::vector<Area>& areas, double Area::* of) {
  std::ostringstream text;
  for (std::size_t i = 1; i < areas.size(); ++i) {
    if (areas[i].*of == 0) continue;
    text << (text.tellp() > 0 ? ", " : "") << kModules[i] << ' ' << areas[i].*of;
  }
  return text.str();
}

std::string target(double value, double most) {
  std::ostringstream text;
  text << "target " << most << ": " << (value < most ? "met" : "missed") << "; ";
  return text.str();
}

std::vector<Area> all_areas(const fs::path& folder) {
  std::vector<Area> areas(std::size(kModules));
  sockwire::bench::two_at_a_time(areas.size(),
                                 [&](std::size_t i) { areas[i] = area_of({kModules[i], kBoardSources}, folder); });
  return areas;
}

int report(const fs::path& folder, const fs::path& output) {
  const std::vector<Area> areas = all_areas(folder);
  const Area& whole = areas.front();
  json figures = json::array();
  for (const Part& part : kParts) {
    const std::string name = std::string("board/") + part.name;
    figures.push_back(
        figure(name + "/lut", whole.lut, "LUT", part.lut, target(whole.lut, kLutTarget) + shares(areas, &Area::lut)));
    figures.push_back(figure(name + "/ff", whole.ff, "FF", part.ff, shares(areas, &Area::ff)));
    figures.push_back(figure(name + "/bram36", whole.bram36, "BRAM36", part.bram36,
                             target(whole.bram36, kBram36Target) + shares(areas, &Area::bram36)));
  }
  std::ofstream(output) << figures.dump(2) << '\n';
  return 0;
}

int check_budget(const fs::path& folder) {
  const Area whole = area_of({kModules[0], kBoardSources}, folder);
  std::printf("%s: %g LUT of %g, %g BRAM36 of %g, %g FF\n", kModules[0], whole.lut, kLutTarget, whole.bram36,
              kBram36Target, whole.ff);
  return whole.lut < kLutTarget && whole.bram36 < kBram36Target ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Synthesises the Arty A7's top with Yosys and writes what it takes of each part");
  fs::path output = "board.json";
  bool budget = false;
  app.add_option("--output", output, "the JSON file to write");
  app.add_flag("--budget", budget, "write nothing, and fail if the top takes more than its budget");
  CLI11_PARSE(app, argc, argv);
  try {
    const fs::path folder = fs::absolute(output).parent_path() / "area";
    fs::create_directories(folder);
    return budget ? check_budget(folder) : report(folder, output);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "board_bench: %s\n", error.what());
    return 1;
  }
}
