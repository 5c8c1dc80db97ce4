// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/top/clock_domains.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

namespace sockwire::test {
namespace {

using nlohmann::json;

const char* const kNone = "no clock";

std::string type_of(const json& cell) { return cell.at("type"); }
bool is_register(const json& cell) { return type_of(cell).find("dff") != std::string::npos; }
bool is_memory(const json& cell) { return type_of(cell) == "$mem_v2"; }
/// Yosys's own cells begin with $; others are the FPGA's.
bool is_primitive(const json& cell) { return type_of(cell).front() != '$'; }

std::string source_of(const json& cell) { return cell.at("attributes").value("src", std::string("?")); }

const json& connection(const json& cell, const char* port) {
  static const json none = json::array();
  const json& connections = cell.at("connections");
  return connections.contains(port) ? connections.at(port) : none;
}

std::string described(const std::string& name, const json& cell) { return name + " (" + source_of(cell) + ")"; }

}  // namespace

ClockDomains::ClockDomains(const json& module, DomainRules rules) : module_(module), rules_(std::move(rules)) {
  for (const auto& [name, cell] : module_.at("cells").items()) {
    for (const auto& [port, bits] : cell.at("connections").items()) {
      if (cell.at("port_directions").at(port) == "input") continue;
      for (std::size_t i = 0; i < bits.size(); ++i) {
        if (bits[i].is_number()) drivers_[bits[i]] = {&cell, name, port, i};
      }
    }
  }
  for (const auto& [name, port] : module_.at("ports").items()) {
    if (port.at("direction") != "input") continue;
    const auto rule = rules_.ports.find(name);
    const int domain = domain_number(rule == rules_.ports.end() ? kNone : rule->second);
    for (const json& bit : port.at("bits")) known_[bit] = Sources{1} << (2 * domain);
  }
}

// A flattened cell's source is its own line and those of the instances that it was in, in no order.
bool ClockDomains::in_crossing(const json& cell) const {
  std::istringstream places(source_of(cell));
  for (std::string place; std::getline(places, place, '|');) {
    if (rules_.crossings.count(std::filesystem::path(place.substr(0, place.find(':'))).stem()) != 0) return true;
  }
  return false;
}

int ClockDomains::domain_number(const std::string& name) {
  const auto at = std::find(domains_.begin(), domains_.end(), name);
  const auto number = at - domains_.begin();
  if (at == domains_.end()) domains_.push_back(name);
  return static_cast<int>(number);
}

const ClockDomains::Driver* ClockDomains::driver_of(const Bit& bit) const {
  const auto at = bit.is_number() ? drivers_.find(bit) : drivers_.end();
  return at == drivers_.end() ? nullptr : &at->second;
}

std::string ClockDomains::domain_of_clock(const Bit& clock) const {
  const Driver* driver = driver_of(clock);
  return driver != nullptr && type_of(*driver->cell) == "BUFG" ? driver->name : "";
}

std::vector<std::string> ClockDomains::latches() const {
  std::vector<std::string> out;
  for (const auto& [name, cell] : module_.at("cells").items()) {
    const std::string type = type_of(cell);
    if (type.find("latch") != std::string::npos || type == "$sr" || type == "$ff") out.push_back(described(name, cell));
  }
  return out;
}

std::vector<std::string> ClockDomains::inferred_clocks() const {
  std::vector<std::string> out;
  for (const auto& [name, cell] : module_.at("cells").items()) {
    bool good = true;
    if (is_register(cell)) {
      const std::string polarity = cell.at("parameters").at("CLK_POLARITY");
      good = polarity.back() == '1' && !domain_of_clock(connection(cell, "CLK").at(0)).empty();
    } else if (is_memory(cell)) {
      for (const json& clock : connection(cell, "WR_CLK")) good &= !domain_of_clock(clock).empty();
      const std::string polarity = cell.at("parameters").at("WR_CLK_POLARITY");
      good &= polarity.find('0') == std::string::npos || connection(cell, "WR_CLK").empty();
    }
    if (!good) out.push_back(described(name, cell));
  }
  return out;
}

std::map<std::string, int> ClockDomains::clocks() const {
  std::map<std::string, int> bits;
  for (const auto& [name, cell] : module_.at("cells").items()) {
    if (is_register(cell)) {
      bits[domain_of_clock(connection(cell, "CLK").at(0))] += static_cast<int>(connection(cell, "Q").size());
    }
  }
  return bits;
}

ClockDomains::Sources ClockDomains::sources_of(const json& bits) {
  Sources all = 0;
  for (const json& bit : bits) all |= sources(bit);
  return all;
}

ClockDomains::Sources ClockDomains::sources(const Bit& bit) {
  if (!bit.is_number()) return 0;
  const auto [at, is_new] = known_.emplace(bit.get<std::int64_t>(), 0);
  if (!is_new) return at->second;
  const Driver* driver = driver_of(bit);
  const Sources found = driver == nullptr ? 0 : sources_behind(*driver);
  known_[bit.get<std::int64_t>()] = found;
  return found;
}

ClockDomains::Sources ClockDomains::sources_behind(const Driver& driver) {
  const json& cell = *driver.cell;
  if (is_register(cell)) return Sources{1} << (2 * domain_number(domain_of_clock(connection(cell, "CLK").at(0))));
  if (is_primitive(cell)) return Sources{1} << (2 * domain_number(kNone));
  if (is_memory(cell)) {
    Sources all = sources_of(connection(cell, "RD_ADDR"));
    for (const json& clock : connection(cell, "WR_CLK")) {
      if (!clock.is_number()) continue;  // a table
      all |= Sources{in_crossing(cell) ? 2U : 1U} << (2 * domain_number(domain_of_clock(clock)));
    }
    return all;
  }
  Sources all = 0;
  for (const auto& [port, bits] : cell.at("connections").items()) {
    if (cell.at("port_directions").at(port) == "input") all |= sources_of(bits);
  }
  return all;
}

bool ClockDomains::straight(const json& bits) const {
  return std::all_of(bits.begin(), bits.end(), [&](const json& bit) {
    const Driver* driver = driver_of(bit);
    return driver == nullptr || is_register(*driver->cell) || is_primitive(*driver->cell);
  });
}

std::string ClockDomains::names_of(Sources sources) const {
  std::string names;
  for (std::size_t i = 0; i < domains_.size(); ++i) {
    if ((sources >> (2 * i) & 3) != 0) names += " " + domains_[i];
  }
  return names;
}

void ClockDomains::check_end(const std::string& name, const json& cell, const std::string& domain, const json& bits,
                             std::vector<std::string>& out) {
  const Sources own = Sources{3} << (2 * domain_number(domain));
  Sources foreign = sources_of(bits) & ~own;
  if (in_crossing(cell) && is_register(cell)) {
    if (foreign != 0 && !straight(bits))
      out.push_back(described(name, cell) + " sees through logic:" + names_of(foreign));
    return;
  }
  for (std::size_t i = 0; i < domains_.size(); ++i) foreign &= ~(Sources{2} << (2 * i));  // from a crossing's memory
  if (foreign != 0) out.push_back(described(name, cell) + " of " + domain + " sees" + names_of(foreign));
}

std::vector<std::string> ClockDomains::crossings() {
  std::vector<std::string> out;
  for (const auto& [name, cell] : module_.at("cells").items()) {
    if (is_register(cell)) {
      const std::string domain = domain_of_clock(connection(cell, "CLK").at(0));
      for (const char* port : {"D", "EN", "SRST"}) check_end(name, cell, domain, connection(cell, port), out);
    } else if (is_memory(cell) && !connection(cell, "WR_CLK").empty()) {
      const std::string domain = domain_of_clock(connection(cell, "WR_CLK").at(0));
      for (const char* port : {"WR_DATA", "WR_EN", "WR_ADDR"}) {
        check_end(name, cell, domain, connection(cell, port), out);
      }
    }
  }
  return out;
}

std::vector<std::string> ClockDomains::resets() {
  std::vector<std::string> out;
  for (const auto& [name, cell] : module_.at("cells").items()) {
    const json& reset = connection(cell, "ARST");
    if (!is_register(cell) || reset.empty()) continue;
    const Driver* driver = driver_of(reset.at(0));
    const bool from_crossing = driver != nullptr && is_register(*driver->cell) && in_crossing(*driver->cell);
    const std::string domain = domain_of_clock(connection(cell, "CLK").at(0));
    const bool same = from_crossing && domain_of_clock(connection(*driver->cell, "CLK").at(0)) == domain;
    if (!same && !in_crossing(cell)) out.push_back(described(name, cell));
  }
  return out;
}

}  // namespace sockwire::test
