// SPDX-License-Identifier: Apache-2.0
// Symbols of the line codes as ports of SystemC carry them: the bits of the port of that name of line_CODE.sv, so that
// such a module fits, whether it was Verilated or is a model.
//
//   LineLevel, CodeGroup   sc_uint<2>, sc_uint<10>   as they are
//   RecoveredLevels        sc_uint<6>                count 1:0, first 3:2, second 5:4
//   Block66                sc_bv<66>                 sync 1:0, data 65:2
#pragma once

#include <cstdint>
#include <systemc>

#include "hls/line/line_code.hpp"

namespace sockwire::sim {

template <typename Symbol>
struct SymbolPort;

template <int kBits>
struct SymbolPort<ap_uint<kBits>> {
  using Type = sc_dt::sc_uint<kBits>;
  static Type to_port(const ap_uint<kBits>& symbol) { return static_cast<std::uint64_t>(symbol); }
  static ap_uint<kBits> from_port(const Type& bits) { return bits.value(); }
};

template <>
struct SymbolPort<RecoveredLevels> {
  using Type = sc_dt::sc_uint<6>;
  static Type to_port(const RecoveredLevels& levels) {
    return static_cast<std::uint64_t>(levels.count | (levels.first << 2) | (levels.second << 4));
  }
  static RecoveredLevels from_port(const Type& bits) {
    RecoveredLevels levels;
    levels.count = bits.value() & 3;
    levels.first = (bits.value() >> 2) & 3;
    levels.second = bits.value() >> 4;
    return levels;
  }
};

template <>
struct SymbolPort<Block66> {
  using Type = sc_dt::sc_bv<66>;
  static Type to_port(const Block66& block) {
    Type bits;
    bits.range(1, 0) = static_cast<unsigned>(block.sync);
    bits.range(65, 2) = sc_dt::sc_bv<64>(sc_dt::uint64{block.data});
    return bits;
  }
  static Block66 from_port(const Type& bits) {
    Block66 block;
    block.sync = bits.range(1, 0).to_uint();
    block.data = bits.range(65, 2).to_uint64();
    return block;
  }
};

}  // namespace sockwire::sim
