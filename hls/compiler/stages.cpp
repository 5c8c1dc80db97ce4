// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/stages.hpp"

#include <llvm/ADT/SmallString.h>

#include <array>
#include <map>
#include <utility>
#include <vector>

#include "hls/compiler/step_timing.hpp"

namespace hlsc {
namespace {

constexpr std::array<std::pair<const char*, Stage>, 7> kStages = {{{"dataflow", Stage::kDataflow},
                                                                   {"front-end", Stage::kFrontEnd},
                                                                   {"inlining", Stage::kInlining},
                                                                   {"port-lowering", Stage::kPortLowering},
                                                                   {"word-graph", Stage::kWordGraph},
                                                                   {"optimisation", Stage::kOptimisation},
                                                                   {"scheduling", Stage::kScheduling}}};

const char* name_of(Op op) {
  constexpr std::array<const char*, 20> kNames = {"const", "undef", "input", "read", "rom",   "not",   "and",
                                                  "or",    "xor",   "add",   "sub",  "mul",   "eq",    "ult",
                                                  "mux",   "case",  "shl",   "lshr", "slice", "concat"};
  return kNames.at(static_cast<std::size_t>(op));
}

std::string digits_of(const llvm::APInt& value) {
  llvm::SmallString<40> text;
  value.toStringUnsigned(text, 10);
  return text.str().str();
}

class Dump {
 public:
  Dump(Design& design, std::ostream& out) : design_(design), out_(out) {}

  void print() {
    for (Ref* root : design_.roots()) collect(*root);
    for (const auto& [id, node] : nodes_) print_node(node);
    for (std::size_t i = 0; i < design_.fires.size(); ++i) {
      print_root("fire." + std::to_string(i), design_.fires[i]);
      print_root("present." + std::to_string(i), design_.present[i]);
    }
    for (std::size_t i = 0; i < design_.state.size(); ++i)
      print_root(design_.ports[0].layout.leaves[i].path + ".next", design_.state[i].next);
    for (std::size_t i = 1; i < design_.ports.size(); ++i) {
      const PortAction& action = design_.actions[i];
      const std::string& name = design_.ports[i].name;
      print_root(name + ".reads", action.reads);
      print_root(name + ".request", action.request);
      print_root(name + ".writes", action.writes);
      print_root(name + ".index", action.index);
      print_root(name + ".data", action.data);
    }
  }

 private:
  void collect(Ref root) {
    std::vector<Ref> open = {root};
    while (!open.empty()) {
      Ref x = open.back();
      open.pop_back();
      if (nodes_.emplace(x->id, x).second) open.insert(open.end(), x->operands.begin(), x->operands.end());
    }
  }

  void print_root(const std::string& name, Ref value) {
    if (value != nullptr) out_ << name << " = n" << value->id << "\n";
  }

  void print_node(Ref x) {
    out_ << "n" << x->id << " [" << x->width << "] = " << name_of(x->op);
    if (x->is(Op::kConst)) out_ << " " << digits_of(x->value);
    if (x->is(Op::kInput)) out_ << " " << input_name(design_, design_.inputs[x->aux]);
    if (x->is(Op::kMemRead)) out_ << " " << design_.ports[x->aux].name;
    if (x->is(Op::kRom) || x->is(Op::kSlice)) out_ << " " << x->aux;
    for (std::size_t i = 0; i < x->operands.size(); ++i) {
      if (x->is(Op::kCase) && i >= 2) out_ << " " << digits_of(x->labels[i - 2]) << ":";
      out_ << " n" << x->operands[i]->id;
    }
    const Origin& from = x->origin;
    if (!from.name.empty() || from.where.line != 0) out_ << "  # " << from.name;
    if (from.where.line != 0) out_ << (from.name.empty() ? "" : ", ") << short_place(from.where);
    out_ << "\n";
  }

  Design& design_;
  std::ostream& out_;
  std::map<unsigned, Ref> nodes_;
};

}  // namespace

std::optional<Stage> stage_named(const std::string& name) {
  for (const auto& [known, stage] : kStages)
    if (name == known) return stage;
  return std::nullopt;
}

std::string stage_names() {
  std::string names;
  for (const auto& [name, stage] : kStages) names += (names.empty() ? "" : ", ") + std::string(name);
  return names;
}

void dump(Design& design, std::ostream& out) { Dump(design, out).print(); }

}  // namespace hlsc
