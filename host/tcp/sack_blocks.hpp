// SPDX-License-Identifier: Apache-2.0
// Which SACK blocks an acknowledgement carries (RFC 2018 4, RFC 2883).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "hls/wire/seq_num.hpp"
#include "host/tcp/options.hpp"
#include "host/tcp/reassembly.hpp"

namespace sockwire::tcp {

/// Remembers what came last, since blocks are told in that order.
class SackGenerator {
 public:
  /// Data beyond RCV.NXT came; `seq` lies in it.
  void on_out_of_order(SeqNum seq);
  /// [begin, end) came that had come before: the next acknowledgement says so, once (RFC 2883 4).
  void on_duplicate(SeqNum begin, SeqNum end) { duplicate_ = SackBlock{begin, end}; }
  bool has_duplicate() const { return duplicate_.has_value(); }

  /// At most `most` blocks, the one with the newest data first, a duplicate before all.
  SackBlocks make(const Reassembly& reassembly, std::size_t most);

 private:
  std::array<SeqNum, SackBlocks::kMost> recent_{};  ///< A number in each of the blocks told last, the newest first.
  std::size_t recent_count_ = 0;
  std::optional<SackBlock> duplicate_;
};

}  // namespace sockwire::tcp
