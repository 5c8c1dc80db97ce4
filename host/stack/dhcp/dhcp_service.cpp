// SPDX-License-Identifier: Apache-2.0
#include "host/stack/dhcp/dhcp_service.hpp"

#include <algorithm>
#include <array>

namespace sockwire::stack::dhcp {

namespace {

/// As long as a frame can be: the client has told servers of less.
constexpr std::size_t kMaxDatagramBytes = 1500;
/// Answers come one at a time; what a flood brings beyond this is dropped and counted.
constexpr std::size_t kReceiveQueueBytes = 8192;

}  // namespace

Result<void, OpenError> Service::start(TimePoint now, const ClientConfig& config, std::optional<Ipv4Address> previous) {
  if (socket_ == kNoUdpSocket) {
    UdpConfig udp;
    udp.receive_queue_bytes = kReceiveQueueBytes;
    udp.broadcast = true;
    const auto opened = udp_.open({IpAddress(), kClientPort}, udp);
    if (!opened) return Failure{opened.error()};
    socket_ = *opened;
  }
  Client& client = client_.emplace(config, counters_);
  if (previous) {
    client.reboot(now, *previous);
  } else {
    client.start(now);
  }
  settle(now, client);
  return {};
}

void Service::release(TimePoint now) {
  if (!client_) return;
  const bool checking = client_->state() == ClientState::kChecking;
  client_->release(now);
  settle(now, *client_);
  if (checking) user_.apply(now, std::nullopt);  // what is asked for is not wanted any more
  udp_.close(socket_);
  socket_ = kNoUdpSocket;
}

void Service::on_checked(TimePoint now, bool in_use) {
  if (!client_) return;
  client_->on_checked(now, in_use);
  settle(now, *client_);
}

void Service::on_conflict(TimePoint now) {
  if (!client_) return;
  client_->on_conflict(now);
  settle(now, *client_);
}

void Service::turn(TimePoint now) {
  if (!client_) return;
  std::array<std::uint8_t, kMaxDatagramBytes> buffer;
  while (const auto info = udp_.recv(socket_, buffer)) {
    if (info->source.port != kServerPort) {
      ++counters_.dhcp_not_ours;
      continue;
    }
    client_->on_message(now, std::span(buffer).first(std::min(info->bytes, buffer.size())));
    settle(now, *client_);
  }
}

void Service::on_timeout(TimePoint now) {
  if (!client_ || client_->next_deadline() > now) return;
  client_->on_timeout(now);
  settle(now, *client_);
}

void Service::settle(TimePoint now, Client& client) {
  // First what is said, since a RELEASE has to leave from the address that it gives back.
  while (const auto transmit = client.poll_transmit()) {
    const tcp::Endpoint server{transmit->destination, kServerPort};
    if (!udp_.send(now, socket_, server, transmit->payload)) ++counters_.dhcp_unsent;  // sent again in its time
  }
  while (const auto event = client.poll_event()) {
    switch (event->kind) {
      case ClientEvent::Kind::kCheck:
        user_.check_address(now, event->lease);
        break;
      case ClientEvent::Kind::kBound:
      case ClientEvent::Kind::kRenewed:
        user_.apply(now, event->lease);
        break;
      case ClientEvent::Kind::kLost:
        user_.apply(now, std::nullopt);
        break;
    }
  }
}

}  // namespace sockwire::stack::dhcp
