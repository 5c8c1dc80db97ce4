// SPDX-License-Identifier: Apache-2.0
// Random C++ statements. What may happen once in a step, such as a stream's read, is kept in a list: a branch takes it
// from what comes after it, but not from the other branch.
#pragma once

#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/hls/fuzz/expressions.hpp"

namespace sockwire::fuzz {

/// Something that a step does at most once.
struct Once {
  enum Kind { kRead, kWrite, kMemoryWrite, kRequest };
  Kind kind = kRead;
  std::string port;
  TypeRef type;     ///< what is read or written
  int entries = 0;  ///< of a memory
};

/// What may be written any number of times: wires and pulses.
struct Signal {
  std::string port;
  TypeRef type;
};

/// A function with a first argument that it changes.
struct Changer {
  std::string name;
  TypeRef target;
  std::string array;  ///< the only argument that it takes, if that is an array
  std::vector<TypeRef> parameters;
};

struct Surroundings {
  std::vector<TypeRef> structs;
  std::vector<TypeRef> enums;
  std::vector<Once> once;
  std::vector<Signal> signals;
  std::vector<Changer> changers;
};

class Statements {
 public:
  Statements(Random& random, Scope& scope, const Surroundings& around)
      : random_(random), scope_(scope), around_(around) {
    for (std::size_t i = 0; i < around.once.size(); ++i) left_.insert(i);
  }

  /// So many statements, some of them with others inside.
  void block(int budget);
  void once(std::size_t number);
  /// Whatever has not happened yet and comes to light outside.
  void remaining_writes();
  void signal(const Signal& signal);
  void line(const std::string& text);
  void indent(int by) { indent_ += by; }
  /// Early returns are among the statements; of a value of the type, if there is one.
  void may_return(TypeRef result) {
    may_return_ = true;
    result_ = std::move(result);
  }
  std::string text() const { return out_.str(); }

 private:
  void statement(int budget);
  void assign();
  void compound();
  void assign_bits();
  void declare();
  void copy();
  void change();
  void branch(int budget);
  void correlated();
  void selection(int budget);
  void loop(int budget);
  void leave(int budget);
  bool any_once();
  void nested(int budget);
  void fill(const std::string& name, const Type& type, int depth);
  std::string fresh(const char* what);
  std::string filled(const Type& type);
  Expressions expressions() { return {random_, scope_}; }

  Random& random_;
  Scope& scope_;
  const Surroundings& around_;
  std::ostringstream out_;
  std::set<std::size_t> left_;
  bool may_return_ = false;
  TypeRef result_;
  bool returned_ = false;
  int indent_ = 2;
  int depth_ = 0;
  int loops_ = 0;
  int names_ = 0;
};

}  // namespace sockwire::fuzz
