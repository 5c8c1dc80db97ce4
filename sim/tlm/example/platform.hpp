// SPDX-License-Identifier: Apache-2.0
// A virtual platform of two hosts with a card each, a bus for all, and a cable between the cards.
//
//   host a --+--------+-- host b          the hosts' accesses: b_transport
//            |  bus   |
//   card a --+--------+-- card b          interrupt lines from each card to its host
//      |                     |
//      +------- cable -------+            whole frames
#pragma once

#include <array>
#include <cstdint>
#include <systemc>

#include "sim/tlm/example/bus.hpp"
#include "sim/tlm/frame_cable.hpp"
#include "sim/tlm/tlm_card.hpp"
#include "sim/tlm/tlm_host.hpp"

namespace sockwire::sim::example {

class Platform final : public sc_core::sc_module {
 public:
  static constexpr std::uint64_t kCardBase = 0x4000'0000;  ///< of the first card; the other one follows

  Platform(const sc_core::sc_module_name& name, const FrameCableSettings& cable_settings)
      : sc_module(name), cable("cable", cable_settings) {
    connect(host_a, card_a, 0);
    connect(host_b, card_b, 1);
  }

  static constexpr std::uint64_t card_base(unsigned end) { return kCardBase + end * tlm_map::kCardBytes; }
  static Ipv4Address address(unsigned end) { return Ipv4Address(0x0A000001U + end); }

  Bus bus{"bus"};
  TlmCard<8> card_a{"card_a", make_native_engine<8>, 1};
  TlmCard<8> card_b{"card_b", make_native_engine<8>, 1001};
  FrameCable cable;
  TlmHost host_a{"host_a", card_base(0), stack_config(0)};
  TlmHost host_b{"host_b", card_base(1), stack_config(1)};

 private:
  static stack::Config stack_config(unsigned end) {
    stack::Config config;
    config.mac = MacAddress({0x02, 0, 0, 0, 0, static_cast<std::uint8_t>(1 + end)});
    config.ipv4 = {address(end), 24};
    config.secret.fill(static_cast<std::uint8_t>(1 + end));
    return config;
  }

  void connect(TlmHost& host, TlmCard<8>& card, unsigned end) {
    host.bus.bind(bus.initiators);
    bus.map(card.bus, card_base(end), tlm_map::kCardBytes);
    card.interrupt.bind(interrupts_[end]);
    host.interrupt.bind(interrupts_[end]);
    card.ethernet_out.bind(cable.in[end]);
    cable.out[end].bind(card.ethernet_in);
  }

  std::array<sc_core::sc_signal<bool>, 2> interrupts_;
};

}  // namespace sockwire::sim::example
