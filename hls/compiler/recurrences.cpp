// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/recurrences.hpp"

#include <algorithm>
#include <set>

#include "hls/compiler/components.hpp"
#include "hls/compiler/dependencies.hpp"

namespace hlsc {
namespace {

class RecurrenceFinder {
 public:
  RecurrenceFinder(Design& design, double period, const DelayModel& model)
      : design_(design), period_(period), dependencies_(design), timing_(design, model) {}

  std::vector<SlowRecurrence> run() {
    std::vector<SlowRecurrence> result;
    for (const std::vector<unsigned>& component : components(edges())) judge(component, result);
    std::stable_sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.time > b.time; });
    return result;
  }

 private:
  /// A word that block RAM gives comes from its memory; before the step is cut, which is what Dependencies is for, it
  /// is a read.
  std::vector<std::vector<unsigned>> edges() const {
    std::vector<std::vector<unsigned>> result = dependencies_.edges();
    for (unsigned vertex = 0; vertex < dependencies_.nodes().size(); ++vertex) {
      if (!node(vertex)->is(Op::kInput)) continue;
      const Input& input = design_.inputs[node(vertex)->aux];
      if (input.kind == Input::kWord && design_.ports[input.port].kind == PortKind::kMem)
        result[vertex].push_back(dependencies_.memory(input.port));
    }
    return result;
  }

  Ref node(unsigned vertex) const { return dependencies_.nodes()[vertex]; }

  void judge(const std::vector<unsigned>& component, std::vector<SlowRecurrence>& result) {
    std::set<Ref> sources;
    std::set<EndKey> ends;
    for (const unsigned vertex : component) add(vertex, sources, ends);
    if (sources.empty() || ends.empty() || timing_.slowest(ends) <= period_) return;
    const std::vector<TimedPath> slow = timing_.paths_from(sources, ends, period_);
    if (slow.empty()) return;
    SlowRecurrence found{slow[0].end.name, {}, slow[0].end.arrival, slow[0].points, advice_for(slow[0].points)};
    for (std::size_t i = 1; i < slow.size(); ++i) found.others.push_back(slow[i].end.name);
    result.push_back(found);
  }

  void add(unsigned vertex, std::set<Ref>& sources, std::set<EndKey>& ends) {
    if (!dependencies_.is_node(vertex)) {
      const unsigned port = dependencies_.port(vertex);
      ends.insert({EndKey::kPort, port});
      // It takes an address to read, wherever that comes from.
      for (Ref address : dependencies_.addresses(port)) add_inputs(address, sources);
      return;
    }
    Ref x = node(vertex);
    if (!x->is(Op::kInput)) return;
    const Input& input = design_.inputs[x->aux];
    const bool state = input.kind == Input::kState && design_.state[input.leaf].next != nullptr;
    const bool word = input.kind == Input::kWord && is_memory(design_.ports[input.port].kind);
    if (state) ends.insert({EndKey::kState, input.leaf});
    if (state || word) sources.insert(x);
  }

  void add_inputs(Ref x, std::set<Ref>& sources) {
    if (x->is(Op::kInput)) sources.insert(x);
    for (Ref operand : x->operands) add_inputs(operand, sources);
  }

  Design& design_;
  double period_;
  Dependencies dependencies_;
  StepTiming timing_;
};

// What a path's time goes into.
enum Part { kSum, kCompare, kProduct, kChoice, kShift, kMemory, kBlockRam, kLogic, kParts };

Part part_of(const PathPoint& point) {
  switch (point.op) {
    case Op::kAdd:
    case Op::kSub:
      return kSum;
    case Op::kUlt:
    case Op::kEq:
      return kCompare;
    case Op::kMul:
      return kProduct;
    case Op::kMux:
    case Op::kCase:
    case Op::kRom:
      return kChoice;
    case Op::kShl:
    case Op::kLshr:
      return kShift;
    case Op::kMemRead:
      return kMemory;
    default:
      return point.of_memory ? kBlockRam : kLogic;
  }
}

std::string called(const PathPoint& point) {
  const std::string place = short_place(point.where);
  std::string name = point.name.empty() ? "" : "'" + point.name + "'";
  if (place.empty()) return name;
  return name + (name.empty() ? "in " : " in ") + place;
}

/// "the choice in x.hpp:3", "4 choices on the way, the first in x.hpp:3".
std::string counted(const std::vector<const PathPoint*>& points, const std::string& one, const std::string& many) {
  const std::string first = called(*points.front());
  if (points.size() == 1) return "the " + one + " " + first;
  return std::to_string(points.size()) + " " + many + " on the way, the first " + first;
}

std::string advice_on_sums(const std::vector<const PathPoint*>& sums) {
  const PathPoint& first = *sums.front();
  if (sums.size() > 1)
    return std::to_string(sums.size()) + " sums follow one another, the first " + called(first) +
           ": keep it in a register of its own, and add it a step later";
  constexpr unsigned kWide = 16;
  if (first.width > kWide)
    return "the sum " + called(first) + " has " + std::to_string(first.width) +
           " bits: narrow it, or keep it in a register of its own and use it a step later";
  return "keep the sum " + called(first) + " in a register of its own, and use it a step later";
}

}  // namespace

std::string advice_for(const std::vector<PathPoint>& path) {
  double time[kParts] = {};
  std::vector<const PathPoint*> points[kParts];  // one for each operation
  double before = 0;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const PathPoint& point = path[i];
    const double taken = point.arrival - before;
    before = point.arrival;
    const Part part = part_of(point);
    if (i == 0 && part == kLogic) continue;  // a register gives its value
    time[part] += taken;
    if (points[part].empty() || points[part].back()->node != point.node) points[part].push_back(&point);
  }
  const auto most = static_cast<Part>(std::max_element(time, time + kParts) - time);
  if (points[most].empty()) return "compute less of it in a step";
  const PathPoint& longest = *points[most].front();
  const std::string what = called(longest);
  switch (most) {
    case kSum:
      return advice_on_sums(points[most]);
    case kCompare:
      return "do the comparison " + what +
             " a step earlier, when what it compares changes, and keep the answer as a flag";
    case kProduct:
      return "keep the parts of the product " + what + " in registers, and add them a step later";
    case kChoice:
      return counted(points[most], "choice", "choices") +
             ": know what is chosen a step earlier, or keep the chosen value in a register of its own";
    case kShift:
      return "a shift by a run-time amount " + what + ": shift by a fixed amount in each step, or a step earlier";
    case kMemory:
      return "read the entry " + what + " a step before it is used, into a register";
    case kBlockRam:
      return "the word of block RAM " + what +
             " comes late in its clock: keep it in a register and use it a step later, or bind the memory to lutram";
    default:
      return counted(points[most], "logic", "levels of logic") +
             ": decide it a step earlier, and keep the answer as a flag";
  }
}

std::vector<SlowRecurrence> slow_recurrences(Design& design, double period, const DelayModel& model) {
  return RecurrenceFinder(design, period, model).run();
}

}  // namespace hlsc
