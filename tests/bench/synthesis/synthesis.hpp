// SPDX-License-Identifier: Apache-2.0
// What a module costs after Yosys, no place and route, and figures for bench_report. Results are kept in a folder by
// the hash of what was read, so only what changed is synthesised again.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sockwire::bench {

/// A module and the files that it is made of.
struct Design {
  std::string top;
  std::vector<std::string> sources;
};

/// On 7-series: synth_xilinx -family xc7.
struct Area {
  double lut = 0;
  double ff = 0;
  double bram36 = 0;
  std::map<std::string, double> memories;  ///< block RAMs by the name of the memory, in BRAM36
};
Area area_of(const Design& design, const std::filesystem::path& folder);

/// LUTs on the longest path after `abc -lut 6`: from a register, a memory's output register or an input to any of their
/// other ends. A memory that is read without a clock counts as one more LUT, from address to data.
int depth_of(const Design& design, const std::filesystem::path& folder);

/// The levels of the netlist that Yosys's write_json wrote of `top`; the latter half of depth_of().
int depth_of_netlist(const nlohmann::json& netlist, const std::string& top);

/// Calls work(i) for each i below `count`, two at a time; throws what the first that failed threw.
void two_at_a_time(std::size_t count, const std::function<void(std::size_t)>& work);

/// A figure as bench_report takes it. `bound` may be null.
nlohmann::json figure(const std::string& name, double value, const char* unit, const nlohmann::json& bound,
                      const std::string& note);

}  // namespace sockwire::bench
