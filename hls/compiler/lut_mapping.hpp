// SPDX-License-Identifier: Apache-2.0
// Covers gates with six-input LUTs, as late or as few as a synthesis tool would: when each gate's value is there, what
// the slowest path goes through, and how many LUTs there are.
//
// Every gate has a few best *cuts*: sets of at most six gates that its value is a function of (priority cuts). The
// arrival of a gate as a LUT's output is the earliest that one of its cuts allows.
#pragma once

#include <array>
#include <functional>
#include <utility>
#include <vector>

#include "hls/compiler/delay_model.hpp"
#include "hls/compiler/gates.hpp"

namespace hlsc {

class LutMapping {
 public:
  /// `source_arrival` says when the value of a source is there after the clock's edge.
  LutMapping(const GateNetwork& network, const DelayModel& model, std::function<double(Ref)> source_arrival)
      : network_(network), model_(model), source_arrival_(std::move(source_arrival)) {}

  /// When a value is there at the output of the LUT, chain, memory or register that makes it.
  double arrival(Literal x);
  /// At the input of a cell that it is routed to.
  double arrival_at_input(Literal x);
  /// As an input of a register: a LUT or a chain has one beside it, others are a net away.
  double arrival_at_register(Literal x);

  /// The gates on the way to `x` that decide its arrival, from a source on.
  std::vector<std::uint32_t> slowest_path(Literal x);

  /// LUTs that it takes to make all of these, no later than needed: `required` is when the slowest may arrive, in
  /// case more time than the slowest takes is at hand. The LUTs of carry chains count, asynchronous memories do not.
  unsigned luts(const std::vector<Literal>& ends, double required);

 private:
  static constexpr unsigned kInputs = 6;
  static constexpr unsigned kCuts = 16;

  struct Cut {
    std::array<std::uint32_t, kInputs> leaves{};
    unsigned size = 0;
    double arrival = 0;
    double area = 0;
  };

  void extend();
  void map(std::uint32_t gate);
  void map_logic(std::uint32_t gate);
  bool merge(const Cut& a, const Cut& b, Cut& out) const;
  void judge(Cut& cut) const;
  void keep(std::vector<Cut>& cuts, const Cut& cut) const;
  double chain_arrival(const CarryChain& chain, std::uint32_t position, Literal* slowest) const;
  double net_of(std::uint32_t gate) const;
  double at_input(std::uint32_t gate) const { return arrival_[gate] + net_of(gate); }
  const Cut& chosen(std::uint32_t gate, const std::vector<double>& required) const;
  void require_inputs(std::uint32_t gate, std::vector<double>& required, std::vector<char>& needed) const;

  const GateNetwork& network_;
  DelayModel model_;
  std::function<double(Ref)> source_arrival_;
  std::vector<double> arrival_;
  std::vector<double> area_;  // LUTs that a gate takes, shared ones in parts
  std::vector<unsigned> fanout_;
  std::vector<std::vector<Cut>> cuts_;  // of logic; the first is the fastest
};

}  // namespace hlsc
