// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/xor_network.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "hls/compiler/bit_sums.hpp"

namespace hlsc {
namespace {

/// Numbers of bits or of pairs: their sum. An inversion costs nothing and so is no part of a pair.
using Row = BitSums::Row;
constexpr unsigned kOne = BitSums::kOne;

class XorNetwork {
 public:
  explicit XorNetwork(Design& design) : design_(design), graph_(design.graph), sums_(design.graph) {}

  void run() {
    const std::vector<Ref> nodes = design_.nodes();
    for (Ref x : nodes)
      if (!BitSums::is_wiring(x) && !x->is(Op::kXor))
        for (Ref operand : x->operands) find_ends(operand);
    for (Ref* root : design_.roots()) find_ends(*root);
    for (Ref x : nodes)
      if (ends_.count(x) != 0)
        for (unsigned bit = 0; bit < x->width; ++bit) rows_.push_back(sums_.row_of(x, bit));
    for (unsigned number = 0; number < sums_.size(); ++number) terms_.push_back({sums_.bit(number), 0, 0, 0});
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
  /// The exclusive ors that something else looks at, through wires.
  void find_ends(Ref x) {
    if (x->is(Op::kXor)) ends_.insert(x);
    if (BitSums::is_wiring(x) && seen_.insert(x).second)
      for (Ref operand : x->operands) find_ends(operand);
  }

  static bool is_inverted(const Row& row) { return !row.empty() && row[0] == kOne; }

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
    return graph_.bit(renewed(word), what.bit.second);
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

  /// Bits of a word may be expressions that were not there before.
  Ref renewed(Ref x) {
    const auto known = new_.find(x);
    return known != new_.end() ? known->second : with_new_operands(x);
  }

  Ref with_new_operands(Ref x) {
    std::vector<Ref> operands;
    for (Ref operand : x->operands) operands.push_back(renewed(operand));
    return operands == x->operands ? x : graph_.with_operands(x, operands);
  }

  struct Term {
    BitSums::Bit bit;  // or, of no word, a pair:
    unsigned a = 0;
    unsigned b = 0;
    unsigned level = 0;
  };

  Design& design_;
  WordGraph& graph_;
  std::unordered_set<Ref> ends_;
  std::unordered_set<Ref> seen_;
  BitSums sums_;
  std::vector<Term> terms_;
  std::vector<Row> rows_;
  std::unordered_map<Ref, Ref> new_;
};

}  // namespace

void share_xors(Design& design) { XorNetwork(design).run(); }

}  // namespace hlsc
