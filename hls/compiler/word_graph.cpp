// SPDX-License-Identifier: Apache-2.0
// Interning, and the primitives that move bits: slices, concatenations, tables.
#include "hls/compiler/word_graph.hpp"

#include <llvm/ADT/SmallString.h>

#include <algorithm>
#include <functional>

#include "hls/compiler/budget.hpp"

namespace hlsc {
namespace {

std::string text_of(const llvm::APInt& value) {
  llvm::SmallString<40> text;
  value.toStringUnsigned(text, 16);
  return text.str().str();
}

}  // namespace

std::size_t WordGraph::KeyHash::operator()(const Key& key) const {
  std::size_t hash = static_cast<std::size_t>(std::get<0>(key)) * 0x9e3779b97f4a7c15u;
  const auto mix = [&hash](std::size_t value) { hash = (hash ^ value) * 0x9e3779b97f4a7c15u + (hash >> 29); };
  mix(std::get<1>(key));
  mix(std::get<2>(key));
  for (Ref operand : std::get<3>(key)) mix(operand->id + 1);
  mix(std::hash<std::string>()(std::get<4>(key)));
  return hash;
}

Ref WordGraph::make(Op op, unsigned width, std::vector<Ref> operands, unsigned aux, const llvm::APInt* value,
                    const std::vector<llvm::APInt>* labels) {
  if (++requests_ > kMaxRequests || nodes_.size() >= kMaxNodes)
    throw too_large(origin_.where, "its expressions do not fit (" + std::to_string(nodes_.size()) + " so far)");
  std::string extra = value == nullptr ? "" : text_of(*value);
  if (labels != nullptr)
    for (const llvm::APInt& label : *labels) extra += text_of(label) + ",";
  Key key(op, width, aux, std::move(operands), std::move(extra));
  const auto found = interned_.find(key);
  if (found != interned_.end()) return found->second;
  Node node;
  node.op = op;
  node.width = width;
  node.aux = aux;
  node.operands = std::get<3>(key);
  if (value != nullptr) node.value = *value;
  if (labels != nullptr) node.labels = *labels;
  node.id = static_cast<unsigned>(nodes_.size());
  for (Ref operand : node.operands) node.depth = std::max(node.depth, operand->depth + 1);
  if (node.depth > kMaxDepth)
    throw too_large(origin_.where, "a value here is the last of more than " + std::to_string(kMaxDepth) +
                                       " operations one after another; spread them over steps");
  node.origin.where = origin_.where;
  nodes_.push_back(std::move(node));
  interned_.emplace(std::move(key), &nodes_.back());
  return &nodes_.back();
}

Ref WordGraph::constant(const llvm::APInt& value) { return make(Op::kConst, value.getBitWidth(), {}, 0, &value); }
Ref WordGraph::undef(unsigned width) { return make(Op::kUndef, width, {}); }
Ref WordGraph::input(unsigned number, unsigned width) { return make(Op::kInput, width, {}, number); }
Ref WordGraph::defined(Ref x) {
  if (x->is(Op::kUndef)) return constant(x->width, 0);
  if (!x->is(Op::kConcat)) return x;
  Parts parts = x->operands;
  bool changed = false;
  for (Ref& part : parts) {
    if (!part->is(Op::kUndef)) continue;
    part = constant(part->width, 0);
    changed = true;
  }
  return changed ? concat(parts) : x;
}

Ref WordGraph::mem_read(unsigned port, unsigned width, Ref index) {
  return make(Op::kMemRead, width, {defined(index)}, port);
}

Ref WordGraph::rom(const std::vector<llvm::APInt>& table, Ref index) {
  const unsigned width = table[0].getBitWidth();
  if (index->is(Op::kUndef)) return undef(width);
  if (index->is(Op::kConst)) {
    const std::uint64_t at = index->value.getLimitedValue();
    return at < table.size() ? constant(table[at]) : undef(width);
  }
  index = defined(index);
  index = slice(index, 0, std::max(1u, index->width - leading_zeros(index)));
  std::vector<llvm::APInt> used = table;
  if (index->width < 32 && used.size() > (std::size_t{1} << index->width)) used.resize(std::size_t{1} << index->width);
  unsigned needed = 1;
  bool all_equal = true;
  for (const llvm::APInt& entry : used) {
    needed = std::max(needed, entry.getActiveBits());
    all_equal &= entry == used[0];
  }
  if (all_equal) return constant(used[0]);
  std::string key;
  for (llvm::APInt& entry : used) {
    entry = entry.trunc(needed);
    key += text_of(entry) + ",";
  }
  const auto [found, added] = table_numbers_.try_emplace(key + std::to_string(needed), tables_.size());
  if (added) tables_.push_back(used);
  return zext(make(Op::kRom, needed, {index}, found->second), width);
}

unsigned WordGraph::leading_zeros(Ref x) {
  if (x->is(Op::kConst)) return x->value.countl_zero();
  if (!x->is(Op::kConcat)) return 0;
  unsigned count = 0;
  for (auto part = x->operands.rbegin(); part != x->operands.rend(); ++part) {
    const unsigned zeros = leading_zeros(*part);
    count += zeros;
    if (zeros < (*part)->width) break;
  }
  return count;
}

unsigned WordGraph::trailing_zeros(Ref x) {
  if (x->is(Op::kConst)) return x->value.countr_zero();
  if (!x->is(Op::kConcat)) return 0;
  unsigned count = 0;
  for (Ref part : x->operands) {
    const unsigned zeros = trailing_zeros(part);
    count += zeros;
    if (zeros < part->width) break;
  }
  return count;
}

unsigned WordGraph::sign_bits(Ref x) {
  if (x->is(Op::kConst)) return x->value.getNumSignBits();
  if (!x->is(Op::kConcat)) return 1;
  Ref top = x->operands.back();
  if (top->is(Op::kConst)) {
    if (top->value.isZero()) return leading_zeros(x);
    return top->value.getNumSignBits();
  }
  unsigned count = 0;
  Ref sign = nullptr;
  for (auto part = x->operands.rbegin(); part != x->operands.rend(); ++part) {
    if (sign == nullptr && (*part)->width == 1) sign = *part;
    if (*part == sign) {
      ++count;
      continue;
    }
    // The copies of a sign bit stand above the word whose top bit it is.
    const bool top_of =
        sign != nullptr && sign->is(Op::kSlice) && sign->operand(0) == *part && sign->aux + 1 == (*part)->width;
    const bool top_of_slice = sign != nullptr && sign->is(Op::kSlice) && (*part)->is(Op::kSlice) &&
                              sign->operand(0) == (*part)->operand(0) && sign->aux + 1 == (*part)->aux + (*part)->width;
    if (top_of || top_of_slice) ++count;
    break;
  }
  return std::max(count, 1u);
}

bool WordGraph::splits(Ref x) {
  const auto known = splits_.find(x);
  if (known != splits_.end()) return known->second;
  bool result = false;
  switch (x->op) {
    case Op::kConst:
    case Op::kUndef:
    case Op::kConcat:
      result = true;
      break;
    case Op::kNot:
      result = splits(x->operand(0));
      break;
    case Op::kAnd:
    case Op::kOr:
    case Op::kXor:
      result = splits(x->operand(0)) || splits(x->operand(1));
      break;
    case Op::kMux:
    case Op::kCase:
      for (std::size_t i = 1; i < x->operands.size(); ++i) result |= splits(x->operands[i]);
      break;
    default:
      break;
  }
  splits_[x] = result;
  return result;
}

/// A slice of an operation that is done bit by bit is the operation on slices; worth it where an operand falls apart.
Ref WordGraph::slice_through(Ref x, unsigned low, unsigned width) {
  const auto part = [&](unsigned index) { return slice(x->operand(index), low, width); };
  switch (x->op) {
    case Op::kNot:
      return not_(part(0));
    case Op::kAnd:
      return and_(part(0), part(1));
    case Op::kOr:
      return or_(part(0), part(1));
    case Op::kXor:
      return xor_(part(0), part(1));
    case Op::kMux:
      return mux(x->operand(0), part(1), part(2));
    default: {
      std::vector<CaseArm> arms;
      for (unsigned i = 0; i < x->labels.size(); ++i) arms.push_back({x->labels[i], part(i + 2)});
      return case_(x->operand(0), arms, part(1));
    }
  }
}

Ref WordGraph::slice(Ref x, unsigned low, unsigned width) {
  if (low == 0 && width == x->width) return x;
  if (x->is(Op::kConst)) return constant(x->value.extractBits(width, low));
  if (x->is(Op::kUndef)) return undef(width);
  if (x->is(Op::kSlice)) return slice(x->operand(0), x->aux + low, width);
  if (const auto known = slices_.find({x, low, width}); known != slices_.end()) return known->second;
  Ref result = nullptr;
  if (x->is(Op::kConcat)) {
    Parts parts;
    unsigned at = 0;
    for (Ref part : x->operands) {
      const unsigned from = std::max(at, low);
      const unsigned to = std::min(at + part->width, low + width);
      if (from < to) parts.push_back(slice(part, from - at, to - from));
      at += part->width;
    }
    result = concat(parts);
  } else {
    const bool by_bit =
        x->is(Op::kNot) || x->is(Op::kAnd) || x->is(Op::kOr) || x->is(Op::kXor) || x->is(Op::kMux) || x->is(Op::kCase);
    result = by_bit && splits(x) ? slice_through(x, low, width) : make(Op::kSlice, width, {x}, low);
  }
  slices_[{x, low, width}] = result;
  return result;
}

Ref WordGraph::concat(const std::vector<Ref>& given) {
  Parts flat;
  for (Ref part : given) {
    if (part->is(Op::kConcat))
      flat.insert(flat.end(), part->operands.begin(), part->operands.end());
    else
      flat.push_back(part);
  }
  Parts merged;
  unsigned width = 0;
  for (Ref part : flat) {
    width += part->width;
    Ref last = merged.empty() ? nullptr : merged.back();
    Ref joined = nullptr;
    if (last != nullptr) {
      if (last->is(Op::kConst) && part->is(Op::kConst))
        joined = constant(part->value.concat(last->value));
      else if (last->is(Op::kUndef) && part->is(Op::kUndef))
        joined = undef(last->width + part->width);
      else if (last->is(Op::kSlice) && part->is(Op::kSlice) && last->operand(0) == part->operand(0) &&
               last->aux + last->width == part->aux)
        joined = slice(last->operand(0), last->aux, last->width + part->width);
    }
    if (joined != nullptr)
      merged.back() = joined;
    else
      merged.push_back(part);
  }
  if (merged.size() == 1) return merged[0];
  return make(Op::kConcat, width, merged);
}

Ref WordGraph::zext(Ref x, unsigned width) {
  return width == x->width ? x : concat({x, constant(width - x->width, 0)});
}

Ref WordGraph::sext(Ref x, unsigned width) {
  if (width == x->width) return x;
  Parts parts(width - x->width + 1, bit(x, x->width - 1));
  parts[0] = x;
  return concat(parts);
}

Ref WordGraph::with_operands(Ref x, const std::vector<Ref>& in) {
  switch (x->op) {
    case Op::kNot:
      return not_(in[0]);
    case Op::kAnd:
      return and_(in[0], in[1]);
    case Op::kOr:
      return or_(in[0], in[1]);
    case Op::kXor:
      return xor_(in[0], in[1]);
    case Op::kAdd:
      return add(in[0], in[1]);
    case Op::kSub:
      return sub(in[0], in[1]);
    case Op::kMul:
      return mul(in[0], in[1]);
    case Op::kEq:
      return eq(in[0], in[1]);
    case Op::kUlt:
      return ult(in[0], in[1]);
    case Op::kMux:
      return mux(in[0], in[1], in[2]);
    case Op::kCase: {
      std::vector<CaseArm> arms;
      for (std::size_t i = 0; i < x->labels.size(); ++i) arms.push_back({x->labels[i], in[i + 2]});
      return case_(in[0], arms, in[1]);
    }
    case Op::kShl:
      return shl(in[0], in[1]);
    case Op::kLshr:
      return lshr(in[0], in[1]);
    case Op::kSlice:
      return slice(in[0], x->aux, x->width);
    case Op::kMemRead:
      return mem_read(x->aux, x->width, in[0]);
    case Op::kRom:
      return rom(table(x->aux), in[0]);
    case Op::kConcat:
      return concat(in);
    case Op::kConst:
    case Op::kUndef:
    case Op::kInput:
      break;
  }
  return x;
}

Ref WordGraph::where(Ref root, Ref known, Ref value) {
  std::unordered_map<Ref, Ref> result = {{known, value}};
  std::vector<Ref> open = {root};
  while (!open.empty()) {
    Ref x = open.back();
    std::vector<Ref> operands;
    for (Ref operand : x->operands) {
      const auto found = result.find(operand);
      if (found == result.end())
        open.push_back(operand);
      else
        operands.push_back(found->second);
    }
    if (operands.size() < x->operands.size()) continue;
    open.pop_back();
    if (result.count(x) == 0) result[x] = operands == x->operands ? x : with_operands(x, operands);
  }
  return result.at(root);
}

WordGraph::Parts WordGraph::parts_of(Ref x) { return x->is(Op::kConcat) ? x->operands : Parts{x}; }

/// The parts of two words of the same width, cut where either has a boundary.
std::vector<WordGraph::PairedPart> WordGraph::paired(Ref a, Ref b) {
  std::vector<unsigned> cuts;
  for (Ref x : {a, b}) {
    unsigned at = 0;
    for (Ref part : parts_of(x)) cuts.push_back(at += part->width);
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  std::vector<PairedPart> result;
  unsigned at = 0;
  for (unsigned cut : cuts) {
    result.push_back({slice(a, at, cut - at), slice(b, at, cut - at)});
    at = cut;
  }
  return result;
}

}  // namespace hlsc
