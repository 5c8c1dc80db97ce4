// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/operations.hpp"

#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Support/MathExtras.h>

#include <algorithm>

#include "hls/compiler/unresolved_memory.hpp"

namespace hlsc {
namespace {

using llvm::Instruction;
using llvm::Intrinsic::ID;

class Operations {
 public:
  Operations(WordGraph& graph, const ControlFlow::ValueOf& value_of) : graph_(graph), value_of_(value_of) {}

  Ref convert(const Instruction& instruction) {
    if (const auto* binary = llvm::dyn_cast<llvm::BinaryOperator>(&instruction)) return convert_binary(*binary);
    if (const auto* compare = llvm::dyn_cast<llvm::ICmpInst>(&instruction)) return convert_compare(*compare);
    if (const auto* select = llvm::dyn_cast<llvm::SelectInst>(&instruction)) {
      const auto at = [&](unsigned i) { return value_of_(select->getOperand(i)); };
      return graph_.mux(at(0), at(1), at(2));
    }
    if (const auto* cast = llvm::dyn_cast<llvm::CastInst>(&instruction)) return convert_cast(*cast);
    if (const auto* freeze = llvm::dyn_cast<llvm::FreezeInst>(&instruction)) return value_of_(freeze->getOperand(0));
    if (const auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction)) return convert_intrinsic(*call);
    if (const auto* extract = llvm::dyn_cast<llvm::ExtractValueInst>(&instruction)) return convert_overflow(*extract);
    throw Refusal(location_of(instruction),
                  std::string("operation '") + instruction.getOpcodeName() + "' is not synthesised");
  }

 private:
  static bool has_circuit(const llvm::Type* type) { return type->isIntegerTy(); }

  Ref shift_amount(const llvm::Value* amount, unsigned width) {
    // A shift by the width or more has no defined value in C++.
    Ref full = value_of_(amount);
    return full->is(Op::kConst) ? full : graph_.slice(full, 0, std::max(1u, llvm::Log2_32_Ceil(width)));
  }

  /// By 2 to the power of `bits`: rounded towards zero, so that a negative number is first moved up.
  Ref signed_division(Ref a, unsigned bits, bool remainder) {
    const unsigned width = a->width;
    Ref up = graph_.constant(llvm::APInt::getLowBitsSet(width, bits));
    Ref moved = graph_.add(a, graph_.mux(graph_.bit(a, width - 1), up, graph_.constant(width, 0)));
    Ref quotient = graph_.ashr(moved, graph_.constant(width, bits));
    return remainder ? graph_.sub(a, graph_.shl(quotient, graph_.constant(width, bits))) : quotient;
  }

  Ref convert_binary(const llvm::BinaryOperator& binary) {
    Ref a = value_of_(binary.getOperand(0));
    switch (binary.getOpcode()) {
      case Instruction::Shl:
        return graph_.shl(a, shift_amount(binary.getOperand(1), a->width));
      case Instruction::LShr:
        return graph_.lshr(a, shift_amount(binary.getOperand(1), a->width));
      case Instruction::AShr:
        return graph_.ashr(a, shift_amount(binary.getOperand(1), a->width));
      default:
        break;
    }
    Ref b = value_of_(binary.getOperand(1));
    switch (binary.getOpcode()) {
      case Instruction::Add:
        return graph_.add(a, b);
      case Instruction::Sub:
        return graph_.sub(a, b);
      case Instruction::Mul:
        return graph_.mul(a, b);
      case Instruction::And:
        return graph_.and_(a, b);
      case Instruction::Or:
        return graph_.or_(a, b);
      case Instruction::Xor:
        return graph_.xor_(a, b);
      case Instruction::SDiv:
      case Instruction::SRem:
        if (b->is(Op::kConst) && b->value.isPowerOf2() && !b->value.isNegative())
          return signed_division(a, b->value.logBase2(), binary.getOpcode() == Instruction::SRem);
        [[fallthrough]];
      default:
        throw Refusal(location_of(binary), b->is(Op::kConst)
                                               ? "division by a constant that is not a power of two; multiply by its "
                                                 "reciprocal or count instead"
                                               : "division by a run-time value needs many cycles; count or subtract in "
                                                 "the state, a step at a time");
    }
  }

  Ref convert_compare(const llvm::ICmpInst& compare) {
    if (!has_circuit(compare.getOperand(0)->getType()))
      throw Refusal(location_of(compare), "pointers have no value in hardware and are not compared");
    Ref a = value_of_(compare.getOperand(0));
    Ref b = value_of_(compare.getOperand(1));
    switch (compare.getPredicate()) {
      case llvm::CmpInst::ICMP_EQ:
        return graph_.eq(a, b);
      case llvm::CmpInst::ICMP_NE:
        return graph_.not_(graph_.eq(a, b));
      case llvm::CmpInst::ICMP_ULT:
        return graph_.ult(a, b);
      case llvm::CmpInst::ICMP_UGT:
        return graph_.ult(b, a);
      case llvm::CmpInst::ICMP_ULE:
        return graph_.not_(graph_.ult(b, a));
      case llvm::CmpInst::ICMP_UGE:
        return graph_.not_(graph_.ult(a, b));
      case llvm::CmpInst::ICMP_SLT:
        return graph_.slt(a, b);
      case llvm::CmpInst::ICMP_SGT:
        return graph_.slt(b, a);
      case llvm::CmpInst::ICMP_SLE:
        return graph_.not_(graph_.slt(b, a));
      default:
        return graph_.not_(graph_.slt(a, b));
    }
  }

  Ref convert_cast(const llvm::CastInst& cast) {
    if (!has_circuit(cast.getType()) || !has_circuit(cast.getSrcTy())) throw address_as_number(cast);
    Ref x = value_of_(cast.getOperand(0));
    const unsigned width = cast.getType()->getIntegerBitWidth();
    if (cast.getOpcode() == Instruction::SExt) return graph_.sext(x, width);
    return graph_.resize(x, width);
  }

  /// The two results of add/sub/mul with overflow.
  Ref convert_overflow(const llvm::ExtractValueInst& extract) {
    const auto* call = llvm::dyn_cast<llvm::WithOverflowInst>(extract.getAggregateOperand());
    if (call == nullptr) throw Refusal(location_of(extract), "an aggregate value that could not be taken apart");
    Ref a = value_of_(call->getLHS());
    Ref b = value_of_(call->getRHS());
    const unsigned width = a->width;
    const auto wide = [&](Ref x, unsigned to) { return call->isSigned() ? graph_.sext(x, to) : graph_.zext(x, to); };
    const unsigned full = call->getBinaryOp() == Instruction::Mul ? 2 * width : width + 1;
    a = wide(a, full);
    b = wide(b, full);
    Ref exact = call->getBinaryOp() == Instruction::Add   ? graph_.add(a, b)
                : call->getBinaryOp() == Instruction::Sub ? graph_.sub(a, b)
                                                          : graph_.mul(a, b);
    Ref result = graph_.slice(exact, 0, width);
    if (extract.getIndices()[0] == 0) return result;
    return graph_.not_(graph_.eq(exact, wide(result, full)));
  }

  Ref funnel(const llvm::IntrinsicInst& call, bool left) {
    Ref high = value_of_(call.getArgOperand(0));
    Ref low = value_of_(call.getArgOperand(1));
    Ref amount = value_of_(call.getArgOperand(2));
    const unsigned width = high->width;
    if (!llvm::isPowerOf2_32(width)) {
      if (!amount->is(Op::kConst)) throw Refusal(location_of(call), "a rotation of a width that is no power of two");
      amount = graph_.constant(amount->width, amount->value.urem(width));
    } else {
      amount = graph_.slice(amount, 0, std::max(1u, llvm::Log2_32(width)));
    }
    Ref both = graph_.concat({low, high});
    amount = graph_.resize(amount, 32);
    return left ? graph_.slice(graph_.shl(both, amount), width, width)
                : graph_.slice(graph_.lshr(both, amount), 0, width);
  }

  Ref population(Ref x) {
    const unsigned width = x->width;
    if (width == 1) return x;
    Ref low = population(graph_.slice(x, 0, width / 2));
    Ref high = population(graph_.slice(x, width / 2, width - width / 2));
    const unsigned sum = std::max(low->width, high->width) + 1;
    return graph_.add(graph_.zext(low, sum), graph_.zext(high, sum));
  }

  Ref count_zeros(Ref x, bool from_top) {
    const unsigned width = x->width;
    Ref count = graph_.constant(width, width);
    for (unsigned i = 0; i < width; ++i) {
      const unsigned zeros = width - 1 - i;  // the last one taken is nearest to the end that is counted from
      count = graph_.mux(graph_.bit(x, from_top ? i : zeros), graph_.constant(width, zeros), count);
    }
    return count;
  }

  Ref permuted(Ref x, unsigned unit) {
    std::vector<Ref> parts;
    for (unsigned at = x->width; at > 0; at -= unit) parts.push_back(graph_.slice(x, at - unit, unit));
    return graph_.concat(parts);
  }

  Ref convert_intrinsic(const llvm::IntrinsicInst& call) {
    const auto at = [&](unsigned i) { return value_of_(call.getArgOperand(i)); };
    const auto choose = [&](Ref a_first, Ref a, Ref b) { return graph_.mux(a_first, a, b); };
    switch (call.getIntrinsicID()) {
      case llvm::Intrinsic::umin:
        return choose(graph_.ult(at(0), at(1)), at(0), at(1));
      case llvm::Intrinsic::umax:
        return choose(graph_.ult(at(0), at(1)), at(1), at(0));
      case llvm::Intrinsic::smin:
        return choose(graph_.slt(at(0), at(1)), at(0), at(1));
      case llvm::Intrinsic::smax:
        return choose(graph_.slt(at(0), at(1)), at(1), at(0));
      case llvm::Intrinsic::abs: {
        Ref negative = graph_.bit(at(0), at(0)->width - 1);
        return choose(negative, graph_.sub(graph_.constant(at(0)->width, 0), at(0)), at(0));
      }
      case llvm::Intrinsic::usub_sat:
        return choose(graph_.ult(at(0), at(1)), graph_.constant(at(0)->width, 0), graph_.sub(at(0), at(1)));
      case llvm::Intrinsic::uadd_sat: {
        const unsigned width = at(0)->width;
        Ref sum = graph_.add(graph_.zext(at(0), width + 1), graph_.zext(at(1), width + 1));
        return choose(graph_.bit(sum, width), graph_.constant(llvm::APInt::getAllOnes(width)),
                      graph_.slice(sum, 0, width));
      }
      case llvm::Intrinsic::bswap:
        return permuted(at(0), 8);
      case llvm::Intrinsic::bitreverse:
        return permuted(at(0), 1);
      case llvm::Intrinsic::ctpop:
        return graph_.resize(population(at(0)), at(0)->width);
      case llvm::Intrinsic::ctlz:
        return count_zeros(at(0), true);
      case llvm::Intrinsic::cttz:
        return count_zeros(at(0), false);
      case llvm::Intrinsic::fshl:
        return funnel(call, true);
      case llvm::Intrinsic::fshr:
        return funnel(call, false);
      case llvm::Intrinsic::ucmp:
      case llvm::Intrinsic::scmp: {
        const bool is_signed = call.getIntrinsicID() == llvm::Intrinsic::scmp;
        const unsigned width = call.getType()->getIntegerBitWidth();
        const auto less = [&](Ref a, Ref b) { return is_signed ? graph_.slt(a, b) : graph_.ult(a, b); };
        Ref not_above =
            choose(less(at(0), at(1)), graph_.constant(llvm::APInt::getAllOnes(width)), graph_.constant(width, 0));
        return choose(less(at(1), at(0)), graph_.constant(width, 1), not_above);
      }
      default:
        throw Refusal(location_of(call),
                      "intrinsic " + call.getCalledFunction()->getName().str() + " is not synthesised");
    }
  }

  WordGraph& graph_;
  const ControlFlow::ValueOf& value_of_;
};

}  // namespace

Ref convert_operation(WordGraph& graph, const llvm::Instruction& instruction, const ControlFlow::ValueOf& value_of) {
  return Operations(graph, value_of).convert(instruction);
}

}  // namespace hlsc
