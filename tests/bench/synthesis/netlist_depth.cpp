// SPDX-License-Identifier: Apache-2.0
// The longest path through a netlist of LUTs, registers and memories, as Yosys's write_json describes it.
#include <algorithm>
#include <map>
#include <stdexcept>

#include "tests/bench/synthesis/synthesis.hpp"

namespace sockwire::bench {
namespace {

using nlohmann::json;

class Netlist {
 public:
  explicit Netlist(const json& module) : module_(module) {
    for (const auto& [name, cell] : module.at("cells").items()) {
      for (const auto& [port, bits] : cell.at("connections").items()) {
        if (cell.at("port_directions").at(port) != "output") continue;
        for (std::size_t i = 0; i < bits.size(); ++i) drivers_[bits[i]] = {&cell, i};
      }
    }
  }

  int depth() {
    int most = 0;
    for (const auto& [name, cell] : module_.at("cells").items()) {
      if (cell.at("type") == "$lut") continue;  // a path ends at something else
      for (const auto& [port, bits] : cell.at("connections").items()) {
        if (cell.at("port_directions").at(port) == "input") most = std::max(most, deepest(bits, 0, bits.size()));
      }
    }
    for (const auto& [name, port] : module_.at("ports").items()) {
      const json& bits = port.at("bits");
      if (port.at("direction") == "output") most = std::max(most, deepest(bits, 0, bits.size()));
    }
    return most;
  }

 private:
  struct Driver {
    const json* cell;
    std::size_t index;  // of the bit in the cell's output
  };

  int deepest(const json& bits, std::size_t from, std::size_t count) {
    int most = 0;
    for (std::size_t i = from; i < from + count; ++i) most = std::max(most, level(bits[i]));
    return most;
  }

  /// LUTs from where paths begin to this net; constants are strings.
  int level(const json& bit) {
    const auto driver = bit.is_string() ? drivers_.end() : drivers_.find(bit);
    if (driver == drivers_.end()) return 0;
    const auto [known, is_new] = levels_.emplace(bit, 0);
    if (is_new) known->second = level_behind(driver->second);
    return known->second;
  }

  int level_behind(const Driver& driver) {
    const json& cell = *driver.cell;
    const json& connections = cell.at("connections");
    const std::string type = cell.at("type");
    if (type == "$lut") return 1 + deepest(connections.at("A"), 0, connections.at("A").size());
    if (type == "$mem_v2") {
      const std::size_t port = driver.index / number(cell, "WIDTH");
      const std::string clocked = cell.at("parameters").at("RD_CLK_ENABLE");  // as a number: port 0 comes last
      if (clocked.at(clocked.size() - 1 - port) == '1') return 0;
      const std::size_t address_bits = number(cell, "ABITS");
      return 1 + deepest(connections.at("RD_ADDR"), port * address_bits, address_bits);
    }
    if (type.find("DFF") != std::string::npos) return 0;
    throw std::runtime_error("a cell of type " + type + " has no depth");
  }

  static std::size_t number(const json& cell, const char* parameter) {
    return std::stoul(cell.at("parameters").at(parameter).get<std::string>(), nullptr, 2);
  }

  const json& module_;
  std::map<json, Driver> drivers_;  // by net
  std::map<json, int> levels_;
};

}  // namespace

int depth_of_netlist(const json& netlist, const std::string& top) {
  return Netlist(netlist.at("modules").at(top)).depth();
}

}  // namespace sockwire::bench
