// SPDX-License-Identifier: Apache-2.0
// A UDP socket's receive queue: whole datagrams in a ring of bytes, bounded by its size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "host/tcp/endpoint.hpp"

namespace sockwire::stack {

/// Who sent a datagram, to whom, and how long it is.
struct DatagramInfo {
  tcp::Endpoint source;
  tcp::Endpoint destination;
  std::size_t bytes = 0;  ///< Of the payload, all of it, however much of it was taken.
};

/// The memory is taken with the first datagram; after that nothing is allocated. A datagram costs its payload and
/// kOverheadBytes, so that empty ones are bounded too.
class UdpQueue {
 public:
  static constexpr std::size_t kOverheadBytes = sizeof(DatagramInfo);

  explicit UdpQueue(std::size_t capacity_bytes) : capacity_(capacity_bytes) {}

  /// Returns false, and keeps nothing of it, if there is no room.
  bool push(const DatagramInfo& info, std::span<const std::uint8_t> payload);
  /// Moves the oldest datagram out; what `out` has no room for is lost, as with recvfrom(). Nothing: it is empty.
  std::optional<DatagramInfo> pop(std::span<std::uint8_t> out);
  /// Copies the beginning of the oldest datagram.
  std::optional<DatagramInfo> peek(std::span<std::uint8_t> out) const;
  /// The oldest one's size; nothing: it is empty.
  std::optional<std::size_t> front_bytes() const {
    const auto info = peek({});
    return info ? std::optional(info->bytes) : std::nullopt;
  }

  bool empty() const { return used_ == 0; }
  std::size_t used_bytes() const { return used_; }
  std::size_t datagrams() const { return datagrams_; }
  std::size_t capacity_bytes() const { return capacity_; }

 private:
  void write(std::span<const std::uint8_t> bytes);
  void read(std::size_t from, std::span<std::uint8_t> out) const;

  std::size_t capacity_;
  std::unique_ptr<std::uint8_t[]> ring_;
  std::size_t head_ = 0;  ///< Of the oldest.
  std::size_t used_ = 0;
  std::size_t datagrams_ = 0;
};

}  // namespace sockwire::stack
