// SPDX-License-Identifier: Apache-2.0
// Words of exclusive ors, bit by bit: which bits of other words each of their bits is the sum of, modulo two.
#pragma once

#include <map>
#include <vector>

#include "hls/compiler/word_graph.hpp"

namespace hlsc {

class BitSums {
 public:
  explicit BitSums(WordGraph& graph) : graph_(graph) {}

  /// A bit of a word that is no exclusive or itself.
  using Bit = std::pair<Ref, unsigned>;
  /// Numbers of bits, ascending: their sum.
  using Row = std::vector<unsigned>;
  /// The bit that is always set: an inversion.
  static constexpr unsigned kOne = 0;

  /// Through what the sums see: wires, inversions, and copies of a bit that a choice between constants is.
  static bool is_wiring(Ref x) {
    return x->is(Op::kConcat) || x->is(Op::kSlice) || x->is(Op::kNot) ||
           (x->is(Op::kMux) && x->operand(1)->is(Op::kConst) && x->operand(2)->is(Op::kConst));
  }

  Row row_of(Ref x, unsigned bit);
  const Bit& bit(unsigned number) const { return bits_[number]; }
  std::size_t size() const { return bits_.size(); }

 private:
  Row computed_row(Ref x, unsigned bit);
  Row row_of_other(Ref x, unsigned bit);

  WordGraph& graph_;
  std::map<Bit, Row> known_;
  std::map<Bit, unsigned> numbers_;
  std::vector<Bit> bits_{{nullptr, 0}};
};

}  // namespace hlsc
