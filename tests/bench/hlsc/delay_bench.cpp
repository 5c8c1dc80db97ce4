// SPDX-License-Identifier: Apache-2.0
// How far hlsc's delay model is from circuits that were placed and routed, of those that it was not fitted to.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/hls/compiler/measured_circuits.hpp"

namespace {

using nlohmann::json;

json measure() {
  hlsc::test::MeasuredCircuits circuits(SOURCE_DIR);
  std::string note = "held-out circuits, measured and predicted MHz:";
  for (std::size_t i = 0; i < hlsc::test::MeasuredCircuits::all().size(); ++i) {
    const hlsc::test::Circuit& circuit = hlsc::test::MeasuredCircuits::all()[i];
    if (circuit.fits) continue;
    char text[100];
    std::snprintf(text, sizeof text, " %s %.0f %.1f;", circuit.function, circuit.measured_mhz,
                  circuits.predicted_mhz(i, hlsc::kArtix7Grade1));
    note += text;
  }
  note.pop_back();
  return json::array({{{"name", "hlsc/delay_model_error_max"},
                       {"value", 100 * circuits.worst(false, hlsc::kArtix7Grade1)},
                       {"unit", "%"},
                       {"bound", 100 * hlsc::test::kAllowedError},
                       {"note", note}}});
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Compares hlsc's delay model with circuits that were placed and routed");
  std::string output = "delay.json";
  app.add_option("--output", output, "the JSON file to write");
  CLI11_PARSE(app, argc, argv);
  try {
    const json figures = measure();
    std::ofstream(output) << figures.dump(2) << '\n';
  } catch (const std::exception& error) {
    std::fprintf(stderr, "delay_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
