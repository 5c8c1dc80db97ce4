// SPDX-License-Identifier: Apache-2.0
// Bulk TCP between two engines back to back, one way or both ways at once, measured in virtual time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <vector>

#include "sim/cosim/back_to_back.hpp"

namespace sockwire::sim {

/// One direction: a sender that always has something, and a receiver that takes everything at once.
template <int kBytes>
class Stream {
 public:
  Stream(Host& from, int from_descriptor, Host& to, int to_descriptor)
      : from_(from),
        to_(to),
        from_descriptor_(from_descriptor),
        to_descriptor_(to_descriptor),
        out_(1 << 16),
        in_(1 << 16) {
    // Byte i of the stream is a function of i, so that the receiver can check it.
    for (std::size_t i = 0; i < out_.size(); ++i) out_[i] = byte_at(i);
  }

  bool turn() {
    bool any = false;
    for (;;) {
      const std::size_t offset = sent_ % out_.size();
      const auto taken = from_.send(from_descriptor_, std::span(out_).subspan(offset));
      if (!taken) break;
      sent_ += *taken;
      any = true;
    }
    for (;;) {
      const auto got = to_.recv(to_descriptor_, in_);
      if (!got || *got == 0) break;
      for (std::size_t i = 0; i < *got; ++i) wrong_ += in_[i] != byte_at(received_ + i) ? 1u : 0u;
      received_ += *got;
      any = true;
    }
    return any;
  }
  std::uint64_t received() const { return received_; }
  std::uint64_t wrong_bytes() const { return wrong_; }

 private:
  static std::uint8_t byte_at(std::uint64_t position) {
    return static_cast<std::uint8_t>((position % (1 << 16)) * 167 >> 4);
  }

  Host& from_;
  Host& to_;
  int from_descriptor_;
  int to_descriptor_;
  std::vector<std::uint8_t> out_;
  std::vector<std::uint8_t> in_;
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t wrong_ = 0;
};

/// What was measured between `warm_up_bytes` and the end.
struct BulkResult {
  std::uint64_t bytes = 0;  ///< Of payload, both directions.
  double seconds = 0;       ///< Virtual.
  unsigned mss = 0;
  double fraction = 0;  ///< Of the payload that the wire allows at this MSS, of the slower direction.
  std::uint64_t cycles = 0;
  std::uint64_t wrong_bytes = 0;
  std::uint64_t retransmitted_bytes = 0;
};

template <typename T>
T must(SocketResult<T> result, const char* what) {
  if (!result) throw std::runtime_error(std::string(what) + ": " + result.error().message);
  return *result;
}
inline void must(const SocketResult<void>& result, const char* what) {
  if (!result) throw std::runtime_error(std::string(what) + ": " + result.error().message);
}

/// Connects a client on end 0 to a server on end 1; both non-blocking afterwards.
template <int kBytes>
std::pair<int, int> connect_pair(BackToBack<kBytes>& net, std::uint16_t port) {
  const int listener = must(net.host(1).socket(), "socket");
  must(net.host(1).bind(listener, {net.address(1), port}), "bind");
  must(net.host(1).listen(listener, 4), "listen");
  const int client = must(net.host(0).socket(), "socket");
  must(net.host(0).connect(client, {net.address(1), port}), "connect");
  const int server = must(net.host(1).accept(listener), "accept");
  must(net.host(0).set_nonblocking(client, true), "set_nonblocking");
  must(net.host(1).set_nonblocking(server, true), "set_nonblocking");
  return {client, server};
}

/// measured_bytes: per direction.
template <int kBytes>
BulkResult run_bulk(BackToBack<kBytes>& net, bool duplex, std::uint64_t warm_up_bytes, std::uint64_t measured_bytes) {
  const auto [client, server] = connect_pair(net, 5001);
  std::vector<Stream<kBytes>> streams;
  streams.reserve(2);
  streams.emplace_back(net.host(0), client, net.host(1), server);
  if (duplex) streams.emplace_back(net.host(1), server, net.host(0), client);
  net.loop().add_task([&streams] {
    bool any = false;
    for (auto& stream : streams) any |= stream.turn();
    return any;
  });
  const auto all_have = [&streams](std::uint64_t bytes) {
    return std::all_of(streams.begin(), streams.end(), [bytes](const auto& one) { return one.received() >= bytes; });
  };
  const TimePoint limit = net.loop().now() + std::chrono::seconds(100);
  if (!net.loop().run_until([&] { return all_have(warm_up_bytes); }, limit))
    throw std::runtime_error("no steady state");
  const TimePoint begin = net.loop().now();
  const std::uint64_t begin_cycles = net.world().counters().cycles;
  std::vector<std::uint64_t> before;
  for (const auto& stream : streams) before.push_back(stream.received());
  if (!net.loop().run_until([&] { return all_have(warm_up_bytes + measured_bytes); }, limit)) {
    throw std::runtime_error("the transfer came to a halt");
  }
  BulkResult result;
  result.seconds = std::chrono::duration<double>(net.loop().now() - begin).count();
  result.cycles = net.world().counters().cycles - begin_cycles;
  for (const SocketRow& row : net.host(0).list()) {
    if (row.descriptor != client || !row.info) continue;
    result.mss = row.info->mss;
    result.retransmitted_bytes = row.info->bytes_retransmitted;
  }
  // A segment takes its MSS and 78 bytes of the wire: preamble 8, Ethernet 14, IPv4 20, TCP 20, FCS 4, gap 12; and 12
  // of what is left of 1460 where timestamps are in use.
  const double line_bytes_per_second = 1e12 / static_cast<double>(cycle_ps<kBytes>()) * kBytes;
  const double allowed = line_bytes_per_second * result.mss / 1538.0;
  result.fraction = 1e9;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    const std::uint64_t bytes = streams[i].received() - before[i];
    result.bytes += bytes;
    result.wrong_bytes += streams[i].wrong_bytes();
    result.fraction = std::min(result.fraction, static_cast<double>(bytes) / result.seconds / allowed);
  }
  return result;
}

}  // namespace sockwire::sim
