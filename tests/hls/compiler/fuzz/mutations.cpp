// SPDX-License-Identifier: Apache-2.0
#include "tests/hls/compiler/fuzz/mutations.hpp"

#include <llvm/AsmParser/Parser.h>
#include <llvm/FuzzMutate/IRMutator.h>
#include <llvm/IR/Type.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/SourceMgr.h>
#include <llvm/Transforms/Utils/Cloning.h>

#include <random>

namespace hlsc::test {
namespace {

constexpr unsigned kMaxSize = 6000;  // instructions, blocks and functions

template <unsigned kBits>
llvm::Type* integer(llvm::LLVMContext& context) {
  return llvm::Type::getIntNTy(context, kBits);
}

/// What is refused at once is put in by hostile_strategies(); these lead further.
std::vector<llvm::TypeGetter> types() {
  return {integer<1>,
          integer<8>,
          integer<19>,
          integer<32>,
          integer<64>,
          integer<128>,
          [](llvm::LLVMContext& context) -> llvm::Type* { return llvm::PointerType::get(context, 0); },
          [](llvm::LLVMContext& context) -> llvm::Type* { return llvm::ArrayType::get(integer<16>(context), 4); }};
}

/// LLVM's own: instructions, blocks and calls come and go.
std::vector<std::unique_ptr<llvm::IRMutationStrategy>> general_strategies() {
  std::vector<std::unique_ptr<llvm::IRMutationStrategy>> result;
  result.push_back(std::make_unique<llvm::InjectorIRStrategy>());
  result.push_back(std::make_unique<llvm::InstDeleterIRStrategy>());
  result.push_back(std::make_unique<llvm::InstModificationIRStrategy>());
  result.push_back(std::make_unique<llvm::InsertCFGStrategy>());
  result.push_back(std::make_unique<llvm::InsertPHIStrategy>());
  result.push_back(std::make_unique<llvm::SinkInstructionStrategy>());
  result.push_back(std::make_unique<llvm::ShuffleBlockStrategy>());
  return result;
}

std::unique_ptr<llvm::Module> parsed(const std::string& text, llvm::LLVMContext& context) {
  llvm::SMDiagnostic error;
  return llvm::parseAssemblyString(text, error, context);
}

}  // namespace

std::unique_ptr<llvm::Module> mutated(const llvm::Module& module, std::uint32_t seed) {
  std::mt19937 random(seed);
  const unsigned way = random() % 4;
  std::unique_ptr<llvm::Module> result = llvm::CloneModule(module);
  if (way == 0) {
    result = parsed(text_mutated(*result, seed), module.getContext());
  } else {
    auto strategies = way == 1 ? general_strategies() : hostile_strategies();
    llvm::IRMutator(types(), std::move(strategies)).mutateModule(*result, static_cast<int>(random()), kMaxSize);
    // FuzzMutate makes variables to read and write, which no kernel may have; tables it may.
    for (llvm::GlobalVariable& variable : result->globals())
      if (way == 1 && variable.getName().starts_with("G")) variable.setConstant(true);
  }
  return result == nullptr || llvm::verifyModule(*result) ? nullptr : std::move(result);
}

}  // namespace hlsc::test
