// SPDX-License-Identifier: Apache-2.0
// What a kernel says to the compiler about itself, in its body:
//
//   #pragma HLS bind_storage variable=totals impl=bram     lutram, bram or register, as Vitis HLS has it
//   #pragma HLS reset variable=state.held off              of a register that nobody looks at before it is written
//   #pragma hlsc period ns=6.4                             instead of the command line's --period
//   #pragma hlsc share_xors                                exclusive ors bit by bit, as the fewest gates
#pragma once

#include <map>
#include <optional>
#include <string>

#include "hls/compiler/diagnostics.hpp"
#include "hls/compiler/type_layout.hpp"

namespace hlsc {

struct StorageWish {
  Storage storage = Storage::kLutram;
  SourceLocation where;
};

struct Pragmas {
  std::map<std::string, StorageWish> storage;  // by the argument's name
  std::optional<double> period_ns;
  bool shares_xors = false;
  /// Parts of the state that nobody looks at between a reset and the first write, "held" for state.held.
  std::map<std::string, SourceLocation> without_reset;
};

/// Reads them from the source of the kernel's body. Throws Refusal on one that is not understood; Vitis' own that have
/// no meaning here (interface, pipeline, inline, unroll, dataflow, stream, a reset that is not switched off) are passed
/// over.
Pragmas pragmas_of(const llvm::Function& kernel);

/// As pragmas_of, of a text that has the body's first line at `where`.
Pragmas parse_pragmas(const std::string& body, const SourceLocation& where);

}  // namespace hlsc
