// SPDX-License-Identifier: Apache-2.0
#include "host/transport/link/stuffing.hpp"

#include <algorithm>

#include "hls/link/link_frame.hpp"

namespace sockwire::transport {

namespace {

constexpr std::size_t kFullBlockBytes = kLinkFullBlock - 1;

}  // namespace

void stuff(std::span<const std::uint8_t> frame, std::vector<std::uint8_t>& line) {
  std::size_t at = 0;
  bool open = true;  // a block is to follow, be it empty
  while (open) {
    const auto rest = frame.subspan(at, std::min(kFullBlockBytes, frame.size() - at));
    const auto block = static_cast<std::size_t>(std::ranges::find(rest, 0) - rest.begin());
    line.push_back(static_cast<std::uint8_t>(block + 1));
    line.insert(line.end(), rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(block));
    at += block;
    const bool zero = block < kFullBlockBytes && at < frame.size();
    at += zero ? 1 : 0;
    open = zero || at < frame.size();
  }
  line.push_back(kLinkDelimiter);
}

bool unstuff(std::span<const std::uint8_t> line, std::vector<std::uint8_t>& frame) {
  // Backwards: the last code says where its block begins, and the byte before that is the next code.
  frame.resize(line.size());
  std::size_t out = line.size();
  std::size_t at = line.size();
  bool first = true;
  while (at > 0) {
    const std::uint8_t code = line[--at];
    const std::size_t block = code - std::size_t{1};
    if (code == 0 || block > at) return false;
    if (!first && code != kLinkFullBlock) frame[--out] = 0;
    first = false;
    const auto bytes = line.subspan(at - block, block);
    if (std::ranges::find(bytes, 0) != bytes.end()) return false;
    out -= block;
    std::ranges::copy(bytes, frame.begin() + static_cast<std::ptrdiff_t>(out));
    at -= block;
  }
  frame.erase(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(out));
  return true;
}

}  // namespace sockwire::transport
