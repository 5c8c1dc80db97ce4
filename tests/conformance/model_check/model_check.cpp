// SPDX-License-Identifier: Apache-2.0
// Explores the scenarios of the model check and says how many states it saw.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "explorer.hpp"

namespace {

using namespace sockwire::tcp::model;

struct Settings {
  std::string output;
  std::string only;
  bool deep = false;
  std::uint64_t max_states = 20'000'000;
};

/// Returns whether no rule was broken.
bool report(const Scenario& scenario, const Exploration& exploration) {
  std::printf("%-72s %10llu states %11llu transitions %9llu ends, longest run %3zu%s\n",
              std::string(scenario.name).c_str(), static_cast<unsigned long long>(exploration.states),
              static_cast<unsigned long long>(exploration.transitions),
              static_cast<unsigned long long>(exploration.ends), exploration.longest,
              exploration.complete ? "" : ", INCOMPLETE");
  std::fflush(stdout);
  if (exploration.violation.empty()) return true;
  std::printf("  BROKEN: %s\n", exploration.violation.c_str());
  for (const std::string& line : exploration.trace) std::printf("    %s\n", line.c_str());
  return false;
}

nlohmann::json figures(const Settings& settings, std::uint64_t states, int complete, int all) {
  const std::string note = std::to_string(complete) + " of " + std::to_string(all) +
                           " scenarios explored to the end of every run; two connections, a channel that reorders, "
                           "loses and duplicates";
  return {{{"name", settings.deep ? "tcp/model_check_states" : "tcp/model_check_states/bounded"},
           {"value", states},
           {"unit", "states"},
           {"bound", nullptr},
           {"note", note}}};
}

int run(const Settings& settings) {
  std::uint64_t states = 0;
  int complete = 0;
  int all = 0;
  bool good = true;
  for (const Scenario& scenario : settings.deep ? deep_scenarios() : bounded_scenarios()) {
    if (scenario.name.find(settings.only) == std::string_view::npos) continue;
    const Exploration exploration = explore(scenario, settings.max_states);
    good &= report(scenario, exploration);
    states += exploration.states;
    complete += exploration.complete ? 1 : 0;
    ++all;
  }
  std::printf("%llu states, %d of %d scenarios complete\n", static_cast<unsigned long long>(states), complete, all);
  if (good && !settings.output.empty()) {
    std::ofstream(settings.output) << figures(settings, states, complete, all).dump(2) << "\n";
  }
  return good ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Model check of a connection: two ends and a lossy, reordering, duplicating channel");
  Settings settings;
  app.add_option("--output", settings.output, "where the figures go, as JSON");
  app.add_option("--only", settings.only, "only scenarios whose name contains this");
  app.add_option("--max-states", settings.max_states, "of one scenario");
  app.add_flag("--deep", settings.deep, "the scenarios of the campaign");
  CLI11_PARSE(app, argc, argv);
  return run(settings);
}
