// SPDX-License-Identifier: Apache-2.0
// The two ends of the serial link with two wires between them, in virtual time: the host's endpoint, and the card's
// kernels (native or Verilated) at 120 MHz. Bytes take their time at the rate of who sends them; who listens at another
// rate hears rubbish. Errors are seeded.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <vector>

#include "host/transport/link/endpoint.hpp"
#include "sim/dut/link_port.hpp"

namespace sockwire::test {

using Bytes = std::vector<std::uint8_t>;

struct WireFaults {
  double byte_error = 0;  ///< probability that a byte is changed
  double byte_loss = 0;   ///< that it does not come
};

class SerialPair {
 public:
  SerialPair(std::unique_ptr<sim::LinkPort> card, const transport::LinkConfig& config, const WireFaults& faults,
             std::uint64_t seed);

  transport::LinkEndpoint& host() { return host_; }
  TimePoint now() const { return TimePoint(Duration(static_cast<std::int64_t>(now_ns_))); }
  /// Of the UART's rates, those up to this one pass undamaged.
  void set_baud_limit(std::uint32_t baud) { baud_limit_ = baud; }
  /// Neither wire carries anything.
  void cut(bool cut) { cut_ = cut; }
  /// The card begins anew.
  void replace_card(std::unique_ptr<sim::LinkPort> card);
  void set_faults(const WireFaults& faults) { faults_ = faults; }
  /// What the card's PHY says from now on.
  void set_phy(const PhyStatus& phy) { phy_ = phy; }

  /// Hands the host a command message when it takes one, and the card an event message when it does.
  void send_command(Bytes message) { commands_out_.push_back(std::move(message)); }
  void send_event(Bytes message) { events_out_.push_back(std::move(message)); }
  /// Bytes to the card as they are, as if the host's UART had sent them.
  void inject_to_card(std::span<const std::uint8_t> bytes);

  /// Whole messages that have come, each at the other end.
  const std::vector<Bytes>& commands() const { return commands_; }
  const std::vector<Bytes>& events() const { return events_; }
  std::uint64_t counted(LinkCounter counter) const { return counted_[static_cast<unsigned>(counter)]; }
  unsigned divisor() const { return card_->outputs().divisor; }

  /// Runs until done() or for this long. Returns done().
  bool run_until(const std::function<bool()>& done, Duration longest);

 private:
  struct LineByte {
    std::uint64_t at_ns = 0;  ///< whole at the far end
    std::uint32_t baud = 0;
    std::uint8_t data = 0;
  };

  void step();
  void host_turn();
  void card_inputs(sim::LinkInputs& inputs);
  SerialByte through(const LineByte& byte, std::uint32_t baud);
  bool coin(double probability);
  std::uint64_t skip_to() const;

  transport::LinkEndpoint host_;
  std::unique_ptr<sim::LinkPort> card_;
  WireFaults faults_;
  std::mt19937_64 random_;
  std::uint32_t baud_limit_ = 12'000'000;
  bool cut_ = false;
  PhyStatus phy_;

  std::uint64_t cycle_ = 0;
  std::uint64_t now_ns_ = 0;
  std::deque<LineByte> to_card_;
  std::deque<LineByte> to_host_;
  std::uint64_t host_line_free_ns_ = 0;
  std::uint64_t card_line_free_ns_ = 0;
  std::uint64_t next_host_turn_ns_ = 0;

  std::deque<Bytes> commands_out_;
  std::deque<Bytes> events_out_;
  std::size_t event_at_ = 0;
  std::vector<Bytes> commands_;
  Bytes command_;
  std::vector<Bytes> events_;
  std::array<std::uint64_t, kLinkCounters> counted_{};
};

/// A message with a header as the contract has it (its length is all that the link looks at) and a random body.
Bytes message_of(std::size_t body_bytes, std::mt19937_64& random);

}  // namespace sockwire::test
