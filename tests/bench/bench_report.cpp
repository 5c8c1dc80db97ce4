// SPDX-License-Identifier: Apache-2.0
// Runs the measuring programs, merges what they wrote with the stored results of long campaigns, prints a table and
// writes build/bench.json.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// A program writes BUILD/bench/PROGRAM.json: a list of {"name","value","unit","bound","note"}. A group may have
/// several.
struct Group {
  const char* name;
  const char* program;
};
constexpr Group kGroups[] = {{"area", "area_bench"},       {"engine", "engine_bench"}, {"hlsc", "compile_bench"},
                             {"hlsc", "delay_bench"},      {"hlsc", "hlsc_bench"},     {"host", "host_cost"},
                             {"journey", "journey_bench"}, {"tcp", "tcp_bench"},       {"tcp", "scale_bench"},
                             {"tcp", "recovery_bench"},    {"tcp", "clause_report"},   {"tcp", "model_check"},
                             {"line", "line_bench"},       {"line", "ber_10base_t"},   {"line", "ber_100base_tx"},
                             {"usb", "usb_bench"},         {"usb", "usb_guest_bench"}, {"board", "board_bench"}};

struct Options {
  fs::path source = ".";
  fs::path build = "build";
  std::string group;
};

fs::path output_of(const Options& options, const Group& group) {
  return options.build / "bench" / (std::string(group.program) + ".json");
}

bool run_group(const Options& options, const Group& group) {
  const fs::path output = output_of(options, group);
  fs::remove(output);
  const std::string command = (options.build / "bin" / group.program).string() + " --output " + output.string();
  std::fprintf(stderr, "bench: %s\n", command.c_str());
  if (std::system(command.c_str()) == 0 && fs::exists(output)) return true;
  std::fprintf(stderr, "bench: %s failed; its figures are missing below\n", group.program);
  return false;
}

/// Days since an ISO date such as 2026-11-22.
long age_days(const std::string& date) {
  std::tm day{};
  std::istringstream(date) >> std::get_time(&day, "%Y-%m-%d");
  const auto then = std::chrono::system_clock::from_time_t(std::mktime(&day));
  return std::chrono::duration_cast<std::chrono::hours>(std::chrono::system_clock::now() - then).count() / 24;
}

/// A campaign's file: {"date","commit","seed","command","figures":[...]}; its figures are reported as stored, those of
/// a group alone if one is asked for ("usb": "usb/..."). It may have a "table", lines that say where they come from.
void add_campaign(const fs::path& file, const std::string& group, json& figures, std::vector<std::string>& tables) {
  const json campaign = json::parse(std::ifstream(file));
  if (group.empty() && campaign.contains("table")) {
    tables.push_back(file.filename().string() + ":");
    for (const json& line : campaign["table"]) tables.push_back("  " + line.get<std::string>());
  }
  for (json figure : campaign.at("figures")) {
    if (!group.empty() && figure.at("name").get<std::string>().rfind(group + "/", 0) != 0) continue;
    const std::string note = figure.value("note", "");
    const std::string date = campaign.at("date");
    figure["note"] = (note.empty() ? "" : note + "; ") + "stored " + date + " (" + std::to_string(age_days(date)) +
                     " days ago), commit " + campaign.at("commit").get<std::string>() + ", seed " +
                     campaign.at("seed").dump() + ", by " + campaign.at("command").get<std::string>();
    figures.push_back(figure);
  }
}

std::string text_of(const json& figure, const char* key) {
  if (!figure.contains(key) || figure[key].is_null()) return "";
  if (figure[key].is_string()) return figure[key];
  std::ostringstream text;
  text << std::setprecision(6) << figure[key].get<double>();
  return text.str();
}

void print(const json& figures) {
  std::printf("%-44s %12s %-10s %12s  %s\n", "name", "value", "unit", "bound", "note");
  for (const json& figure : figures) {
    std::printf("%-44s %12s %-10s %12s  %s\n", text_of(figure, "name").c_str(), text_of(figure, "value").c_str(),
                text_of(figure, "unit").c_str(), text_of(figure, "bound").c_str(), text_of(figure, "note").c_str());
  }
}

int report(const Options& options) {
  bool complete = true;
  bool known = options.group.empty() || options.group == "campaign";
  json figures = json::array();
  std::vector<std::string> tables;
  fs::create_directories(options.build / "bench");
  for (const Group& group : kGroups) {
    if (!options.group.empty() && options.group != group.name) continue;
    known = true;
    complete &= run_group(options, group);
    std::ifstream file(output_of(options, group));
    if (!file) continue;
    for (const json& figure : json::parse(file)) figures.push_back(figure);
  }
  if (!known) {
    std::fprintf(stderr,
                 "bench: there is no group '%s'; there are area, board, engine, hlsc, host, journey, line, tcp, usb "
                 "and campaign\n",
                 options.group.c_str());
    return 2;
  }
  const fs::path campaigns = options.source / "tests/bench/campaigns";
  if (fs::exists(campaigns)) {
    const std::string of = options.group == "campaign" ? "" : options.group;
    for (const auto& entry : fs::directory_iterator(campaigns)) add_campaign(entry.path(), of, figures, tables);
  }
  std::ofstream(options.build / "bench.json") << figures.dump(2) << '\n';
  print(figures);
  for (const std::string& line : tables) std::printf("%s\n", line.c_str());
  return complete ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Measures Sockwire and writes build/bench.json");
  Options options;
  app.add_option("--source", options.source, "top of the tree");
  app.add_option("--build", options.build, "the build folder");
  app.add_option("group", options.group,
                 "area, board, engine, hlsc, host, journey, line, tcp, usb or campaign; all without it");
  CLI11_PARSE(app, argc, argv);
  return report(options);
}
