// SPDX-License-Identifier: Apache-2.0
// What is known of an expression: its type, and its range as C++'s rules for promotion and conversion give it.
#pragma once

#include <string>

#include "tests/hls/fuzz/types.hpp"

namespace sockwire::fuzz {

__extension__ typedef __int128 Wide;

/// The upper end of a range of which nothing is known, as it is with 128 bits.
constexpr Wide kUnknown = static_cast<Wide>(static_cast<std::uint64_t>(-1) >> 1) << 64 | static_cast<std::uint64_t>(-1);

/// An expression: its text, its type (a scalar, no enum), and what it may be.
struct Value {
  std::string text;
  Kind kind = Kind::kUnsigned;
  int width = 64;
  Wide low = 0;
  Wide high = 0;
};

Wide highest(bool is_signed, int width);
Wide lowest(bool is_signed, int width);
/// A value of the type of which nothing else is known.
Value any_of(std::string text, Kind kind, int width);
std::string type_name(Kind kind, int width);
/// By a static_cast. It keeps the value where that fits, and else gives any value of the type.
Value converted(const Value& from, Kind kind, int width);
/// What arithmetic makes of an operand before it computes: bool and short integers become int.
Value promoted(Value from);
Value as_unsigned_word(const Value& from);
bool has_sign(const Value& value);

}  // namespace sockwire::fuzz
