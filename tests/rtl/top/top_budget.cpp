// SPDX-License-Identifier: Apache-2.0
// top_budget TOP LIST FOLDER LUT BRAM36: what Yosys makes of a top whose files LIST names, a line each (as
// build/rtl/TOP.f does), and whether it is below its budget. Results are kept in FOLDER as board_bench keeps them.
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "tests/bench/synthesis/synthesis.hpp"

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fputs("usage: top_budget TOP LIST FOLDER LUT BRAM36\n", stderr);
    return 2;
  }
  try {
    sockwire::bench::Design design{argv[1], {}};
    std::ifstream list(argv[2]);
    for (std::string line; std::getline(list, line);) design.sources.push_back(line);
    std::filesystem::create_directories(argv[3]);
    const sockwire::bench::Area area = sockwire::bench::area_of(design, argv[3]);
    const double lut = std::atof(argv[4]);
    const double bram36 = std::atof(argv[5]);
    std::printf("%s: %g LUT of %g, %g BRAM36 of %g, %g FF\n", argv[1], area.lut, lut, area.bram36, bram36, area.ff);
    return area.lut < lut && area.bram36 < bram36 ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "top_budget: %s\n", error.what());
    return 1;
  }
}
