// SPDX-License-Identifier: Apache-2.0
// The port that a modelled chip is plugged into: transfers of a host are cut into packets, bytes go between the chip
// and what is wired to it, and time passes over all of it. The front ends (umockdev, usbredir) stand on this. Sans-IO.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "sim/usb/ft2232h.hpp"

namespace sockwire::sim {

/// A bulk transfer that has ended.
struct CompletedTransfer {
  std::uint64_t id = 0;
  std::uint8_t endpoint = 0;
  UsbOutcome outcome = UsbOutcome::kDone;
  std::vector<std::uint8_t> data;  ///< to the host
  std::size_t bytes = 0;           ///< moved, in either direction
};

class HostController {
 public:
  /// Both outlive it. `peer` is wired to the chip's UART.
  HostController(Ft2232h& chip, UartPeer& peer) : chip_(chip), peer_(peer) {}

  // --- transfers, as a host submits them. Those of an endpoint are served in their order. ---
  /// A control transfer, which takes a microframe (125 us): so much time passes first.
  UsbControlReply control(const UsbSetup& setup, std::span<const std::uint8_t> data);
  /// id: the caller's, told when it has ended. bytes: at most so many; at least one packet.
  void submit_in(std::uint64_t id, std::uint8_t endpoint, std::size_t bytes);
  void submit_out(std::uint64_t id, std::uint8_t endpoint, std::vector<std::uint8_t> data);
  /// Takes one back: what has moved so far, or nothing if it has ended already (then take_completed() has it).
  std::optional<CompletedTransfer> cancel(std::uint64_t id);
  std::optional<CompletedTransfer> take_completed();
  bool has_completed() const { return !completed_.empty(); }

  // --- the cable ---
  /// All transfers end as gone.
  void unplug();
  void plug();
  bool plugged() const { return chip_.plugged(); }

  // --- time ---
  /// Lets time pass. A host that has begun to fetch bytes and has no transfer ready when the chip's FIFO is nearly full
  /// makes it stand still, unless told otherwise: then `time_ns()` is earlier than now_ns afterwards. So a test loses
  /// nothing only because its machine is slow.
  void advance(std::uint64_t now_ns);
  std::uint64_t time_ns() const { return time_ns_; }
  /// The same for who runs it on a wall's clock: so much has passed. Returns how long nothing will happen by itself,
  /// and a tenth of a millisecond at least: what ends within that time of one another is told at once.
  std::uint64_t pass(std::uint64_t elapsed_ns);
  /// When something happens next if the host submits nothing.
  std::uint64_t next_deadline_ns() const;
  void wait_for_host(bool wait) { wait_for_host_ = wait; }

 private:
  struct Pending {
    std::uint64_t id;
    std::vector<std::uint8_t> data;
    std::size_t bytes;  // moved so far
  };
  using Queue = std::deque<Pending>;

  static constexpr std::array<std::uint8_t, 4> kEndpoints{Ft2232h::kJtagIn, Ft2232h::kJtagOut, Ft2232h::kUartIn,
                                                          Ft2232h::kUartOut};
  static bool to_host(std::uint8_t endpoint) { return (endpoint & 0x80) != 0; }
  Queue* queue_of(std::uint8_t endpoint);
  void submit(std::uint8_t endpoint, Pending pending);
  void complete(std::uint8_t endpoint, UsbOutcome outcome);
  bool held() const;
  void settle();
  void move_packets();
  bool move_packet(std::uint8_t endpoint);

  Ft2232h& chip_;
  UartPeer& peer_;
  std::uint64_t time_ns_ = 0;
  std::array<Queue, 4> queues_;  // in the order of kEndpoints
  std::deque<CompletedTransfer> completed_;
  bool wait_for_host_ = true;
  bool fetching_ = false;  // the host has begun to fetch what the UART receives
};

}  // namespace sockwire::sim
