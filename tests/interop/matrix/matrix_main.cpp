// SPDX-License-Identifier: Apache-2.0
// Runs the whole matrix of interoperability: every setting in a lab of its own, every cell's content compared. It runs
// against the wall's clock, so it is a campaign: its file is tests/bench/campaigns/tcp_interop_matrix.json.
#include <sys/utsname.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "matrix_run.hpp"
#include "tests/bench/campaign.hpp"

namespace sockwire::interop {
namespace {

using nlohmann::json;

struct Settings {
  std::string output;
  std::string only;
  std::uint64_t seed = 1;
  std::size_t bytes = 400'000;
  double loss = 0;
};

json figure(const std::string& name, std::size_t value, const std::string& note) {
  return {{"name", name}, {"value", value}, {"unit", "cells"}, {"bound", nullptr}, {"note", note}};
}

bool write(const Settings& settings, const MatrixReport& report) {
  utsname kernel{};
  uname(&kernel);
  const std::string name = settings.loss > 0 ? "tcp/interop_lossy_cells" : "tcp/interop_cells";
  std::ostringstream loss;
  if (settings.loss > 0) loss << " --loss " << settings.loss;
  const std::string only = settings.only.empty() ? "" : " --only '" + settings.only + "'";
  json table = json::array();
  for (const std::string& line : report.by_peer()) table.push_back(line);
  for (const std::string& line : report.skipped) table.push_back(line);
  for (const std::string& line : report.failures) table.push_back(line);
  const std::string note =
      "cubic, reno, bbr; SACK, timestamps, window scaling, ECN on and off; MTU 576 to 9000 (the "
      "card's 1500 at most); IPv4 and IPv6; nc, curl, nginx, iperf3, lwIP, both ways, " +
      std::to_string(settings.bytes) + " bytes each, content and what was agreed compared" + loss.str() + only;
  json passed = figure(name + "_passed", report.passed(), "");
  passed["bound"] = report.cells();
  const std::string command = "build/bin/interop_matrix --seed " + std::to_string(settings.seed) + " --bytes " +
                              std::to_string(settings.bytes) + loss.str() + only + " --output FILE";
  return bench::write_campaign(settings.output, {settings.seed,
                                                 command,
                                                 {figure(name, report.cells(), note), passed},
                                                 {{"peer", std::string("Linux ") + kernel.release}, {"table", table}}});
}

int run(const Settings& settings) {
  std::fprintf(stderr, "seed %llu\n", static_cast<unsigned long long>(settings.seed));
  MatrixReport report;
  std::uint64_t seed = settings.seed;
  const auto run_all = [&](const std::vector<Setting>& matrix, const std::vector<PeerCell>& cells) {
    for (Setting setting : matrix) {
      setting.loss = settings.loss;
      seed += kSeedsPerSetting;
      if (name_of(setting).find(settings.only) == std::string::npos) continue;
      report.add(name_of(setting), run_setting(setting, cells, settings.bytes, seed));
    }
  };
  run_all(linux_matrix(), linux_cells());
  run_all(lwip_matrix(), lwip_cells());
  if (report.cells() == 0 && !report.skipped.empty()) return 77;
  if (report.cells() == 0) {
    std::fprintf(stderr, "interop_matrix: there is no such setting\n");
    return 2;
  }
  for (const std::string& line : report.by_peer()) std::fprintf(stderr, "%s\n", line.c_str());
  if (!write(settings, report)) return 1;
  return report.failures.empty() ? 0 : 1;
}

}  // namespace
}  // namespace sockwire::interop

int main(int argc, char** argv) {
  sockwire::interop::Settings settings;
  CLI::App app("Our TCP with unmodified programs on Linux's, over TAP, for every setting of the kernel");
  app.add_option("--output", settings.output, "where the campaign's file goes, as JSON");
  app.add_option("--seed", settings.seed, "of contents, ports and sequence numbers");
  app.add_option("--bytes", settings.bytes, "of content in each cell");
  app.add_option("--only", settings.only, "settings with this in their name, such as 'bbr sack ts ws - 1500 v4'");
  app.add_option("--loss", settings.loss, "probability that the wire loses a frame, each way")
      ->check(CLI::Range(0.0, 0.5));
  CLI11_PARSE(app, argc, argv);
  return sockwire::interop::run(settings);
}
