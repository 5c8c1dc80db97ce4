// SPDX-License-Identifier: Apache-2.0
// What the engine costs on 7-series: Yosys, synth_xilinx -family xc7, no place and route. Results are kept beside the
// output by the hash of what was read, so only what changed is synthesised again.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iomanip>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "area_modules.hpp"  // written by CMake: kFifos, kModules, kEngines

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Area {
  double lut = 0;
  double ff = 0;
  double bram36 = 0;
  std::map<std::string, double> memories;  ///< block RAMs by the name of the memory, in BRAM36
};

/// What each cell costs. LUTs as SLICEM RAM count for the LUTs that they occupy (UG474, table 2-3).
Area& operator+=(Area& area, const std::pair<std::string, double>& cells) {
  static const std::map<std::string, double> luts = {
      {"LUT1", 1},     {"LUT2", 1},   {"LUT3", 1},     {"LUT4", 1},      {"LUT5", 1},      {"LUT6", 1},
      {"RAM32M", 4},   {"RAM64M", 4}, {"RAM32X1D", 2}, {"RAM64X1D", 2},  {"RAM128X1D", 4}, {"RAM32X1S", 1},
      {"RAM64X1S", 1}, {"SRL16E", 1}, {"SRLC32E", 1},  {"RAM128X1S", 2}, {"RAM256X1S", 4}};
  static const std::map<std::string, double> brams = {{"RAMB36E1", 1}, {"RAMB18E1", 0.5}};
  const auto& [type, count] = cells;
  if (luts.count(type) != 0) area.lut += luts.at(type) * count;
  if (type.rfind("FD", 0) == 0) area.ff += count;
  if (brams.count(type) != 0) area.bram36 += brams.at(type) * count;
  return area;
}

/// "u_send_buffer.gen_bank[3].ram_q.0.1" belongs to memory "u_send_buffer.gen_bank[3].ram_q".
std::string memory_of(std::string cell) {
  while (true) {
    const std::size_t dot = cell.rfind('.');
    if (dot == std::string::npos || dot + 1 == cell.size()) return cell;
    if (cell.find_first_not_of("0123456789", dot + 1) != std::string::npos) return cell;
    cell.resize(dot);
  }
}

Area parse(const fs::path& stat, const fs::path& rams) {
  Area area;
  const json report = json::parse(read(stat));
  for (const auto& [type, count] : report.at("design").at("num_cells_by_type").items()) {
    area += {type, count.get<double>()};
  }
  std::istringstream lines(read(rams));
  for (std::string line; std::getline(lines, line);) {  // module/cell, one a line; blocks of 36 are marked
    const bool full = line.rfind("36 ", 0) == 0;
    const std::size_t slash = line.find('/');
    if (slash != std::string::npos) area.memories[memory_of(line.substr(slash + 1))] += full ? 1.0 : 0.5;
  }
  return area;
}

Area synthesise(const std::string& top, const std::vector<std::string>& sources, const fs::path& folder) {
  std::string inputs = "v1";
  for (const std::string& source : sources) inputs += read(source);
  std::ostringstream key;
  key << top << '-' << std::hex << std::hash<std::string>{}(inputs);
  const fs::path stem = folder / key.str();
  const fs::path stat = stem.string() + ".stat.json";
  const fs::path rams = stem.string() + ".rams.txt";
  if (!fs::exists(rams)) {
    std::string script = "read_verilog -sv";
    for (const std::string& source : sources) script += " " + source;
    script += "; synth_xilinx -family xc7 -flatten -noiopad -noclkbuf -top " + top;
    script += "; tee -q -o " + stat.string() + " stat -json";
    script += "; tee -q -o " + stem.string() + ".36 select -list t:RAMB36E1";
    script += "; tee -q -o " + stem.string() + ".18 select -list t:RAMB18E1";
    const std::string command = "yosys -q -l " + stem.string() + ".log -p '" + script + "' > /dev/null 2>&1";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("yosys failed: see " + stem.string() + ".log");
    std::ofstream out(rams);
    for (const char* size : {"36", "18"}) {
      std::istringstream lines(read(stem.string() + "." + size));
      for (std::string line; std::getline(lines, line);) out << size << ' ' << line << '\n';
    }
  }
  return parse(stat, rams);
}

json figure(const std::string& name, double value, const char* unit, const json& bound, const std::string& note) {
  return {{"name", name}, {"value", value}, {"unit", unit}, {"bound", bound}, {"note", note}};
}

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

/// A job's index is its place in kModules followed by kEngines; two at a time.
std::vector<Area> run_all(const fs::path& folder) {
  const std::size_t modules = std::size(kModules);
  std::vector<Area> areas(modules + std::size(kEngines));
  std::vector<std::string> errors(2);
  const auto work = [&](std::size_t lane) {
    try {
      for (std::size_t reversed = lane; reversed < areas.size(); reversed += 2) {
        const std::size_t i = areas.size() - 1 - reversed;  // engines first: they take longest
        if (i < modules) {
          areas[i] = synthesise(kModules[i].module, {kFifos[0], kFifos[1], kModules[i].source}, folder);
        } else {
          areas[i] = synthesise(kEngines[i - modules].module, kEngines[i - modules].sources, folder);
        }
      }
    } catch (const std::exception& error) {
      errors[lane] = error.what();
    }
  };
  std::thread other(work, 1);
  work(0);
  other.join();
  for (const std::string& error : errors) {
    if (!error.empty()) throw std::runtime_error(error);
  }
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
    const std::vector<Area> areas = run_all(folder);
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
