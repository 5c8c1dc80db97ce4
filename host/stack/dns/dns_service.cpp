// SPDX-License-Identifier: Apache-2.0
#include "host/stack/dns/dns_service.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace sockwire::stack::dns {

namespace {

/// Answers that are not sent by TCP have at most 512 bytes (RFC 1035 4.2.1), since we announce no more. A frame holds
/// what a server sends in spite of that.
constexpr std::size_t kMaxDatagramBytes = 1500;
constexpr std::size_t kReceiveQueueBytes = 8192;
constexpr std::size_t kStreamBufferBytes = 4096;
constexpr std::size_t kStreamReceiveBytes = 16384;
constexpr int kPortTries = 8;

}  // namespace

LookupId Service::start(TimePoint now, std::string_view name, Families families) {
  const LookupId id = resolver_.start(now, name, families);
  settle(now);
  return id;
}

void Service::on_timeout(TimePoint now) {
  if (resolver_.next_deadline() > now) return;
  resolver_.on_timeout(now);
  settle(now);
}

void Service::turn(TimePoint now) {
  if (transports_.empty()) return;
  std::vector<std::pair<TransportId, Transport>> open(transports_.begin(), transports_.end());
  for (const auto& [id, transport] : open) {
    if (transport.connection != kNoConnection) {
      read_stream(now, id, transport.connection);
    } else {
      read_datagrams(now, id, transport.socket);
    }
  }
  settle(now);
}

void Service::read_datagrams(TimePoint now, TransportId id, UdpSocketId socket) {
  std::array<std::uint8_t, kMaxDatagramBytes> buffer;
  while (const auto info = udp_.recv(socket, buffer)) {
    resolver_.on_datagram(now, id, std::span(buffer).first(std::min(info->bytes, buffer.size())));
  }
  if (udp_.take_error(socket) != Unreachable::kNone) resolver_.on_failed(now, id);
}

void Service::read_stream(TimePoint now, TransportId id, ConnectionId connection) {
  std::array<std::uint8_t, kStreamBufferBytes> buffer;
  while (const std::size_t bytes = tcp_.recv(now, connection, buffer)) {
    resolver_.on_stream(now, id, std::span(buffer).first(bytes));
  }
  const tcp::Connection* found = tcp_.connection(connection);
  if (found == nullptr || found->is_closed() || found->end_of_stream()) resolver_.on_failed(now, id);
}

void Service::settle(TimePoint now) {
  while (const auto request = resolver_.poll_request()) {
    bool done = true;
    switch (request->kind) {
      case Request::Kind::kSendDatagram:
        done = send_datagram(now, *request);
        break;
      case Request::Kind::kOpenStream:
        done = open_stream(now, *request);
        break;
      case Request::Kind::kClose:
        close(now, request->transport);
        break;
    }
    if (!done) resolver_.on_failed(now, request->transport);
  }
}

bool Service::send_datagram(TimePoint now, const Request& request) {
  UdpConfig config;
  config.receive_queue_bytes = kReceiveQueueBytes;
  auto opened = udp_.open({IpAddress(), request.local_port}, config);
  // A taken port: the next ones are as good.
  for (int i = 1; i < kPortTries && !opened; ++i) {
    const auto port = static_cast<std::uint16_t>(std::max(1024, (request.local_port + i) & 0xffff));
    opened = udp_.open({IpAddress(), port}, config);
  }
  if (!opened) return false;
  transports_[request.transport].socket = *opened;
  return udp_.connect(*opened, request.server) && udp_.send(now, *opened, std::nullopt, request.bytes);
}

bool Service::open_stream(TimePoint now, const Request& request) {
  tcp::Config config;
  config.send_buffer_bytes = kStreamBufferBytes;
  config.receive_buffer_bytes = kStreamReceiveBytes;
  const auto opened = tcp_.connect(now, config, {}, request.server);
  if (!opened) return false;
  transports_[request.transport].connection = *opened;
  return tcp_.send(now, *opened, request.bytes) == request.bytes.size();
}

void Service::close(TimePoint now, TransportId transport) {
  const auto found = transports_.find(transport);
  if (found == transports_.end()) return;
  udp_.close(found->second.socket);
  if (found->second.connection != kNoConnection) tcp_.close(now, found->second.connection);
  transports_.erase(found);
}

}  // namespace sockwire::stack::dns
