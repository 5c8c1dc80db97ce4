// SPDX-License-Identifier: Apache-2.0
// Runs settings of the matrix in labs of their own, and gathers what became of their cells.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "peer_cells.hpp"

namespace sockwire::interop {

/// What run_cells() may use of the numbers after its seed.
inline constexpr std::uint64_t kSeedsPerSetting = 100;

/// The cells of one setting.
struct SettingReport {
  bool permitted = true;  ///< This machine can do it.
  std::string reason;     ///< If not.
  struct Cell {
    std::string peer;  ///< "nc to"
    std::string problem;
  };
  std::vector<Cell> cells;
};

/// Every program on Linux's TCP, both ways.
std::vector<PeerCell> linux_cells();
/// lwIP, both ways.
std::vector<PeerCell> lwip_cells();

/// Runs them in a new lab.
SettingReport run_setting(const Setting& setting, const std::vector<PeerCell>& cells, std::size_t bytes,
                          std::uint64_t seed);

/// Several settings.
class MatrixReport {
 public:
  /// Prints what has failed or was left out.
  void add(const std::string& setting, const SettingReport& report);
  std::size_t cells() const { return cells_; }
  std::size_t passed() const { return cells_ - failures.size(); }
  /// "nc to: 336 of 336".
  std::vector<std::string> by_peer() const;

  std::vector<std::string> skipped;   ///< "SETTING: skipped, REASON"
  std::vector<std::string> failures;  ///< "SETTING, PEER: PROBLEM"

 private:
  struct Count {
    std::size_t cells = 0;
    std::size_t passed = 0;
  };
  std::size_t cells_ = 0;
  std::map<std::string, Count> peers_;
};

}  // namespace sockwire::interop
