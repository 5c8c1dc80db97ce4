// SPDX-License-Identifier: Apache-2.0
// How paired lines are shown: side by side in a terminal, one after the other in a pipe, as JSON to programs.
#pragma once

#include <ostream>
#include <string>

#include "hls/compiler/report.hpp"
#include "hls/compiler/view/pairing.hpp"

namespace hlsc {

struct View {
  std::string module;
  std::string function;
  ReportHead head;
  Pairing pairing;
};

/// Each line of C++, and below it what it became.
void print_plain(const View& view, std::ostream& out);
/// In so many columns; lines that are longer go on in the next row.
void print_side_by_side(const View& view, unsigned columns, bool in_colour, std::ostream& out);
void print_json(const View& view, std::ostream& out);

}  // namespace hlsc
