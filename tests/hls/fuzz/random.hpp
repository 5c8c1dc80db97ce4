// SPDX-License-Identifier: Apache-2.0
// Choices that depend on a seed and on nothing else, so that a kernel is known by its number on every machine: the
// distributions of <random> are the library's own affair, and are not used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace sockwire::fuzz {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t word() { return engine_(); }
  /// 0 to limit - 1.
  int below(int limit) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(limit)); }
  int between(int low, int high) { return low + below(high - low + 1); }
  bool percent(int chance) { return below(100) < chance; }

  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
  }

  /// The number of one of the weights, each as likely as it is large.
  int weighted(const std::vector<int>& weights) {
    int total = 0;
    for (const int weight : weights) total += weight;
    int at = below(total);
    int chosen = 0;
    while (at >= weights[static_cast<std::size_t>(chosen)]) at -= weights[static_cast<std::size_t>(chosen++)];
    return chosen;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace sockwire::fuzz
