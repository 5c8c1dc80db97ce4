// SPDX-License-Identifier: Apache-2.0
// What a card shows on a bus, by card_map.hpp: generic payloads become messages on a link to the card, and back. It
// knows the payloads' type and nothing of SystemC's kernel.
//
// What it refuses, and with which response (IEEE 1666, the generic payload's response status):
//
//   TLM_BYTE_ENABLE_ERROR_RESPONSE  any byte enables
//   TLM_BURST_ERROR_RESPONSE        no bytes at all; a streaming width that is less than the data; a register's access
//                                   of other than 4 bytes
//   TLM_ADDRESS_ERROR_RESPONSE      beyond a window or between two; a register that does not begin there
//   TLM_COMMAND_ERROR_RESPONSE      reading what is only written, and the other way about
//   TLM_GENERIC_ERROR_RESPONSE      a register's precondition does not hold
#pragma once

#include <cstdint>
#include <tlm>
#include <vector>

#include "host/transport/transport.hpp"
#include "sim/tlm/card_map.hpp"

namespace sockwire::sim {

struct MessageWindowCounters {
  std::uint64_t commands = 0;  ///< taken
  std::uint64_t events = 0;    ///< taken by the host
  std::uint64_t refused = 0;   ///< accesses answered with any of the errors above
};

class MessageWindow {
 public:
  /// link: to the card; outlives the window, or its use of it.
  explicit MessageWindow(transport::Transport& link);

  /// From now on there is this card, which is fresh. The windows' memory stays what and where it is.
  void reset(transport::Transport& link);

  /// One access, answered at once. Returns whether it was a register's and may have changed something, so that the card
  /// and the interrupt line want to be looked at.
  bool access(tlm::tlm_generic_payload& access);
  /// The same without any effect but on the command window; registers are not written. Returns how many bytes, from the
  /// first on.
  unsigned debug_access(tlm::tlm_generic_payload& access);
  /// Both windows, which are memory: the command window for reading and writing, the event window for reading. They
  /// stay where they are for ever. The registers are refused, since accesses have effects.
  bool direct_memory(const tlm::tlm_generic_payload& access, tlm::tlm_dmi& direct);

  /// Shows the oldest event, if the window is free for it. Call it when the card may have one.
  void show_event();
  bool interrupt() const { return (status() & interrupt_enable_) != 0; }
  const MessageWindowCounters& counters() const { return counters_; }

 private:
  tlm::tlm_response_status perform(tlm::tlm_generic_payload& access, bool& touched);
  tlm::tlm_response_status access_window(tlm::tlm_generic_payload& access);
  tlm::tlm_response_status read_register(std::uint64_t address, std::uint32_t& value) const;
  tlm::tlm_response_status write_register(std::uint64_t address, std::uint32_t value);
  std::uint32_t status() const;
  const std::uint8_t* at(std::uint64_t address) const;

  transport::Transport* link_;
  std::vector<std::uint8_t> command_;
  std::vector<std::uint8_t> event_;
  std::uint32_t event_bytes_ = 0;
  bool fresh_ = true;
  std::uint32_t interrupt_enable_ = tlm_map::kFresh;
  MessageWindowCounters counters_;
};

}  // namespace sockwire::sim
