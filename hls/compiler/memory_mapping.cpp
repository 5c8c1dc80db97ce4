// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/memory_mapping.hpp"

#include <algorithm>
#include <set>

#include "hls/compiler/dependencies.hpp"

namespace hlsc {
namespace {

/// A LUT holds 64 bits, so that this is 128 LUTs and the muxes that join them: more than the control of half a block
/// RAM, of which 18 kbit is the smallest.
constexpr std::uint64_t kBlockBits = 8192;
/// A mux of two registers fits into the LUT that uses the word.
constexpr std::uint64_t kRegisterEntries = 2;

class MemoryMapping {
 public:
  explicit MemoryMapping(Design& design) : design_(design), dependencies_(design) {
    std::vector<unsigned> reads;
    for (unsigned port = 1; port < design_.ports.size(); ++port)
      if (design_.ports[port].kind == PortKind::kStream && design_.actions[port].reads != nullptr)
        reads.push_back(dependencies_.number(design_.actions[port].reads));
    decides_reads_ = dependencies_.closure(reads);
  }

  /// Why the memory cannot be block RAM; empty if it can.
  std::string obstacle(unsigned port) const {
    const std::vector<Ref> addresses = dependencies_.addresses(port);
    const std::set<Ref> different(addresses.begin(), addresses.end());
    if (different.empty()) return "it is never read";
    if (different.size() > 1)
      return "it is read at more than one address in a step, and a block RAM has one port to read";
    if (decides_reads_[dependencies_.memory(port)])
      return "which streams a step reads depends on it, which has to be known as the step starts";
    const std::vector<bool> before = dependencies_.closure({dependencies_.number(addresses[0])});
    if (before[dependencies_.memory(port)])
      return "its address depends on what it gave in the step before, and a block RAM gives its word a clock later";
    return "";
  }

  Storage chosen(unsigned port) const {
    const Port& memory = design_.ports[port];
    if (memory.entries <= kRegisterEntries) return Storage::kRegisters;
    const bool large = memory.entries * memory.layout.width >= kBlockBits;
    return large && obstacle(port).empty() ? Storage::kBlock : Storage::kLutram;
  }

 private:
  Design& design_;
  Dependencies dependencies_;
  std::vector<bool> decides_reads_;
};

}  // namespace

void map_memories(Design& design, const Pragmas& pragmas) {
  const MemoryMapping mapping(design);
  for (const auto& [name, wish] : pragmas.storage)
    if (std::none_of(design.ports.begin(), design.ports.end(),
                     [&](const Port& port) { return port.kind == PortKind::kMem && port.name == name; }))
      throw Refusal(wish.where, "no mem<> of this kernel is called " + name);
  for (unsigned port = 1; port < design.ports.size(); ++port) {
    Port& memory = design.ports[port];
    if (memory.kind == PortKind::kBram) memory.storage = Storage::kBlock;
    if (memory.kind != PortKind::kMem) continue;
    const auto wish = pragmas.storage.find(memory.name);
    memory.storage = wish == pragmas.storage.end() ? mapping.chosen(port) : wish->second.storage;
    if (wish == pragmas.storage.end() || memory.storage != Storage::kBlock) continue;
    if (const std::string why = mapping.obstacle(port); !why.empty())
      throw Refusal(wish->second.where, memory.name + " cannot be block RAM: " + why);
  }
}

bool needs_stages(const Design& design) {
  return std::any_of(design.ports.begin(), design.ports.end(),
                     [](const Port& port) { return port.kind == PortKind::kMem && port.storage == Storage::kBlock; });
}

}  // namespace hlsc
