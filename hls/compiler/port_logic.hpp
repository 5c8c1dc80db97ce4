// SPDX-License-Identifier: Apache-2.0
// What stands behind a port in the module: a stream's handshake and FIFO, a memory with its contents and accesses.
#pragma once

#include <map>
#include <ostream>
#include <string>

#include "hls/compiler/design.hpp"
#include "hls/compiler/expressions.hpp"
#include "hls/compiler/module_names.hpp"
#include "hls/compiler/placement.hpp"
#include "hls/compiler/statements.hpp"
#include "hls/compiler/step_text.hpp"

namespace hlsc {

class PortLogic {
 public:
  PortLogic(Design& design, ModuleNames& names, const Expressions& text, Placement& placement,
            const Statements& statements, std::ostream& out)
      : design_(design),
        names_(names),
        text_(text),
        step_(design, text),
        placement_(placement),
        statements_(statements),
        out_(out) {}

  /// Says what is needed where. Before print(), for every port.
  void place(unsigned index);
  void print_declarations(unsigned index) const;
  void print(unsigned index);

  /// A memory that a step would write or ask while the module is reset, unless it is kept from it: of a kernel that
  /// waits for nothing. What the kernel waits for is not there in reset: no stream is valid, and no stage has a step.
  bool acts_in_reset(unsigned index) const;

  /// Neither written nor looked at: see optimise.
  bool is_unseen_memory(unsigned index) const;
  /// It has a block that the clock steps.
  bool is_clocked(unsigned index) const { return reads_.count(index) != 0 || writes_.count(index) != 0; }

 private:
  const Port& port(unsigned index) const { return design_.ports[index]; }
  const PortAction& action(unsigned index) const { return design_.actions[index]; }

  /// A block of its own, and what lies in it under a condition.
  struct Region {
    unsigned outer = 0;
    unsigned inner = 0;
  };
  Region region_of(RegionKind kind, Ref condition);
  void place_memory(unsigned index);
  void print_fifo(unsigned index);
  void print_data(unsigned index, const std::string& name);
  void print_cleared(unsigned index, const std::string& i);
  void print_contents(unsigned index);
  void print_memory(unsigned index);

  Design& design_;
  ModuleNames& names_;
  const Expressions& text_;
  StepText step_;
  Placement& placement_;
  const Statements& statements_;
  std::ostream& out_;
  std::map<unsigned, Region> reads_;  // by port
  std::map<unsigned, Region> writes_;
};

}  // namespace hlsc
