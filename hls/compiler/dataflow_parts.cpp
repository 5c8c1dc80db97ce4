// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/dataflow_parts.hpp"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/DebugInfoMetadata.h>

#include "hls/compiler/reset_values.hpp"

namespace hlsc {
namespace {

/// The depth of a stream<T> in memory.
Leaf depth_of(const llvm::DICompositeType* stream) {
  for (const llvm::DINode* element : stream->getElements())
    if (const auto* member = llvm::dyn_cast<llvm::DIDerivedType>(element);
        member != nullptr && member->getName() == "depth_")
      return {"depth", 32, 0, member->getOffsetInBits() / 8, 32};
  throw std::logic_error("a stream has no depth");
}

class Members {
 public:
  Members(std::vector<Part>& parts, const ResetValues& resets) : parts_(parts), resets_(resets) {}

  /// The parts inside a class whose object begins at `offset` of what the function owns.
  void add(const llvm::DICompositeType* type, const std::string& path, std::uint64_t offset) {
    for (const llvm::DINode* element : type->getElements()) {
      const auto* member = llvm::dyn_cast<llvm::DIDerivedType>(element);
      if (member == nullptr || member->isStaticMember()) continue;
      const bool is_base = member->getTag() == llvm::dwarf::DW_TAG_inheritance;
      if (!is_base && member->getTag() != llvm::dwarf::DW_TAG_member) continue;
      if (!is_base) where_ = {member->getFilename().str(), member->getLine(), 1};
      const std::string inner = is_base ? path : (path.empty() ? "" : path + ".") + member->getName().str();
      add_object(class_of(member->getBaseType()), inner, offset + member->getOffsetInBits() / 8);
    }
  }

 private:
  void add_object(const llvm::DICompositeType* type, const std::string& path, std::uint64_t offset) {
    if (type == nullptr) return;
    if (type->getTag() == llvm::dwarf::DW_TAG_array_type) return add_array(type, path, offset);
    Part part;
    part.name = path;
    part.offset = offset;
    part.reset_offset = resets_.offset_of(0) + offset;
    part.where = where_;
    part.type = type->getName().str();
    if (type->getName().starts_with("Process<")) {
      part.kind = Part::kProcess;
    } else if (is_memory(type)) {
      part.kind = Part::kMemory;
    } else if (const std::optional<Port> net = net_of(type, path, where_)) {
      part.net = *net;
      part.is_busy = type->getName() == "busy_wire";
      if (part.is_busy) part.type = "wire<bool>";
      if (net->kind == PortKind::kStream) set_depth(part, depth_of(type));
    } else {
      return add(type, path, offset);
    }
    parts_.push_back(std::move(part));
  }

  void set_depth(Part& part, const Leaf& depth) {
    part.depth = static_cast<unsigned>(resets_.at(part.reset_offset, depth).getZExtValue());
    if (part.depth < 1) throw Refusal(part.where, "stream " + part.name + " has a depth of 0; it is 1 at least");
  }

  void add_array(const llvm::DICompositeType* type, const std::string& path, std::uint64_t offset) {
    const llvm::DINodeArray bounds = type->getElements();
    const auto* count = llvm::cast<llvm::DISubrange>(bounds[0])->getCount().dyn_cast<llvm::ConstantInt*>();
    const llvm::DICompositeType* element = class_of(type->getBaseType());
    if (count == nullptr || element == nullptr || bounds.size() != 1) return;
    for (std::uint64_t i = 0; i < count->getZExtValue(); ++i)
      add_object(element, path + "[" + std::to_string(i) + "]", offset + i * element->getSizeInBits() / 8);
  }

  std::vector<Part>& parts_;
  const ResetValues& resets_;
  SourceLocation where_;  // of the member that is looked at
};

/// The depth of a stream that comes from outside is the caller's choice.
void set_depths(std::vector<Part>& parts, const Options& options, const SourceLocation& where) {
  for (const auto& [name, depth] : options.depths) {
    bool found = false;
    for (Part& part : parts) {
      if (part.name != name || !part.is_argument() || part.net.kind != PortKind::kStream) continue;
      part.depth = depth;
      found = true;
    }
    if (!found) throw Refusal(where, "--depth " + name + ": the function has no stream argument of that name");
  }
}

}  // namespace

std::vector<Part> parts_of(const FrontEnd& unit, const Options& options) {
  const SourceLocation where = location_of(*unit.kernel);
  const ResetValues resets(*unit.resets);
  const llvm::DITypeRefArray types = unit.kernel->getSubprogram()->getType()->getTypeArray();
  std::vector<Part> parts;
  for (const llvm::Argument& argument : unit.kernel->args()) {
    if (argument.getArgNo() == 0) continue;
    Part part;
    part.argument = argument.getArgNo();
    part.name = argument.getName().str();
    part.where = where;
    const llvm::DICompositeType* type = referred_class(types[argument.getArgNo() + 1]);
    const std::optional<Port> net = type == nullptr ? std::nullopt : net_of(type, part.name, where);
    if (!net || part.name.empty())
      throw Refusal(where, "argument " + part.name +
                               " of a dataflow function is no stream, wire or pulse; what a kernel owns, its memories "
                               "too, is a member of the first argument");
    part.is_busy = type->getName() == "busy_wire";
    part.type = part.is_busy ? "wire<bool>" : type->getName().str();
    part.net = *net;
    if (net->kind == PortKind::kWire) part.reset_offset = resets.offset_of(part.argument);
    parts.push_back(std::move(part));
  }
  Members(parts, resets).add(referred_class(types[1]), "", 0);
  set_depths(parts, options, where);
  return parts;
}

}  // namespace hlsc
