// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/diagnostics.hpp"

#include <llvm/Demangle/Demangle.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/DebugLoc.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/Instruction.h>

namespace hlsc {

std::string file_of(const llvm::Metadata* scope) {
  const auto* named = llvm::dyn_cast_or_null<llvm::DIScope>(scope);
  const auto* file = named == nullptr ? nullptr : llvm::dyn_cast_or_null<llvm::DIFile>(named->getRawFile());
  return file == nullptr ? "" : file->getFilename().str();
}

std::string short_place(const SourceLocation& where) {
  if (where.line == 0) return "";
  return where.file.substr(where.file.find_last_of('/') + 1) + ":" + std::to_string(where.line);
}

SourceLocation location_of(const llvm::DebugLoc& location) {
  const llvm::DILocation* at = location.get();
  // The implementation of a port or an integer is not where the author can change anything.
  while (at != nullptr && at->getInlinedAt() != nullptr &&
         (file_of(at->getRawScope()).find("hls/base/") != std::string::npos || at->getLine() == 0))
    at = at->getInlinedAt();
  if (at == nullptr) return {};
  return {file_of(at->getRawScope()), at->getLine(), at->getColumn()};
}

SourceLocation location_of(const llvm::Instruction& instruction) {
  SourceLocation where = location_of(instruction.getDebugLoc());
  if (where.line == 0) return location_of(*instruction.getFunction());
  return where;
}

SourceLocation location_of(const llvm::Function& function) {
  const llvm::DISubprogram* program = function.getSubprogram();
  if (program == nullptr) return {};
  return {file_of(program), program->getLine(), 1};
}

std::string Refusal::text() const {
  std::string text;
  if (!where_.file.empty())
    text = where_.file + ":" + std::to_string(where_.line) + ":" + std::to_string(where_.column) + ": ";
  return text + "error: " + what();
}

std::string demangled(const std::string& symbol) { return llvm::demangle(symbol); }

}  // namespace hlsc
