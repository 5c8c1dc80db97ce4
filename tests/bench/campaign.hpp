// SPDX-License-Identifier: Apache-2.0
// The file of a long campaign, which runs once, is committed (tests/bench/campaigns), and is reported as stored by
// bench_report.
#pragma once

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace sockwire::bench {

struct Campaign {
  std::uint64_t seed = 0;
  std::string command;  ///< that repeats it, with FILE for the output
  nlohmann::json figures = nlohmann::json::array();
  /// What else the file has: "table", lines that say where the figures come from; "peer".
  nlohmann::json more = nlohmann::json::object();
};

/// A figure, as bench_report takes it. `bound` may be null.
inline nlohmann::json figure(const std::string& name, const nlohmann::json& value, const std::string& unit,
                             const nlohmann::json& bound, const std::string& note = {}) {
  nlohmann::json made = {{"name", name}, {"value", value}, {"unit", unit}, {"bound", bound}};
  if (!note.empty()) made["note"] = note;
  return made;
}

namespace detail {

inline std::string first_line_of(const std::string& command) {
  char line[128] = {};
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "";
  std::string text = std::fgets(line, sizeof line, pipe) != nullptr ? line : "";
  pclose(pipe);
  text.erase(text.find_last_not_of('\n') + 1);
  return text;
}

inline std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

}  // namespace detail

/// Writes it with today's date and the tree's commit. Run it from the top of the tree that it was built from. False,
/// with a message, if it cannot be written. Nothing to do if `path` is empty.
inline bool write_campaign(const std::string& path, const Campaign& campaign) {
  if (path.empty()) return true;
  nlohmann::json file = campaign.more;
  file["date"] = detail::today();
  file["commit"] = detail::first_line_of("git rev-parse --short HEAD 2>/dev/null");
  file["seed"] = campaign.seed;
  file["command"] = campaign.command;
  file["figures"] = campaign.figures;
  std::ofstream out(path);
  out << file.dump(2) << '\n';
  out.close();
  if (out) return true;
  std::fprintf(stderr, "cannot write %s\n", path.c_str());
  return false;
}

}  // namespace sockwire::bench
