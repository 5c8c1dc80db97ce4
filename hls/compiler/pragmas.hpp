// SPDX-License-Identifier: Apache-2.0
// What a kernel says to the compiler about itself, in its body:
//
//   #pragma HLS bind_storage variable=totals impl=bram     lutram, bram or register, as Vitis HLS has it
//   #pragma hlsc period ns=6.4                             instead of the command line's --period
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
};

/// Reads them from the source of the kernel's body. Throws Refusal on one that is not understood; Vitis' own that have
/// no meaning here (interface, pipeline, inline, unroll, dataflow, stream, reset) are passed over.
Pragmas pragmas_of(const llvm::Function& kernel);

/// As pragmas_of, of a text that has the body's first line at `where`.
Pragmas parse_pragmas(const std::string& body, const SourceLocation& where);

}  // namespace hlsc
