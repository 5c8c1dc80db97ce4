// SPDX-License-Identifier: Apache-2.0
// The quality table: what hlsc makes of a kernel against a module written by hand, under the same Yosys (see
// tests/hls/qor/README.md).
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "qor_kernels.hpp"  // written by CMake: kFifo, kKernels
#include "tests/bench/synthesis/synthesis.hpp"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using sockwire::bench::figure;

/// LUTs, flip-flops and levels of one module.
struct Cost {
  double values[3] = {};
};

struct Measure {
  const char* name;
  const char* unit;
  double geomean_bound;
};
constexpr Measure kMeasures[] = {{"lut", "LUT", 1.05}, {"ff", "FF", 1.05}, {"depth", "levels", 1.0}};
constexpr double kMaxBound = 1.25;

Cost cost_of(const char* module, const char* source, const fs::path& folder) {
  const sockwire::bench::Design design{module, {kFifo, source}};
  const sockwire::bench::Area area = area_of(design, folder);
  return {{area.lut, area.ff, static_cast<double>(depth_of(design, folder))}};
}

/// hlsc's module and the one by hand, by the kernel's place in kKernels.
struct Pair {
  Cost generated;
  Cost reference;
};

std::vector<Pair> measured(const fs::path& folder) {
  std::vector<Pair> pairs(std::size(kKernels));
  sockwire::bench::two_at_a_time(2 * pairs.size(), [&](std::size_t job) {
    const QorKernel& kernel = kKernels[job / 2];
    Pair& pair = pairs[job / 2];
    if (job % 2 == 0) {
      pair.generated = cost_of(kernel.module, kernel.generated, folder);
    } else {
      pair.reference = cost_of(kernel.module, kernel.reference, folder);
    }
  });
  return pairs;
}

void report(json& figures, const std::vector<Pair>& pairs) {
  for (std::size_t m = 0; m < std::size(kMeasures); ++m) {
    const Measure& measure = kMeasures[m];
    double logarithms = 0;
    double most = 0;
    std::string worst;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const double ratio = pairs[i].generated.values[m] / pairs[i].reference.values[m];
      logarithms += std::log(ratio);
      if (ratio > most) worst = kKernels[i].name;
      most = std::max(most, ratio);
    }
    const std::string prefix = std::string("hlsc/qor/") + measure.name;
    const double geomean = std::exp(logarithms / static_cast<double>(pairs.size()));
    figures.push_back(figure(prefix + "_ratio_geomean", geomean, "ratio", measure.geomean_bound,
                             "generated to hand-written, " + std::to_string(pairs.size()) + " kernels"));
    figures.push_back(figure(prefix + "_ratio_max", most, "ratio", kMaxBound, worst));
  }
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    for (std::size_t m = 0; m < std::size(kMeasures); ++m) {
      char ratio[32];
      const double value = pairs[i].generated.values[m];
      const double bound = pairs[i].reference.values[m];
      std::snprintf(ratio, sizeof ratio, "ratio %.3f", value / bound);
      const std::string name = std::string("hlsc/qor/") + kKernels[i].name + "/" + kMeasures[m].name;
      figures.push_back(figure(name, value, kMeasures[m].unit, bound, ratio));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Compares what hlsc makes with modules written by hand");
  fs::path output = "hlsc.json";
  app.add_option("--output", output, "the JSON file to write");
  CLI11_PARSE(app, argc, argv);
  try {
    const fs::path folder = fs::absolute(output).parent_path() / "qor";
    fs::create_directories(folder);
    json figures = json::array();
    report(figures, measured(folder));
    std::ofstream(output) << figures.dump(2) << '\n';
  } catch (const std::exception& error) {
    std::fprintf(stderr, "hlsc_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
