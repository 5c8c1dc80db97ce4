// SPDX-License-Identifier: Apache-2.0
// Reads DWARF as LLVM holds it, without believing more of it than LLVM's verifier has checked.
#pragma once

#include <llvm/IR/DebugInfoMetadata.h>

#include <string>
#include <vector>

#include "hls/compiler/diagnostics.hpp"

namespace hlsc {

/// What to throw where a module is not of the form that the front end gives it.
Refusal malformed(const std::string& what);

/// The type that typedefs and qualifiers are put on; null for void.
const llvm::DIType* unqualified(const llvm::DIType* type);

/// A type's members, or an array's bounds.
std::vector<const llvm::Metadata*> elements_of(const llvm::DICompositeType& type);

/// A template's arguments. Throws Refusal if there are fewer, or `index` is one of the other kind.
const llvm::DIType* type_parameter(const llvm::DICompositeType& type, unsigned index);
std::uint64_t value_parameter(const llvm::DICompositeType& type, unsigned index);

}  // namespace hlsc
