// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/expressions.hpp"

#include <llvm/ADT/SmallString.h>

#include <algorithm>
#include <map>
#include <set>

namespace hlsc {
namespace {

constexpr unsigned kMaxInlineCost = 5;

}  // namespace

std::string logic_type(unsigned width) { return width == 1 ? "logic" : "logic [" + std::to_string(width - 1) + ":0]"; }

std::string literal(const llvm::APInt& value) {
  llvm::SmallString<40> digits;
  const bool decimal = value.getActiveBits() <= 8;
  value.toStringUnsigned(digits, decimal ? 10 : 16);
  for (char& c : digits) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::to_string(value.getBitWidth()) + (decimal ? "'d" : "'h") + digits.str().str();
}

Expressions::Expressions(Design& design, Identifiers& identifiers, std::vector<std::string> input_names,
                         std::vector<std::string> memory_names)
    : design_(design),
      identifiers_(identifiers),
      input_names_(std::move(input_names)),
      memory_names_(std::move(memory_names)) {
  for (Ref* root : design_.roots()) collect(*root);
  std::sort(order_.begin(), order_.end(), [](Ref a, Ref b) { return a->id < b->id; });
  find_holding();
  for (Ref x : order_)
    for (Ref operand : x->operands) {
      if (holding_.count({x, operand}) != 0 && operand != x->operand(0)) {
        ++uses_[operand];
      } else if (x->is(Op::kSlice)) {
        sliced_[operand] = true;
        use(operand, x->aux, x->width);
      } else {
        use(operand, 0, operand->width);
      }
      ++uses_[operand];
    }
  for (Ref* root : design_.roots()) {
    use(*root, 0, (*root)->width);
    ++uses_[*root];
  }
  name_values();
}

void Expressions::collect(Ref root) {
  std::vector<Ref> open = {root};
  while (!open.empty()) {
    Ref x = open.back();
    open.pop_back();
    if (!used_bits_.emplace(x, llvm::APInt(x->width, 0)).second) continue;
    order_.push_back(x);
    open.insert(open.end(), x->operands.begin(), x->operands.end());
  }
}

/// Where a register's next value is what it holds already no statement is written, and so none of its bits is looked
/// at.
void Expressions::find_holding() {
  for (unsigned leaf = 0; leaf < design_.state.size(); ++leaf) {
    if (design_.state[leaf].next == nullptr) continue;
    Ref held = design_.input(Input::kState, 0, leaf);
    std::set<Ref> seen;
    std::vector<Ref> open = {design_.state[leaf].next};
    while (!open.empty()) {
      Ref x = open.back();
      open.pop_back();
      if ((!x->is(Op::kMux) && !x->is(Op::kCase)) || !seen.insert(x).second) continue;
      holding_.insert({x, held});
      open.insert(open.end(), x->operands.begin() + 1, x->operands.end());
    }
  }
}

void Expressions::use(Ref x, unsigned low, unsigned width) { used_bits_.at(x).setBits(low, low + width); }

bool Expressions::wants_name(Ref x) const {
  if (x->is(Op::kConst) || x->is(Op::kUndef) || x->is(Op::kInput) || x->is(Op::kSlice)) return false;
  if (x->is(Op::kCase) || x->is(Op::kMemRead)) return true;
  const auto sliced = sliced_.find(x);
  if (sliced != sliced_.end() && sliced->second) return true;
  if (x->is(Op::kNot) && !x->operand(0)->is(Op::kMux)) return false;
  if (x->is(Op::kConcat) && x->operands.size() <= 2) return false;
  return uses_.at(x) > 1 || !x->origin.name.empty() || inline_cost(x) > kMaxInlineCost;
}

unsigned Expressions::inline_cost(Ref x) const {
  unsigned cost = 1;
  for (Ref operand : x->operands)
    if (const auto known = cost_.find(operand); known != cost_.end()) cost += known->second;
  return cost;
}

void Expressions::print_functions(std::ostream& out) const {
  std::map<unsigned, Ref> tables;
  for (Ref x : order_)
    if (x->is(Op::kRom)) tables.emplace(x->aux, x);
  for (const auto& [number, x] : tables) {
    const std::string name = "rom" + std::to_string(number);
    const unsigned index_width = x->operand(0)->width;
    const std::vector<llvm::APInt>& entries = design_.graph.table(number);
    std::map<std::string, unsigned> counts;
    std::string common;
    for (const llvm::APInt& entry : entries) {
      const std::string text = literal(entry);
      if (++counts[text] > counts[common]) common = text;
    }
    out << "\n  function automatic " << logic_type(x->width) << " " << name << "(input " << logic_type(index_width)
        << " index);\n    case (index)\n";
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (literal(entries[i]) != common)
        out << "      " << literal(llvm::APInt(index_width, i)) << ": " << name << " = " << literal(entries[i])
            << ";\n";
    out << "      default: " << name << " = " << common << ";\n    endcase\n  endfunction\n";
  }
}

void Expressions::name_values() {
  unsigned number = 0;
  for (Ref x : order_) {
    cost_[x] = inline_cost(x);
    if (!wants_name(x)) continue;
    std::string wanted = x->origin.name;
    if (wanted.empty())
      wanted = x->is(Op::kMemRead) ? memory_names_[x->aux] + "_entry" : "t" + std::to_string(++number);
    names_[x] = identifiers_.unique(wanted);
    cost_[x] = 0;
  }
}

std::string Expressions::base_name(Ref x) const {
  if (x->is(Op::kInput)) return input_names_[x->aux];
  return names_.at(x);
}

std::string Expressions::print_slice(Ref x) const {
  std::string base = base_name(x->operand(0));
  if (is_named(x->operand(0)) && width(x->operand(0)) == 1) return base;
  if (x->width == 1) return base + "[" + std::to_string(x->aux) + "]";
  return base + "[" + std::to_string(x->aux + x->width - 1) + ":" + std::to_string(x->aux) + "]";
}

std::string Expressions::print_concat(Ref x) const {
  std::vector<std::string> parts;
  for (std::size_t at = x->operands.size(); at > 0;) {
    Ref part = x->operands[at - 1];
    unsigned copies = 0;
    while (at > 0 && x->operands[at - 1] == part) {
      --at;
      ++copies;
    }
    const std::string one = print(part, true);
    parts.push_back(copies == 1 ? one : "{" + std::to_string(copies) + "{" + one + "}}");
  }
  std::string text = "{";
  for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? "" : ", ") + parts[i];
  return text + "}";
}

std::string Expressions::binary(Ref x, const char* op, bool outermost) const {
  const std::string text = print(x->operand(0)) + " " + op + " " + print(x->operand(1));
  return outermost ? text : "(" + text + ")";
}

std::string Expressions::print_not(Ref x) const {
  Ref inner = x->operand(0);
  if (names_.count(inner) == 0) {
    if (inner->is(Op::kEq)) return binary(inner, "!=", false);
    if (inner->is(Op::kUlt)) return binary(inner, ">=", false);
  }
  return (x->width == 1 ? "!" : "~") + print(inner);
}

unsigned Expressions::width(Ref x) const {
  const bool can_be_cut = x->is(Op::kLshr) || x->is(Op::kMemRead) || x->is(Op::kRom);
  return can_be_cut ? used_bits_.at(x).getActiveBits() : x->width;
}

std::string Expressions::definition(Ref x) const {
  const unsigned read = is_named(x) ? width(x) : x->width;
  return read == x->width ? print_operation(x, true) : std::to_string(read) + "'(" + print_operation(x, true) + ")";
}

std::string Expressions::print(Ref x, bool outermost) const {
  const auto named = names_.find(x);
  return named != names_.end() ? named->second : print_operation(x, outermost);
}

std::string Expressions::print_operation(Ref x, bool outermost) const {
  switch (x->op) {
    case Op::kConst:
      return literal(x->value);
    case Op::kUndef:
      return literal(llvm::APInt(x->width, 0));
    case Op::kInput:
      return input_names_[x->aux];
    case Op::kMemRead:
      return memory_names_[x->aux] + "_mem[" + print(x->operand(0), true) + "]";
    case Op::kRom:
      return "rom" + std::to_string(x->aux) + "(" + print(x->operand(0), true) + ")";
    case Op::kNot:
      return print_not(x);
    case Op::kAnd:
      return binary(x, "&", outermost);
    case Op::kOr:
      return binary(x, "|", outermost);
    case Op::kXor:
      return binary(x, "^", outermost);
    case Op::kAdd:
      return binary(x, "+", outermost);
    case Op::kSub:
      return binary(x, "-", outermost);
    case Op::kMul:
      return binary(x, "*", outermost);
    case Op::kEq:
      return binary(x, "==", outermost);
    case Op::kUlt:
      return binary(x, "<", outermost);
    case Op::kShl:
      return binary(x, "<<", outermost);
    case Op::kLshr:
      return binary(x, ">>", outermost);
    case Op::kMux: {
      const std::string text = print(x->operand(0)) + " ? " + print(x->operand(1)) + " : " + print(x->operand(2));
      return outermost ? text : "(" + text + ")";
    }
    case Op::kSlice:
      return print_slice(x);
    default:
      return print_concat(x);
  }
}

std::vector<std::string> Expressions::unused_bits() const {
  std::vector<std::string> result;
  for (Ref x : order_) {
    if (!x->is(Op::kInput) && names_.count(x) == 0) continue;
    const llvm::APInt& used = used_bits_.at(x);
    const unsigned width = x->is(Op::kInput) ? x->width : this->width(x);
    for (unsigned at = 0; at < width;) {
      unsigned end = at;
      while (end < width && !used[end]) ++end;
      if (end > at) {
        std::string text = base_name(x);
        if (end - at < width)
          text += end - at == 1 ? "[" + std::to_string(at) + "]"
                                : "[" + std::to_string(end - 1) + ":" + std::to_string(at) + "]";
        result.push_back(text);
      }
      at = std::max(end, at + 1);
    }
  }
  return result;
}

std::vector<std::string> Expressions::inputs_used() const {
  std::vector<std::string> result;
  for (Ref x : order_)
    if (x->is(Op::kInput)) result.push_back(input_names_[x->aux]);
  return result;
}

}  // namespace hlsc
