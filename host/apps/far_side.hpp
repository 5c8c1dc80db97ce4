// SPDX-License-Identifier: Apache-2.0
// What answers at the far end of --wire loop: a small HTTP server, a sink and a source, on a host of their own. They
// only make non-blocking calls, so that they run as a task of the loop.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "host/apps/sha256.hpp"
#include "host/socket/host.hpp"

namespace sockwire::apps {

/// How many bytes "/4M", "/100k", "/1234" or "/4MB.bin" ask for: decimal units. Nothing for any other path.
std::optional<std::uint64_t> size_of_path(const std::string& path);

class FarSide {
 public:
  FarSide(Host& host, std::uint64_t seed) : host_(host), seed_(seed) {}

  /// Serves GET /SIZE with so many bytes of the pattern of the seed (pattern.hpp).
  SocketResult<void> serve_http(std::uint16_t port);
  /// Takes what comes and keeps its length and digest.
  SocketResult<void> serve_sink(std::uint16_t port);
  /// Connects and sends so many bytes of the pattern, then closes.
  SocketResult<void> send_pattern(const Endpoint& to, std::uint64_t bytes);

  /// Sends each datagram back to where it came from (RFC 862).
  SocketResult<void> serve_udp_echo(std::uint16_t port);

  /// One turn for the loop. Returns whether anything got done.
  bool turn();

  /// What the sink has taken on the connection that ended last.
  struct Sunk {
    std::uint64_t bytes = 0;
    std::string sha256;
  };
  const std::optional<Sunk>& sunk() const { return sunk_; }

 private:
  struct Listener {
    int descriptor;
    bool http;
  };
  struct Client {
    enum class Task : std::uint8_t { kConnecting, kRequest, kSend, kSink, kDone };
    int descriptor = -1;
    Task task = Task::kSink;
    std::string request;
    std::vector<std::uint8_t> pending;  ///< to send before the pattern
    std::uint64_t offset = 0;           ///< in the pattern
    std::uint64_t end = 0;
    Sha256 sha;
    std::uint64_t taken = 0;
  };

  SocketResult<void> listen(std::uint16_t port, bool http);
  bool serve(Client& client);
  bool receive(Client& client);
  bool transmit(Client& client);
  void answer(Client& client);
  bool echo(int descriptor);

  Host& host_;
  std::uint64_t seed_;
  std::vector<Listener> listeners_;
  std::vector<int> echoes_;
  std::list<Client> clients_;
  std::optional<Sunk> sunk_;
};

}  // namespace sockwire::apps
