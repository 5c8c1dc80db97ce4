// SPDX-License-Identifier: Apache-2.0
// A byte link in virtual time: the FT2232H's model without libusb and a kernel, whose transfers are as the real one's
// (host/transport/usb/usb_byte_link.hpp): as many under way, as long, with the same requests.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "host/transport/byte_link.hpp"
#include "sim/usb/host_controller.hpp"

namespace sockwire::sim {

class VirtualByteLink final : public transport::ByteLink {
 public:
  /// Both outlive it; whoever owns the controller lets its time pass.
  VirtualByteLink(HostController& controller, Ft2232h& chip);

  void poll() override;
  int wait_fd() const override { return -1; }
  std::size_t room() const override;
  std::size_t write(std::span<const std::uint8_t> bytes) override;
  std::size_t queued() const override { return out_bytes_; }
  bool drained() const override { return lost() || (out_bytes_ == 0 && transmitter_empty_); }
  std::size_t read(std::span<std::uint8_t> out) override;
  std::uint32_t nearest_baud(std::uint32_t baud) const override;
  bool set_baud(std::uint32_t baud) override;
  bool baud_settled() const override { return true; }
  bool lost() const override { return !open_; }
  std::uint32_t session() const override { return session_; }
  const transport::ByteLinkCounters& counters() const override { return counters_; }

 private:
  static constexpr std::size_t kInTransfers = 8;
  static constexpr std::size_t kInBytes = 4096;
  static constexpr std::size_t kOutTransfers = 4;
  static constexpr std::size_t kOutBytes = 2048;

  void open();
  void on_completed(const CompletedTransfer& transfer);
  bool request(std::uint8_t request, std::uint16_t value, std::uint16_t index);

  HostController& controller_;
  Ft2232h& chip_;
  bool open_ = false;
  std::uint32_t session_ = 0;
  std::uint32_t baud_ = 1'000'000;
  std::uint64_t next_id_ = 1;
  std::uint64_t first_id_ = 1;  ///< of this session
  std::deque<std::uint8_t> in_;
  std::size_t out_transfers_ = 0;
  std::size_t out_bytes_ = 0;
  bool transmitter_empty_ = true;
  transport::ByteLinkCounters counters_;
};

}  // namespace sockwire::sim
