// SPDX-License-Identifier: Apache-2.0
#include "tests/hls/fuzz/expressions.hpp"

#include <algorithm>
#include <utility>

namespace sockwire::fuzz {

// --- places
// ------------------------------------------------------------------------------------------------------------

Place Expressions::start(const Variable& variable) {
  if (variable.entries != 0) return {variable.before + index(variable.entries, 0) + variable.after, variable.type, 0};
  if (!variable.before.empty()) return {variable.before, variable.type, 0};
  return {variable.name, variable.type, variable.limit};
}

void Expressions::step(Place& at) {
  const TypeRef type = at.type;
  if (type->kind == Kind::kArray) {
    at.text += random_.percent(50) ? "[" + std::to_string(random_.below(type->count)) + "]"
                                   : "[" + index(type->count, 0) + "]";
    at.type = type->element;
  } else {
    const Member& member = random_.pick(type->members);
    at.text += "." + member.name;
    at.type = member.type;
  }
}

bool Expressions::walk(bool writable, const Type* wanted, Place& result) {
  for (int attempt = 0; attempt < 12; ++attempt) {
    const Variable& variable = random_.pick(scope_.variables);
    if (writable && !variable.writable) continue;
    result = start(variable);
    const auto found = [&] { return wanted == nullptr ? result.type->is_scalar() : result.type->name == wanted->name; };
    const auto is_array = [&] { return result.type->kind == Kind::kArray; };
    while ((!found() || is_array()) && !result.type->is_scalar()) step(result);
    if (found()) return true;
  }
  return false;
}

bool Expressions::place(bool writable, Place& result) { return walk(writable, nullptr, result); }

bool Expressions::place_of(const Type& type, bool writable, Place& result) { return walk(writable, &type, result); }

// --- leaves
// ------------------------------------------------------------------------------------------------------------

Value Expressions::literal() {
  switch (random_.weighted({30, 30, 20, 10, 10})) {
    case 0: {
      const int value = random_.below(20);
      return {std::to_string(value), Kind::kSigned, 32, value, value};
    }
    case 1: {
      const std::uint64_t value = random_.word() >> random_.between(1, 63);
      return {hex_literal(value), Kind::kUnsigned, value > 0xffffffffu ? 64 : 32, static_cast<Wide>(value),
              static_cast<Wide>(value)};
    }
    case 2: {
      const std::uint64_t bit = std::uint64_t{1} << random_.below(64);
      const std::uint64_t value = random_.percent(50) ? bit : bit - 1;
      return {hex_literal(value), Kind::kUnsigned, value > 0xffffffffu ? 64 : 32, static_cast<Wide>(value),
              static_cast<Wide>(value)};
    }
    case 3: {
      const int value = -random_.between(1, 1000);
      return {"(" + std::to_string(value) + ")", Kind::kSigned, 32, value, value};
    }
    default:
      return any_of("((detail::uint128_t(" + hex_literal(random_.word() >> random_.below(60)) + ") << 64) | " +
                        hex_literal(random_.word()) + ")",
                    Kind::kUnsigned, 128);
  }
}

Value Expressions::of_place(const Place& at) {
  const Type& type = *at.type;
  if (type.kind == Kind::kEnum) {
    Value value = any_of("static_cast<unsigned>(" + at.text + ")", Kind::kUnsigned, 32);
    value.high = highest(false, type.width);
    return value;
  }
  Value value = any_of(at.text, type.kind, type.width);
  if (at.limit != 0) {
    value.low = 0;
    value.high = at.limit - 1;
  }
  return value;
}

/// A bit or a range of an ap_uint.
Value Expressions::bits_of(const Place& at, int depth) {
  const int width = at.type->width;
  const int inner = std::max(depth - 1, 0);
  if (random_.percent(40)) return {at.text + "[" + int_index(width, inner) + "]", Kind::kBool, 1, 0, 1};
  const int length = random_.between(1, width);
  std::string high;
  std::string low;
  const int run_time = random_.below(3);
  if (run_time != 0 && length < width) {
    low = int_index(width - length + 1, inner);
    high = "(" + low + ") + " + std::to_string(length - 1);
  } else {
    const int from = random_.between(0, width - length);
    low = std::to_string(from);
    high = std::to_string(from + length - 1);
  }
  Value value = any_of(at.text + ".range(" + high + ", " + low + ")", Kind::kUnsigned, width <= 64 ? 64 : 128);
  value.high = highest(false, length);
  if (random_.percent(50)) return value;
  // What is not const gives a reference, which becomes a number here and not by the operator around it.
  value.text = "static_cast<" + type_name(Kind::kUnsigned, value.width) + ">(" + value.text + ")";
  return value;
}

Value Expressions::leaf() {
  Place at;
  if (random_.percent(22) || !place(false, at)) return literal();
  if (at.type->kind == Kind::kApUint && random_.percent(30)) {
    Value bits = bits_of(at, 1);
    if (bits.kind != Kind::kBool) return bits;
    bits.text = "(" + bits.text + " ? 1 : 0)";
    bits.kind = Kind::kSigned;
    bits.width = 32;
    return bits;
  }
  return of_place(at);
}

std::string Expressions::index(int count, int depth) {
  if (count == 1) return "0";
  int bits = 0;
  while ((2 << bits) <= count) ++bits;
  for (const Variable& variable : scope_.variables)
    if (variable.limit != 0 && variable.limit <= count && random_.percent(60)) return variable.name;
  const int mask = (1 << bits) - 1;
  Value value = as_unsigned_word(number(depth));
  const int spare = count - 1 - mask;
  switch (random_.below(4)) {
    case 0:
      return "((" + value.text + ") % " + std::to_string(mask + 1) + ")";
    case 1:
      return "((" + value.text + ") & " + std::to_string(mask) + ") + " + std::to_string(random_.between(0, spare));
    case 2:
      return "std::uint64_t((" + value.text + ") < " + std::to_string(count) + " ? (" + value.text +
             ") : " + std::to_string(random_.below(count)) + ")";
    default:
      return "((" + value.text + ") & " + std::to_string(mask) + ")";
  }
}

std::string Expressions::int_index(int count, int depth) {
  if (random_.percent(40)) return std::to_string(random_.below(count));
  return "static_cast<int>(" + index(count, depth) + ")";
}

// --- operations
// --------------------------------------------------------------------------------------------------------

/// One of + - * & | ^ on two operands, done in the type that C++ does it in; a sum that could overflow a signed type is
/// done without sign.
Value Expressions::combine(const std::string& op, Value a, Value b) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    const Value left = promoted(a);
    const Value right = promoted(b);
    const int width = std::max(left.width, right.width);
    const bool is_signed = (has_sign(left) || left.width < width) && (has_sign(right) || right.width < width) &&
                           (has_sign(left) || has_sign(right));
    Value result =
        any_of("(" + a.text + " " + op + " " + b.text + ")", is_signed ? Kind::kSigned : Kind::kUnsigned, width);
    const bool small = width <= 64 && left.low >= result.low && right.low >= result.low;
    std::vector<Wide> ends;
    if (small && op == "+") ends = {left.low + right.low, left.high + right.high};
    if (small && op == "-") ends = {left.low - right.high, left.high - right.low};
    // Products of two 64-bit ranges would not fit in what the ranges are computed with.
    const auto is_short = [](const Value& x) { return x.low > -(Wide{1} << 62) && x.high < (Wide{1} << 62); };
    if (small && op == "*" && is_short(left) && is_short(right))
      ends = {left.low * right.low, left.low * right.high, left.high * right.low, left.high * right.high};
    if (small && op == "&" && left.low >= 0 && right.low >= 0) ends = {0, std::min(left.high, right.high)};
    const bool bitwise = op == "&" || op == "|" || op == "^";
    if (!ends.empty()) {
      const auto [low, high] = std::minmax_element(ends.begin(), ends.end());
      if (*low >= result.low && *high <= result.high) {
        result.low = *low;
        result.high = *high;
        return result;
      }
    }
    if (!is_signed || bitwise) return result;
    a = as_unsigned_word(a);
  }
  return as_unsigned_word(a);
}

Value Expressions::binary(int depth) {
  static const std::vector<std::string> kOperators = {"+", "+", "-", "-", "*", "&", "|", "^"};
  std::string op = random_.pick(kOperators);
  Value a = number(depth - 1);
  Value b = number(depth - 1);
  // Two wide products in one kernel are enough for a simulator.
  if (op == "*" && (a.width > 64 || b.width > 64) && random_.percent(70)) op = "+";
  return combine(op, std::move(a), std::move(b));
}

Value Expressions::shift(int depth) {
  const Value inner = number(depth - 1);
  Value left = inner;
  const bool to_left = random_.percent(50);
  // To the left only what has no sign; what has one is shifted arithmetically.
  if (to_left && has_sign(promoted(left))) left = as_unsigned_word(left);
  const Value type = promoted(left);
  // Division by a power of two is a shift or a mask, of what has no sign.
  if (!to_left && !has_sign(type) && random_.percent(15)) {
    const std::string divisor = hex_literal(std::uint64_t{1} << random_.below(std::min(type.width, 64)));
    return any_of("(" + left.text + (random_.percent(50) ? " / " : " % ") + divisor + ")", type.kind, type.width);
  }
  const int limit = random_.percent(30) ? type.width : std::min(type.width, std::max(2, inner.width));
  const std::string amount =
      random_.percent(40) ? std::to_string(random_.below(limit)) : "(" + index(limit, depth - 1) + ")";
  Value result = any_of("(" + left.text + (to_left ? " << " : " >> ") + amount + ")", type.kind, type.width);
  if (!to_left && type.high != kUnknown) {
    result.low = std::min<Wide>(type.low, 0);
    result.high = std::max<Wide>(type.high, 0);
  }
  return result;
}

Value Expressions::unary(int depth) {
  Value inner = number(depth - 1);
  const Value type = promoted(inner);
  if (random_.percent(50)) {
    Value result = any_of("(~" + inner.text + ")", type.kind, type.width);
    if (has_sign(type)) {
      result.low = -type.high - 1;
      result.high = -type.low - 1;
    }
    return result;
  }
  if (has_sign(type) && type.low == lowest(true, type.width)) inner = as_unsigned_word(inner);
  const Value negated = promoted(inner);
  Value result = any_of("(-" + inner.text + ")", negated.kind, negated.width);
  if (has_sign(negated)) {
    result.low = -negated.high;
    result.high = -negated.low;
  }
  return result;
}

Value Expressions::cast(int depth) {
  const Value inner = number(depth - 1);
  if (random_.percent(50)) return converted(inner, Kind::kApUint, random_width(random_));
  const bool is_signed = random_.percent(50);
  return converted(inner, is_signed ? Kind::kSigned : Kind::kUnsigned, 8 << random_.below(is_signed ? 4 : 5));
}

Value Expressions::choice(int depth) {
  const std::string test = condition(depth - 1);
  const Value a = number(depth - 1);
  const Value b = number(depth - 1);
  const bool like_first = random_.percent(50);
  const Value left = promoted(a);
  const Value right = promoted(b);
  const Kind kind = like_first ? left.kind : right.kind;
  const int width = like_first ? left.width : right.width;
  const Value x = converted(a, kind, width);
  const Value y = converted(b, kind, width);
  return {"(" + test + " ? " + x.text + " : " + y.text + ")", kind, width, std::min(x.low, y.low),
          std::max(x.high, y.high)};
}

Value Expressions::builtin(int depth) {
  const std::string word = converted(number(depth - 1), Kind::kUnsigned, 64).text;
  switch (random_.below(5)) {
    case 0:
      return {"__builtin_popcountll(" + word + ")", Kind::kSigned, 32, 0, 64};
    case 1:
      return {"__builtin_clzll(" + word + " | 1)", Kind::kSigned, 32, 0, 63};
    case 2:
      return {"__builtin_ctzll(" + word + " | 0x8000000000000000ull)", Kind::kSigned, 32, 0, 63};
    case 3:
      return any_of("__builtin_bswap32(static_cast<std::uint32_t>(" + word + "))", Kind::kUnsigned, 32);
    default:
      return any_of("__builtin_bswap64(" + word + ")", Kind::kUnsigned, 64);
  }
}

Value Expressions::call(int depth) {
  if (scope_.functions.empty()) return binary(depth);
  const PureFunction& function = random_.pick(scope_.functions);
  std::string text = function.name + "(";
  for (std::size_t i = 0; i < function.parameters.size(); ++i)
    text += (i == 0 ? "" : ", ") + value_of(*function.parameters[i], depth - 1);
  Place at{text + ")", function.result, 0};
  while (!at.type->is_scalar()) step(at);
  return of_place(at);
}

Value Expressions::number(int depth) {
  if (depth <= 0) return leaf();
  switch (random_.weighted({18, 34, 14, 6, 12, 10, 3, 5, 6})) {
    case 0:
      return leaf();
    case 1:
      return binary(depth);
    case 2:
      return shift(depth);
    case 3:
      return unary(depth);
    case 4:
      return cast(depth);
    case 5:
      return choice(depth);
    case 6:
      return builtin(depth);
    case 7:
      return call(depth);
    default: {
      const std::string test = condition(depth - 1);
      return {"(" + test + ")", Kind::kBool, 1, 0, 1};
    }
  }
}

std::string Expressions::comparison(int depth) {
  static const std::vector<std::string> kOperators = {"==", "!=", "<", "<=", ">", ">="};
  Place at;
  if (random_.percent(10) && place(false, at) && at.type->kind == Kind::kEnum)
    return "(" + at.text + (random_.percent(70) ? " == " : " != ") + random_literal(random_, *at.type) + ")";
  const Value a = number(depth - 1);
  const Value b = random_.percent(35) ? literal() : number(depth - 1);
  return "(" + a.text + " " + random_.pick(kOperators) + " " + b.text + ")";
}

std::string Expressions::condition(int depth) {
  Place at;
  switch (random_.weighted({45, depth > 0 ? 15 : 0, depth > 0 ? 8 : 0, 15, 12})) {
    case 0:
      return comparison(std::max(depth, 1));
    case 1:
      return "(" + condition(depth - 1) + (random_.percent(50) ? " && " : " || ") + condition(depth - 1) + ")";
    case 2:
      return "(!" + condition(depth - 1) + ")";
    case 3:
      for (int attempt = 0; attempt < 6; ++attempt)
        if (place(false, at) && at.type->kind == Kind::kBool) return at.text;
      return comparison(1);
    default:
      for (int attempt = 0; attempt < 6; ++attempt)
        if (place(false, at) && at.type->kind == Kind::kApUint)
          return at.text + "[" + int_index(at.type->width, 0) + "]";
      return comparison(1);
  }
}

std::string Expressions::simple_condition() {
  Place at;
  if (!place(false, at)) return "true";
  if (at.type->kind == Kind::kBool) return at.text;
  return "(" + at.text + " == " + random_literal(random_, *at.type) + ")";
}

std::string Expressions::assignable(const Type& type, int depth) {
  switch (type.kind) {
    case Kind::kBool:
      return random_.percent(70) ? condition(depth) : "static_cast<bool>(" + number(depth).text + ")";
    case Kind::kEnum:
      if (random_.percent(50)) return random_literal(random_, type);
      return "static_cast<" + type.name + ">(" + index(1 << type.width, depth) + ")";
    case Kind::kApUint:
      return number(depth).text;
    default:
      return "static_cast<" + type.name + ">(" + number(depth).text + ")";
  }
}

std::string Expressions::value_of(const Type& type, int depth) {
  Place at;
  if (!type.is_scalar()) return random_.percent(85) && place_of(type, false, at) ? at.text : type.name + "{}";
  if (type.kind == Kind::kApUint) return type.name + "(" + assignable(type, depth) + ")";
  return assignable(type, depth);
}

}  // namespace sockwire::fuzz
