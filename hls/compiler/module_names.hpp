// SPDX-License-Identifier: Apache-2.0
// What everything in a module is called: ports as the contract says, registers and values as what is left allows.
#pragma once

#include <string>
#include <vector>

#include "hls/compiler/design.hpp"
#include "hls/compiler/identifiers.hpp"

namespace hlsc {

class ModuleNames {
 public:
  explicit ModuleNames(const Design& design);

  /// What a port's signals are named after: "x" of "s_x_data_i", "x_o", "x_mem".
  const std::string& port(unsigned index) const { return ports_[index]; }
  const std::vector<std::string>& ports() const { return ports_; }
  const std::string& state(unsigned leaf) const { return registers_[leaf]; }
  /// The bit that says whether there is a step in a stage after the first.
  static std::string present(unsigned stage) { return "step_s" + std::to_string(stage) + "_q"; }
  /// What the kernel reads from a port, as one word.
  std::string word(unsigned port) const;
  /// The signal of each of the design's inputs.
  std::vector<std::string> inputs() const;

  /// For names that nobody else has.
  Identifiers& identifiers() { return identifiers_; }

 private:
  /// Free of what else is called after it.
  std::string stem(const Port& port);

  const Design& design_;
  Identifiers identifiers_;
  std::vector<std::string> ports_;
  std::vector<std::string> registers_;
};

}  // namespace hlsc
