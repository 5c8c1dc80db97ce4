// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/view/kernel_list.hpp"

#include <llvm/ADT/StringRef.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace hlsc {
namespace {

constexpr std::size_t kFields = 6;
constexpr std::size_t kNearNames = 3;

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts(1);
  for (const char letter : text) {
    if (letter == at)
      parts.emplace_back();
    else
      parts.back() += letter;
  }
  return parts;
}

ListedKernel kernel_of(const std::string& line) {
  const std::vector<std::string> fields = split(line, '|');
  if (fields.size() != kFields) throw std::runtime_error("not a line of a list of kernels: " + line);
  ListedKernel kernel;
  kernel.options.module = fields[0];
  kernel.options.header = fields[1];
  kernel.options.function = fields[2];
  if (!fields[3].empty()) kernel.options.period_ns = std::stod(fields[3]);
  std::istringstream depths(fields[4]);
  for (std::string depth; depths >> depth;) {
    const std::vector<std::string> sides = split(depth, '=');
    if (sides.size() != 2) throw std::runtime_error("not a depth: " + depth);
    kernel.options.depths.emplace_back(sides[0], static_cast<unsigned>(std::stoul(sides[1])));
  }
  kernel.is_test = fields[5] == "TEST";
  return kernel;
}

}  // namespace

std::vector<ListedKernel> read_kernel_list(std::istream& list) {
  std::vector<ListedKernel> kernels;
  for (std::string line; std::getline(list, line);)
    if (!line.empty()) kernels.push_back(kernel_of(line));
  return kernels;
}

std::vector<std::string> near_names(const std::vector<ListedKernel>& kernels, const std::string& name) {
  std::vector<std::pair<unsigned, std::string>> near;
  for (const ListedKernel& kernel : kernels) {
    const std::string& other = kernel.options.module;
    const bool part = name.size() > 2 && other.find(name) != std::string::npos;
    const unsigned distance = part ? 1 : llvm::StringRef(name).edit_distance(other);
    if (distance <= name.size() / 3 + 1) near.emplace_back(distance, other);
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  for (const auto& [distance, other] : near)
    if (names.size() < kNearNames) names.push_back(other);
  return names;
}

}  // namespace hlsc
