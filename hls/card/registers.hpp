// SPDX-License-Identifier: Apache-2.0
// The card's registers and counters. An edge kernel: strobes come every clock, so it never blocks. A counter's value
// includes every strobe up to two cycles before it is answered. HELLO (seen as a change of the epoch) sets the settings
// back to their defaults, but for the MAC address, and leaves the counters alone. Registers that do not exist read as
// zero.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/card/layout.hpp"
#include "hls/card/statistics.hpp"
#include "hls/top/ports.hpp"

namespace sockwire {

constexpr unsigned kCounterBase = static_cast<unsigned>(card::Register::kCounterBase);
static_assert(kCounterBase % 32 == 0, "a counter's number is in the lowest bits of its address");

struct RegistersState {
  Statistics statistics;
  MacConfig config;
  ap_uint<8> epoch = 0;
  bool reading = false;  ///< a read waits for its counter's turn, or for room to answer
  ap_uint<16> address = 0;
  bool is_counter = false;  ///< address is a counter's,
  ap_uint<5> counter = 0;   ///< this one's
  ap_uint<16> tag = 0;
};

namespace detail {

inline void registers_write(MacConfig& config, const ap_uint<16>& address, const ap_uint<32>& value) {
  if (address == static_cast<unsigned>(card::Register::kMacLow)) {
    config.address.range(31, 0) = value;
  } else if (address == static_cast<unsigned>(card::Register::kMacHigh)) {
    config.address.range(47, 32) = value;
  } else if (address == static_cast<unsigned>(card::Register::kFilter)) {
    config.promiscuous = (value & static_cast<unsigned>(card::FilterBit::kPromiscuous)) != 0;
    config.all_multicast = (value & static_cast<unsigned>(card::FilterBit::kAllMulticast)) != 0;
    config.broadcast = (value & static_cast<unsigned>(card::FilterBit::kBroadcast)) != 0;
  } else if (address == static_cast<unsigned>(card::Register::kPauseEnable)) {
    config.pause = value[0];
  }
}

inline ap_uint<32> registers_read(const MacConfig& config, const ap_uint<16>& address) {
  ap_uint<32> value = 0;
  if (address == static_cast<unsigned>(card::Register::kMacLow)) {
    value = config.address.range(31, 0);
  } else if (address == static_cast<unsigned>(card::Register::kMacHigh)) {
    value = config.address.range(47, 32);
  } else if (address == static_cast<unsigned>(card::Register::kFilter)) {
    value[0] = config.promiscuous;
    value[1] = config.all_multicast;
    value[2] = config.broadcast;
  } else if (address == static_cast<unsigned>(card::Register::kPauseEnable)) {
    value[0] = config.pause;
  }
  return value;
}

}  // namespace detail

/// strobes: every kernel's `counters`, each at its place: bit i is card::Counter i.
/// busy: strobes that are not yet in `totals`, or a read that is not yet answered.
inline void registers(RegistersState& state, mem<ap_uint<32>, 32>& totals, stream<RegisterRequest>& request,
                      wire<ap_uint<8>>& epoch, wire<ap_uint<card::kCounterCount>>& strobes,
                      stream<RegisterReply>& reply, wire<MacConfig>& config, wire<bool>& busy) {
#pragma hlsc period ns = 6.4  // one module for both widths
  config.write(state.config);
  const ap_uint<5> turn = state.statistics.due_turn;
  const ap_uint<32> total = statistics_step(state.statistics, totals, strobes.read());

  const bool its_turn = !state.is_counter || state.counter == turn;
  if (state.reading && its_turn && !reply.full()) {
    RegisterReply answer;
    answer.address = state.address;
    answer.tag = state.tag;
    answer.value = state.is_counter ? total : detail::registers_read(state.config, state.address);
    reply.write(answer);
    state.reading = false;
  }

  const ap_uint<8> now = epoch.read();
  if (now != state.epoch) {
    const ap_uint<48> address = state.config.address;
    state.config = MacConfig();
    state.config.address = address;
    state.epoch = now;
  } else if (!state.reading && !request.empty()) {
    const RegisterRequest asked = request.read();
    if (asked.write) {
      detail::registers_write(state.config, asked.address, asked.value);
    } else {
      state.reading = true;
      state.address = asked.address;
      state.is_counter = asked.address >= kCounterBase && asked.address < kCounterBase + card::kCounterCount;
      state.counter = asked.address;
      state.tag = asked.tag;
    }
  }
  busy.write(state.reading || state.statistics.dirty != 0);
}

}  // namespace sockwire
