// SPDX-License-Identifier: Apache-2.0
// Runs the fuzz targets, one after the other, each for so many minutes, and writes what came of it as a campaign for
// tests/bench/campaigns. A target that crashes is started again until its time is over; what it crashed on is kept.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/bench/campaign.hpp"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Settings {
  fs::path source = FUZZ_SOURCE_DIR;
  fs::path build = FUZZ_BUILD_DIR;  ///< Of the preset "fuzz".
  fs::path output;
  std::vector<std::string> targets{"tcp_connection", "stack_frames", "dhcp_client", "dns_resolver", "c_calls"};
  double minutes = 30;
  unsigned seed = 1;
  bool at_once = false;  ///< The targets side by side, which takes less time and gives each fewer executions.
};

struct Outcome {
  double minutes = 0;
  std::uint64_t executions = 0;
  std::size_t crashes = 0;
};

/// What libFuzzer says at its end, "stat::number_of_executed_units: N".
std::uint64_t executions_in(const fs::path& log) {
  std::ifstream in(log);
  const std::string key = "stat::number_of_executed_units:";
  for (std::string line; std::getline(in, line);) {
    if (line.rfind(key, 0) == 0) return std::stoull(line.substr(key.size()));
  }
  return 0;
}

Outcome run_target(const Settings& settings, const std::string& name) {
  using Clock = std::chrono::steady_clock;
  const fs::path folder = settings.build / "campaign" / name;
  fs::remove_all(folder);
  fs::create_directories(folder / "corpus");
  Outcome outcome;
  const auto start = Clock::now();
  const auto left = [&] { return settings.minutes * 60 - std::chrono::duration<double>(Clock::now() - start).count(); };
  for (unsigned turn = 0; left() >= 1; ++turn) {
    // Beyond these, a run is too long or takes too much memory, and counts as a crash.
    const std::string limits = " -max_len=2000 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1";
    const fs::path log = folder / "log";
    const int status =
        std::system(((settings.build / "bin" / (name + "_fuzz")).string() + limits +
                     " -seed=" + std::to_string(settings.seed + turn) +
                     " -max_total_time=" + std::to_string(static_cast<long>(left())) +
                     " -artifact_prefix=" + folder.string() + "/ " + (folder / "corpus").string() + " " +
                     (settings.source / "tests/fuzz/corpus" / name).string() + " >" + log.string() + " 2>&1")
                        .c_str());
    const std::uint64_t executions = executions_in(log);
    outcome.executions += executions;
    if (status == 0) break;
    ++outcome.crashes;
    std::fprintf(stderr, "fuzz_campaign: %s crashed; see %s\n", name.c_str(), folder.c_str());
    fs::copy_file(log, folder / ("crash_log_" + std::to_string(turn)), fs::copy_options::overwrite_existing);
    if (executions == 0) break;  // it does not even start, or fails on the corpus: the same would come again
  }
  outcome.minutes = std::chrono::duration<double>(Clock::now() - start).count() / 60;
  std::printf("%-16s %6.1f minutes %12llu executions %3zu crashes\n", name.c_str(), outcome.minutes,
              static_cast<unsigned long long>(outcome.executions), outcome.crashes);
  std::fflush(stdout);
  return outcome;
}

int run(const Settings& settings) {
  Outcome sum;
  std::string note;
  const auto policy = settings.at_once ? std::launch::async : std::launch::deferred;
  std::vector<std::future<Outcome>> running;
  for (const std::string& name : settings.targets) running.push_back(std::async(policy, run_target, settings, name));
  for (std::size_t i = 0; i < running.size(); ++i) {
    const std::string& name = settings.targets[i];
    const Outcome one = running[i].get();
    sum.minutes += one.minutes;
    sum.executions += one.executions;
    sum.crashes += one.crashes;
    note += (note.empty() ? "" : ", ") + name + " " + std::to_string(one.executions);
  }
  note = "executions, under ASan and UBSan" + std::string(settings.at_once ? ", all at once: " : ": ") + note;
  char minutes[32];
  std::snprintf(minutes, sizeof minutes, "%.1f", sum.minutes);
  const json figures = {
      {{"name", "tcp/fuzz_minutes"},
       {"value", std::stod(minutes)},
       {"unit", "minutes"},
       {"bound", nullptr},
       {"note", note}},
      {{"name", "tcp/fuzz_executions"}, {"value", sum.executions}, {"unit", "inputs"}, {"bound", nullptr}},
      {{"name", "tcp/fuzz_crashes"}, {"value", sum.crashes}, {"unit", "crashes"}, {"bound", 0}}};
  const sockwire::bench::Campaign campaign{settings.seed, "build/fuzz/bin/fuzz_campaign --output FILE", figures,
                                           json::object()};
  if (!sockwire::bench::write_campaign(settings.output, campaign)) return 1;
  return sum.crashes == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Fuzzes each target for a while and writes a campaign");
  Settings settings;
  app.add_option("--minutes", settings.minutes, "for each target");
  app.add_option("--seed", settings.seed, "of libFuzzer; the same one gives the same run only as long as time allows");
  app.add_flag("--at-once", settings.at_once, "side by side instead of one after the other");
  app.add_option("--targets", settings.targets, "which ones");
  app.add_option("--build", settings.build, "the build folder of the preset fuzz");
  app.add_option("--output", settings.output, "where the campaign goes, as JSON");
  CLI11_PARSE(app, argc, argv);
  return run(settings);
}
