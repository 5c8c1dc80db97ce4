// SPDX-License-Identifier: Apache-2.0
#include "tests/hls/fuzz/statements.hpp"

#include <algorithm>
#include <iterator>

namespace sockwire::fuzz {
namespace {

constexpr int kMaxDepth = 3;

/// Names that SystemVerilog keeps for itself, or that hlsc uses.
const std::vector<std::string> kAwkwardNames = {"logic", "fire", "unused", "begin", "input", "t1", "reg", "always"};

}  // namespace

void Statements::line(const std::string& text) {
  out_ << std::string(static_cast<std::size_t>(indent_), ' ') << text << "\n";
}

std::string Statements::fresh(const char* what) {
  const int number = names_++;
  if (random_.percent(4)) return random_.pick(kAwkwardNames) + "_" + std::to_string(number);
  return what + std::to_string(number);
}

void Statements::block(int budget) {
  while (budget > 0) {
    const int part = random_.between(1, budget);
    statement(part);
    budget -= part;
  }
}

/// Statements in braces that have been opened; what they declare ends with them.
void Statements::nested(int budget) {
  const std::size_t outside = scope_.variables.size();
  indent_ += 2;
  ++depth_;
  block(std::max(budget, 1));
  --depth_;
  indent_ -= 2;
  scope_.variables.resize(outside);
}

void Statements::statement(int budget) {
  const bool deep = depth_ >= kMaxDepth || budget < 2;
  switch (random_.weighted({26, 14, 8, 10, 5, 6, deep ? 0 : 26, deep ? 0 : 4, deep ? 0 : 9, deep || loops_ >= 2 ? 0 : 9,
                            may_return_ ? 3 : 0, 14, 6})) {
    case 0:
      return assign();
    case 1:
      return compound();
    case 2:
      return assign_bits();
    case 3:
      return declare();
    case 4:
      return copy();
    case 5:
      return change();
    case 6:
      return branch(budget);
    case 7:
      return correlated();
    case 8:
      return selection(budget);
    case 9:
      return loop(budget);
    case 10:
      return leave(budget);
    case 11:
      if (any_once()) return;
      return assign();
    default:
      if (around_.signals.empty()) return assign();
      return signal(random_.pick(around_.signals));
  }
}

// --- single statements
// ---------------------------------------------------------------------------------------------------

void Statements::assign() {
  Place at;
  if (!expressions().place(true, at)) return;
  line(at.text + " = " + expressions().assignable(*at.type, 3) + ";");
}

void Statements::compound() {
  static const std::vector<std::string> kOperators = {"+=", "-=", "&=", "|=", "^="};
  Place at;
  if (!expressions().place(true, at)) return;
  const Type& type = *at.type;
  // A short integer computes as int and stays in range; a signed one of full width could overflow.
  const bool adds = type.kind == Kind::kApUint || type.kind == Kind::kUnsigned;
  if (type.kind == Kind::kEnum || type.kind == Kind::kBool || (type.kind == Kind::kSigned && type.width == 64))
    return assign();
  if (adds && random_.percent(15)) return line((random_.percent(50) ? "++" : "--") + at.text + ";");
  if (adds && type.width > 16 && random_.percent(20)) {
    const int limit = std::min(type.width, type.kind == Kind::kApUint && random_.percent(20) ? 64 : type.width);
    return line(at.text + (random_.percent(50) ? " <<= " : " >>= ") + expressions().int_index(limit, 1) + ";");
  }
  const std::string& op = adds ? random_.pick(kOperators) : kOperators[static_cast<std::size_t>(random_.between(2, 4))];
  const std::string operand = type.kind == Kind::kApUint
                                  ? expressions().number(2).text
                                  : "static_cast<" + type.name + ">(" + expressions().number(2).text + ")";
  line(at.text + " " + op + " " + operand + ";");
}

void Statements::assign_bits() {
  Place at;
  for (int attempt = 0; attempt < 8; ++attempt)
    if (expressions().place(true, at) && at.type->kind == Kind::kApUint) break;
  if (at.type == nullptr || at.type->kind != Kind::kApUint) return assign();
  const int width = at.type->width;
  if (random_.percent(40))
    return line(at.text + "[" + expressions().int_index(width, 1) + "] = " + expressions().condition(2) + ";");
  const int length = random_.between(1, width);
  std::string low = expressions().int_index(width - length + 1, 1);
  line(at.text + ".range(" + low + " + " + std::to_string(length - 1) + ", " + low +
       ") = " + expressions().number(2).text + ";");
}

void Statements::declare() {
  const bool constant = random_.percent(40);
  const std::string name = fresh("v");
  const std::string prefix = constant ? "const " : "";
  TypeRef type;
  switch (random_.weighted({65, 20, 15})) {
    case 0:
      type = random_scalar(random_);
      line(prefix + type->name + " " + name + " = " + expressions().assignable(*type, 3) + ";");
      break;
    case 1:
      type = random_.pick(around_.structs);
      line(prefix + type->name + " " + name + " = " + expressions().value_of(*type, 2) + ";");
      break;
    default: {
      type = array_of(random_scalar(random_), random_.between(2, 5));
      std::string values;
      for (int i = 0; i < type->count; ++i)
        values += (i == 0 ? "" : ", ") +
                  ("static_cast<" + type->name + ">(" + expressions().value_of(*type->element, 1) + ")");
      line(prefix + type->name + " " + declarator(name, *type) + " = {" + values + "};");
    }
  }
  scope_.variables.push_back({name, type, !constant, 0, 0, "", ""});
}

/// A whole struct from one place to another.
void Statements::copy() {
  const TypeRef type = random_.pick(around_.structs);
  Place to;
  if (!expressions().place_of(*type, true, to)) return assign();
  line(to.text + " = " + expressions().value_of(*type, 2) + ";");
}

void Statements::change() {
  if (around_.changers.empty()) return compound();
  const Changer& changer = random_.pick(around_.changers);
  Place at;
  if (!changer.array.empty())
    at.text = changer.array;
  else if (!expressions().place_of(*changer.target, true, at))
    return assign();
  std::string text = changer.name + "(" + at.text;
  for (const TypeRef& parameter : changer.parameters) text += ", " + expressions().value_of(*parameter, 1);
  line(text + ");");
}

// --- ports
// ---------------------------------------------------------------------------------------------------------------

void Statements::fill(const std::string& name, const Type& type, int depth) {
  if (type.is_scalar()) return line(name + " = " + expressions().assignable(type, depth) + ";");
  if (type.kind == Kind::kArray) {
    for (int i = 0; i < type.count; ++i)
      if (random_.percent(70)) fill(name + "[" + std::to_string(i) + "]", *type.element, depth - 1);
    return;
  }
  for (const Member& member : type.members)
    if (random_.percent(85)) fill(name + "." + member.name, *member.type, depth);
}

/// A value to be written: a scalar's expression, or a new variable with random members.
std::string Statements::filled(const Type& type) {
  if (type.is_scalar()) return expressions().value_of(type, 2);
  if (random_.percent(20)) return expressions().value_of(type, 2);
  const std::string name = fresh("w");
  line(type.name + " " + name + (random_.percent(50) ? "" : " = " + expressions().value_of(type, 2)) + ";");
  fill(name, type, 2);
  return name;
}

void Statements::once(std::size_t number) {
  const Once& what = around_.once[number];
  left_.erase(number);
  if (what.kind == Once::kRead) {
    const std::string name = fresh("r");
    const bool by_function = random_.percent(15);
    line((random_.percent(70) ? "const " : "") + what.type->name + " " + name + " = " +
         (by_function ? "take(" + what.port + ")" : what.port + ".read()") + ";");
    scope_.variables.push_back({name, what.type, false, 0, 0, "", ""});
  } else if (what.kind == Once::kWrite) {
    const std::string value = filled(*what.type);
    line(random_.percent(15) ? "put(" + what.port + ", " + value + ");" : what.port + ".write(" + value + ");");
  } else if (what.kind == Once::kMemoryWrite) {
    const std::string value = filled(*what.type);
    line(what.port + ".write(" + expressions().index(what.entries, 1) + ", " + value + ");");
  } else {
    line(what.port + ".request(" + expressions().index(what.entries, 1) + ");");
  }
}

bool Statements::any_once() {
  if (left_.empty() || loops_ > 0) return false;
  once(*std::next(left_.begin(), random_.below(static_cast<int>(left_.size()))));
  return true;
}

void Statements::signal(const Signal& signal) { line(signal.port + ".write(" + filled(*signal.type) + ");"); }

void Statements::remaining_writes() {
  for (std::size_t i = 0; i < around_.once.size(); ++i) {
    if (left_.count(i) == 0 || around_.once[i].kind == Once::kRead) continue;
    if (random_.percent(60)) {
      once(i);
      continue;
    }
    line("if (" + expressions().condition(1) + ") {");
    const std::size_t outside = scope_.variables.size();
    indent_ += 2;
    once(i);
    indent_ -= 2;
    scope_.variables.resize(outside);
    line("}");
  }
}

// --- control
// -------------------------------------------------------------------------------------------------------------

void Statements::branch(int budget) {
  const std::set<std::size_t> before = left_;
  std::set<std::size_t> after = before;
  const auto arm = [&](int part) {
    left_ = before;
    nested(part);
    std::set<std::size_t> both;
    std::set_intersection(after.begin(), after.end(), left_.begin(), left_.end(), std::inserter(both, both.end()));
    after = both;
  };
  line("if (" + expressions().condition(2) + ") {");
  arm(budget / 2);
  int more = random_.weighted({40, 45, 15});
  for (; more == 2; --more) {
    line("} else if (" + expressions().condition(2) + ") {");
    arm(budget / 3);
  }
  if (more == 1) {
    line("} else {");
    arm(budget / 2);
  }
  line("}");
  left_ = after;
}

/// The same condition in two ifs that are not one: a port may be used in both. hlsc sees that from the condition as
/// long as it is simple, and so is all that decides whether control gets here.
void Statements::correlated() {
  const std::string name = fresh("c");
  line("const bool " + name + " = " + expressions().simple_condition() + ";");
  scope_.variables.push_back({name, bool_type(), false, 0, 0, "", ""});
  const bool with_port = depth_ == 0 && !returned_ && !left_.empty() && random_.percent(70);
  const std::size_t number =
      with_port ? *std::next(left_.begin(), random_.below(static_cast<int>(left_.size()))) : around_.once.size();
  for (const char* opposite : {"", "!"}) {
    const std::size_t outside = scope_.variables.size();
    line("if (" + (opposite + name) + ") {");
    indent_ += 2;
    if (with_port) once(number);
    assign();
    indent_ -= 2;
    scope_.variables.resize(outside);
    line("}");
    if (random_.percent(50)) compound();
  }
}

void Statements::selection(int budget) {
  const int bits = random_.between(1, 3);
  const bool named = random_.percent(25);
  const TypeRef choice = random_.pick(around_.enums);
  if (named)
    line("switch (" + expressions().value_of(*choice, 2) + ") {");
  else
    line("switch (" + expressions().index(1 << bits, 2) + ") {");
  std::set<int> labels;
  const int arms = random_.between(1, named ? 2 : 1 << bits);
  while (static_cast<int>(labels.size()) < arms) labels.insert(random_.below(named ? 2 : 1 << bits));
  const std::set<std::size_t> before = left_;
  std::set<std::size_t> after = before;
  indent_ += 2;
  const auto arm = [&](const std::string& label) {
    line(label + ": {");
    left_ = before;
    nested(budget / (arms + 1));
    std::set<std::size_t> both;
    std::set_intersection(after.begin(), after.end(), left_.begin(), left_.end(), std::inserter(both, both.end()));
    after = both;
    indent_ += 2;
    line("break;");
    indent_ -= 2;
    line("}");
  };
  for (const int label : labels) {
    const std::string text = "case " + (named ? choice->name + "::k" + std::to_string(label) : std::to_string(label));
    if (random_.percent(15) && label != *labels.rbegin())
      line(text + ":");  // falls into the next
    else
      arm(text);
  }
  if (random_.percent(60)) arm("default");
  indent_ -= 2;
  line("}");
  left_ = after;
}

void Statements::loop(int budget) {
  const std::string name = fresh("i");
  const int rounds = random_.percent(85) ? random_.between(1, 5) : random_.between(6, 16);
  const std::string bound = std::to_string(rounds);
  if (random_.percent(75))
    line("for (int " + name + " = 0; " + name + " < " + bound + "; ++" + name + ") {");
  else
    line("for (int " + name + " = " + bound + " - 1; " + name + " >= 0; --" + name + ") {");
  const std::size_t outside = scope_.variables.size();
  scope_.variables.push_back({name, integer_type(true, 32), false, rounds, 0, "", ""});
  ++loops_;
  indent_ += 2;
  if (random_.percent(25))
    line("if (" + expressions().condition(1) + ") " + (random_.percent(50) ? "break;" : "continue;"));
  indent_ -= 2;
  nested(std::min(budget / 2, rounds > 5 ? 1 : 3));
  --loops_;
  line("}");
  scope_.variables.resize(outside);
}

/// An early return: what happens before it happens on its way only.
void Statements::leave(int budget) {
  const std::set<std::size_t> before = left_;
  line("if (" + expressions().condition(2) + ") {");
  const std::size_t outside = scope_.variables.size();
  indent_ += 2;
  ++depth_;
  if (depth_ < kMaxDepth) block(budget / 2);
  line(result_ == nullptr ? "return;" : "return " + expressions().value_of(*result_, 1) + ";");
  returned_ = true;
  --depth_;
  indent_ -= 2;
  scope_.variables.resize(outside);
  line("}");
  left_ = before;
}

}  // namespace sockwire::fuzz
