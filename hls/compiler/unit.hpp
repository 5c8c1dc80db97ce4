// SPDX-License-Identifier: Apache-2.0
// The door between the front end and the stages: what may come through it, whoever wrote the IR.
//
// clang says everything in a few ways; LLVM's IR can say much more. A unit is looked at once, here, so that the stages
// need not expect what no kernel is made of.
#pragma once

#include <memory>

#include "hls/compiler/front_end.hpp"

namespace hlsc {

/// Names of what the front end leaves for the kernel with this number: its address, and its reset values.
std::string pointer_name(std::size_t number);
std::string resets_name(std::size_t number);

/// Finds a kernel and its reset values in a module. Throws Refusal if they are not there, or not of the form that the
/// front end gives them. `function` is what messages call it.
FrontEnd unit_of(std::unique_ptr<llvm::Module> module, std::size_t number, const std::string& function);

/// Throws Refusal, with the instruction's place, if it has an operation or a type that no stage knows. Called for every
/// instruction that the kernel can reach.
void check_form(const llvm::Instruction& instruction);

}  // namespace hlsc
