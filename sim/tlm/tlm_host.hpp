// SPDX-License-Identifier: Apache-2.0
// A host as a module of a platform: sockets, stack and driver, unchanged, over an initiator socket and an interrupt
// line. It stands where a processor with its software would.
//
// A method runs it: whenever the line is high, and when a deadline of the stack has come; a host computes in no time.
// Its programs are tasks of its loop, with calls that do not wait, or threads of the platform (SC_THREAD), in which the
// calls of host() wait as anywhere.
#pragma once

#include <cstdint>
#include <functional>
#include <systemc>

#include "host/socket/card_port.hpp"
#include "host/socket/host.hpp"
#include "sim/tlm/tlm_transport.hpp"
#include "tlm_utils/simple_initiator_socket.h"

namespace sockwire::sim {

class TlmHost final : public sc_core::sc_module, private World {
 public:
  tlm_utils::simple_initiator_socket<TlmHost> bus{"bus"};
  sc_core::sc_in<bool> interrupt{"interrupt"};

  SC_HAS_PROCESS(TlmHost);
  /// card_base: the card's address on the bus.
  TlmHost(const sc_core::sc_module_name& name, std::uint64_t card_base, const stack::Config& config);

  /// The card has answered: sockets can be used. They may be before, and wait for it.
  bool ready() const { return port_.ready(); }
  /// What is wrong with the card or the bus, or an empty text.
  std::string failure() const;

  Host& host() { return host_; }
  CardPort& port() { return port_; }
  /// Runs the host in the next delta cycle: for whoever has made a call of it that is not one of its tasks.
  void wake() { called_.notify(sc_core::SC_ZERO_TIME); }
  /// A program: called whenever the host runs; returns whether it got anything done.
  void add_task(std::function<bool()> task) { loop_.add_task(std::move(task)); }

 private:
  TimePoint now() const override;
  bool advance(TimePoint deadline) override;
  void run();

  TlmTransport link_;
  Loop loop_;
  CardPort port_;
  Host host_;
  sc_core::sc_event called_;
  sc_core::sc_event turned_;  // something was done
  bool started_ = false;
  TimePoint until_ = kNever;
};

}  // namespace sockwire::sim
