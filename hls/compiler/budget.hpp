// SPDX-License-Identifier: Apache-2.0
// What one kernel may cost to compile. The largest of the engine takes a tenth of each of these; beyond them a person
// has asked for something that is no circuit (a loop of loops, a table in registers), and is told so at once, instead
// of after the machine has run out of memory.
#pragma once

#include <cstdint>
#include <string>

#include "hls/compiler/diagnostics.hpp"

namespace hlsc {

/// Bits of one integer: the widest that C++ computes with.
constexpr unsigned kMaxBits = 128;
/// LLVM instructions, when everything is inlined and unrolled.
constexpr std::uint64_t kMaxInstructions = 200'000;
/// Rounds of a loop. One with more is not unrolled, and refused as one that has no constant bound.
constexpr unsigned kMaxRounds = 4096;
/// Scalars in the state or in what one port carries, and values that one instruction moves.
constexpr std::uint64_t kMaxLeaves = 1u << 14;
/// Bytes of the state, or of what one port carries.
constexpr std::uint64_t kMaxBytes = 1u << 20;
/// Places where control meets or parts, when everything is unrolled.
constexpr std::uint64_t kMaxBlocks = 4'000;
/// Expressions, those that simplification dropped again included.
constexpr std::uint64_t kMaxNodes = 300'000;
/// Expressions that were asked for, found or made.
constexpr std::uint64_t kMaxRequests = 50'000'000;
/// Operations one after another in one step.
constexpr unsigned kMaxDepth = 2'000;

inline Refusal too_large(const SourceLocation& where, const std::string& why) {
  return Refusal(where, "this kernel is too large: " + why);
}

}  // namespace hlsc
