// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/type_layout.hpp"

#include <llvm/ADT/StringExtras.h>
#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Function.h>

#include <algorithm>

#include "hls/compiler/diagnostics.hpp"

namespace hlsc {
namespace {

using llvm::DIType;

const DIType* unqualified(const DIType* type) {
  while (const auto* derived = llvm::dyn_cast_or_null<llvm::DIDerivedType>(type)) {
    const unsigned tag = derived->getTag();
    if (tag != llvm::dwarf::DW_TAG_typedef && tag != llvm::dwarf::DW_TAG_const_type &&
        tag != llvm::dwarf::DW_TAG_volatile_type)
      break;
    type = derived->getBaseType();
  }
  return type;
}

SourceLocation location_of_type(const DIType* type) {
  if (type == nullptr) return {};
  return {type->getFilename().str(), type->getLine(), 1};
}

class LayoutBuilder {
 public:
  LayoutBuilder(std::string what, SourceLocation where) : what_(std::move(what)), where_(std::move(where)) {}

  Layout build(const DIType* type) {
    add(type, "", 0);
    type = unqualified(type);
    layout_.bytes = type == nullptr ? 0 : type->getSizeInBits() / 8;
    return std::move(layout_);
  }

 private:
  void leaf(const std::string& path, std::uint64_t byte_offset, unsigned width, std::uint64_t storage_bits) {
    layout_.leaves.push_back({path, width, layout_.width, byte_offset, static_cast<unsigned>(storage_bits)});
    layout_.width += width;
  }

  void add(const DIType* type, const std::string& path, std::uint64_t offset) {
    type = unqualified(type);
    if (const auto* basic = llvm::dyn_cast_or_null<llvm::DIBasicType>(type)) return add_basic(basic, path, offset);
    if (const auto* composite = llvm::dyn_cast_or_null<llvm::DICompositeType>(type))
      return add_composite(composite, path, offset);
    throw Refusal(where_, what_ + (path.empty() ? "" : "." + path) +
                              " is a pointer or another type without bits of its own; use ap_uint, "
                              "bool, enum class, structs and arrays of them");
  }

  void add_basic(const llvm::DIBasicType* type, const std::string& path, std::uint64_t offset) {
    switch (type->getEncoding()) {
      case llvm::dwarf::DW_ATE_boolean:
        return leaf(path, offset, 1, type->getSizeInBits());
      case llvm::dwarf::DW_ATE_signed:
      case llvm::dwarf::DW_ATE_signed_char:
      case llvm::dwarf::DW_ATE_unsigned:
      case llvm::dwarf::DW_ATE_unsigned_char:
        return leaf(path, offset, static_cast<unsigned>(type->getSizeInBits()), type->getSizeInBits());
      default:
        throw Refusal(where_, what_ + (path.empty() ? "" : "." + path) + " has type " + type->getName().str() +
                                  "; hardware here has integers only");
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
    for (const llvm::DINode* element : type->getElements()) {
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
    for (const llvm::DINode* element : type->getElements()) {
      const auto* enumerator = llvm::cast<llvm::DIEnumerator>(element);
      if (!enumerator->isUnsigned() && enumerator->getValue().isNegative())
        throw Refusal(location_of_type(type), "enumerator " + enumerator->getName().str() + " is negative");
      width = std::max(width, enumerator->getValue().getActiveBits());
    }
    leaf(path, offset, width, type->getSizeInBits());
  }

  void add_array(const llvm::DICompositeType* type, const std::string& path, std::uint64_t offset) {
    std::uint64_t count = 1;
    for (const llvm::DINode* element : type->getElements()) {
      const auto* bound = llvm::cast<llvm::DISubrange>(element)->getCount().dyn_cast<llvm::ConstantInt*>();
      if (bound == nullptr) throw Refusal(location_of_type(type), "array " + what_ + "." + path + " has no fixed size");
      count *= bound->getZExtValue();
    }
    if (count == 0) return;
    const std::uint64_t stride = type->getSizeInBits() / 8 / count;
    for (std::uint64_t i = 0; i < count; ++i)
      add(type->getBaseType(), path + "[" + std::to_string(i) + "]", offset + i * stride);
  }

  std::string what_;
  SourceLocation where_;  // of the kernel, for types without a place of their own
  Layout layout_;
};

const DIType* type_parameter(const llvm::DICompositeType* type, unsigned index) {
  return llvm::cast<llvm::DITemplateTypeParameter>(type->getTemplateParams()[index])->getType();
}

std::uint64_t value_parameter(const llvm::DICompositeType* type, unsigned index) {
  const auto* parameter = llvm::cast<llvm::DITemplateValueParameter>(type->getTemplateParams()[index]);
  return llvm::mdconst::extract<llvm::ConstantInt>(parameter->getValue())->getZExtValue();
}

void add_memory(std::vector<Port>& ports, Port port, const llvm::DICompositeType* type, const SourceLocation& where) {
  port.layout = layout_of(type_parameter(type, 0), port.name, where);
  port.entries = value_parameter(type, 1);
  if (!type->getName().starts_with("banked<")) {
    port.has_contents = type_parameter(type, 2) != nullptr;
    ports.push_back(std::move(port));
    return;
  }
  const std::uint64_t banks = value_parameter(type, 2);
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
    return add_memory(ports, std::move(port), type, where);
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
    const auto* base = llvm::cast<llvm::DIDerivedType>(type->getElements()[0]);
    return net_of(class_of(base->getBaseType()), what, where);
  }
  if (name.starts_with("stream<") || name.starts_with("wire<")) {
    port.kind = name.starts_with("stream<") ? PortKind::kStream : PortKind::kWire;
    port.layout = layout_of(type_parameter(type, 0), port.name, where);
    if (port.layout.width == 0) throw Refusal(where, "port " + port.name + " carries a type without members");
    return port;
  }
  if (!name.starts_with("pulse<")) return std::nullopt;
  port.kind = PortKind::kPulse;
  const auto width = static_cast<unsigned>(value_parameter(type, 0));
  port.layout.leaves.push_back({"", width, 0, 0, static_cast<unsigned>(type->getSizeInBits())});
  port.layout.width = width;
  port.layout.bytes = type->getSizeInBits() / 8;
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
