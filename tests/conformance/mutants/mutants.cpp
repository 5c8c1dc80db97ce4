// SPDX-License-Identifier: Apache-2.0
// Applies mutations to scratch copies of host/tcp and host/stack, links the tests with each and says which ones no test
// noticed. Only what the mutation touches is compiled: its file, or for a header the sources that include it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "coverage.hpp"
#include "mutant.hpp"

namespace {

namespace fs = std::filesystem;
using namespace sockwire::conformance;

struct Settings {
  fs::path source = SOCKWIRE_SOURCE_DIR;
  fs::path build = SOCKWIRE_BUILD_DIR;
  fs::path lists = fs::path(SOCKWIRE_SOURCE_DIR) / "tests/conformance/mutants/lists";
  fs::path output;
  std::string only;
  std::size_t count = 0;
  bool uncovered = false;
  unsigned seed = 1;
};

enum class Fate { kKilled, kSurvived, kBroken };

std::string read_file(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

bool run(const std::string& command) { return std::system(command.c_str()) == 0; }

/// The files of host that `file` includes, directly or not, itself included.
void add_includes(const fs::path& source, const std::string& file, std::set<std::string>& seen) {
  if (!seen.insert(file).second) return;
  std::istringstream lines(read_file(source / file));
  const std::string begin = "#include \"host/";
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(begin, 0) == 0) add_includes(source, line.substr(10, line.rfind('"') - 10), seen);
  }
}

/// stack: the program is linked with host/stack, too.
std::vector<std::string> sources_to_compile(const Settings& settings, const std::string& file, bool stack) {
  if (fs::path(file).extension() == ".cpp") return {file};
  std::vector<std::string> sources;
  for (const char* folder : {"host/tcp", "host/stack"}) {
    if (!stack && folder == std::string("host/stack")) continue;
    for (const auto& entry : fs::recursive_directory_iterator(settings.source / folder)) {
      if (entry.path().extension() != ".cpp") continue;
      const std::string name = fs::relative(entry.path(), settings.source).string();
      std::set<std::string> includes;
      add_includes(settings.source, name, includes);
      if (includes.count(file) != 0) sources.push_back(name);
    }
  }
  return sources;
}

/// Compiles and links the test program with the mutation, in `scratch`, where the mutated file lies already.
bool build(const Settings& settings, const Mutant& mutant, const fs::path& scratch) {
  std::string objects;
  for (const std::string& name : sources_to_compile(settings, mutant.file, mutant.program == "host_stack_test")) {
    const fs::path from = name == mutant.file ? scratch / name : settings.source / name;
    const std::string object = (scratch / (fs::path(name).stem().string() + ".o")).string();
    objects += object + " ";
    if (!run(std::string(SOCKWIRE_CXX) + " -std=c++20 -O0 -w -I " + scratch.string() + " -I " +
             settings.source.string() + " -c " + from.string() + " -o " + object)) {
      return false;
    }
  }
  // First come, first linked: the objects of the mutation, then the tests, then the library for the rest.
  const fs::path others = settings.build / "tests/conformance/mutants" / (mutant.program + ".link");
  return run(std::string(SOCKWIRE_CXX) + " -Wl,-S " + objects + "@" + others.string() + " -o " +
             (scratch / "test").string());
}

Fate judge(const Settings& settings, const Mutant& mutant) {
  const auto mutated = mutate(read_file(settings.source / mutant.file), mutant);
  if (!mutated) {
    std::fprintf(stderr, "mutants: %s: its old text does not stand in %s exactly once\n", mutant.name.c_str(),
                 mutant.file.c_str());
    return Fate::kBroken;
  }
  const fs::path scratch = settings.build / "mutants" / mutant.name;
  fs::remove_all(scratch);
  fs::create_directories((scratch / mutant.file).parent_path());
  std::ofstream(scratch / mutant.file) << *mutated;
  if (!build(settings, mutant, scratch)) {
    std::fprintf(stderr, "mutants: %s does not compile\n", mutant.name.c_str());
    return Fate::kBroken;
  }
  Fate fate = Fate::kKilled;
  for (const std::string& test : mutant.tests) {
    // A mutation may make it run or grow without end.
    if (!run("ulimit -v 4000000; timeout 60 " + (scratch / "test").string() + " --gtest_brief=1 --gtest_filter='" +
             test + "' >" + (scratch / "log").string() + " 2>&1")) {
      continue;
    }
    std::fprintf(stderr, "mutants: %s did not notice %s\n", test.c_str(), mutant.name.c_str());
    fate = Fate::kSurvived;
  }
  if (fate == Fate::kKilled) fs::remove_all(scratch);
  return fate;
}

/// The tests pass without a mutation; else their failing with one would mean nothing.
bool tests_pass(const Settings& settings, const std::vector<Mutant>& mutants) {
  std::set<std::pair<std::string, std::string>> tests;
  for (const Mutant& mutant : mutants) {
    for (const std::string& test : mutant.tests) tests.insert({mutant.program, test});
  }
  for (const auto& [program, test] : tests) {
    const std::string path = (settings.build / "bin" / program).string();
    if (run(path + " --gtest_brief=1 --gtest_filter='" + test + "' >/dev/null 2>&1") &&
        run(path + " --gtest_list_tests --gtest_filter='" + test + "' | grep -q .")) {
      continue;
    }
    std::fprintf(stderr, "mutants: %s of %s fails without a mutation, or is not there\n", test.c_str(),
                 program.c_str());
    return false;
  }
  return true;
}

std::vector<Mutant> choose(const Settings& settings, std::vector<Mutant> mutants) {
  std::erase_if(mutants, [&](const Mutant& mutant) { return mutant.name.find(settings.only) == std::string::npos; });
  if (settings.count == 0 || settings.count >= mutants.size()) return mutants;
  std::mt19937 random(settings.seed);
  std::shuffle(mutants.begin(), mutants.end(), random);
  mutants.resize(settings.count);
  return mutants;
}

nlohmann::json figures(std::size_t tried, std::size_t survived) {
  return {{{"name", "tcp/mutants_tried"}, {"value", tried}, {"unit", "mutants"}, {"bound", nullptr}},
          {{"name", "tcp/mutants_survived"}, {"value", survived}, {"unit", "mutants"}, {"bound", 0}}};
}

std::vector<Mutant> read_lists(const Settings& settings, std::vector<std::string>& errors) {
  std::stringstream in;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(settings.lists)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) in << read_file(file) << "\n";
  return read_mutants(in, errors);
}

/// Says which tests have no mutation.
int list_uncovered(const Settings& settings) {
  std::vector<std::string> errors;
  const std::vector<Mutant> all = read_lists(settings, errors);
  std::size_t missing = errors.size();
  for (const char* program : {"conformance_test", "tcp_test", "host_stack_test"}) {
    const std::set<std::string> tests = tests_to_cover(program, settings.source, settings.build);
    if (tests.empty()) ++missing;  // then nothing was looked at
    for (const std::string& test : without_mutant(tests, program, all)) {
      std::printf("%s: no mutation is for %s\n", program, test.c_str());
      ++missing;
    }
    std::printf("%s: %zu tests\n", program, tests.size());
  }
  return missing == 0 ? 0 : 1;
}

int try_all(const Settings& settings) {
  std::vector<std::string> errors;
  const std::vector<Mutant> all = read_lists(settings, errors);
  for (const std::string& error : errors) std::fprintf(stderr, "mutants: %s\n", error.c_str());
  const std::vector<Mutant> mutants = choose(settings, all);
  if (!errors.empty() || mutants.empty() || !tests_pass(settings, mutants)) return 2;
  std::size_t survived = 0;
  std::size_t broken = 0;
  for (const Mutant& mutant : mutants) {
    const Fate fate = judge(settings, mutant);
    survived += fate == Fate::kSurvived ? 1 : 0;
    broken += fate == Fate::kBroken ? 1 : 0;
    std::printf("%-48s %s\n", mutant.name.c_str(),
                fate == Fate::kKilled     ? "killed"
                : fate == Fate::kSurvived ? "SURVIVED"
                                          : "BROKEN");
    std::fflush(stdout);
  }
  std::printf("seed %u: %zu of %zu tried, %zu survived, %zu broken\n", settings.seed, mutants.size(), all.size(),
              survived, broken);
  if (!settings.output.empty() && broken == 0) {
    std::ofstream(settings.output) << figures(mutants.size(), survived).dump(2) << "\n";
  }
  return survived + broken == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Whether the conformance tests notice mutations of the code that they watch");
  Settings settings;
  app.add_option("--lists", settings.lists, "the folder of the lists of mutations");
  app.add_option("--only", settings.only, "only those whose name contains this");
  app.add_flag("--uncovered", settings.uncovered, "only say which tests no mutation is for");
  app.add_option("--count", settings.count, "so many, chosen by the seed; all without it");
  app.add_option("--seed", settings.seed, "which ones");
  app.add_option("--output", settings.output, "where the figures go, as JSON");
  CLI11_PARSE(app, argc, argv);
  return settings.uncovered ? list_uncovered(settings) : try_all(settings);
}
