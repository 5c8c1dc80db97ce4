// SPDX-License-Identifier: Apache-2.0
// Replaces the kernel's arguments by local variables, bracketed with calls that say what enters and leaves.
//
//   before                             after
//   kernel(State& state, ...) {        kernel(...) {
//     state.x = state.x + 1;             State state; state.x = hlsc.in.0();
//   }                                    state.x = state.x + 1;
//                                        hlsc.out.1(state.x);
//                                      }
//
// LLVM's SROA and GVN then do all the analysis of memory, and the calls that remain are the ports of the module.
#pragma once

#include <llvm/ADT/DenseMap.h>
#include <llvm/IR/Function.h>

#include <vector>

#include "hls/compiler/type_layout.hpp"

namespace hlsc {

/// What a call of a marker function means.
struct Meaning {
  enum Kind {
    kLeaf,       // value of a leaf of: the state's register, a stream's head, a wire, a block RAM's output register
    kValid,      // a stream to read has data
    kRoom,       // a stream to write has room
    kMemRead,    // a leaf of mem[index]
    kRead,       // site: a stream is read
    kWrite,      // site: a stream, wire, pulse or memory is written
    kRequest,    // site: a block RAM is asked
    kOutLeaf,    // what a leaf of the port is at the end of the step
    kOutIndex,   // where a memory is written
    kOutRequest  // where a block RAM is read
  };
  Kind kind = kLeaf;
  unsigned port = 0;
  unsigned leaf = 0;
};

using Meanings = llvm::DenseMap<const llvm::Function*, Meaning>;

/// Lowers the kernel, which has one return and no calls but the port intrinsics, and infers the ports' directions.
Meanings lower_ports(llvm::Function& kernel, std::vector<Port>& ports);

/// Bits that address a memory of so many entries.
unsigned index_width(std::uint64_t entries);

}  // namespace hlsc
