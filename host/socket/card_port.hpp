// SPDX-License-Identifier: Apache-2.0
// The card as a host's port: carries the stack's descriptors to the driver, the driver's notices to the stack, and
// command and event messages between driver and link.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "host/base/mac_address.hpp"
#include "host/card/driver.hpp"
#include "host/socket/port.hpp"
#include "host/transport/transport.hpp"

namespace sockwire {

class CardPort final : public Port, private card::PayloadSource {
 public:
  /// link: outlives the port. mac: what the card's address filter accepts besides broadcast.
  CardPort(transport::Transport& link, const MacAddress& mac, const card::DriverConfig& config = {});
  ~CardPort() override;
  CardPort(const CardPort&) = delete;
  CardPort& operator=(const CardPort&) = delete;

  /// Begins the handshake with the card, as soon as it is there; and again in an epoch of its own whenever it is there
  /// anew. epoch: any number but the last ones that this card has seen from anybody.
  void start(TimePoint now, std::uint8_t epoch);
  /// Frames can go. Run the loop until it is, or until there is a failure().
  bool ready() const { return driver_.ready(); }
  /// The card cannot be used, and why: one line that says what to do.
  const std::optional<std::string>& failure() const { return failure_; }

  card::Driver& driver() { return driver_; }
  const card::Driver& driver() const { return driver_; }
  /// How often driver().read_counters() was answered.
  std::uint64_t counters_reads() const { return counters_reads_; }

  bool frame() override { return driver_.ready() && driver_.frame_room(); }
  std::size_t payload(stack::ConnectionId connection) override;
  bool poll(TimePoint now, PortEvents& events) override;
  void transmit(TimePoint now, stack::TxFrame frame) override;
  void transmit(TimePoint now, const stack::TxSend& send, const sockwire::PayloadSource& source) override;
  void update(TimePoint now, const stack::SoftState& state) override;
  void release(TimePoint now, const stack::Release& release) override;
  void close(TimePoint now, stack::ConnectionId connection) override;
  std::uint32_t receive_bytes() const override;
  bool away() const override { return link_.lost(); }
  void accept_groups(bool accept) override;
  bool flush(TimePoint now, const sockwire::PayloadSource& source) override;
  TimePoint next_deadline() const override { return driver_.next_deadline(); }

 private:
  std::size_t copy_payload(card::ConnectionId connection, std::uint32_t seq, std::span<std::uint8_t> out) override;

  /// The driver's name for a connection, which is opened if it is new to it.
  card::ConnectionId to_card(stack::ConnectionId connection);
  /// kNoConnection: it has been closed.
  stack::ConnectionId to_stack(card::ConnectionId connection) const {
    return connection < to_stack_.size() ? to_stack_[connection] : stack::kNoConnection;
  }
  bool follow_link(TimePoint now);
  void deliver(TimePoint now, const card::Notice& notice, PortEvents& events);

  transport::Transport& link_;
  card::Driver driver_;
  card::MacSettings mac_;
  const sockwire::PayloadSource* source_ = nullptr;  ///< During flush().
  std::unordered_map<stack::ConnectionId, card::ConnectionId> to_card_;
  std::vector<stack::ConnectionId> to_stack_;  ///< By the driver's name, which is a small number.
  card::Message command_;                      ///< Polled from the driver, not yet taken by the link.
  bool started_ = false;
  bool attached_ = false;  ///< the driver has been told that the card is there
  std::uint32_t session_ = 0;
  std::uint8_t epoch_ = 0;
  std::optional<std::string> failure_;
  std::uint64_t counters_reads_ = 0;
};

}  // namespace sockwire
