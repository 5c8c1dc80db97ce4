// SPDX-License-Identifier: Apache-2.0
// From a header and a function's name to one LLVM module.
#pragma once

#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/MemoryBuffer.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hls/compiler/stages.hpp"

namespace hlsc {

struct Options {
  std::string header;
  std::string function;
  std::string module;
  std::string output;
  std::string depfile;
  std::vector<std::string> clang_arguments;              // -I and -D
  std::vector<std::pair<std::string, unsigned>> depths;  // default depth of an output stream's FIFO
  std::optional<Stage> dump_after;                       // to standard output
  std::vector<std::string> modules;                      // of a design: which the caller counts on, if any
  std::vector<std::string> elsewhere;                    // of a design: modules that another one's build writes
};

struct FrontEnd {
  std::unique_ptr<llvm::Module> module;
  llvm::Function* kernel = nullptr;
  llvm::GlobalVariable* resets = nullptr;    // struct: the reset value of each argument's type, or a char for a stream
  std::vector<std::uint64_t> reset_offsets;  // where in it each argument's is, if it was made for another function
};

/// Runs clang over a translation unit that instantiates the function and default-constructs what it needs at reset;
/// gives LLVM's bitcode. Errors in the C++ are clang's own messages; the Refusal then has no place of its own.
std::unique_ptr<llvm::MemoryBuffer> run_clang(const Options& options);

/// Reads a unit. With a symbol: as if the unit had been made for that function, which is one that its own calls.
FrontEnd read_unit(const llvm::MemoryBuffer& bitcode, const Options& options, llvm::LLVMContext& context,
                   const std::string& symbol = "");

}  // namespace hlsc
