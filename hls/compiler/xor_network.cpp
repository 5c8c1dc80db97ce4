// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/xor_network.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace hlsc {
namespace {

/// A bit of a word that is no exclusive or itself.
using Bit = std::pair<Ref, unsigned>;
/// Numbers of bits or of pairs, ascending: their sum.
using Row = std::vector<unsigned>;
constexpr unsigned kOne = 0;  // an inversion, which costs nothing and so is no part of a pair

class XorNetwork {
 public:
  explicit XorNetwork(Design& design) : design_(design), graph_(design.graph) { terms_.resize(1); }

  void run() {
    const std::vector<Ref> nodes = design_.nodes();
    for (Ref x : nodes)
      if (!is_wiring(x) && !x->is(Op::kXor))
        for (Ref operand : x->operands) find_ends(operand);
    for (Ref* root : design_.roots()) find_ends(*root);
    for (Ref x : nodes)
      if (ends_.count(x) != 0)
        for (unsigned bit = 0; bit < x->width; ++bit) rows_.push_back(row_of(x, bit));
    while (share_pair()) {
    }
    std::size_t row = 0;
    for (Ref x : nodes) {
      graph_.set_origin({"", x->origin.where});
      new_[x] = ends_.count(x) == 0 ? with_new_operands(x) : assembled(x, row);
      if (new_[x]->origin.name.empty() && new_[x]->is(x->op)) new_[x]->origin.name = x->origin.name;
    }
    for (Ref* root : design_.roots()) *root = new_.at(*root);
  }

 private:
  static bool is_wiring(Ref x) { return x->is(Op::kConcat) || x->is(Op::kSlice) || x->is(Op::kNot); }

  /// The exclusive ors that something else looks at, through wires.
  void find_ends(Ref x) {
    if (x->is(Op::kXor)) ends_.insert(x);
    if (is_wiring(x) && seen_.insert(x).second)
      for (Ref operand : x->operands) find_ends(operand);
  }

  Row row_of(Ref x, unsigned bit) {
    if (const auto known = known_.find({x, bit}); known != known_.end()) return known->second;
    return known_[{x, bit}] = computed_row(x, bit);
  }

  Row computed_row(Ref x, unsigned bit) {
    switch (x->op) {
      case Op::kConst:
        return x->value[bit] ? Row{kOne} : Row{};
      case Op::kXor:
        return sum(row_of(x->operand(0), bit), row_of(x->operand(1), bit));
      case Op::kNot:
        return sum(row_of(x->operand(0), bit), {kOne});
      case Op::kSlice:
        return row_of(x->operand(0), bit + x->aux);
      case Op::kConcat:
        for (Ref part : x->operands) {
          if (bit < part->width) return row_of(part, bit);
          bit -= part->width;
        }
        [[fallthrough]];
      default:
        return {number_of({x, bit})};
    }
  }

  static Row sum(const Row& a, const Row& b) {
    Row result;
    std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result));
    return result;
  }

  static bool is_inverted(const Row& row) { return !row.empty() && row[0] == kOne; }

  unsigned number_of(const Bit& bit) {
    const auto [found, added] = numbers_.try_emplace(bit, static_cast<unsigned>(terms_.size()));
    if (added) terms_.push_back({bit, 0, 0, 0});
    return found->second;
  }

  /// Gives the most frequent pair a number of its own; of several, the one that is there first. Returns false when none
  /// occurs twice.
  bool share_pair() {
    std::map<std::pair<unsigned, unsigned>, unsigned> counts;
    for (const Row& row : rows_)
      for (std::size_t i = is_inverted(row) ? 1 : 0; i < row.size(); ++i)
        for (std::size_t j = i + 1; j < row.size(); ++j) ++counts[{row[i], row[j]}];
    const auto level = [&](const auto& pair) { return std::max(terms_[pair.first].level, terms_[pair.second].level); };
    const auto worse = [&](const auto& a, const auto& b) {
      return a.second != b.second ? a.second < b.second : level(a.first) > level(b.first);
    };
    const auto best = std::max_element(counts.begin(), counts.end(), worse);
    if (best == counts.end() || best->second < 2) return false;
    const auto [a, b] = best->first;
    const auto number = static_cast<unsigned>(terms_.size());
    terms_.push_back({{nullptr, 0}, a, b, level(best->first) + 1});
    for (Row& row : rows_) {
      const auto first = std::find(row.begin(), row.end(), a);
      const auto second = std::find(row.begin(), row.end(), b);
      if (first == row.end() || second == row.end()) continue;
      row.erase(second);
      row.erase(first);
      row.push_back(number);
    }
    return true;
  }

  Ref term(unsigned number) {
    const Term what = terms_[number];
    if (what.bit.first == nullptr) return graph_.xor_(term(what.a), term(what.b));
    Ref word = what.bit.first;
    return graph_.bit(new_.at(word), what.bit.second);
  }

  Ref assembled(Ref x, std::size_t& row) {
    std::vector<Ref> bits;
    for (unsigned bit = 0; bit < x->width; ++bit, ++row) {
      Ref sum = graph_.constant(1, 0);
      for (const unsigned number : rows_[row])
        if (number != kOne) sum = graph_.xor_(sum, term(number));
      bits.push_back(is_inverted(rows_[row]) ? graph_.not_(sum) : sum);
    }
    return graph_.concat(bits);
  }

  Ref with_new_operands(Ref x) {
    std::vector<Ref> operands;
    for (Ref operand : x->operands) operands.push_back(new_.at(operand));
    return operands == x->operands ? x : graph_.with_operands(x, operands);
  }

  struct Term {
    Bit bit;  // or, of no word, a pair:
    unsigned a = 0;
    unsigned b = 0;
    unsigned level = 0;
  };

  Design& design_;
  WordGraph& graph_;
  std::unordered_set<Ref> ends_;
  std::unordered_set<Ref> seen_;
  std::map<Bit, unsigned> numbers_;
  std::vector<Term> terms_;
  std::map<Bit, Row> known_;
  std::vector<Row> rows_;
  std::unordered_map<Ref, Ref> new_;
};

}  // namespace

void share_xors(Design& design) { XorNetwork(design).run(); }

}  // namespace hlsc
