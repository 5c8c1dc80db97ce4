// SPDX-License-Identifier: Apache-2.0
// Reads the clauses, asks the test programs whether the tests that they name exist, writes the page
// build/conformance.md and gives the figures.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "clause_map.hpp"

namespace {

namespace fs = std::filesystem;
using namespace sockwire::conformance;

/// Where the tests are that clauses may name.
constexpr const char* kPrograms[] = {"conformance_test",    "model_check_test", "tcp_test",
                                     "host_stack_test",     "host_socket_test", "tx_chain_test",
                                     "receive_parser_test", "engine_test"};

struct Settings {
  fs::path clauses = fs::path(SOCKWIRE_SOURCE_DIR) / "tests/conformance/clauses";
  fs::path build = SOCKWIRE_BUILD_DIR;
  fs::path output;
};

std::string run(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  char chunk[4096];
  for (std::size_t got; (got = std::fread(chunk, 1, sizeof chunk, pipe)) > 0;) text.append(chunk, got);
  pclose(pipe);
  return text;
}

std::set<std::string> known_tests(const Settings& settings, ClauseMap& map) {
  std::set<std::string> known;
  for (const char* program : kPrograms) {
    const fs::path path = settings.build / "bin" / program;
    if (!fs::exists(path)) {
      map.errors.push_back(path.string() + " is not built");
      continue;
    }
    std::istringstream list(run("'" + path.string() + "' --gtest_list_tests"));
    known.merge(parse_test_list(list));
  }
  return known;
}

ClauseMap read_all(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  ClauseMap map;
  for (const fs::path& file : files) {
    std::ifstream in(file);
    read_clauses(in, file.stem().string(), map);
  }
  return map;
}

nlohmann::json figures(const std::vector<Clause>& clauses) {
  nlohmann::json list = nlohmann::json::array();
  for (const bool must : {true, false}) {
    const Totals sum = totals(clauses, "", must);
    const std::string prefix = std::string("tcp/rfc_clauses/") + (must ? "must" : "should");
    const std::string note =
        std::to_string(sum.inapplicable) + " not applicable, " + std::to_string(sum.deviation) + " stated deviations";
    list.push_back({{"name", prefix + "_total"}, {"value", sum.total}, {"unit", "clauses"}, {"bound", nullptr}});
    list.push_back(
        {{"name", prefix + "_shown"}, {"value", sum.shown}, {"unit", "clauses"}, {"bound", sum.total}, {"note", note}});
    list.push_back({{"name", prefix + "_open"}, {"value", sum.open}, {"unit", "clauses"}, {"bound", 0}});
  }
  return list;
}

int report(const Settings& settings) {
  ClauseMap map = read_all(settings.clauses);
  check_tests(known_tests(settings, map), map);
  for (const std::string& error : map.errors) std::fprintf(stderr, "clause_report: %s\n", error.c_str());
  std::ofstream(settings.build / "conformance.md") << page(map.clauses);
  const nlohmann::json list = figures(map.clauses);
  for (const auto& figure : list) {
    std::printf("%-32s %4d\n", figure["name"].get<std::string>().c_str(), figure["value"].get<int>());
  }
  if (!map.errors.empty()) return 1;
  if (!settings.output.empty()) std::ofstream(settings.output) << list.dump(2) << "\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Which test shows which clause of TCP's RFCs");
  Settings settings;
  app.add_option("--clauses", settings.clauses, "the folder of the clauses");
  app.add_option("--build", settings.build, "the build folder: its programs are asked, and the page goes there");
  app.add_option("--output", settings.output, "where the figures go, as JSON");
  CLI11_PARSE(app, argc, argv);
  return report(settings);
}
