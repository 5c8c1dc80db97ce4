// SPDX-License-Identifier: Apache-2.0
// How hlsc says no: a place in the kernel's source and a sentence that helps.
#pragma once

#include <stdexcept>
#include <string>

namespace llvm {
class DebugLoc;
class Function;
class Instruction;
class Metadata;
}  // namespace llvm

namespace hlsc {

/// A place in the source. `file` is empty and `line` 0 where it is not known.
struct SourceLocation {
  std::string file;
  unsigned line = 0;
  unsigned column = 0;
};

/// "file.hpp:12", without the folders; empty where it is not known.
std::string short_place(const SourceLocation& where);

/// The place of an instruction as the kernel's author knows it: calls inlined from hls/base are attributed to their
/// caller.
SourceLocation location_of(const llvm::DebugLoc& location);
SourceLocation location_of(const llvm::Instruction& instruction);
SourceLocation location_of(const llvm::Function& function);

/// The file that a scope of the debug information lies in; empty if it does not say. LLVM's verifier lets scopes pass
/// whose file is none.
std::string file_of(const llvm::Metadata* scope);

/// A construct that hlsc does not compile. Thrown by every stage, caught by the driver.
class Refusal : public std::runtime_error {
 public:
  Refusal(SourceLocation where, const std::string& sentence) : std::runtime_error(sentence), where_(std::move(where)) {}

  /// "file:line:column: error: sentence"
  std::string text() const;

 private:
  SourceLocation where_;
};

/// Names of what C++ mangled, for messages.
std::string demangled(const std::string& symbol);

}  // namespace hlsc
