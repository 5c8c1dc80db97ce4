// SPDX-License-Identifier: Apache-2.0
// The cells of one setting: each carries a file between an unmodified program on Linux's TCP and our side, one way, and
// compares all of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine_side.hpp"

namespace sockwire::interop {

/// What a cell has to work with.
struct Scene {
  EngineSide& engine;
  std::string folder;  ///< Of its own, empty at first.
  std::uint64_t seed = 0;
  std::vector<std::uint8_t> content;  ///< What is carried: the pattern of the seed.

  std::string sent_file() const { return folder + "/sent"; }  ///< Has the content.
  std::string taken_file() const { return folder + "/taken"; }
};

/// A program's name and way, for those who want only some.
struct PeerCell {
  Peer peer;
  Way way;
};

/// What became of a cell; empty: it has passed.
struct CellResult {
  PeerCell cell;
  std::string problem;
};

/// Runs cells in the lab that this process is in, one after another behind one card; after a failure behind another.
std::vector<CellResult> run_cells(const Setting& setting, const std::vector<PeerCell>& cells, std::size_t bytes,
                                  std::uint64_t seed);

/// These throw CellFailure.
void run_iperf3(Scene& scene, Way way);
void run_lwip(Scene& scene, Way way);

/// Throws CellFailure if a file's content is another.
void compare_file(const std::string& file, const std::vector<std::uint8_t>& content);
void compare(const std::vector<std::uint8_t>& taken, const std::vector<std::uint8_t>& content);

}  // namespace sockwire::interop
