// SPDX-License-Identifier: Apache-2.0
// Many connections that all send from one card to another at the same time, and how they share it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/cosim/back_to_back.hpp"

namespace sockwire::sim {

/// What each of the connections got of the card.
struct Shares {
  double total = 0;  ///< Payload bytes that arrived.
  double least = 0;
  double most = 0;
  /// Jain's index, (sum x)^2 / (n sum x^2): 1 if all are alike, 1/n if one has all.
  double jain = 0;
};

/// The clients are on end 0 and have always something to send; the servers on end 1 take everything at once.
template <int kBytes>
class ConcurrentTransfers {
 public:
  ConcurrentTransfers(BackToBack<kBytes>& net, std::size_t count)
      : net_(net), count_(count), out_(kBufferBytes, 0x5a), in_(kBufferBytes) {}

  /// Opens all of them: a few hundred at a time.
  void open() {
    Host& client = net_.host(0);
    Host& server = net_.host(1);
    const int listener = must(server.socket());
    must(server.set_buffers(listener, kBufferBytes, kBufferBytes));
    must(server.bind(listener, {net_.address(1), kPort}));
    must(server.listen(listener, 4096));
    must(server.set_nonblocking(listener, true));
    const TimePoint limit = net_.loop().now() + std::chrono::seconds(60);
    while (servers_.size() < count_) {
      while (clients_.size() < count_ && clients_.size() < servers_.size() + kAtOnce) {
        clients_.push_back(must(client.socket()));
        must(client.set_buffers(clients_.back(), kBufferBytes, kBufferBytes));
        must(client.set_nonblocking(clients_.back(), true));
        static_cast<void>(client.connect(clients_.back(), {net_.address(1), kPort}));
      }
      const std::size_t before = servers_.size();
      for (auto accepted = server.accept(listener); accepted; accepted = server.accept(listener)) {
        servers_.push_back(*accepted);
        must(server.set_nonblocking(*accepted, true));
      }
      if (servers_.size() > before) continue;
      if (net_.loop().now() > limit || !net_.loop().run_once(limit)) throw std::runtime_error("not all were opened");
    }
  }

  /// All send for so long.
  Shares run(Duration time) {
    received_.assign(servers_.size(), 0);
    for (const int descriptor : clients_) fill(descriptor);
    const TimePoint end = net_.loop().now() + time;
    std::size_t next = 0;
    while (net_.loop().now() < end) {
      // Of the many, those whose turn it is: what is on the card lasts for longer than a round.
      bool busy = false;
      for (std::size_t i = 0; i < kTurns; ++i, next = (next + 1) % servers_.size()) {
        busy |= drain(next);
        busy |= fill(clients_[next]);
      }
      static_cast<void>(busy);
      net_.loop().run_once(end);
    }
    return shares();
  }

 private:
  static constexpr std::uint16_t kPort = 5001;
  static constexpr std::size_t kBufferBytes = 32768;
  static constexpr std::size_t kAtOnce = 500;
  static constexpr std::size_t kTurns = 16;

  template <typename T>
  static T must(SocketResult<T> result) {
    if (!result) throw std::runtime_error(result.error().message);
    return *result;
  }
  static void must(const SocketResult<void>& result) {
    if (!result) throw std::runtime_error(result.error().message);
  }

  bool fill(int descriptor) {
    const auto sent = net_.host(0).send(descriptor, out_);
    return sent && *sent > 0;
  }
  bool drain(std::size_t server) {
    const auto got = net_.host(1).recv(servers_[server], in_);
    if (!got) return false;
    received_[server] += *got;
    return *got > 0;
  }
  Shares shares() const {
    Shares shares;
    double squares = 0;
    shares.least = 1e18;
    for (const std::uint64_t bytes : received_) {
      const auto one = static_cast<double>(bytes);
      shares.total += one;
      squares += one * one;
      shares.least = std::min(shares.least, one);
      shares.most = std::max(shares.most, one);
    }
    shares.jain = squares > 0 ? shares.total * shares.total / (static_cast<double>(received_.size()) * squares) : 0;
    return shares;
  }

  BackToBack<kBytes>& net_;
  std::size_t count_;
  std::vector<std::uint8_t> out_;
  std::vector<std::uint8_t> in_;
  std::vector<int> clients_;
  std::vector<int> servers_;
  std::vector<std::uint64_t> received_;
};

}  // namespace sockwire::sim
