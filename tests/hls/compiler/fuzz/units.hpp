// SPDX-License-Identifier: Apache-2.0
// The units that the fuzzers begin with, and how one is compiled.
#pragma once

#include <llvm/ADT/StringRef.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>

#include <memory>
#include <string>

namespace hlsc::test {

constexpr unsigned kSeedUnits = 12;

/// Sets LLVM's global options. Call once.
void configure();

/// Bitcode that the front end makes of a test kernel.
std::string seed_unit(unsigned number);
std::string seed_name(unsigned number);

/// Null if it is no bitcode.
std::unique_ptr<llvm::Module> parsed_unit(llvm::StringRef bitcode, llvm::LLVMContext& context);

/// Everything after the front end. Throws Refusal.
std::string compile_unit(std::unique_ptr<llvm::Module> module);

}  // namespace hlsc::test
