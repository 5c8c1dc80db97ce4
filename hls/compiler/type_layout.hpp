// SPDX-License-Identifier: Apache-2.0
// From DWARF to bits: which ports a kernel has, and which leaves their types have.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hls/compiler/diagnostics.hpp"

namespace llvm {
class DICompositeType;
class DIType;
class Function;
}  // namespace llvm

namespace hlsc {

/// One scalar of a type: where it is in memory and in the packed word.
struct Leaf {
  std::string path;  // "in.a", "arr[2]", or empty for a scalar type
  unsigned width = 0;
  unsigned bit_offset = 0;  // in the packed word; the first leaf is least significant
  std::uint64_t byte_offset = 0;
  unsigned storage_bits = 0;
};

struct Layout {
  std::vector<Leaf> leaves;
  unsigned width = 0;
  std::uint64_t bytes = 0;
};

enum class PortKind { kState, kStream, kWire, kPulse, kMem, kBram };
/// What a memory is made of.
enum class Storage { kLutram, kBlock, kRegisters };

inline bool is_memory(PortKind kind) { return kind == PortKind::kMem || kind == PortKind::kBram; }

enum class Direction { kUnused, kRead, kWritten };

struct Port {
  PortKind kind = PortKind::kState;
  Direction direction = Direction::kUnused;
  std::string name;
  unsigned argument = 0;
  std::uint64_t byte_offset = 0;  // of a bank in its banked<>
  Layout layout;
  std::uint64_t entries = 0;  // of a memory
  Storage storage = Storage::kLutram;
  bool has_contents = false;  // other than T{} in every entry
  bool lutram_fifo = false;   // of a stream that is read: what holds its values
};

/// The leaves of a type. Throws Refusal, naming `what` at `where`, on a type that has no fixed bits.
Layout layout_of(const llvm::DIType* type, const std::string& what, const SourceLocation& where);

/// The class that a type is, or that an argument refers to; null if there is none.
const llvm::DICompositeType* class_of(const llvm::DIType* type);
const llvm::DICompositeType* referred_class(const llvm::DIType* argument);

/// A port of this class, if it is stream, wire or pulse.
std::optional<Port> net_of(const llvm::DICompositeType* type, const std::string& what, const SourceLocation& where);
/// Whether it is mem, bram or banked.
bool is_memory(const llvm::DICompositeType* type);

/// The kernel's arguments, a banked memory as one port per bank; the first is the state.
std::vector<Port> ports_of(const llvm::Function& kernel);

}  // namespace hlsc
