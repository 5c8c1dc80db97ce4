// SPDX-License-Identifier: Apache-2.0
// Zeros out of a frame and back in, so that a zero on the wires is a delimiter (hls/link/link_frame.hpp).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sockwire::transport {

/// Appends a frame to the card, each block behind its code, and its delimiter to `line`.
void stuff(std::span<const std::uint8_t> frame, std::vector<std::uint8_t>& line);

/// The frame that came from the card between two delimiters, each code behind its block. Replaces `frame`. False if a
/// code reaches beyond the beginning, or there is a zero: the bytes were damaged.
[[nodiscard]] bool unstuff(std::span<const std::uint8_t> line, std::vector<std::uint8_t>& frame);

}  // namespace sockwire::transport
