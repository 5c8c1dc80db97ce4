// SPDX-License-Identifier: Apache-2.0
// A stream of bytes to a card and back, as a UART has it: no messages, no flow control, and bytes may be lost or wrong.
// What makes messages of it stands above; a USB cable, or a model of one, stands below.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sockwire::transport {

/// What went wrong on the way, as far as this end can tell. Totals since the link was made, over all its sessions.
struct ByteLinkCounters {
  std::uint64_t bytes_out = 0;       ///< taken by write()
  std::uint64_t bytes_in = 0;        ///< given by read()
  std::uint64_t overruns = 0;        ///< reports that received bytes were lost, since nobody fetched them in time
  std::uint64_t framing_errors = 0;  ///< reports of a received byte without a stop bit
  std::uint64_t losses = 0;          ///< how often the link was lost
};

/// One end of the stream. Everything runs on one thread, nothing blocks, and only poll() lets anything happen: between
/// two calls of it room() falls by what is written and nothing else changes.
///
/// A loop: wait until wait_fd() is readable, poll(), read(), write() while there is room.
class ByteLink {
 public:
  virtual ~ByteLink() = default;

  /// Takes in what has happened: bytes that came, room that became free, a cable that was pulled or is back. Call it
  /// in each turn of the loop; it is cheap when nothing has happened.
  virtual void poll() = 0;
  /// A descriptor that becomes readable when poll() should be called; the same one for the link's whole life. -1: the
  /// link moves in virtual time, and whoever made it knows when.
  virtual int wait_fd() const = 0;

  /// How many bytes write() takes now. 0 while the link is lost.
  virtual std::size_t room() const = 0;
  /// Takes as many of the bytes as there is room for, copied; returns how many.
  virtual std::size_t write(std::span<const std::uint8_t> bytes) = 0;
  /// Bytes that write() took and the far end of the USB cable has not: they wait in this machine.
  virtual std::size_t queued() const = 0;
  /// All that was written has left the UART, stop bit included, as far as the chip's last status says.
  virtual bool drained() const = 0;

  /// Gives the oldest bytes that have come, and returns how many; 0: none, for now.
  virtual std::size_t read(std::span<std::uint8_t> out) = 0;

  /// The rate that the link would really run at if it were asked for `baud`; 0 if it cannot come within 3 %.
  virtual std::uint32_t nearest_baud(std::uint32_t baud) const = 0;
  /// Begins to change the rate of both directions, in bits per second. At once: bytes that are on their way are sent at
  /// either rate, so wait for drained() first. Returns false if the link cannot make this rate, or is lost. Kept over
  /// losses: a link that comes back has the rate that was asked for last.
  virtual bool set_baud(std::uint32_t baud) = 0;
  /// The last set_baud() has been carried out.
  virtual bool baud_settled() const = 0;

  /// The card is gone, and all that was under way with it. A link may come back by itself (a cable that is plugged in
  /// again): then this is false once more, and session() has another number. It is true after at least one poll() in
  /// between.
  virtual bool lost() const = 0;
  /// Counts up each time a card is there anew. What was under way in this machine and in the chip is gone then; a byte
  /// that was on the wires may still come.
  virtual std::uint32_t session() const = 0;

  virtual const ByteLinkCounters& counters() const = 0;
};

}  // namespace sockwire::transport
