// SPDX-License-Identifier: Apache-2.0
// A host's link to a card on a bus: messages through the windows of card_map.hpp, by blocking transport.
#pragma once

#include <cstdint>
#include <string>
#include <tlm>
#include <vector>

#include "host/transport/transport.hpp"
#include "sim/tlm/card_map.hpp"

namespace sockwire::sim {

class TlmTransport final : public transport::Transport {
 public:
  /// socket: of the module that the host lives in, bound before the first call; outlives the link. base: of the card
  /// on that bus. Calls must come from a process; they return at once if no target on the way waits.
  TlmTransport(tlm::tlm_initiator_socket<>& socket, std::uint64_t base) : socket_(socket), base_(base) {}

  /// Finds out whether the card has been reset. Call it before the host runs.
  void look();

  bool can_send() override;
  void send(std::span<const std::uint8_t> command) override;
  std::span<const std::uint8_t> poll_event() override;
  /// Nothing goes in between, however long a message is.
  std::uint32_t write_bytes() const override { return card::kWriteBytesMax; }
  /// The bus has answered with an error: there is no card, and will be none.
  bool lost() const override { return !failure_.empty(); }

  std::uint32_t session() const override { return session_; }

  /// What the bus has answered.
  const std::string& failure() const { return failure_; }

 private:
  bool transfer(tlm::tlm_command command, std::uint64_t address, std::uint8_t* data, std::size_t bytes);
  std::uint32_t read(tlm_map::Register address);
  void write(tlm_map::Register address, std::uint32_t value);
  void enable(std::uint32_t interrupts);

  tlm::tlm_initiator_socket<>& socket_;
  std::uint64_t base_;
  tlm::tlm_generic_payload access_;
  std::uint32_t enabled_ = tlm_map::kFresh;
  std::uint32_t session_ = 0;
  bool used_ = false;  ///< a command was sent in this session
  std::vector<std::uint8_t> command_;
  std::vector<std::uint8_t> event_;
  std::string failure_;
};

}  // namespace sockwire::sim
