// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/lut_mapping.hpp"

#include <algorithm>

namespace hlsc {

double LutMapping::arrival(Literal x) {
  extend();
  return arrival_[gate_of(x)];
}

double LutMapping::arrival_at_input(Literal x) {
  extend();
  return at_input(gate_of(x));
}

double LutMapping::arrival_at_register(Literal x) {
  extend();
  const GateKind kind = network_.at(gate_of(x)).kind;
  const bool beside = kind == GateKind::kAnd || kind == GateKind::kXor || kind == GateKind::kChain;
  if (kind == GateKind::kConstant) return 0;
  return (beside ? arrival(x) : at_input(gate_of(x))) + model_.register_setup;
}

void LutMapping::extend() {
  while (arrival_.size() < network_.size()) {
    arrival_.push_back(0);
    area_.push_back(0);
    fanout_.push_back(0);
    cuts_.emplace_back();
    map(static_cast<std::uint32_t>(arrival_.size()) - 1);
  }
}

double LutMapping::net_of(std::uint32_t gate) const {
  return network_.at(gate).kind == GateKind::kSource ? model_.net_from_register : model_.net;
}

double LutMapping::chain_arrival(const CarryChain& chain, std::uint32_t position, Literal* slowest) const {
  double carry = arrival_[gate_of(chain.carry_in)];
  Literal from = chain.carry_in;
  for (std::uint32_t i = 0; i < position; ++i) {
    carry += model_.chain_step;
    // The LUT that drives S stands in the chain; a lone signal passes through one as well.
    const GateKind kind = network_.at(gate_of(chain.s[i])).kind;
    const bool is_lut = kind == GateKind::kAnd || kind == GateKind::kXor;
    const std::uint32_t s_gate = gate_of(chain.s[i]);
    const double s = (is_lut ? arrival_[s_gate] : at_input(s_gate) + model_.lut) + model_.chain_in;
    const double d = gate_of(chain.d[i]) == 0 ? 0 : at_input(gate_of(chain.d[i])) + model_.chain_in;
    if (s > carry) {
      carry = s;
      from = chain.s[i];
    }
    if (d > carry) {
      carry = d;
      from = chain.d[i];
    }
  }
  double out = carry + model_.chain_end;
  if (position < chain.s.size()) {
    out = carry + model_.chain_out;
    const double own = arrival_[gate_of(chain.s[position])] + model_.chain_out;
    if (own > out) {
      out = own;
      from = chain.s[position];
    }
  }
  if (slowest != nullptr) *slowest = from;
  return out;
}

void LutMapping::map(std::uint32_t gate) {
  const Gate& what = network_.at(gate);
  switch (what.kind) {
    case GateKind::kAnd:
    case GateKind::kXor:
      map_logic(gate);
      break;
    case GateKind::kChain:
      arrival_[gate] = chain_arrival(network_.chain(what.a), what.b, nullptr);
      break;
    case GateKind::kBox:
      for (const Literal bit : network_.box(what.a).address)
        arrival_[gate] = std::max(arrival_[gate], at_input(gate_of(bit)) + model_.lutram_read);
      break;
    case GateKind::kSource:
      arrival_[gate] = source_arrival_(what.node);
      break;
    case GateKind::kConstant:
      break;
  }
}

bool LutMapping::merge(const Cut& a, const Cut& b, Cut& out) const {
  unsigned i = 0;
  unsigned j = 0;
  out.size = 0;
  while (i < a.size || j < b.size) {
    if (out.size == kInputs) return false;
    if (j == b.size || (i < a.size && a.leaves[i] < b.leaves[j])) {
      out.leaves[out.size++] = a.leaves[i++];
    } else {
      if (i < a.size && a.leaves[i] == b.leaves[j]) ++i;
      out.leaves[out.size++] = b.leaves[j++];
    }
  }
  return true;
}

void LutMapping::judge(Cut& cut) const {
  cut.arrival = 0;
  cut.area = 1;
  for (unsigned i = 0; i < cut.size; ++i) {
    const std::uint32_t leaf = cut.leaves[i];
    cut.arrival = std::max(cut.arrival, at_input(leaf));
    cut.area += area_[leaf] / std::max(1u, fanout_[leaf]);
  }
  cut.arrival += model_.lut;
}

void LutMapping::keep(std::vector<Cut>& cuts, const Cut& cut) const {
  for (const Cut& other : cuts)
    if (other.size == cut.size && std::equal(cut.leaves.begin(), cut.leaves.begin() + cut.size, other.leaves.begin()))
      return;
  const auto better = [](const Cut& a, const Cut& b) {
    return std::tie(a.arrival, a.size, a.area) < std::tie(b.arrival, b.size, b.area);
  };
  cuts.insert(std::upper_bound(cuts.begin(), cuts.end(), cut, better), cut);
  if (cuts.size() > kCuts) cuts.pop_back();
}

void LutMapping::map_logic(std::uint32_t gate) {
  const Gate& what = network_.at(gate);
  const auto cuts_of = [&](Literal x) {
    const std::uint32_t input = gate_of(x);
    std::vector<Cut> cuts = cuts_[input];
    Cut itself;
    itself.leaves[0] = input;
    itself.size = 1;
    cuts.push_back(itself);
    ++fanout_[input];
    return cuts;
  };
  const std::vector<Cut> of_a = cuts_of(what.a);
  const std::vector<Cut> of_b = cuts_of(what.b);
  std::vector<Cut>& cuts = cuts_[gate];
  for (const Cut& a : of_a)
    for (const Cut& b : of_b) {
      Cut merged;
      if (!merge(a, b, merged)) continue;
      judge(merged);
      keep(cuts, merged);
    }
  arrival_[gate] = cuts[0].arrival;
  area_[gate] = cuts[0].area;
}

std::vector<std::uint32_t> LutMapping::slowest_path(Literal x) {
  extend();
  std::vector<std::uint32_t> path;
  std::uint32_t gate = gate_of(x);
  while (true) {
    path.push_back(gate);
    const Gate& what = network_.at(gate);
    std::uint32_t next = gate;
    const auto slower = [&](std::uint32_t a, std::uint32_t b) { return at_input(a) < at_input(b); };
    if (what.kind == GateKind::kAnd || what.kind == GateKind::kXor) {
      const Cut& cut = cuts_[gate][0];
      next = *std::max_element(cut.leaves.begin(), cut.leaves.begin() + cut.size, slower);
    } else if (what.kind == GateKind::kChain) {
      Literal from = 0;
      chain_arrival(network_.chain(what.a), what.b, &from);
      next = gate_of(from);
    } else if (what.kind == GateKind::kBox) {
      for (const Literal bit : network_.box(what.a).address)
        if (next == gate || slower(next, gate_of(bit))) next = gate_of(bit);
    }
    if (next == gate) break;
    gate = next;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

/// The cut that takes the fewest LUTs among those that are in time.
const LutMapping::Cut& LutMapping::chosen(std::uint32_t gate, const std::vector<double>& required) const {
  const Cut* best = &cuts_[gate][0];
  for (const Cut& cut : cuts_[gate])
    if (cut.arrival <= required[gate] && cut.area < best->area) best = &cut;
  return *best;
}

void LutMapping::require_inputs(std::uint32_t gate, std::vector<double>& required, std::vector<char>& needed) const {
  const Gate& what = network_.at(gate);
  const auto require = [&](std::uint32_t input, double when) {
    needed[input] = 1;
    required[input] = std::min(required[input], when);
  };
  if (what.kind == GateKind::kAnd || what.kind == GateKind::kXor) {
    const Cut& cut = chosen(gate, required);
    for (unsigned i = 0; i < cut.size; ++i) require(cut.leaves[i], required[gate] - model_.lut - net_of(cut.leaves[i]));
  } else if (what.kind == GateKind::kChain) {
    const CarryChain& chain = network_.chain(what.a);
    for (std::uint32_t i = 0; i <= what.b && i < chain.s.size(); ++i) {
      const double when = required[gate] - model_.chain_out - model_.chain_in - model_.chain_step * (what.b - i);
      require(gate_of(chain.s[i]), when);
      require(gate_of(chain.d[i]), when - net_of(gate_of(chain.d[i])));
    }
  } else if (what.kind == GateKind::kBox) {
    for (const Literal bit : network_.box(what.a).address)
      require(gate_of(bit), required[gate] - net_of(gate_of(bit)) - model_.lutram_read);
  }
}

unsigned LutMapping::luts(const std::vector<Literal>& ends, double required) {
  extend();
  double slowest = required;
  for (const Literal end : ends) slowest = std::max(slowest, arrival(end));
  std::vector<double> when(network_.size(), slowest);
  std::vector<char> needed(network_.size(), 0);
  for (const Literal end : ends) needed[gate_of(end)] = 1;
  unsigned count = 0;
  std::vector<char> chain_seen;
  for (std::uint32_t gate = network_.size(); gate-- > 1;) {
    if (!needed[gate]) continue;
    require_inputs(gate, when, needed);
    const GateKind kind = network_.at(gate).kind;
    if (kind == GateKind::kAnd || kind == GateKind::kXor) ++count;
    if (kind != GateKind::kChain) continue;
    // A position whose S is a lone signal has a LUT that passes it on.
    const std::uint32_t number = network_.at(gate).a;
    if (chain_seen.size() <= number) chain_seen.resize(number + 1, 0);
    if (chain_seen[number]) continue;
    chain_seen[number] = 1;
    for (const Literal s : network_.chain(number).s) {
      const GateKind of_s = network_.at(gate_of(s)).kind;
      if (of_s != GateKind::kAnd && of_s != GateKind::kXor) ++count;
    }
  }
  return count;
}

}  // namespace hlsc
