// SPDX-License-Identifier: Apache-2.0
// What is known where a condition holds: bits, and between which values words lie.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "hls/compiler/word_graph.hpp"

namespace hlsc {

/// Bounds of a word of up to 64 bits, and values between them that it does not have.
struct KnownWord {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
  std::vector<std::uint64_t> excluded;

  bool is_one_value() const { return least == most; }
  bool excludes(std::uint64_t value) const;
  /// Bits that a value can need, at least one.
  unsigned bits() const;
};

class Facts {
 public:
  /// Returns whether the condition can have that value at all.
  bool assume(Ref condition, bool value);
  /// The selector has that label.
  bool assume_value(Ref word, std::uint64_t value);
  bool assume_not(Ref word, std::uint64_t value);

  std::optional<bool> value_of(Ref bit) const;
  /// Nothing for a word of more than 64 bits.
  std::optional<KnownWord> word(Ref x) const;

  /// Forgets everything that was assumed since the mark was taken.
  std::size_t mark() const { return log_.size(); }
  void forget(std::size_t mark);

 private:
  struct Entry {
    Ref node;
    bool is_bit;
    std::optional<KnownWord> word;
  };

  bool assume_bounds(Ref word, std::uint64_t least, std::uint64_t most);
  bool assume_comparison(Ref comparison, bool value);
  bool learn(Ref word, const KnownWord& known);
  std::optional<bool> compared(Ref comparison) const;

  std::unordered_map<Ref, bool> bits_;
  std::unordered_map<Ref, KnownWord> words_;
  std::vector<Entry> log_;  // what was known before each change
};

}  // namespace hlsc
