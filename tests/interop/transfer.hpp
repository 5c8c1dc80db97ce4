// SPDX-License-Identifier: Apache-2.0
// Files of a known pattern over real sockets of ours, both ways at once, until both ends have closed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "host/socket/host.hpp"

namespace sockwire::test {

/// Byte `position` of the file with this key.
inline std::uint8_t file_byte(std::uint64_t key, std::uint64_t position) {
  std::uint64_t x = (position >> 3) * 0x9E3779B97F4A7C15ULL + key;
  x ^= x >> 29;
  x *= 0xBF58476D1CE4E5B9ULL;
  return static_cast<std::uint8_t>(x >> (8 * (position & 7)));
}

/// One end of a connection: sends `send_bytes` of the file `send_key`, shuts its side down, and checks that the file
/// `receive_key` comes in, to its end. Only non-blocking calls.
class Exchange {
 public:
  Exchange(Host& host, int descriptor, std::uint64_t send_key, std::uint64_t send_bytes, std::uint64_t receive_key)
      : host_(host), descriptor_(descriptor), send_key_(send_key), send_bytes_(send_bytes), receive_key_(receive_key) {}

  bool turn() {
    bool any = false;
    while (sent_ < send_bytes_ && error_.empty()) {
      const std::size_t bytes = static_cast<std::size_t>(std::min<std::uint64_t>(send_bytes_ - sent_, 16384));
      buffer_.resize(bytes);
      for (std::size_t i = 0; i < bytes; ++i) buffer_[i] = file_byte(send_key_, sent_ + i);
      const auto taken = host_.send(descriptor_, buffer_);
      if (!note(taken)) break;
      sent_ += *taken;
      any = true;
    }
    if (sent_ == send_bytes_ && !shut_ && error_.empty()) {
      shut_ = true;
      any = true;
      if (const auto done = host_.shutdown(descriptor_, Shutdown::kWrite); !done) error_ = done.error().message;
    }
    buffer_.resize(65536);
    while (!ended_ && error_.empty()) {
      const auto got = host_.recv(descriptor_, buffer_);
      if (!note(got)) break;
      any = true;
      if (*got == 0) ended_ = true;
      for (std::size_t i = 0; i < *got; ++i) wrong_ += buffer_[i] != file_byte(receive_key_, received_ + i) ? 1u : 0u;
      received_ += *got;
    }
    return any;
  }

  bool done() const { return (shut_ && ended_) || !error_.empty(); }
  std::uint64_t received() const { return received_; }
  std::uint64_t wrong_bytes() const { return wrong_; }
  const std::string& error() const { return error_; }

 private:
  bool note(const SocketResult<std::size_t>& result) {
    if (result.ok()) return true;
    if (result.error().code != SocketErrc::kWouldBlock) error_ = result.error().message;
    return false;
  }

  Host& host_;
  int descriptor_;
  std::uint64_t send_key_;
  std::uint64_t send_bytes_;
  std::uint64_t receive_key_;
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t wrong_ = 0;
  bool shut_ = false;
  bool ended_ = false;
  std::string error_;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace sockwire::test
