// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "host/tcp/endpoint.hpp"
#include "host/tcp/isn.hpp"

namespace sockwire::stack {

/// The dynamic ports (RFC 6335 6).
inline constexpr std::uint16_t kFirstEphemeralPort = 49152;
inline constexpr std::uint32_t kEphemeralPorts = 65536 - kFirstEphemeralPort;

/// Chooses local ports that an outsider cannot guess: RFC 6056 3.3.3, algorithm 3 (a keyed hash of the peer, plus a
/// counter), so that a port is not used again towards the same peer for as long as possible.
class EphemeralPorts {
 public:
  explicit EphemeralPorts(const tcp::SipHashKey& key) : key_(key) {}

  /// The first candidate for which taken(port) is false. Nothing if all are taken.
  template <typename Taken>
  std::optional<std::uint16_t> choose(const IpAddress& local, const tcp::Endpoint& remote, Taken taken) {
    const std::uint32_t offset = hash(local, remote);
    for (std::uint32_t tries = 0; tries < kEphemeralPorts; ++tries) {
      const auto port = static_cast<std::uint16_t>(kFirstEphemeralPort + (offset + next_++) % kEphemeralPorts);
      if (!taken(port)) return port;
    }
    return std::nullopt;
  }

 private:
  std::uint32_t hash(const IpAddress& local, const tcp::Endpoint& remote) const;

  tcp::SipHashKey key_;
  std::uint32_t next_ = 0;
};

}  // namespace sockwire::stack
