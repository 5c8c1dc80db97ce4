// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/synthesis/synthesis.hpp"

#include <atomic>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace sockwire::bench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

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

/// Where the results for this design lie, without an ending.
std::string stem_of(const Design& design, const fs::path& folder) {
  std::string inputs = "v1";
  for (const std::string& source : design.sources) inputs += read(source);
  std::ostringstream key;
  key << design.top << '-' << std::hex << std::hash<std::string>{}(inputs);
  return folder / key.str();
}

void run_yosys(const Design& design, const std::string& script, const std::string& log) {
  std::string whole = "read_verilog -sv";
  for (const std::string& source : design.sources) whole += " " + source;
  const std::string command = "yosys -q -l " + log + " -p '" + whole + "; " + script + "' > /dev/null 2>&1";
  if (std::system(command.c_str()) != 0) throw std::runtime_error("yosys failed: see " + log);
}

}  // namespace

Area area_of(const Design& design, const fs::path& folder) {
  const std::string stem = stem_of(design, folder);
  const fs::path stat = stem + ".stat.json";
  const fs::path rams = stem + ".rams.txt";
  if (!fs::exists(rams)) {
    run_yosys(design,
              "synth_xilinx -family xc7 -flatten -noiopad -noclkbuf -top " + design.top + "; tee -q -o " +
                  stat.string() + " stat -json; tee -q -o " + stem + ".36 select -list t:RAMB36E1; tee -q -o " + stem +
                  ".18 select -list t:RAMB18E1",
              stem + ".log");
    std::ofstream out(rams);
    for (const char* size : {"36", "18"}) {
      std::istringstream lines(read(stem + "." + size));
      for (std::string line; std::getline(lines, line);) out << size << ' ' << line << '\n';
    }
  }
  return parse(stat, rams);
}

int depth_of(const Design& design, const fs::path& folder) {
  const std::string stem = stem_of(design, folder);
  const fs::path depth = stem + ".depth.txt";
  if (!fs::exists(depth)) {
    const std::string netlist = stem + ".netlist.json";
    // What `synth -flatten` does, but memories stay whole: as registers they would drown what the kernel computes.
    run_yosys(design,
              "synth -flatten -top " + design.top +
                  " -run begin:fine; opt -fast -full; opt -full; techmap; opt -fast; abc -fast; opt -fast; abc -lut 6;"
                  " opt_clean; write_json " +
                  netlist,
              stem + ".depth.log");
    std::ofstream(depth) << depth_of_netlist(json::parse(read(netlist)), design.top) << '\n';
    fs::remove(netlist);
  }
  return std::stoi(read(depth));
}

void two_at_a_time(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::vector<std::exception_ptr> errors(count);
  const auto lane = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        work(i);
      } catch (...) {
        errors[i] = std::current_exception();
      }
    }
  };
  std::thread other(lane);
  lane();
  other.join();
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

json figure(const std::string& name, double value, const char* unit, const json& bound, const std::string& note) {
  return {{"name", name}, {"value", value}, {"unit", unit}, {"bound", bound}, {"note", note}};
}

}  // namespace sockwire::bench
