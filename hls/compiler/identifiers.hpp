// SPDX-License-Identifier: Apache-2.0
// SystemVerilog names from C++ names.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

namespace hlsc {

/// "in.a[2]" -> "in_a_2"; only letters, digits and underscores remain.
std::string identifier(const std::string& name);

/// "frame_out" -> "FrameOut", for parameters.
std::string upper_camel(const std::string& name);

/// Gives each name once; a keyword or a name that is taken gets a suffix.
class Identifiers {
 public:
  std::string unique(const std::string& wanted);
  /// A name that is only part of others: gives all of them, and none is a keyword or taken. "config" may be one, as
  /// "config_i" is no keyword.
  std::string stem(const std::string& wanted, const std::vector<std::string>& before,
                   const std::vector<std::string>& after);

 private:
  std::unordered_map<std::string, unsigned> taken_;
};

}  // namespace hlsc
