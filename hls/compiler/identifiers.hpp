// SPDX-License-Identifier: Apache-2.0
// SystemVerilog names from C++ names.
#pragma once

#include <string>
#include <unordered_map>

namespace hlsc {

/// "in.a[2]" -> "in_a_2"; only letters, digits and underscores remain.
std::string identifier(const std::string& name);

/// "frame_out" -> "FrameOut", for parameters.
std::string upper_camel(const std::string& name);

/// Gives each name once; a keyword or a name that is taken gets a suffix.
class Identifiers {
 public:
  std::string unique(const std::string& wanted);

 private:
  std::unordered_map<std::string, unsigned> taken_;
};

}  // namespace hlsc
