// SPDX-License-Identifier: Apache-2.0
// From a header and a function's name to one LLVM module.
#pragma once

#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>

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
  std::string latency;                                   // the header for the native model, or empty
  std::vector<std::string> clang_arguments;              // -I and -D
  std::vector<std::pair<std::string, unsigned>> depths;  // default depth of an output stream's FIFO
  double period_ns = 0;                                  // to cut stages for; 0: one stage
  bool report = false;                                   // to standard output
  std::optional<Stage> dump_after;                       // to standard output
};

struct FrontEnd {
  std::unique_ptr<llvm::Module> module;
  llvm::Function* kernel = nullptr;
  llvm::GlobalVariable* resets = nullptr;  // struct: the reset value of each argument's type, or a char for a stream
};

/// Runs clang over a translation unit that instantiates the function and default-constructs what it needs at reset.
/// Errors in the C++ are clang's own messages; the Refusal then has no place of its own.
FrontEnd run_front_end(const Options& options, llvm::LLVMContext& context);

}  // namespace hlsc
