// SPDX-License-Identifier: Apache-2.0
// Instructions of the host per megabyte, by callgrind: the slope between two transfers of different size, so that what
// a process does once drops out, and by function where they go. So is the line's rate, which is to be its full one: a
// host that lets the line run dry looks at its card less often, and costs less.
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::uint64_t kSmallBytes = 2'000'000;
constexpr std::uint64_t kLargeBytes = 6'000'000;
constexpr double kMegabytesBetween = (kLargeBytes - kSmallBytes) / 1e6;

/// Of all figures whose note does not say otherwise.
const std::string kConditions =
    "; callgrind, slope between 2 and 6 MB; TCP, stack and driver; 10 Gb/s (9.41 Gb/s of payload fill the line), a "
    "look "
    "at the card every 100 us at most, as an interrupt that is moderated to 10000 a second, four SENDs of up to 64 kB "
    "(a length of 16 bits) queued on it, a ring of 64 commands to it, WRITEs of up to 32 kB";

struct Case {
  const char* name;
  std::string probe;
  bool whole_process;  ///< Else it tells callgrind itself when to count.
  json bound;
  std::string note;
};

/// Instructions by function, without those that it calls.
using Profile = std::map<std::string, double>;

/// What callgrind writes: "fn=(ID) NAME" once and "fn=(ID)" after that, then lines "POSITION COST"; the line after
/// "calls=" is the cost of what is called.
Profile read_profile(const fs::path& file) {
  std::map<std::string, std::string> names;
  Profile profile;
  std::string function;
  bool of_callee = false;
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t id = line.find("fn=(");
    if (id <= 1) {  // "fn=" and "cfn="
      const std::size_t end = line.find(')', id);
      const std::string number = line.substr(id + 4, end - id - 4);
      if (end + 2 < line.size()) names[number] = line.substr(end + 2);
      if (id == 0) function = names[number];
    } else if (line.rfind("calls=", 0) == 0) {
      of_callee = true;
    } else if (!line.empty() && (std::isdigit(line[0]) || line[0] == '+' || line[0] == '-' || line[0] == '*')) {
      const std::size_t space = line.find(' ');
      if (space != std::string::npos && !of_callee) profile[function] += std::atof(line.c_str() + space + 1);
      of_callee = false;
    }
  }
  return profile;
}

/// What a probe does to send so much, or what it does more than another one.
struct Run {
  Profile profile;
  double ms = 0;  ///< of the line's time; 0 if the probe does not tell
};

/// Runs a probe under callgrind. Nothing if it fails.
std::optional<Run> count(const Case& one, std::uint64_t bytes, const fs::path& file) {
  const fs::path output = file.string() + ".stdout";
  // glibc copies long blocks with REP MOVSB, which is one instruction to a CPU and one per byte to callgrind; so it is
  // told to use its vector loops.
  const std::string command =
      "GLIBC_TUNABLES=glibc.cpu.x86_rep_movsb_threshold=1000000000:glibc.cpu.x86_rep_stosb_threshold=1000000000:"
      "glibc.cpu.x86_non_temporal_threshold=1000000000 valgrind -q --tool=callgrind --collect-atstart=" +
      std::string(one.whole_process ? "yes" : "no") + " --callgrind-out-file=" + file.string() + " " + one.probe +
      " --bytes " + std::to_string(bytes) + " > " + output.string();
  fs::remove(file);
  const int status = std::system(command.c_str());
  if (status != 0 || !fs::exists(file)) return std::nullopt;
  Run run{.profile = read_profile(file)};
  std::ifstream(output) >> run.ms;
  return run;
}

/// Per megabyte, by function.
std::optional<Run> slope(const Case& one, const fs::path& file) {
  const auto small = count(one, kSmallBytes, file);
  const auto large = small ? count(one, kLargeBytes, file) : std::nullopt;
  if (!large) return std::nullopt;
  Run per_megabyte{.profile = {}, .ms = (large->ms - small->ms) / kMegabytesBetween};
  Profile& profile = per_megabyte.profile;
  for (const auto& [function, instructions] : large->profile) profile[function] += instructions / kMegabytesBetween;
  for (const auto& [function, instructions] : small->profile) profile[function] -= instructions / kMegabytesBetween;
  return per_megabyte;
}

/// The payload's rate, in words.
std::string rate_of(const Run& per_megabyte) {
  if (per_megabyte.ms <= 0) return "";
  char text[64];
  std::snprintf(text, sizeof text, "; payload passes at %.2f Gb/s", 8.0 / per_megabyte.ms);
  return text;
}

double total(const Profile& profile) {
  double sum = 0;
  for (const auto& [function, instructions] : profile) sum += instructions;
  return sum;
}

/// The name without its parameters, which make it long.
std::string short_name(const std::string& function) {
  int depth = 0;
  for (std::size_t i = 0; i < function.size(); ++i) {
    if (function[i] == '<') ++depth;
    if (function[i] == '>') --depth;
    const bool parameters = function[i] == '(' && depth == 0 && function.compare(i, 11, "(anonymous ") != 0 && i > 0;
    if (parameters && function.compare(i, 2, "()") != 0) return function.substr(0, i);
  }
  return function;
}

void print(const char* what, const Profile& profile) {
  std::map<std::string, double> by_name;
  for (const auto& [function, instructions] : profile) by_name[short_name(function)] += instructions;
  std::vector<std::pair<double, std::string>> order;
  for (const auto& [function, instructions] : by_name) order.emplace_back(instructions, function);
  std::sort(order.rbegin(), order.rend());
  std::fprintf(stderr, "%s: instructions per megabyte, by function\n", what);
  double shown = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(order.size(), 25); ++i) {
    shown += order[i].first;
    std::fprintf(stderr, "  %9.0f  %s\n", order[i].first, order[i].second.c_str());
  }
  std::fprintf(stderr, "  %9.0f  others\n", total(profile) - shown);
}

/// The cheaper of the two calls that send.
void add_best_send(json& figures) {
  json best;
  for (const json& figure : figures) {
    const auto name = figure["name"].get<std::string>();
    if (!name.ends_with("/send_copied") && !name.ends_with("/send_zero_copy")) continue;
    if (best.is_null() || figure["value"] < best["value"]) best = figure;
  }
  if (best.is_null()) return;
  best["note"] = "the better of send_copied and send_zero_copy: " + best["name"].get<std::string>() + "; " +
                 best["note"].get<std::string>();
  best["name"] = "host/instructions_per_mb/send";
  figures.push_back(best);
}

bool measure(const Case& one, const fs::path& folder, json& figures) {
  const auto run = slope(one, folder / "callgrind.out");
  if (!run) {
    std::fprintf(stderr, "host_cost: %s could not be measured\n", one.name);
    return false;
  }
  print(one.name, run->profile);
  figures.push_back({{"name", std::string("host/instructions_per_mb/") + one.name},
                     {"value", total(run->profile)},
                     {"unit", "instr/MB"},
                     {"bound", one.bound},
                     {"note", one.note + rate_of(*run)}});
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  std::string output;
  std::string only;
  CLI::App app("Instructions of the host per megabyte, by callgrind");
  app.add_option("--output", output, "where the figures go, as JSON");
  app.add_option("--only", only, "only figures whose name contains this");
  CLI11_PARSE(app, argc, argv);
  const fs::path binaries = fs::read_symlink("/proc/self/exe").parent_path();
  const fs::path folder = fs::temp_directory_path() / ("sockwire-host-cost-" + std::to_string(getpid()));
  fs::create_directory(folder);
  const std::vector<Case> cases{
      {"send_copied", (binaries / "host_cost_probe").string(), false, 300'000,
       "with send() of 64 kB each" + kConditions},
      {"send_zero_copy", (binaries / "host_cost_probe").string() + " --zero-copy", false, 300'000,
       "with send_zero_copy() of 64 kB each, up to 16 of them lent, and their completions" + kConditions},
      {"recv", (binaries / "host_cost_probe").string() + " --receive", false, nullptr,
       "of the receiving host" + kConditions},
#if SOCKWIRE_HAS_LWIP
      {"lwip_send", (binaries / "lwip_cost_probe").string(), true, nullptr,
       "by callgrind, of the whole process: Debian's liblwip sends to Linux over TAP"},
#endif
      {"send_20us", (binaries / "host_cost_probe").string() + " --zero-copy --look 20", false, nullptr,
       "as send_zero_copy, with a look at the card every 20 us"},
      {"send_50us", (binaries / "host_cost_probe").string() + " --zero-copy --look 50", false, nullptr,
       "as send_zero_copy, with a look at the card every 50 us"},
  };
  json figures = json::array();
  bool all = true;
  for (const Case& one : cases) {
    if (std::string(one.name).find(only) != std::string::npos) all &= measure(one, folder, figures);
  }
  add_best_send(figures);
  fs::remove_all(folder);
  if (!output.empty()) std::ofstream(output) << figures.dump(2) << "\n";
  return all ? 0 : 1;
}
