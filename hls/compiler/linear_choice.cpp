// SPDX-License-Identifier: Apache-2.0
// Each bit of both words is a row: the bits that it is the sum of. A bit's column is the rows that it is in. Bits with
// the same column in both words are common to them. Of the others, those with one column matter only by their sum, so
// the two words are the same network of common bits and, for each column, a mux of the sums of either word:
//
//   then       a ^ m    b ^ m         columns: 11 of m and of n; the rest is common
//   otherwise  a ^ n    b ^ n
//   result     a ^ x    b ^ x         x = c ? m : n
//
// The network is built by putting the muxes into the expression of one of the words (the template).
#include "hls/compiler/linear_choice.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include "hls/compiler/bit_sums.hpp"

namespace hlsc {
namespace {

using Row = BitSums::Row;
using Column = std::vector<unsigned>;  // of rows, ascending

/// The bits of one column in either word; at least one word has some.
struct Class {
  Row then;
  Row otherwise;
};

class LinearChoices {
 public:
  explicit LinearChoices(Design& design) : design_(design), graph_(design.graph), sums_(design.graph) {}

  void run() {
    const std::vector<Ref> nodes = design_.nodes();
    for (Ref x : nodes)
      for (Ref operand : x->operands) ++uses_[operand];
    for (Ref* root : design_.roots()) ++uses_[*root];
    for (Ref x : nodes) {
      graph_.set_origin({"", x->origin.where});
      Ref result = with_new_operands(x);
      if (result->is(Op::kMux)) {
        if (Ref sum = chosen(result->operand(0), result->operand(1), result->operand(2))) result = sum;
      } else if (result->is(Op::kCase)) {
        result = with_joined_arms(result);
      }
      if (result->origin.name.empty()) result->origin.name = x->origin.name;
      if (result != x) uses_[result] += uses_[x];
      new_[x] = result;
    }
    for (Ref* root : design_.roots()) *root = new_.at(*root);
  }

 private:
  Ref with_new_operands(Ref x) {
    std::vector<Ref> operands;
    for (Ref operand : x->operands) operands.push_back(new_.at(operand));
    return operands == x->operands ? x : graph_.with_operands(x, operands);
  }

  /// Arms whose choice is a sum become one; its condition is a test of the selector.
  Ref with_joined_arms(Ref x) {
    Ref selector = x->operand(0);
    std::vector<CaseArm> arms;
    for (unsigned i = 0; i < x->labels.size(); ++i) arms.push_back({x->labels[i], x->operand(i + 2)});
    bool joined = false;
    for (std::size_t i = 0; i < arms.size(); ++i)
      for (std::size_t j = i + 1; j < arms.size(); ++j) {
        Ref then = arms[j].value;
        Ref otherwise = arms[i].value;
        if (then == otherwise) continue;
        Ref sum = chosen(tells_apart(selector, arms, then, otherwise), then, otherwise);
        if (sum == nullptr) continue;
        for (CaseArm& arm : arms)
          if (arm.value == then || arm.value == otherwise) arm.value = sum;
        joined = true;
      }
    return joined ? graph_.case_(selector, arms, x->operand(1)) : x;
  }

  /// Whether it is `then`, if it is one of both: a bit of the selector, or which labels it has.
  Ref tells_apart(Ref selector, const std::vector<CaseArm>& arms, Ref then, Ref otherwise) {
    llvm::APInt always_set = llvm::APInt::getAllOnes(selector->width);
    llvm::APInt always_clear = always_set;
    Ref any = graph_.constant(1, 0);
    for (const CaseArm& arm : arms) {
      if (arm.value != then && arm.value != otherwise) continue;
      always_set &= arm.value == then ? arm.label : ~arm.label;
      always_clear &= arm.value == then ? ~arm.label : arm.label;
      if (arm.value == then) any = graph_.or_(any, graph_.eq(selector, graph_.constant(arm.label)));
    }
    if (!always_set.isZero()) return graph_.bit(selector, always_set.countr_zero());
    if (!always_clear.isZero()) return graph_.not_(graph_.bit(selector, always_clear.countr_zero()));
    return any;
  }

  /// The choice as a sum; null if it had better stay.
  Ref chosen(Ref condition, Ref then, Ref otherwise) {
    if (!has_sum(then) && !has_sum(otherwise)) return nullptr;
    if (condition->depth >= std::max(then->depth, otherwise->depth)) return nullptr;
    const std::optional<std::vector<Class>> classes = classes_of(then, otherwise);
    if (!classes) return nullptr;
    if (Ref sum = filled_in(condition, then, *classes, false)) return sum;
    return filled_in(graph_.not_(condition), otherwise, *classes, true);
  }

  static bool has_sum(Ref x) {
    return x->is(Op::kXor) || (BitSums::is_wiring(x) && std::any_of(x->operands.begin(), x->operands.end(), has_sum));
  }

  using Columns = std::map<unsigned, Column>;

  Columns columns_of(Ref x) {
    Columns columns;
    for (unsigned row = 0; row < x->width; ++row)
      for (const unsigned bit : sums_.row_of(x, row)) columns[bit].push_back(row);
    return columns;
  }

  /// What is not common to both words; nothing if muxes of the words are smaller.
  std::optional<std::vector<Class>> classes_of(Ref then, Ref otherwise) {
    const Columns then_columns = columns_of(then);
    const Columns other_columns = columns_of(otherwise);
    std::map<Column, Class> classes;
    std::vector<unsigned> common(then->width, 0);  // terms, by row
    const auto add = [&](const Columns& from, const Columns& to, Row Class::* bits, bool counts) {
      for (const auto& [bit, column] : from) {
        const auto same = to.find(bit);
        if (same == to.end() || same->second != column)
          (classes[column].*bits).push_back(bit);
        else if (counts)
          for (const unsigned row : column) ++common[row];
      }
    };
    add(then_columns, other_columns, &Class::then, true);
    add(other_columns, then_columns, &Class::otherwise, false);
    if (!is_smaller(classes, common, is_own(then), is_own(otherwise))) return std::nullopt;
    std::vector<Class> result;
    for (auto& [column, bits] : classes) {
      for (Row* row : {&bits.then, &bits.otherwise})
        std::sort(row->begin(), row->end(), [this](unsigned a, unsigned b) { return place(a) < place(b); });
      result.push_back(bits);
    }
    return result;
  }

  /// Counts two-input gates in the rows that differ. What is computed anyway costs nothing.
  static bool is_smaller(const std::map<Column, Class>& classes, const std::vector<unsigned>& common, bool own_then,
                         bool own_otherwise) {
    struct Terms {
      unsigned then = 0;
      unsigned otherwise = 0;
      unsigned classes = 0;
    };
    std::map<unsigned, Terms> rows;
    for (const auto& [column, bits] : classes)
      for (const unsigned row : column) {
        rows[row].then += bits.then.empty() ? 0 : 1;
        rows[row].otherwise += bits.otherwise.empty() ? 0 : 1;
        ++rows[row].classes;
      }
    const auto gates = [](unsigned terms) { return terms == 0 ? std::size_t{0} : std::size_t{terms} - 1; };
    std::size_t words = rows.size();
    std::size_t sum = classes.size();
    for (const auto& [row, terms] : rows) {
      if (own_then) words += gates(common[row] + terms.then);
      if (own_otherwise) words += gates(common[row] + terms.otherwise);
      sum += gates(common[row] + terms.classes);
    }
    return 2 * classes.size() <= rows.size() && sum < words;
  }

  /// Whether its exclusive ors go if it goes: nothing but itself looks at those that its bits are.
  bool is_own(Ref x) const {
    std::unordered_map<Ref, unsigned> inside;
    std::vector<Ref> open = {x};
    while (!open.empty()) {
      Ref node = open.back();
      open.pop_back();
      if (!node->is(Op::kXor) && !BitSums::is_wiring(node)) continue;
      for (Ref operand : node->operands)
        if (++inside[operand] == 1) open.push_back(operand);
    }
    return is_own(x, inside);
  }

  bool is_own(Ref x, const std::unordered_map<Ref, unsigned>& inside) const {
    const auto all = uses_.find(x);
    const auto mine = inside.find(x);
    const unsigned known = all == uses_.end() ? 0 : all->second;
    const unsigned within = mine == inside.end() ? 0 : mine->second;
    const unsigned outside = known > within ? known - within : 0;
    if (x->is(Op::kXor)) return outside <= (within == 0 ? 1U : 0U);
    return !BitSums::is_wiring(x) ||
           std::all_of(x->operands.begin(), x->operands.end(), [&](Ref each) { return is_own(each, inside); });
  }

  /// By the order in which words were made, so that the result does not depend on their addresses.
  std::pair<unsigned, unsigned> place(unsigned number) const {
    const auto& [word, bit] = sums_.bit(number);
    return {word == nullptr ? 0 : word->id, bit};
  }

  /// What becomes of a bit of the template: a mux, or, without a class, zero.
  struct Filling {
    Ref word;
    const Class* bits;
  };
  using Fillings = std::map<std::pair<unsigned, unsigned>, Filling>;  // by place

  /// The template with a mux in place of one bit of each class, and zeros in place of the others.
  Ref filled_in(Ref condition, Ref form, const std::vector<Class>& classes, bool swapped) {
    Fillings fillings;
    for (const Class& bits : classes) {
      const Row& mine = swapped ? bits.otherwise : bits.then;
      if (mine.empty() || inverts(bits.then) || inverts(bits.otherwise)) return nullptr;
      for (const unsigned number : mine)
        fillings[place(number)] = {sums_.bit(number).first, number == mine[0] ? &bits : nullptr};
    }
    std::unordered_map<Ref, Ref> filled;
    for (auto next = fillings.begin(); next != fillings.end();) {
      Ref word = next->second.word;
      filled[word] = filled_word(condition, word, next, fillings.end(), swapped);
    }
    return rebuilt(form, filled);
  }

  static bool inverts(const Row& row) { return std::find(row.begin(), row.end(), BitSums::kOne) != row.end(); }

  /// Neighbours become one mux of words.
  Ref filled_word(Ref condition, Ref word, Fillings::iterator& next, Fillings::iterator end, bool swapped) {
    std::vector<Ref> parts;
    unsigned at = 0;
    while (next != end && next->second.word == word) {
      const unsigned low = next->first.second;
      std::vector<const Class*> run;
      for (; next != end && next->second.word == word && next->first.second == low + run.size(); ++next)
        run.push_back(next->second.bits);
      if (at < low) parts.push_back(graph_.slice(word, at, low - at));
      Ref then = sum_of(run, swapped ? &Class::otherwise : &Class::then);
      Ref otherwise = sum_of(run, swapped ? &Class::then : &Class::otherwise);
      parts.push_back(graph_.mux(condition, then, otherwise));
      at = low + static_cast<unsigned>(run.size());
    }
    if (at < word->width) parts.push_back(graph_.slice(word, at, word->width - at));
    return graph_.concat(parts);
  }

  /// Word by word, so that what was one exclusive or of words is one again.
  Ref sum_of(const std::vector<const Class*>& run, Row Class::* bits) {
    std::size_t terms = 0;
    for (const Class* each : run)
      if (each != nullptr) terms = std::max(terms, (each->*bits).size());
    Ref sum = graph_.constant(static_cast<unsigned>(run.size()), 0);
    for (std::size_t term = 0; term < terms; ++term) {
      std::vector<Ref> parts;
      for (const Class* each : run) {
        const bool has = each != nullptr && term < (each->*bits).size();
        parts.push_back(has ? bit_of((each->*bits)[term]) : graph_.constant(1, 0));
      }
      sum = graph_.xor_(sum, graph_.concat(parts));
    }
    return sum;
  }

  Ref bit_of(unsigned number) { return graph_.bit(sums_.bit(number).first, sums_.bit(number).second); }

  Ref rebuilt(Ref x, std::unordered_map<Ref, Ref>& filled) {
    if (const auto known = filled.find(x); known != filled.end()) return known->second;
    if (!x->is(Op::kXor) && !BitSums::is_wiring(x)) return filled[x] = rebuilt_by_bits(x, filled);
    std::vector<Ref> operands;
    for (Ref operand : x->operands) operands.push_back(rebuilt(operand, filled));
    return filled[x] = operands == x->operands ? x : graph_.with_operands(x, operands);
  }

  /// Of a word whose bits are known as expressions of their own.
  Ref rebuilt_by_bits(Ref x, std::unordered_map<Ref, Ref>& filled) {
    std::vector<Ref> bits;
    bool changed = false;
    for (unsigned i = 0; x->width > 1 && i < x->width; ++i) {
      Ref bit = graph_.bit(x, i);
      bits.push_back(bit->is(Op::kSlice) ? bit : rebuilt(bit, filled));
      changed = changed || bits.back() != bit;
    }
    return changed ? graph_.concat(bits) : x;
  }

  Design& design_;
  WordGraph& graph_;
  BitSums sums_;
  std::unordered_map<Ref, unsigned> uses_;
  std::unordered_map<Ref, Ref> new_;
};

}  // namespace

void choose_before_sums(Design& design) { LinearChoices(design).run(); }

}  // namespace hlsc
