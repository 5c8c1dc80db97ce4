// SPDX-License-Identifier: Apache-2.0
#include "tests/hls/fuzz/values.hpp"

#include <utility>

namespace sockwire::fuzz {

Wide highest(bool is_signed, int width) {
  const int bits = is_signed ? width - 1 : width;
  return bits >= 127 ? kUnknown : (static_cast<Wide>(1) << bits) - 1;
}

Wide lowest(bool is_signed, int width) { return is_signed ? -(static_cast<Wide>(1) << (width - 1)) : 0; }

Value any_of(std::string text, Kind kind, int width) {
  const bool is_signed = kind == Kind::kSigned;
  return {std::move(text), kind, width, lowest(is_signed, width), highest(is_signed, width)};
}

std::string type_name(Kind kind, int width) {
  if (kind == Kind::kBool) return "bool";
  return kind == Kind::kApUint ? ap_uint_type(width)->name : integer_type(kind == Kind::kSigned, width)->name;
}

Value converted(const Value& from, Kind kind, int width) {
  Value to = any_of("static_cast<" + type_name(kind, width) + ">(" + from.text + ")", kind, width);
  if (from.low >= to.low && from.high <= to.high && from.high != kUnknown) {
    to.low = from.low;
    to.high = from.high;
  }
  return to;
}

Value promoted(Value from) {
  if (from.kind == Kind::kApUint) {
    from.kind = Kind::kUnsigned;
    from.width = from.width <= 64 ? 64 : 128;
  } else if (from.kind == Kind::kBool || from.width < 32) {
    from.kind = Kind::kSigned;
    from.width = 32;
  }
  return from;
}

Value as_unsigned_word(const Value& from) { return converted(from, Kind::kUnsigned, from.width > 64 ? 128 : 64); }

bool has_sign(const Value& value) { return value.kind == Kind::kSigned; }

}  // namespace sockwire::fuzz
