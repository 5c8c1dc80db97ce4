// SPDX-License-Identifier: Apache-2.0
// Goes through every run of a scenario, depth first.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "world.hpp"

namespace sockwire::tcp::model {

struct Exploration {
  std::uint64_t states = 0;        ///< Different worlds.
  std::uint64_t transitions = 0;   ///< Choices tried, those included that led to a known world.
  std::uint64_t ends = 0;          ///< Worlds in which nothing can happen any more.
  std::size_t longest = 0;         ///< Choices of the longest run.
  bool complete = false;           ///< Nothing was left out: neither max_states nor max_depth was reached.
  std::string violation;           ///< Empty: no rule was broken.
  std::vector<std::string> trace;  ///< The run that broke it, a line for each choice.
};

/// Stops at the first violation, or after max_states worlds. A run longer than max_depth is a violation too: every run
/// of a scenario ends, because its budgets do. A connection cannot be copied, so going back means going again from the
/// start; the last branch of a run costs nothing.
Exploration explore(const Scenario& scenario, std::uint64_t max_states, std::size_t max_depth = 400);

}  // namespace sockwire::tcp::model
