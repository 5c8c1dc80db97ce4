// SPDX-License-Identifier: Apache-2.0
// What the engine costs on 7-series: Yosys, synth_xilinx -family xc7, no place and route. Results are kept beside the
// output by the hash of what was read, so only what changed is synthesised again.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>

#include "area_modules.hpp"  // written by CMake: kFifos, kModules, kEngines
#include "tests/bench/synthesis/synthesis.hpp"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using sockwire::bench::Area;
using sockwire::bench::area_of;
using sockwire::bench::figure;

std::string list_of(const std::map<std::string, double>& memories) {
  std::ostringstream text;
  for (const auto& [name, blocks] : memories) text << (text.tellp() > 0 ? ", " : "") << name << " " << blocks;
  return text.str();
}

void report(json& figures, const std::string& name, const Area& area) {
  figures.push_back(figure(name + "/lut", area.lut, "LUT", nullptr, ""));
  figures.push_back(figure(name + "/ff", area.ff, "FF", nullptr, ""));
  figures.push_back(figure(name + "/bram36", area.bram36, "BRAM36", nullptr, list_of(area.memories)));
}

bool is_buffer(const std::string& memory) {
  return memory.find("u_send_buffer.") != std::string::npos || memory.find("u_packet_buffer.") != std::string::npos;
}

/// Everything but the blocks of the send buffer and the packet buffer, and these.
void report_engine(json& figures, const std::string& width, Area area) {
  std::map<std::string, double> buffers;
  double blocks = 0;
  for (auto at = area.memories.begin(); at != area.memories.end();) {
    if (!is_buffer(at->first)) {
      ++at;
      continue;
    }
    blocks += at->second;
    buffers.insert(*at);
    at = area.memories.erase(at);
  }
  area.bram36 -= blocks;
  report(figures, "area/engine/" + width, area);
  figures.push_back(figure("area/buffers/" + width + "/bram36", blocks, "BRAM36", nullptr, list_of(buffers)));
}

/// By their place in kModules followed by kEngines.
std::vector<Area> all_areas(const fs::path& folder) {
  const std::size_t modules = std::size(kModules);
  std::vector<Area> areas(modules + std::size(kEngines));
  sockwire::bench::two_at_a_time(areas.size(), [&](std::size_t job) {
    const std::size_t i = areas.size() - 1 - job;  // engines first: they take longest
    if (i < modules) {
      areas[i] = area_of({kModules[i].module, {kFifos[0], kFifos[1], kModules[i].source}}, folder);
    } else {
      areas[i] = area_of({kEngines[i - modules].module, kEngines[i - modules].sources}, folder);
    }
  });
  return areas;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Synthesises each kernel and both engines with Yosys and writes what they cost");
  fs::path output = "area.json";
  app.add_option("--output", output, "the JSON file to write");
  CLI11_PARSE(app, argc, argv);
  try {
    const fs::path folder = fs::absolute(output).parent_path() / "area";
    fs::create_directories(folder);
    const std::vector<Area> areas = all_areas(folder);
    json figures = json::array();
    for (std::size_t i = 0; i < std::size(kModules); ++i) report(figures, kModules[i].figure, areas[i]);
    for (std::size_t i = 0; i < std::size(kEngines); ++i) {
      report_engine(figures, kEngines[i].width, areas[std::size(kModules) + i]);
    }
    std::ofstream(output) << figures.dump(2) << '\n';
  } catch (const std::exception& error) {
    std::fprintf(stderr, "area_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
