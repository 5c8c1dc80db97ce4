// SPDX-License-Identifier: Apache-2.0
// Which lines of a module came from which lines of C++: by the places that the module's comments name.
#pragma once

#include <string>
#include <vector>

#include "hls/compiler/front_end.hpp"

namespace hlsc {

/// The source of a function, from the line of its name to its closing brace.
struct FunctionSource {
  std::string file;  // as it is opened
  std::string name;
  unsigned first = 0;
  unsigned last = 0;
};

/// The kernel, then what it calls in the order of the calls, each once. Without hls/base: what lies there is
/// attributed to who calls it. To be called before the unit is compiled.
std::vector<FunctionSource> functions_of(const FrontEnd& unit);

struct SvLine {
  unsigned number = 0;
  std::string text;  // without the place that it is paired by
  /// It says nothing of its own: the end of a block, or the declaration of a value that another line makes.
  bool is_frame = false;
};

struct CppLine {
  unsigned number = 0;
  std::string text;
  std::vector<SvLine> became;
};

struct PairedFunction {
  FunctionSource source;
  std::vector<CppLine> lines;
};

struct Pairing {
  std::vector<PairedFunction> functions;  // those of which something is left
  std::vector<SvLine> rest;               // names none of their lines: ports, resets, FIFOs
};

/// Each line of `module` stands in it once. Reads the sources from the working folder.
Pairing pair_lines(const std::vector<FunctionSource>& functions, const std::string& module);

}  // namespace hlsc
