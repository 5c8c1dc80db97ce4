// SPDX-License-Identifier: Apache-2.0
// From a header and the names of functions to one LLVM module for each.
#pragma once

#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/MemoryBuffer.h>

#include <memory>
#include <optional>
#include <set>
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
  bool may_be_late = false;                              // no warning if it is slower than period_ns
  std::optional<Stage> dump_after;                       // to standard output
  std::vector<std::string> modules;                      // of a design: which the caller counts on, if any
  std::vector<std::string> elsewhere;                    // of a design: modules that another one's build writes
};

/// What clang made of a translation unit that instantiates functions and default-constructs what each needs at reset.
struct TranslationUnit {
  std::unique_ptr<llvm::MemoryBuffer> bitcode;
  std::vector<std::string> functions;
};

/// One kernel's module.
struct FrontEnd {
  std::unique_ptr<llvm::Module> module;
  llvm::Function* kernel = nullptr;
  llvm::GlobalVariable* resets = nullptr;    // struct: the reset value of each argument's type, or a char for a stream
  std::set<unsigned> lutram_fifos;           // arguments that are read from a FIFO of LUTRAM, not of registers
  std::vector<std::uint64_t> reset_offsets;  // where in it each argument's is, if it was made for another function
};

/// Runs clang over options.header for these functions, one or many, whatever options.function says. Errors in the C++
/// are clang's own messages; the Refusal then has no place of its own.
TranslationUnit run_clang(const Options& options, const std::vector<std::string>& functions);

/// The module of the function with this number in the unit. With a symbol: as if the unit had been made for that
/// function, which is one that its own calls.
FrontEnd load_kernel(const TranslationUnit& unit, std::size_t number, llvm::LLVMContext& context,
                     const std::string& symbol = "");

}  // namespace hlsc
