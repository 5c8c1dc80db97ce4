// SPDX-License-Identifier: Apache-2.0
// Figures of the line codes: what was compared and tried, how quickly a receiver locks, what the kernels cost. The long
// versions of what tests/hls/line does in short.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "line_designs.hpp"  // written by CMake: kLineDesigns
#include "tests/bench/synthesis/synthesis.hpp"
#include "tests/hls/line/line_harness.hpp"
#include "tests/hls/line/lock_10base_t.hpp"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using sockwire::bench::area_of;
using sockwire::bench::figure;
using namespace sockwire::test;

struct Sizes {
  std::uint32_t seed = 1;
  std::uint64_t symbols = 1'000'000;
  std::uint64_t bytes = 10'000'000;
  int stride = 1;
  bool area = true;
};

struct LockBound {
  std::uint64_t symbols;
  const char* note;
};

/// Of one code. A figure whose check failed is not written, so that nobody takes it for one.
template <typename Code>
bool measure(const Sizes& sizes, const LockBound& bound, const fs::path& folder, json& figures) {
  const std::string name = "line/" + std::string(Code::kName) + "/";
  const std::string seed = "seed " + std::to_string(sizes.seed);
  bool good = true;
  const auto check = [&](bool holds, const std::string& what) {
    if (!holds) std::fprintf(stderr, "line_bench: %s%s\n", name.c_str(), what.c_str());
    good = good && holds;
    return holds;
  };
  std::fprintf(stderr, "line_bench: %s\n", name.c_str());

  const auto alike = lockstep<Code>(sizes.seed, sizes.symbols);
  if (check(alike.difference.empty(), alike.difference)) {
    const std::string note = seed + "; native against Verilated, every output, every clock; " +
                             std::to_string(alike.frames_received) + " frames received, link in " +
                             std::to_string(alike.linked_clocks) + " clocks";
    figures.push_back(figure(name + "lockstep_symbols/tx", double(alike.clocks), "symbols", 1'000'000, note));
    figures.push_back(figure(name + "lockstep_symbols/rx", double(alike.clocks), "symbols", 1'000'000, note));
  }

  const auto trip = round_trip<Code>(sizes.seed, sizes.bytes);
  if (check(trip.difference.empty(), trip.difference)) {
    figures.push_back(figure(name + "roundtrip_bytes", double(trip.bytes), "bytes", 10'000'000,
                             seed + "; " + std::to_string(trip.frames) + " frames, all equal"));
  }

  const auto errors = symbol_errors<Code>(sizes.seed, sizes.stride);
  if (check(errors.failure.empty(), errors.failure)) {
    const std::string note = seed + "; " + std::to_string(errors.symbols) + " symbols; " +
                             std::to_string(errors.harmless) + " left the frame as it was, after " +
                             std::to_string(errors.not_recovered) + " the next frame was lost";
    figures.push_back(figure(name + "single_symbol_errors_tried", double(errors.tried), "errors", nullptr, note));
    figures.push_back(figure(name + "single_symbol_errors_undetected", double(errors.undetected), "errors", 0, ""));
    check(errors.undetected == 0, "undetected errors");
  }

  const auto lock = lock_symbols<Code>(sizes.seed, 10, 10 * bound.symbols);
  if (check(lock.failures == 0, "no lock")) {
    figures.push_back(figure(name + "lock_symbols", double(lock.symbols), "symbols", double(bound.symbols),
                             seed + "; most of " + std::to_string(lock.tries) + " tries; " + bound.note));
  }

  for (const LineDesign& design : kLineDesigns) {
    if (!sizes.area || design.code != Code::kName) continue;
    const auto area = area_of({design.module, design.sources}, folder);
    figures.push_back(figure(name + "area/lut", area.lut, "LUT", nullptr, "transmitter and receiver"));
    figures.push_back(figure(name + "area/ff", area.ff, "FF", nullptr, ""));
  }
  return good;
}

struct Entry {
  std::string_view code;
  bool (*measure)(const Sizes&, const LockBound&, const fs::path&, json&);
  LockBound bound;
};

template <typename Code>
Entry entry(std::uint64_t lock_bound, const char* note) {
  return {Code::kName, measure<Code>, {lock_bound, note}};
}

/// A line for each code.
const Entry kEntries[] = {
    entry<sockwire::sim::Code10BaseT>(5 * 8, "from the first level of a preamble; 14.2.1.2: five bits of it"),
    entry<sockwire::sim::Code100BaseTx>(
        125'000, "ANSI X3.263: signal_detect within 1000 us; 60 bits of idle once there is a signal (7.2.3.1.1)"),
    entry<sockwire::sim::Code1000BaseX>(
        22, "figure 36-9: three commas, four code-groups apart in /C/; and eight on the way"),
    entry<sockwire::sim::Code10GBaseR>(66 * 64 + 64, "figure 49-12: 64 good headers, at most 66 positions of 64"),
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("What the line codes' kernels do and cost");
  fs::path output = "line.json";
  std::string only;
  Sizes sizes;
  app.add_option("--output", output, "the JSON file to write");
  app.add_option("--code", only, "this code only");
  app.add_option("--seed", sizes.seed, "of all that is random");
  app.add_option("--symbols", sizes.symbols, "to compare in each direction");
  app.add_option("--bytes", sizes.bytes, "to send through");
  app.add_option("--stride", sizes.stride, "try every so many of the single symbol errors");
  app.add_flag("--area,!--no-area", sizes.area, "synthesise (on unless --no-area)");
  CLI11_PARSE(app, argc, argv);
  try {
    const fs::path folder = fs::absolute(output).parent_path() / "area";
    fs::create_directories(folder);
    json figures = json::array();
    bool good = true;
    for (const Entry& one : kEntries) {
      if (only.empty() || only == one.code) good &= one.measure(sizes, one.bound, folder, figures);
    }
    std::ofstream(output) << figures.dump(2) << '\n';
    return good ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "line_bench: %s\n", error.what());
    return 1;
  }
}
