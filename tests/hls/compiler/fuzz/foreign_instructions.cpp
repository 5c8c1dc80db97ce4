// SPDX-License-Identifier: Apache-2.0
#include "tests/hls/compiler/fuzz/foreign_instructions.hpp"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InlineAsm.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>

#include <array>

namespace hlsc::test {
namespace {

using llvm::Value;

/// Builds before an instruction, from values that dominate it.
class Foreign {
 public:
  Foreign(llvm::Instruction& before, llvm::RandomIRBuilder& random)
      : random_(random), at_(&before), function_(*before.getFunction()), before_(before) {}

  void insert() {
    switch (below(random_, 16)) {
      case 0:
        return memory_order();
      case 1:
        return calls();
      case 2:
        return memory_blocks();
      case 3:
        return pointers();
      case 4:
        return wide_and_floating();
      case 5:
      case 6:
      case 7:
        return control();
      case 8:
      case 9:
      case 10:
        return odd_access();
      default:
        return use(intrinsic());
    }
  }

 private:
  llvm::Type* bits(unsigned width) { return at_.getIntNTy(width); }

  Value* address() {
    std::vector<Value*> known = dominating([](const Value& value) { return value.getType()->isPointerTy(); });
    return known.empty() ? llvm::ConstantPointerNull::get(at_.getPtrTy()) : pick(random_, known);
  }

  Value* number(unsigned width) {
    std::vector<Value*> known = dominating([](const Value& value) { return value.getType()->isIntegerTy(); });
    if (known.empty()) return odd_constant(random_, bits(width));
    return at_.CreateZExtOrTrunc(pick(random_, known), bits(width));
  }

  template <typename Wanted>
  std::vector<Value*> dominating(const Wanted& wanted) {
    std::vector<Value*> known;
    for (llvm::Argument& argument : function_.args())
      if (wanted(argument)) known.push_back(&argument);
    for (llvm::Instruction& each : *before_.getParent()) {
      if (&each == &before_) break;
      if (wanted(each)) known.push_back(&each);
    }
    return known;
  }

  /// So that no pass drops it.
  void use(Value* value) {
    if (!value->getType()->isVoidTy()) at_.CreateStore(value, address());
  }

  void memory_order() {
    constexpr auto kOrder = llvm::AtomicOrdering::SequentiallyConsistent;
    switch (below(random_, 4)) {
      case 0:
        return use(at_.CreateLoad(bits(16), address(), true));
      case 1:
        return use(at_.CreateAtomicRMW(llvm::AtomicRMWInst::Add, address(), number(32), llvm::Align(4), kOrder));
      case 2:
        return static_cast<void>(at_.CreateFence(kOrder));
      default:
        return use(at_.CreateExtractValue(
            at_.CreateAtomicCmpXchg(address(), number(32), number(32), llvm::Align(4), kOrder, kOrder), 0));
    }
  }

  void calls() {
    llvm::FunctionType* type = llvm::FunctionType::get(at_.getVoidTy(), false);
    switch (below(random_, 4)) {
      case 0:
        return static_cast<void>(at_.CreateCall(llvm::InlineAsm::get(type, "nop", "", true)));
      case 1:
        return static_cast<void>(at_.CreateCall(type, address()));
      case 2: {
        std::vector<Value*> arguments;
        for (llvm::Argument& argument : function_.args()) arguments.push_back(&argument);
        return static_cast<void>(at_.CreateCall(&function_, arguments));
      }
      default:
        return static_cast<void>(at_.CreateIntrinsic(llvm::Intrinsic::trap, {}, {}));
    }
  }

  void memory_blocks() {
    switch (below(random_, 3)) {
      case 0:
        return static_cast<void>(
            at_.CreateMemCpy(address(), llvm::MaybeAlign(), address(), llvm::MaybeAlign(), number(64)));
      case 1:
        return static_cast<void>(at_.CreateMemMove(address(), llvm::MaybeAlign(), address(), llvm::MaybeAlign(),
                                                   odd_constant(random_, bits(64))));
      default:
        return static_cast<void>(
            at_.CreateMemSet(address(), number(8), odd_constant(random_, bits(64)), llvm::MaybeAlign()));
    }
  }

  void pointers() {
    switch (below(random_, 5)) {
      case 0:
        return use(at_.CreateLoad(bits(8), at_.CreateIntToPtr(number(64), at_.getPtrTy())));
      case 1:
        return use(at_.CreatePtrToInt(address(), bits(64)));
      case 2:
        return use(at_.CreateLoad(bits(16), at_.CreateSelect(number(1), address(), address())));
      case 3:
        return use(at_.CreateICmpULT(address(), address()));
      default:
        return use(address());
    }
  }

  void wide_and_floating() {
    switch (below(random_, 4)) {
      case 0:
        return use(at_.CreateTrunc(at_.CreateMul(number(300), number(300)), bits(19)));
      case 1:
        return use(at_.CreateFPToUI(at_.CreateFAdd(at_.CreateUIToFP(number(32), at_.getFloatTy()),
                                                   llvm::ConstantFP::get(at_.getFloatTy(), 1.5)),
                                    bits(32)));
      case 2: {
        auto* type = llvm::FixedVectorType::get(bits(16), 4);
        Value* vector = at_.CreateInsertElement(llvm::PoisonValue::get(type), number(16), number(32));
        return use(at_.CreateBitCast(at_.CreateAdd(vector, vector), bits(64)));
      }
      default:
        return use(at_.CreateAlloca(bits(8), number(32)));
    }
  }

  Value* intrinsic() {
    constexpr std::array<llvm::Intrinsic::ID, 18> kUnaryAndBinary = {llvm::Intrinsic::umin,
                                                                     llvm::Intrinsic::smax,
                                                                     llvm::Intrinsic::usub_sat,
                                                                     llvm::Intrinsic::uadd_sat,
                                                                     llvm::Intrinsic::sadd_sat,
                                                                     llvm::Intrinsic::ushl_sat,
                                                                     llvm::Intrinsic::ctpop,
                                                                     llvm::Intrinsic::bitreverse,
                                                                     llvm::Intrinsic::bswap,
                                                                     llvm::Intrinsic::abs,
                                                                     llvm::Intrinsic::ctlz,
                                                                     llvm::Intrinsic::cttz,
                                                                     llvm::Intrinsic::fshl,
                                                                     llvm::Intrinsic::fshr,
                                                                     llvm::Intrinsic::ucmp,
                                                                     llvm::Intrinsic::scmp,
                                                                     llvm::Intrinsic::readcyclecounter,
                                                                     llvm::Intrinsic::smul_with_overflow};
    constexpr std::array<unsigned, 7> kWidths = {1, 3, 16, 24, 48, 64, 128};
    const unsigned width = kWidths[below(random_, kWidths.size())];
    const llvm::Intrinsic::ID id = kUnaryAndBinary[below(random_, kUnaryAndBinary.size())];
    switch (id) {
      case llvm::Intrinsic::readcyclecounter:
        return at_.CreateIntrinsic(id, {}, {});
      case llvm::Intrinsic::smul_with_overflow:
        return at_.CreateExtractValue(at_.CreateIntrinsic(id, {bits(width)}, {number(width), number(width)}),
                                      static_cast<unsigned>(below(random_, 2)));
      case llvm::Intrinsic::ucmp:
      case llvm::Intrinsic::scmp:
        return at_.CreateIntrinsic(id, {bits(8), bits(width)}, {number(width), number(width)});
      case llvm::Intrinsic::fshl:
      case llvm::Intrinsic::fshr:
        return at_.CreateIntrinsic(id, {bits(width)}, {number(width), number(width), number(width)});
      case llvm::Intrinsic::bswap:
        return at_.CreateIntrinsic(id, {bits(48)}, {number(48)});
      case llvm::Intrinsic::ctpop:
      case llvm::Intrinsic::bitreverse:
        return at_.CreateIntrinsic(id, {bits(width)}, {number(width)});
      case llvm::Intrinsic::abs:
      case llvm::Intrinsic::ctlz:
      case llvm::Intrinsic::cttz:
        return at_.CreateIntrinsic(id, {bits(width)}, {number(width), at_.getInt1(below(random_, 2) == 0)});
      default:
        return at_.CreateIntrinsic(id, {bits(width)}, {number(width), number(width)});
    }
  }

  /// The block parts: into a switch over an odd type, a loop, or nowhere.
  void control() {
    llvm::BasicBlock* first = before_.getParent();
    if (llvm::isa<llvm::PHINode>(before_)) return;
    llvm::BasicBlock* rest = first->splitBasicBlock(before_.getIterator());
    llvm::BasicBlock* side = llvm::BasicBlock::Create(function_.getContext(), "", &function_, rest);
    llvm::IRBuilder<>(side).CreateBr(below(random_, 2) == 0 ? side : rest);
    first->getTerminator()->eraseFromParent();
    at_.SetInsertPoint(first);
    constexpr std::array<unsigned, 4> kWidths = {1, 19, 64, 128};
    const unsigned width = kWidths[below(random_, kWidths.size())];
    switch (below(random_, 3)) {
      case 0: {
        llvm::SwitchInst* choice = at_.CreateSwitch(odd_constant(random_, bits(width)), rest, 1);
        std::vector<Value*> known = dominating([&](const Value& value) { return value.getType() == bits(width); });
        if (!known.empty()) choice->setCondition(pick(random_, known));
        choice->addCase(llvm::ConstantInt::get(at_.getContext(), llvm::APInt::getOneBitSet(width, width - 1)), side);
        return;
      }
      case 1:
        return static_cast<void>(at_.CreateCondBr(odd_constant(random_, bits(1)), side, rest));
      default:
        return static_cast<void>(below(random_, 4) == 0 ? static_cast<llvm::Instruction*>(at_.CreateUnreachable())
                                                        : at_.CreateCondBr(number(1), side, rest));
    }
  }

  /// At a run-time place, of a type that is not there.
  void odd_access() {
    Value* place = below(random_, 2) == 0 ? at_.CreateGEP(bits(8), address(), number(64)) : address();
    if (below(random_, 2) == 0)
      place = at_.CreateGEP(llvm::ArrayType::get(bits(16), 5), place, {number(64), number(64)});
    constexpr std::array<unsigned, 5> kWidths = {1, 8, 37, 64, 128};
    const unsigned width = kWidths[below(random_, kWidths.size())];
    if (below(random_, 2) == 0) return static_cast<void>(at_.CreateStore(number(width), place));
    if (below(random_, 4) == 0) return use(at_.CreateLoad(llvm::ArrayType::get(bits(width), 3), place));
    return use(at_.CreateLoad(bits(width), place));
  }

  llvm::RandomIRBuilder& random_;
  llvm::IRBuilder<> at_;
  llvm::Function& function_;
  llvm::Instruction& before_;
};

llvm::APInt odd_number(llvm::RandomIRBuilder& random, unsigned width) {
  const auto number = [&](std::uint64_t value) { return llvm::APInt(64, value).zextOrTrunc(width); };
  switch (below(random, 6)) {
    case 0:
      return llvm::APInt::getAllOnes(width);
    case 1:
      return llvm::APInt::getSignedMinValue(width);
    case 2:
      return number(width);
    case 3:
      return number(std::uint64_t{1} << below(random, 64));
    case 4:
      return number(below(random, 70));
    default:
      return number(llvm::uniform<std::uint64_t>(random.Rand));
  }
}

}  // namespace

llvm::Constant* odd_constant(llvm::RandomIRBuilder& random, llvm::Type* type) {
  if (type->isIntegerTy() && below(random, 4) != 0)
    return llvm::ConstantInt::get(type->getContext(), odd_number(random, type->getIntegerBitWidth()));
  switch (below(random, 3)) {
    case 0:
      return llvm::PoisonValue::get(type);
    case 1:
      return llvm::UndefValue::get(type);
    default:
      return llvm::Constant::getNullValue(type);
  }
}

void insert_foreign(llvm::Function& function, llvm::RandomIRBuilder& random) {
  std::vector<llvm::Instruction*> places;
  for (llvm::BasicBlock& block : function)
    for (auto at = block.getFirstInsertionPt(); at != block.end(); ++at) places.push_back(&*at);
  Foreign(*pick(random, places), random).insert();
}

}  // namespace hlsc::test
