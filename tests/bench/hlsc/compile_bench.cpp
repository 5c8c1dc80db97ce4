// SPDX-License-Identifier: Apache-2.0
// What it takes to compile the whole engine with hlsc: processor time, which is the time on one core, and memory. And
// what hlsc estimates of the result: the frequency of each width, and the cycles that each kernel takes.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Cost {
  double seconds = 0;  ///< user and system, of hlsc and the clang that it runs
  double megabytes = 0;
};

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

/// Runs hlsc, with its output in a file; what wait4 says of a process includes the children that it has waited for, of
/// memory the largest's.
Cost run_hlsc(std::vector<std::string> arguments, const fs::path& output) {
  arguments.insert(arguments.begin(), HLSC);
  std::vector<char*> values;
  values.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) values.push_back(argument.data());
  values.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) {
    if (std::freopen(output.c_str(), "w", stdout) != nullptr) execv(HLSC, values.data());
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child) throw std::runtime_error("cannot wait for hlsc");
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error("hlsc failed: see above");
  return {seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime), static_cast<double>(usage.ru_maxrss) / 1024};
}

struct Engine {
  const char* width;
  const char* period_ns;  ///< as in hls/top/CMakeLists.txt: a beat each cycle, of 1 Gb/s and 10 Gb/s
  double line_rate_mhz;
};

constexpr Engine kEngines[] = {{"1", "8.0", 125}, {"8", "6.4", 156.25}};

fs::path report_of(const Engine& engine, const fs::path& folder) {
  return folder / (std::string("w") + engine.width + ".txt");
}

Cost compile_engine(const Engine& engine, const fs::path& folder) {
  const std::string width = engine.width;
  return run_hlsc(
      {"--function", "engine<" + width + ">", "--module", "engine_w" + width, "--period", engine.period_ns, "--report",
       "-I", SOURCE_DIR, "-o", (folder / ("engine_w" + width + ".sv")).string(), SOURCE_DIR "/hls/top/engine.hpp"},
      report_of(engine, folder));
}

/// Of hlsc's report: "NAME: FUNCTION", and below, of a kernel "II .., latency N cycles, .." and of the whole
/// "period N ns (N MHz), for NAME".
json estimate(const Engine& engine, const fs::path& folder) {
  std::ifstream report(report_of(engine, folder));
  std::string kernel;
  std::string latencies;
  double mhz = 0;
  std::string slowest;
  for (std::string line; std::getline(report, line);) {
    std::smatch match;
    if (std::regex_search(line, match, std::regex("^(\\w+): ")))
      kernel = match[1];
    else if (std::regex_search(line, match, std::regex("^  II .* latency (\\d+) cycle")))
      latencies += (latencies.empty() ? "" : ", ") + kernel + " " + match[1].str();
    else if (std::regex_search(line, match, std::regex("^  period .* \\((.*) MHz\\), for (\\w+)")))
      std::tie(mhz, slowest) = std::make_pair(std::stod(match[1]), match[2].str());
  }
  if (mhz == 0) throw std::runtime_error("hlsc's report does not say the period of the engine");
  return {{"name", std::string("hlsc/fmax_mhz/engine_w") + engine.width},
          {"value", mhz},
          {"unit", "MHz"},
          {"bound", engine.line_rate_mhz},
          {"note", "estimate; the slowest kernel is " + slowest + "; II 1, latency in cycles: " + latencies}};
}

std::string text_of(const char* format, double a, double b) {
  char text[100];
  std::snprintf(text, sizeof(text), format, a, b);
  return text;
}

json figure(const std::string& name, double value, const char* unit, double bound, const std::string& note) {
  return {{"name", name}, {"value", value}, {"unit", unit}, {"bound", bound}, {"note", note}};
}

json measure() {
  const fs::path folder = fs::temp_directory_path() / ("sockwire-compile-bench-" + std::to_string(getpid()));
  fs::create_directory(folder);
  // While clang runs, hlsc waits and is as large as it is at its start.
  const double waiting = run_hlsc({"--help"}, "/dev/null").megabytes;
  const Cost w1 = compile_engine(kEngines[0], folder);
  const Cost w8 = compile_engine(kEngines[1], folder);
  const json frequencies[] = {estimate(kEngines[0], folder), estimate(kEngines[1], folder)};
  fs::remove_all(folder);
  return json::array({frequencies[0], frequencies[1],
                      figure("hlsc/compile_s", std::max(w1.seconds, w8.seconds), "s", 10,
                             "processor time for the whole engine, front end and report included" +
                                 text_of("; w1 %.2f, w8 %.2f", w1.seconds, w8.seconds)),
                      figure("hlsc/compile_mb", std::max(w1.megabytes, w8.megabytes) + waiting, "MB", 1000,
                             "largest process" + text_of(" (w1 %.0f, w8 %.0f) and the one that waits for it",
                                                         w1.megabytes, w8.megabytes))});
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Measures what it takes to compile the whole engine with hlsc");
  std::string output = "compile.json";
  app.add_option("--output", output, "the JSON file to write");
  CLI11_PARSE(app, argc, argv);
  try {
    const json figures = measure();
    std::ofstream(output) << figures.dump(2) << '\n';
  } catch (const std::exception& error) {
    std::fprintf(stderr, "compile_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
