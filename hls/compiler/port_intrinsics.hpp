// SPDX-License-Identifier: Apache-2.0
// The functions that the ports of hls/base/stream.hpp and hls/base/memory.hpp are made of: declared there, without a
// body, as hlsc_KIND_OPERATION. The first argument is the port's address.
#pragma once

#include <llvm/IR/InstrTypes.h>

#include "hls/compiler/type_layout.hpp"

namespace hlsc {

/// Whether a function's name says that it is one.
bool is_port_intrinsic(const llvm::Function& function);

/// Throws Refusal if there is no such intrinsic, or it has other arguments.
void check_port_intrinsic(const llvm::CallBase& call);

/// Throws Refusal if the intrinsic is of another kind than the port.
void check_port_kind(const llvm::CallBase& call, const Port& port);

}  // namespace hlsc
