// SPDX-License-Identifier: Apache-2.0
// How long our engine takes to get over the loss of one segment, beside what Linux took over TAP when that was last
// measured (recovery_linux.cpp).
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/bench/tcp/recovery.hpp"

namespace sockwire::bench {
namespace {

using nlohmann::json;

/// Linux's figure for this loss in the campaign's file; null without one.
json linux_figure(const json& campaign, Lost lost) {
  for (const json& figure : campaign.value("figures", json::array())) {
    if (figure.at("name") == std::string("linux/recover_ms/") + name_of(lost)) return figure;
  }
  return nullptr;
}

const char* stage_of(Lost lost) {
  if (lost == Lost::kSyn || lost == Lost::kSynAck) return "until ESTABLISHED";
  if (lost == Lost::kFin) return "until TIME-WAIT at who closes first";
  return lost == Lost::kLastAck ? "until CLOSED at who closes last" : "until all of 100 kB is delivered";
}

bool measure(const json& campaign, json& figures) {
  bool all = true;
  for (const Lost lost : kLosses) {
    const auto seconds = recovery_s(lost);
    if (!seconds) {
      std::fprintf(stderr, "recovery_bench: %s: %s\n", name_of(lost), seconds.error().c_str());
      all = false;
      continue;
    }
    const json theirs = linux_figure(campaign, lost);
    std::string note = std::string("later than without the loss, ") + stage_of(lost) + "; round trip 20 ms; bound: ";
    note += theirs.is_null() ? "Linux was not measured"
                             : campaign.value("peer", "Linux") + " over TAP, stored " + campaign.value("date", "");
    figures.push_back({{"name", std::string("tcp/recover_ms/") + name_of(lost)},
                       {"value", 1e3 * *seconds},
                       {"unit", "ms"},
                       {"bound", theirs.is_null() ? json() : theirs.at("value")},
                       {"note", note}});
    std::fprintf(stderr, "%-8s %10.3f ms\n", name_of(lost), 1e3 * *seconds);
  }
  return all;
}

}  // namespace
}  // namespace sockwire::bench

int main(int argc, char** argv) {
  using namespace sockwire::bench;
  std::string output;
  std::string linux_file = SOCKWIRE_SOURCE_DIR "/tests/bench/campaigns/tcp_recovery_linux.json";
  CLI::App app("Time to recover from the loss of one segment");
  app.add_option("--output", output, "where the figures go, as JSON");
  app.add_option("--linux", linux_file, "what Linux took: the file that recovery_linux wrote");
  CLI11_PARSE(app, argc, argv);
  std::ifstream stored(linux_file);
  const nlohmann::json campaign = stored ? nlohmann::json::parse(stored) : nlohmann::json::object();
  nlohmann::json figures = nlohmann::json::array();
  const bool all = measure(campaign, figures);
  if (!output.empty()) std::ofstream(output) << figures.dump(2) << "\n";
  return all ? 0 : 1;
}
