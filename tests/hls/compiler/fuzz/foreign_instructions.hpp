// SPDX-License-Identifier: Apache-2.0
// Instructions and constants that clang makes of no kernel, or seldom.
#pragma once

#include <llvm/FuzzMutate/Random.h>
#include <llvm/FuzzMutate/RandomIRBuilder.h>
#include <llvm/IR/Constant.h>
#include <llvm/IR/Function.h>

#include <vector>

namespace hlsc::test {

inline std::uint64_t below(llvm::RandomIRBuilder& random, std::uint64_t count) {
  return llvm::uniform<std::uint64_t>(random.Rand, 0, count - 1);
}

template <typename T>
T pick(llvm::RandomIRBuilder& random, const std::vector<T>& from) {
  return from[below(random, from.size())];
}

/// Near a limit, undefined, or zero.
llvm::Constant* odd_constant(llvm::RandomIRBuilder& random, llvm::Type* type);

/// Puts one such instruction, or a few that belong together, before any instruction of the function.
void insert_foreign(llvm::Function& function, llvm::RandomIRBuilder& random);

}  // namespace hlsc::test
