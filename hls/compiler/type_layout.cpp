// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/type_layout.hpp"

#include <llvm/ADT/StringExtras.h>
#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/Function.h>
#include <llvm/Support/MathExtras.h>

#include <algorithm>

#include "hls/compiler/budget.hpp"
#include "hls/compiler/debug_info.hpp"

namespace hlsc {
namespace {

using llvm::DIType;

constexpr unsigned kMaxNesting = 100;
constexpr std::uint64_t kMaxEntries = 1u << 20;
constexpr std::uint64_t kMaxBanks = 64;

SourceLocation location_of_type(const DIType* type) {
  if (type == nullptr) return {};
  return {file_of(type), type->getLine(), 1};
}

class LayoutBuilder {
 public:
  LayoutBuilder(std::string what, SourceLocation where) : what_(std::move(what)), where_(std::move(where)) {}

  Layout build(const DIType* type) {
    add(type, "", 0);
    type = unqualified(type);
    layout_.bytes = type == nullptr ? 0 : type->getSizeInBits() / 8;
    if (layout_.bytes > kMaxBytes)
      throw too_large(where_, what_ + " has more than " + std::to_string(kMaxBytes) + " bytes");
    for (const Leaf& leaf : layout_.leaves)
      if (leaf.byte_offset + leaf.storage_bits / 8 > layout_.bytes)
        throw malformed(named(leaf.path) + " lies outside of its type");
    return std::move(layout_);
  }

  /// One scalar.
  Layout word(std::uint64_t width, std::uint64_t storage_bits) {
    leaf("", 0, width, storage_bits);
    layout_.bytes = storage_bits / 8;
    return std::move(layout_);
  }

 private:
  void leaf(const std::string& path, std::uint64_t byte_offset, std::uint64_t width, std::uint64_t storage_bits) {
    if (width < 1 || width > kMaxBits || storage_bits < width || storage_bits > kMaxBits || storage_bits % 8 != 0)
      throw Refusal(where_, named(path) + " has " + std::to_string(width) + " bits in " + std::to_string(storage_bits) +
                                "; a member has 1 to 128, in whole bytes");
    if (layout_.leaves.size() == kMaxLeaves) throw too_many();
    layout_.leaves.push_back(
        {path, static_cast<unsigned>(width), layout_.width, byte_offset, static_cast<unsigned>(storage_bits)});
    layout_.width += static_cast<unsigned>(width);
  }

  Refusal too_many() const {
    return too_large(where_, what_ + " has more than " + std::to_string(kMaxLeaves) +
                                 " members and array entries; put arrays into a mem<> or bram<>");
  }

  std::string named(const std::string& path) const { return what_ + (path.empty() ? "" : "." + path); }

  void add(const DIType* type, const std::string& path, std::uint64_t offset) {
    if (++looked_at_ > 2 * kMaxLeaves) throw too_many();
    type = unqualified(type);
    if (const auto* basic = llvm::dyn_cast_or_null<llvm::DIBasicType>(type)) return add_basic(basic, path, offset);
    const auto* composite = llvm::dyn_cast_or_null<llvm::DICompositeType>(type);
    if (composite == nullptr)
      throw Refusal(where_, named(path) +
                                " is a pointer or another type without bits of its own; use ap_uint, "
                                "bool, enum class, structs and arrays of them");
    if (++nested_ > kMaxNesting) throw malformed(what_ + " contains itself");
    add_composite(composite, path, offset);
    --nested_;
  }

  void add_basic(const llvm::DIBasicType* type, const std::string& path, std::uint64_t offset) {
    switch (type->getEncoding()) {
      case llvm::dwarf::DW_ATE_boolean:
        return leaf(path, offset, 1, type->getSizeInBits());
      case llvm::dwarf::DW_ATE_signed:
      case llvm::dwarf::DW_ATE_signed_char:
      case llvm::dwarf::DW_ATE_unsigned:
      case llvm::dwarf::DW_ATE_unsigned_char:
        return leaf(path, offset, type->getSizeInBits(), type->getSizeInBits());
      default:
        throw Refusal(where_, named(path) + " has type " + type->getName().str() + "; hardware here has integers only");
    }
  }

  void add_composite(const llvm::DICompositeType* type, const std::string& path, std::uint64_t offset) {
    const llvm::StringRef name = type->getName();
    if (type->getTag() == llvm::dwarf::DW_TAG_enumeration_type) return add_enum(type, path, offset);
    if (type->getTag() == llvm::dwarf::DW_TAG_array_type) return add_array(type, path, offset);
    if (type->getTag() == llvm::dwarf::DW_TAG_union_type)
      throw Refusal(location_of_type(type), "a union" + (name.empty() ? "" : " " + name.str()) +
                                                ": name the bits with range() instead of a union");
    if (name.starts_with("ap_uint<")) {
      unsigned width = 0;
      if (name.drop_front(8).drop_back(1).getAsInteger(10, width))
        throw Refusal(location_of_type(type), "cannot read the width of " + name.str());
      return leaf(path, offset, width, type->getSizeInBits());
    }
    for (const llvm::Metadata* element : elements_of(*type)) {
      const auto* member = llvm::dyn_cast<llvm::DIDerivedType>(element);
      if (member == nullptr || member->isStaticMember()) continue;
      if (member->isBitField())
        throw Refusal(location_of_type(member), "bit field " + member->getName().str() + ": use ap_uint<N>");
      const bool is_base = member->getTag() == llvm::dwarf::DW_TAG_inheritance;
      if (!is_base && member->getTag() != llvm::dwarf::DW_TAG_member) continue;
      std::string inner = path;
      if (!is_base) inner += (path.empty() ? "" : ".") + member->getName().str();
      add(member->getBaseType(), inner, offset + member->getOffsetInBits() / 8);
    }
  }

  void add_enum(const llvm::DICompositeType* type, const std::string& path, std::uint64_t offset) {
    unsigned width = 1;
    for (const llvm::Metadata* element : elements_of(*type)) {
      const auto* enumerator = llvm::dyn_cast<llvm::DIEnumerator>(element);
      if (enumerator == nullptr) continue;
      if (!enumerator->isUnsigned() && enumerator->getValue().isNegative())
        throw Refusal(location_of_type(type), "enumerator " + enumerator->getName().str() + " is negative");
      width = std::max(width, enumerator->getValue().getActiveBits());
    }
    leaf(path, offset, width, type->getSizeInBits());
  }

  void add_array(const llvm::DICompositeType* type, const std::string& path, std::uint64_t offset) {
    std::uint64_t count = 1;
    for (const llvm::Metadata* element : elements_of(*type)) {
      const auto* range = llvm::dyn_cast<llvm::DISubrange>(element);
      const auto* bound = range == nullptr ? nullptr : range->getCount().dyn_cast<llvm::ConstantInt*>();
      if (bound == nullptr || bound->isNegative()) throw Refusal(where_, "array " + named(path) + " has no fixed size");
      count = llvm::SaturatingMultiply(count, bound->getValue().getLimitedValue());
    }
    if (count == 0) return;
    const std::uint64_t stride = type->getSizeInBits() / 8 / count;
    for (std::uint64_t i = 0; i < count; ++i)
      add(type->getBaseType(), path + "[" + std::to_string(i) + "]", offset + i * stride);
  }

  std::uint64_t looked_at_ = 0;
  unsigned nested_ = 0;
  std::string what_;
  SourceLocation where_;  // of the kernel, for types without a place of their own
  Layout layout_;
};

Layout carried(const DIType* type, const std::string& port, const SourceLocation& where) {
  Layout layout = layout_of(type, port, where);
  if (layout.width == 0) throw Refusal(where, "port " + port + " carries a type without members");
  return layout;
}

void add_memory(std::vector<Port>& ports, Port port, const llvm::DICompositeType& type, const SourceLocation& where) {
  port.layout = carried(type_parameter(type, 0), port.name, where);
  port.entries = value_parameter(type, 1);
  if (port.entries > kMaxEntries || !llvm::isPowerOf2_64(port.entries))
    throw Refusal(where, "memory " + port.name + " has " + std::to_string(port.entries) +
                             " entries; a memory has a power of two of them, and at most " +
                             std::to_string(kMaxEntries));
  if (!type.getName().starts_with("banked<")) {
    port.has_contents = type_parameter(type, 2) != nullptr;
    ports.push_back(std::move(port));
    return;
  }
  const std::uint64_t banks = value_parameter(type, 2);
  if (banks > kMaxBanks)
    throw too_large(where, "memory " + port.name + " has more than " + std::to_string(kMaxBanks) + " banks");
  const std::string name = port.name;
  for (std::uint64_t bank = 0; bank < banks; ++bank) {
    port.name = name + "_" + std::to_string(bank);
    port.byte_offset = bank * port.entries * port.layout.bytes;
    ports.push_back(port);
  }
}

void add_port(std::vector<Port>& ports, const DIType* argument, Port port, const SourceLocation& where) {
  const llvm::DICompositeType* type = referred_class(argument);
  if (type == nullptr)
    throw Refusal(where, "argument " + port.name + " is not a reference to a port, a memory or the state");
  if (std::optional<Port> net = net_of(type, port.name, where)) {
    net->argument = port.argument;
    port = std::move(*net);
  } else if (is_memory(type)) {
    port.kind = type->getName().starts_with("mem<") ? PortKind::kMem : PortKind::kBram;
    return add_memory(ports, std::move(port), *type, where);
  } else if (port.argument == 0) {
    port.layout = layout_of(type, port.name, where);
  } else {
    throw Refusal(where, "argument " + port.name + " has type " + type->getName().str() +
                             "; after the state a kernel takes stream, wire, pulse, mem, bram and banked");
  }
  ports.push_back(std::move(port));
}

}  // namespace

Layout layout_of(const llvm::DIType* type, const std::string& what, const SourceLocation& where) {
  return LayoutBuilder(what, where).build(type);
}

const llvm::DICompositeType* class_of(const llvm::DIType* type) {
  return llvm::dyn_cast_or_null<llvm::DICompositeType>(unqualified(type));
}

const llvm::DICompositeType* referred_class(const llvm::DIType* argument) {
  const auto* reference = llvm::dyn_cast_or_null<llvm::DIDerivedType>(argument);
  if (reference == nullptr || reference->getTag() != llvm::dwarf::DW_TAG_reference_type) return nullptr;
  return class_of(reference->getBaseType());
}

bool is_memory(const llvm::DICompositeType* type) {
  const llvm::StringRef name = type->getName();
  return name.starts_with("mem<") || name.starts_with("bram<") || name.starts_with("banked<");
}

std::optional<Port> net_of(const llvm::DICompositeType* type, const std::string& what, const SourceLocation& where) {
  const llvm::StringRef name = type->getName();
  Port port;
  port.name = what;
  if (name == "busy_wire") {
    const std::vector<const llvm::Metadata*> elements = elements_of(*type);
    const auto* base = elements.empty() ? nullptr : llvm::dyn_cast<llvm::DIDerivedType>(elements[0]);
    const llvm::DICompositeType* wire = base == nullptr ? nullptr : class_of(base->getBaseType());
    if (wire == nullptr || !wire->getName().starts_with("wire<")) throw malformed("a busy_wire is no wire");
    return net_of(wire, what, where);
  }
  if (name.starts_with("stream<") || name.starts_with("wire<")) {
    port.kind = name.starts_with("stream<") ? PortKind::kStream : PortKind::kWire;
    port.layout = carried(type_parameter(*type, 0), port.name, where);
    return port;
  }
  if (!name.starts_with("pulse<")) return std::nullopt;
  port.kind = PortKind::kPulse;
  port.layout = LayoutBuilder(port.name, where).word(value_parameter(*type, 0), type->getSizeInBits());
  return port;
}

std::vector<Port> ports_of(const llvm::Function& kernel) {
  const SourceLocation where = location_of(kernel);
  const llvm::DITypeRefArray types = kernel.getSubprogram()->getType()->getTypeArray();
  std::vector<Port> ports;
  for (const llvm::Argument& argument : kernel.args()) {
    Port port;
    port.argument = argument.getArgNo();
    port.name = argument.getName().str();
    if (port.name.empty()) throw Refusal(where, "argument " + std::to_string(port.argument) + " needs a name");
    const llvm::DIType* type = types[argument.getArgNo() + 1];
    add_port(ports, type, std::move(port), where);
  }
  if (ports.empty() || ports[0].kind != PortKind::kState)
    throw Refusal(where, "the first argument of a kernel is a reference to its state");
  return ports;
}

}  // namespace hlsc
