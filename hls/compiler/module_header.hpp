// SPDX-License-Identifier: Apache-2.0
// The parameters and ports of a module.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "hls/compiler/design.hpp"
#include "hls/compiler/front_end.hpp"

namespace hlsc {

class ModuleHeader {
 public:
  /// `names` are those of the ports, made unique.
  ModuleHeader(const Design& design, const Options& options, const std::vector<std::string>& names, std::ostream& out)
      : design_(design), options_(options), names_(names), out_(out) {}

  /// From after the module's name to before its first declaration.
  void print() const {
    print_parameters();
    print_ports();
  }

 private:
  void print_parameters() const;
  void print_ports() const;
  bool is_stream(unsigned index, Direction direction) const {
    return design_.ports[index].kind == PortKind::kStream && design_.ports[index].direction == direction;
  }

  const Design& design_;
  const Options& options_;
  const std::vector<std::string>& names_;
  std::ostream& out_;
};

}  // namespace hlsc
