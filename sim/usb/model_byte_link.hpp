// SPDX-License-Identifier: Apache-2.0
// The link to a modelled card without libusb, in virtual time: what transport::UsbByteLink does with transfers of
// libusb is done with those of the modelled port. For runs that must be the same each time, and campaigns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "host/transport/byte_link.hpp"
#include "host/transport/usb/ftdi.hpp"
#include "sim/usb/host_controller.hpp"

namespace sockwire::sim {

struct ModelLinkSettings {
  std::uint32_t baud = 1'000'000;  ///< to begin with; one that the chip can make
  unsigned latency_ms = 1;
  std::size_t in_transfers = 8;
  std::size_t in_transfer_bytes = 4096;  ///< a multiple of 512
  std::size_t out_transfers = 4;
  std::size_t out_transfer_bytes = 2048;
};

/// Whoever owns the port lets its time pass (HostController::advance, next_deadline_ns), and then calls poll().
/// Requests to the chip take 125 us of the port's time each, so it may be ahead of its owner's by some of these.
class ModelByteLink final : public transport::ByteLink {
 public:
  /// The port outlives it. A card that is plugged in is opened by the first poll().
  ModelByteLink(HostController& port, const ModelLinkSettings& settings);
  ~ModelByteLink() override;

  /// poll() has something to do now.
  bool has_news() const { return port_.has_completed() || open_ != port_.plugged(); }

  void poll() override;
  int wait_fd() const override { return -1; }
  std::size_t room() const override { return open_ ? capacity_bytes_ - queued_ : 0; }
  std::size_t write(std::span<const std::uint8_t> bytes) override;
  std::size_t queued() const override { return queued_; }
  bool drained() const override { return queued_ == 0 && (!open_ || transmitter_empty_); }
  std::size_t read(std::span<std::uint8_t> out) override;
  std::uint32_t nearest_baud(std::uint32_t baud) const override;
  bool set_baud(std::uint32_t baud) override;
  bool baud_settled() const override { return true; }
  bool lost() const override { return !open_; }
  std::uint32_t session() const override { return session_; }
  const transport::ByteLinkCounters& counters() const override { return counters_; }

 private:
  struct Received {
    std::vector<std::uint8_t> bytes;
    std::size_t consumed = 0;
  };
  void open();
  void close();
  bool set_up();
  bool request(transport::ftdi::Request what, std::uint16_t value, std::uint16_t index);
  void take(CompletedTransfer& done);
  void submit_in();
  void submit_out();

  HostController& port_;
  ModelLinkSettings settings_;
  transport::ftdi::Divisor rate_;
  std::size_t capacity_bytes_;
  bool open_ = false;
  std::uint32_t session_ = 0;
  std::uint64_t next_id_ = 1;
  std::vector<std::uint64_t> flying_;  // all of this session
  std::size_t flying_out_ = 0;
  std::deque<Received> received_;
  std::vector<std::uint8_t> gathered_;  // for the next transfer to the card
  std::size_t queued_ = 0;
  bool transmitter_empty_ = false;
  transport::ByteLinkCounters counters_;
};

}  // namespace sockwire::sim
