// SPDX-License-Identifier: Apache-2.0
// Random C++ expressions with no side effect and a defined value: no signed sum overflows, no shift reaches the width
// of what is shifted, no index leaves its array.
#pragma once

#include <string>
#include <vector>

#include "tests/hls/fuzz/random.hpp"
#include "tests/hls/fuzz/types.hpp"
#include "tests/hls/fuzz/values.hpp"

namespace sockwire::fuzz {

/// Something with a name: a variable, a loop's counter, a memory or a table from which a value is read.
struct Variable {
  std::string name;
  TypeRef type;
  bool writable = false;
  int limit = 0;       ///< of a counter: it stays below
  int entries = 0;     ///< of a memory or a table: what an index into it is below
  std::string before;  ///< of a memory or a table: "memory.read(", "table["; without entries the whole text
  std::string after;
};

/// A function without side effects, its parameters by value or const reference.
struct PureFunction {
  std::string name;
  TypeRef result;
  std::vector<TypeRef> parameters;
};

/// What an expression can name.
struct Scope {
  std::vector<Variable> variables;
  std::vector<PureFunction> functions;
};

/// A scalar part of a variable.
struct Place {
  std::string text;
  TypeRef type;
  int limit = 0;
};

class Expressions {
 public:
  Expressions(Random& random, const Scope& scope) : random_(random), scope_(scope) {}

  Value number(int depth);
  std::string condition(int depth);
  /// A bit of a variable, or its comparison with a constant.
  std::string simple_condition();
  /// What can be assigned to a scalar of the type.
  std::string assignable(const Type& type, int depth);
  /// An expression that is below `count`, of an integer type that may index or shift.
  std::string index(int count, int depth);
  /// The same as an int, as range() and [] of ap_uint take it.
  std::string int_index(int count, int depth);
  /// A scalar part of a variable, writable or not; false if there is none.
  bool place(bool writable, Place& result);
  /// A writable part, or a readable one, of exactly this type; false if none was found.
  bool place_of(const Type& type, bool writable, Place& result);
  /// The text of a value of any type: a scalar's expression, or a struct from somewhere.
  std::string value_of(const Type& type, int depth);

 private:
  Place start(const Variable& variable);
  void step(Place& at);
  bool walk(bool writable, const Type* wanted, Place& result);
  Value leaf();
  Value literal();
  Value of_place(const Place& at);
  Value bits_of(const Place& at, int depth);
  Value binary(int depth);
  Value combine(const std::string& op, Value a, Value b);
  Value shift(int depth);
  Value unary(int depth);
  Value cast(int depth);
  Value choice(int depth);
  Value builtin(int depth);
  Value call(int depth);
  std::string comparison(int depth);

  Random& random_;
  const Scope& scope_;
};

}  // namespace sockwire::fuzz
