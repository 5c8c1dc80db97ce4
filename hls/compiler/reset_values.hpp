// SPDX-License-Identifier: Apache-2.0
// What the default-constructed objects of a unit hold, read from the constant that the front end left.
#pragma once

#include <llvm/ADT/APInt.h>
#include <llvm/IR/GlobalVariable.h>

#include "hls/compiler/type_layout.hpp"

namespace llvm {
class DICompositeType;
}

namespace hlsc {

class ResetValues {
 public:
  /// `resets`: a chain of pairs, one for each argument of the unit's function (see front_end.cpp).
  explicit ResetValues(const llvm::GlobalVariable& resets);

  /// Where, in bytes, the object of an argument begins: a state, what a wire or an entry of a memory holds, or what a
  /// dataflow function owns.
  std::uint64_t offset_of(unsigned argument) const;
  /// A leaf of an object that begins at `offset`.
  llvm::APInt at(std::uint64_t offset, const Leaf& leaf) const;

 private:
  const llvm::GlobalVariable& resets_;
  const llvm::DICompositeType* type_ = nullptr;
};

}  // namespace hlsc
