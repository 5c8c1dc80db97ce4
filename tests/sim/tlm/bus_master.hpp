// SPDX-License-Identifier: Apache-2.0
// An initiator whose accesses a test makes, and what it needs to speak with a card: messages through its windows. Calls
// are made between two calls of sc_start().
#pragma once

#include <cstdint>
#include <optional>
#include <systemc>
#include <tlm>
#include <vector>

#include "sim/tlm/card_map.hpp"
#include "tests/sim/dut/messages.hpp"
#include "tlm_utils/simple_initiator_socket.h"

namespace sockwire::test {

/// A payload of the base protocol with its data.
struct Access {
  Access(tlm::tlm_command command, std::uint64_t address, std::size_t bytes) : data(bytes) {
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(data.data());
    payload.set_data_length(static_cast<unsigned>(bytes));
    payload.set_streaming_width(static_cast<unsigned>(bytes));
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  }
  Access(std::uint64_t address, const std::vector<std::uint8_t>& bytes)
      : Access(tlm::TLM_WRITE_COMMAND, address, bytes.size()) {
    std::copy(bytes.begin(), bytes.end(), data.begin());
  }
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;

  std::vector<std::uint8_t> data;
  tlm::tlm_generic_payload payload;
};

inline Access read_of(std::uint64_t address, std::size_t bytes = 4) { return {tlm::TLM_READ_COMMAND, address, bytes}; }
inline Access write_of(std::uint64_t address, std::uint32_t value) {
  sim::Message bytes(4);
  sim::put_le(bytes, 0, 4, value);
  return {address, bytes};
}

class BusMaster final : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<BusMaster> bus{"bus"};

  explicit BusMaster(const sc_core::sc_module_name& name) : sc_module(name) {}

  tlm::tlm_response_status perform(Access&& access) {
    sc_core::sc_time delay(7, sc_core::SC_NS);  // not the card's to change
    bus->b_transport(access.payload, delay);
    if (delay != sc_core::sc_time(7, sc_core::SC_NS)) return tlm::TLM_INCOMPLETE_RESPONSE;
    last_ = access.data;
    return access.payload.get_response_status();
  }
  std::uint32_t read(std::uint64_t address) {
    if (perform(read_of(address)) != tlm::TLM_OK_RESPONSE) return ~0U;
    return static_cast<std::uint32_t>(sim::get_le(last_, 0, 4));
  }
  bool write(std::uint64_t address, std::uint32_t value) {
    return perform(write_of(address, value)) == tlm::TLM_OK_RESPONSE;
  }

  bool send(const sim::Message& command) {
    return perform({sim::tlm_map::kCommandWindow.begin, command}) == tlm::TLM_OK_RESPONSE &&
           write(sim::tlm_map::kCommandBytes, static_cast<std::uint32_t>(command.size()));
  }
  std::optional<sim::Message> take_event() {
    const std::uint32_t bytes = read(sim::tlm_map::kEventBytes);
    if (bytes == 0) return std::nullopt;
    if (perform(read_of(sim::tlm_map::kEventWindow.begin, bytes)) != tlm::TLM_OK_RESPONSE) return std::nullopt;
    sim::Message event = last_;
    if (!write(sim::tlm_map::kEventTake, 1)) return std::nullopt;
    return event;
  }
  const std::vector<std::uint8_t>& last() const { return last_; }  ///< data of the last access

 private:
  std::vector<std::uint8_t> last_;
};

}  // namespace sockwire::test
