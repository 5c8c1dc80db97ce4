// SPDX-License-Identifier: Apache-2.0
#include "matrix_run.hpp"

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "tests/interop/lab_process.hpp"

namespace sockwire::interop {

std::vector<PeerCell> linux_cells() {
  std::vector<PeerCell> cells;
  for (const Peer peer : kLinuxPeers) {
    for (const Way way : kWays) cells.push_back({peer, way});
  }
  return cells;
}

std::vector<PeerCell> lwip_cells() { return {{Peer::kLwip, Way::kToPeer}, {Peer::kLwip, Way::kFromPeer}}; }

SettingReport run_setting(const Setting& setting, const std::vector<PeerCell>& cells, std::size_t bytes,
                          std::uint64_t seed) {
  if (const std::string reason = why_not(setting); !reason.empty()) return {false, reason, {}};
  SettingReport report;
  // A line a cell that has failed: its number, and why.
  const LabReport lab = run_in_lab([&] {
    std::string failures;
    const auto results = run_cells(setting, cells, bytes, seed);
    for (std::size_t i = 0; i < results.size(); ++i) {
      std::string problem = results[i].problem;
      std::replace(problem.begin(), problem.end(), '\n', ' ');
      if (!problem.empty()) failures += std::to_string(i) + " " + problem + "\n";
    }
    return failures;
  });
  if (!lab.permitted) return {false, lab.problem, {}};
  for (const PeerCell& cell : cells) report.cells.push_back({name_of(cell.peer, cell.way), ""});
  std::istringstream lines(lab.problem);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::size_t number = 0;
    if (fields >> number && number < cells.size()) {
      report.cells[number].problem = line.substr(line.find(' ') + 1);
    } else {  // of the lab as a whole
      for (auto& cell : report.cells) cell.problem = line;
    }
  }
  return report;
}

void MatrixReport::add(const std::string& setting, const SettingReport& report) {
  if (!report.permitted) {
    skipped.push_back(setting + ": skipped, " + report.reason);
    std::fprintf(stderr, "%s\n", skipped.back().c_str());
    return;
  }
  for (const auto& cell : report.cells) {
    ++cells_;
    Count& count = peers_[cell.peer];
    ++count.cells;
    if (cell.problem.empty()) {
      ++count.passed;
      continue;
    }
    failures.push_back(setting + ", " + cell.peer + ": " + cell.problem);
    std::fprintf(stderr, "%s\n", failures.back().c_str());
  }
}

std::vector<std::string> MatrixReport::by_peer() const {
  std::vector<std::string> lines;
  for (const auto& [peer, count] : peers_) {
    lines.push_back(peer + ": " + std::to_string(count.passed) + " of " + std::to_string(count.cells) + " passed");
  }
  return lines;
}

}  // namespace sockwire::interop
