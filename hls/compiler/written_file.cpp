// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/written_file.hpp"

#include <fstream>
#include <iterator>

#include "hls/compiler/diagnostics.hpp"

namespace hlsc {

void write_if_changed(const std::string& path, const std::string& text) {
  std::ifstream old(path);
  const std::string before((std::istreambuf_iterator<char>(old)), std::istreambuf_iterator<char>());
  if (old.is_open() && before == text) return;
  std::ofstream out(path);
  out << text;
  if (!out.flush()) throw Refusal({}, "cannot write " + path);
}

}  // namespace hlsc
