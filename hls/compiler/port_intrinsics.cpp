// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/port_intrinsics.hpp"

#include <llvm/IR/Function.h>

#include <array>
#include <string>

namespace hlsc {
namespace {

constexpr llvm::StringLiteral kPrefix = "hlsc_";

/// Types of the result and of the arguments: v(oid), b(ool), p(ointer), i(ndex).
struct Intrinsic {
  llvm::StringLiteral name;
  llvm::StringLiteral signature;
};

constexpr std::array<Intrinsic, 12> kIntrinsics = {{{"hlsc_stream_read", "vpp"},
                                                    {"hlsc_stream_write", "vpp"},
                                                    {"hlsc_stream_empty", "bp"},
                                                    {"hlsc_stream_full", "bp"},
                                                    {"hlsc_wire_read", "vpp"},
                                                    {"hlsc_wire_write", "vpp"},
                                                    {"hlsc_pulse_write", "vpp"},
                                                    {"hlsc_mem_read", "vpip"},
                                                    {"hlsc_mem_write", "vpip"},
                                                    {"hlsc_bram_request", "vpi"},
                                                    {"hlsc_bram_data", "vpp"},
                                                    {"hlsc_bram_write", "vpip"}}};

char letter_of(const llvm::Type* type) {
  if (type->isVoidTy()) return 'v';
  if (type->isPointerTy()) return 'p';
  if (type->isIntegerTy(1)) return 'b';
  return type->isIntegerTy(64) ? 'i' : '?';
}

}  // namespace

bool is_port_intrinsic(const llvm::Function& function) { return function.getName().starts_with(kPrefix); }

void check_port_intrinsic(const llvm::CallBase& call) {
  const llvm::Function* callee = call.getCalledFunction();
  std::string signature(1, letter_of(callee->getReturnType()));
  for (const llvm::Argument& argument : callee->args()) signature += letter_of(argument.getType());
  for (const Intrinsic& known : kIntrinsics)
    if (callee->isDeclaration() && callee->getName() == known.name && signature == known.signature) return;
  throw Refusal(location_of(call), "unknown intrinsic " + callee->getName().str());
}

void check_port_kind(const llvm::CallBase& call, const Port& port) {
  constexpr std::array<const char*, 6> kKinds = {"state", "stream_", "wire_", "pulse_", "mem_", "bram_"};
  const llvm::StringRef name = call.getCalledFunction()->getName();
  if (!name.drop_front(kPrefix.size()).starts_with(kKinds.at(static_cast<std::size_t>(port.kind))))
    throw Refusal(location_of(call), name.str() + " is called on " + port.name + ", which is of another kind");
}

}  // namespace hlsc
