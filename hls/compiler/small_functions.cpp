// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/small_functions.hpp"

#include <algorithm>
#include <bitset>
#include <unordered_map>
#include <unordered_set>

#include "hls/compiler/gates.hpp"
#include "hls/compiler/lut_mapping.hpp"

namespace hlsc {
namespace {

constexpr unsigned kMostBits = 7;
constexpr unsigned kLutBits = 6;
using Table = std::bitset<1u << kMostBits>;

/// LUTs in a row, and nothing else.
DelayModel levels_only() {
  DelayModel model;
  model.lut = 1;
  model.net = model.net_from_register = 0;
  return model;
}

/// What a gate is of the sources that it depends on; entry i is its value where source k is bit k of i.
struct Function {
  bool is_small = false;
  std::vector<std::uint32_t> sources;  // ascending
  Table table;

  unsigned entries() const { return 1u << sources.size(); }
};

/// The table where the source at that place is `value`, still of as many sources.
Table cofactor(const Table& table, unsigned entries, unsigned place, bool value) {
  Table result;
  const unsigned bit = 1u << place;
  for (unsigned i = 0; i < entries; ++i) result[i] = table[value ? i | bit : i & ~bit];
  return result;
}

class SmallFunctions {
 public:
  explicit SmallFunctions(Design& design) : design_(design), graph_(design.graph) {}

  void run() {
    const std::vector<Ref> nodes = design_.nodes();
    find_gates(nodes);
    for (std::uint32_t gate = 0; gate < network_.size(); ++gate) functions_.push_back(function_of(network_.at(gate)));
    LutMapping mapping(network_, levels_only(), [](Ref) { return 0.0; });
    for (Ref x : nodes) new_[x] = rebuilt(x, mapping);
    for (Ref* root : design_.roots()) *root = new_.at(*root);
  }

 private:
  void find_gates(const std::vector<Ref>& nodes) {
    for (Ref x : nodes) {
      std::vector<Bits> operands;
      for (Ref operand : x->operands) operands.push_back(bits_.at(operand));
      Bits& bits = bits_[x];
      bits = x->is(Op::kInput)     ? network_.sources(x, x->width)
             : x->is(Op::kMemRead) ? network_.read(x, x->width, operands[0])
                                   : network_.operation(graph_, x, operands);
      if (!x->is(Op::kInput)) continue;
      for (unsigned i = 0; i < x->width; ++i) bit_of_[gate_of(bits[i])] = graph_.bit(x, i);
    }
  }

  Function function_of(const Gate& gate) const {
    Function result;
    if (gate.kind == GateKind::kConstant) result.is_small = true;
    if (gate.kind == GateKind::kSource) {
      result.is_small = true;
      result.sources = {static_cast<std::uint32_t>(functions_.size())};
      result.table[1] = true;
    }
    if (gate.kind != GateKind::kAnd && gate.kind != GateKind::kXor) return result;
    const Function& a = functions_[gate_of(gate.a)];
    const Function& b = functions_[gate_of(gate.b)];
    if (!a.is_small || !b.is_small) return result;
    std::set_union(a.sources.begin(), a.sources.end(), b.sources.begin(), b.sources.end(),
                   std::back_inserter(result.sources));
    if (result.sources.size() > kMostBits) return {};
    result.is_small = true;
    for (unsigned i = 0; i < result.entries(); ++i) {
      const bool of_a = value(a, gate.a, result.sources, i);
      const bool of_b = value(b, gate.b, result.sources, i);
      result.table[i] = gate.kind == GateKind::kAnd ? of_a && of_b : of_a != of_b;
    }
    return result;
  }

  /// Of a literal, in that entry of a table of more sources.
  static bool value(const Function& function, Literal literal, const std::vector<std::uint32_t>& sources,
                    unsigned entry) {
    unsigned own = 0;
    for (unsigned i = 0; i < function.sources.size(); ++i) {
      const auto place = std::find(sources.begin(), sources.end(), function.sources[i]) - sources.begin();
      own |= ((entry >> place) & 1u) << i;
    }
    return function.table[own] != ((literal & 1u) != 0);
  }

  static bool depends(const Function& function, unsigned place) {
    return cofactor(function.table, function.entries(), place, false) !=
           cofactor(function.table, function.entries(), place, true);
  }

  Ref rebuilt(Ref x, LutMapping& mapping) {
    graph_.set_origin({"", x->origin.where});
    Ref result = shorter(x, mapping);
    if (result == nullptr) {
      std::vector<Ref> operands;
      for (Ref operand : x->operands) operands.push_back(new_.at(operand));
      if (operands == x->operands) return x;
      result = graph_.with_operands(x, operands);
    }
    if (result->origin.name.empty() && !result->operands.empty()) result->origin.name = x->origin.name;
    return result;
  }

  /// Null if it stays as it is.
  Ref shorter(Ref x, LutMapping& mapping) {
    const bool is_wiring = x->is(Op::kSlice) || x->is(Op::kNot);
    if (x->width != 1 || x->operands.empty() || is_wiring) return nullptr;
    const Literal literal = bits_.at(x)[0];
    const Function& function = functions_[gate_of(literal)];
    if (!function.is_small) return nullptr;
    std::vector<unsigned> places;
    for (unsigned i = 0; i < function.sources.size(); ++i)
      if (depends(function, i)) places.push_back(i);
    const double levels = places.size() <= kLutBits ? 1 : 2;
    if (mapping.arrival(literal) <= levels) return nullptr;
    const Table table = (literal & 1u) != 0 ? ~function.table : function.table;
    return choices(function, table, best_order(function, places));
  }

  /// First what leaves the fewest different functions of the rest, and so on.
  static std::vector<unsigned> best_order(const Function& function, std::vector<unsigned> places) {
    std::vector<unsigned> order;
    std::unordered_set<Table> left = {function.table};
    while (!places.empty()) {
      std::size_t best = 0;
      std::unordered_set<Table> best_left;
      for (std::size_t i = 0; i < places.size(); ++i) {
        std::unordered_set<Table> after;
        for (const Table& table : left)
          for (const bool value : {false, true}) after.insert(cofactor(table, function.entries(), places[i], value));
        if (i > 0 && after.size() >= best_left.size()) continue;
        best = i;
        best_left = std::move(after);
      }
      left = std::move(best_left);
      order.push_back(places[best]);
      places.erase(places.begin() + static_cast<std::ptrdiff_t>(best));
    }
    return order;
  }

  /// An exclusive or stays one.
  Ref choices(const Function& function, const Table& table, std::vector<unsigned> order) {
    const unsigned entries = function.entries();
    if (order.empty()) return graph_.constant(1, table[0] ? 1 : 0);
    const unsigned place = order.front();
    order.erase(order.begin());
    const Table with = cofactor(table, entries, place, true);
    const Table without = cofactor(table, entries, place, false);
    Ref bit = bit_of_.at(function.sources[place]);
    Ref otherwise = choices(function, without, order);
    if ((with ^ without).count() == entries) return graph_.xor_(bit, otherwise);
    return graph_.mux(bit, choices(function, with, order), otherwise);
  }

  Design& design_;
  WordGraph& graph_;
  GateNetwork network_;
  std::unordered_map<Ref, Bits> bits_;
  std::unordered_map<std::uint32_t, Ref> bit_of_;  // of sources
  std::vector<Function> functions_;                // of gates
  std::unordered_map<Ref, Ref> new_;
};

}  // namespace

void shorten_small_functions(Design& design) { SmallFunctions(design).run(); }

}  // namespace hlsc
