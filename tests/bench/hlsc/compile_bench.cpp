// SPDX-License-Identifier: Apache-2.0
// What it takes to compile the whole engine with hlsc: processor time, which is the time on one core, and memory.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
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

/// Runs hlsc; what wait4 says of a process includes the children that it has waited for, of memory the largest's.
Cost run_hlsc(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), HLSC);
  std::vector<char*> values;
  values.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) values.push_back(argument.data());
  values.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stdout) != nullptr) execv(HLSC, values.data());
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child) throw std::runtime_error("cannot wait for hlsc");
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error("hlsc failed: see above");
  return {seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime), static_cast<double>(usage.ru_maxrss) / 1024};
}

Cost compile_engine(const std::string& width, const fs::path& folder) {
  return run_hlsc({"--function", "engine<" + width + ">", "--module", "engine_w" + width, "-I", SOURCE_DIR, "-o",
                   (folder / ("engine_w" + width + ".sv")).string(), SOURCE_DIR "/hls/top/engine.hpp"});
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
  const double waiting = run_hlsc({"--help"}).megabytes;
  const Cost w1 = compile_engine("1", folder);
  const Cost w8 = compile_engine("8", folder);
  fs::remove_all(folder);
  return json::array({figure("hlsc/compile_s", std::max(w1.seconds, w8.seconds), "s", 10,
                             "processor time for the whole engine, front end included" +
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
