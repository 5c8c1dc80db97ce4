// SPDX-License-Identifier: Apache-2.0
// Which register of a netlist belongs to which clock, and where one clock's values reach another's registers. Reads
// what Yosys's write_json wrote after `proc; flatten; memory_collect`.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace sockwire::test {

/// What is known beforehand.
struct DomainRules {
  std::set<std::string> crossings;           ///< modules that may cross domains; each lies in a file of its name
  std::map<std::string, std::string> ports;  ///< input ports to the BUFG of the clock that they belong to
};

class ClockDomains {
 public:
  /// `module`: of the "modules" of the JSON file. A clock is known by the BUFG that drives it.
  ClockDomains(const nlohmann::json& module, DomainRules rules);

  /// Cells that store without a clock.
  std::vector<std::string> latches() const;
  /// Registers and memories whose clock is not a BUFG's output, or not its rising edge.
  std::vector<std::string> inferred_clocks() const;
  /// BUFG that clock registers, and how many bits of them.
  std::map<std::string, int> clocks() const;
  /// Registers that see another domain, or a pin that belongs to none, outside the crossing modules; and registers in
  /// those that see them through logic, not straight from a register.
  std::vector<std::string> crossings();
  /// Registers whose asynchronous reset is not straight from a crossing module's register of their own domain. Crossing
  /// modules may be reset by anything.
  std::vector<std::string> resets();

 private:
  using Bit = nlohmann::json;  // a number, or a string if it is constant
  struct Driver {
    const nlohmann::json* cell = nullptr;
    std::string name;
    std::string port;
    std::size_t index = 0;
  };
  using Sources = std::uint64_t;  // two bits for each domain: registers, memories of crossing modules

  bool in_crossing(const nlohmann::json& cell) const;
  int domain_number(const std::string& name);
  /// The domain of a clock net; "" if no BUFG drives it.
  std::string domain_of_clock(const Bit& clock) const;
  const Driver* driver_of(const Bit& bit) const;
  Sources sources(const Bit& bit);
  Sources sources_behind(const Driver& driver);
  Sources sources_of(const nlohmann::json& bits);
  bool straight(const nlohmann::json& bits) const;
  void check_end(const std::string& name, const nlohmann::json& cell, const std::string& domain,
                 const nlohmann::json& bits, std::vector<std::string>& out);
  std::string names_of(Sources sources) const;

  const nlohmann::json& module_;
  DomainRules rules_;
  std::map<std::int64_t, Driver> drivers_;
  std::map<std::int64_t, Sources> known_;
  std::vector<std::string> domains_;
};

}  // namespace sockwire::test
