// SPDX-License-Identifier: Apache-2.0
#include "host/stack/udp_layer.hpp"

#include <algorithm>
#include <utility>

#include "hls/wire/ipv4.hpp"
#include "hls/wire/ipv6.hpp"
#include "hls/wire/udp.hpp"
#include "host/base/byte_order.hpp"

namespace sockwire::stack {

namespace {

std::size_t headers_bytes(bool ipv4) {
  return (ipv4 ? wire::kIpv4MinHeaderBytes : wire::kIpv6HeaderBytes) + std::size_t{wire::kUdpHeaderBytes};
}

bool is_any(const IpAddress& address) { return address.is_unspecified(); }

}  // namespace

UdpLayer::UdpLayer(Network& network) : network_(network), ports_(network.config().secret) {}

UdpLayer::Socket* UdpLayer::find(UdpSocketId id) {
  const auto found = sockets_.find(id);
  return found == sockets_.end() ? nullptr : &found->second;
}

const UdpLayer::Socket* UdpLayer::find(UdpSocketId id) const {
  const auto found = sockets_.find(id);
  return found == sockets_.end() ? nullptr : &found->second;
}

Result<UdpSocketId, OpenError> UdpLayer::open(const Endpoint& local, const UdpConfig& config) {
  // One that is bound to a group's address hears that group alone.
  const bool ours = is_any(local.address) || local.address.is_multicast() || network_.owns(local.address);
  if (!ours) return Failure{OpenError::kAddressNotLocal};
  Endpoint bound{is_any(local.address) ? IpAddress() : local.address, local.port};
  if (bound.port == 0) {
    const auto port = ports_.choose(bound.address, {}, [&](std::uint16_t candidate) { return port_in_use(candidate); });
    if (!port) return Failure{OpenError::kNoPorts};
    bound.port = *port;
  }
  std::vector<UdpSocketId>& neighbours = by_port_[bound.port];
  const bool taken = std::any_of(neighbours.begin(), neighbours.end(), [&](UdpSocketId other) {
    const IpAddress& address = find(other)->local.address;
    return address == bound.address || is_any(address) || is_any(bound.address);
  });
  if (taken) return Failure{OpenError::kAddressInUse};
  const UdpSocketId id = ++last_;
  neighbours.push_back(id);
  sockets_.emplace(id, Socket(config)).first->second.local = bound;
  return id;
}

Result<void, OpenError> UdpLayer::connect(UdpSocketId id, const Endpoint& remote) {
  Socket* socket = find(id);
  if (socket == nullptr || remote.port == 0) return Failure{OpenError::kInvalidPort};
  if (!source_for(*socket, remote.address)) return Failure{OpenError::kNoRoute};
  socket->remote = remote;
  socket->error = Unreachable::kNone;
  return {};
}

void UdpLayer::disconnect(UdpSocketId id) {
  Socket* socket = find(id);
  if (socket != nullptr) socket->remote.reset();
}

void UdpLayer::close(UdpSocketId id) {
  const Socket* socket = find(id);
  if (socket == nullptr) return;
  const auto port = by_port_.find(socket->local.port);
  std::erase(port->second, id);
  if (port->second.empty()) by_port_.erase(port);
  sockets_.erase(id);  // what it has sent still goes out
}

void UdpLayer::configure(UdpSocketId id, const UdpConfig& config) {
  if (Socket* socket = find(id)) socket->config = config;
}

// --- in --------------------------------------------------------------------------------------------------------------

UdpSocketId UdpLayer::match(const UdpArrival& arrival, bool& other_peer) const {
  const auto at_port = by_port_.find(arrival.destination.port);
  if (at_port == by_port_.end()) return kNoUdpSocket;
  for (const UdpSocketId id : at_port->second) {
    const Socket& socket = *find(id);
    // A socket that is bound to a host's address does not hear what is sent to all.
    if (!is_any(socket.local.address) && socket.local.address != arrival.destination.address) continue;
    if (!socket.remote || *socket.remote == arrival.source) return id;
    other_peer = true;
  }
  return kNoUdpSocket;
}

bool UdpLayer::on_datagram(const UdpArrival& arrival) {
  bool other_peer = false;
  const UdpSocketId id = match(arrival, other_peer);
  if (id == kNoUdpSocket) {
    ++(other_peer ? network_.counters().udp_other_peer : network_.counters().udp_no_port);
    return false;
  }
  Socket& socket = *find(id);
  DatagramInfo info;
  info.source = arrival.source;
  info.destination = arrival.destination;
  if (!socket.queue.push(info, arrival.payload)) {
    ++socket.counts.dropped_queue_full;
    ++network_.counters().udp_queue_full;
    return true;
  }
  ++socket.counts.datagrams_in;
  socket.counts.bytes_in += arrival.payload.size();
  ++network_.counters().udp_delivered;
  return true;
}

void UdpLayer::on_icmp_error(TimePoint now, const IcmpError& error) {
  const std::uint8_t* at = error.original.payload.data();
  const Endpoint remote{error.original.destination, load_be16(at + wire::kUdpDestinationPort)};
  const auto at_port = by_port_.find(load_be16(at + wire::kUdpSourcePort));
  if (at_port != by_port_.end()) {
    for (const UdpSocketId id : at_port->second) {
      Socket& socket = *find(id);
      if (socket.remote != remote) continue;
      ++network_.counters().icmp_errors_in;
      ++socket.counts.errors_in;
      if (error.kind == IcmpErrorKind::kPacketTooBig) {
        // RFC 1191 3: what is longer is refused from now on.
        static_cast<void>(network_.lower_path_mtu(now, remote.address, error.next_hop_mtu));
      } else {
        socket.error = reason_of(error.kind);
      }
      return;
    }
  }
  ++network_.counters().udp_icmp_unmatched;
}

void UdpLayer::on_no_neighbour(const IpAddress& neighbour) {
  for (auto& [id, socket] : sockets_) {
    if (!socket.remote) continue;
    if (network_.next_hop(socket.remote->address) == neighbour) socket.error = Unreachable::kNoNeighbour;
  }
}

std::optional<DatagramInfo> UdpLayer::recv(UdpSocketId id, std::span<std::uint8_t> out) {
  Socket* socket = find(id);
  return socket == nullptr ? std::nullopt : socket->queue.pop(out);
}

std::optional<DatagramInfo> UdpLayer::peek(UdpSocketId id, std::span<std::uint8_t> out) const {
  const Socket* socket = find(id);
  return socket == nullptr ? std::nullopt : socket->queue.peek(out);
}

Unreachable UdpLayer::take_error(UdpSocketId id) {
  Socket* socket = find(id);
  return socket == nullptr ? Unreachable::kNone : std::exchange(socket->error, Unreachable::kNone);
}

// --- out -------------------------------------------------------------------------------------------------------------

Result<void, UdpSendError> UdpLayer::check(TimePoint now, const Socket& socket, const Endpoint& to,
                                           std::size_t bytes) const {
  if (to.port == 0) return Failure{UdpSendError::kNoDestination};
  if (!socket.config.broadcast && network_.is_group(to.address) && !to.address.is_multicast()) {
    return Failure{UdpSendError::kNotPermitted};
  }
  if (bytes + headers_bytes(to.address.is_ipv4()) > network_.path_mtu(now, to.address)) {
    return Failure{UdpSendError::kTooLong};
  }
  return {};
}

Result<void, UdpSendError> UdpLayer::send(TimePoint now, UdpSocketId id, const std::optional<Endpoint>& to,
                                          std::span<const std::uint8_t> payload) {
  Socket* socket = find(id);
  if (socket == nullptr || (!to && !socket->remote)) return Failure{UdpSendError::kNoDestination};
  if (to && socket->remote && *to != *socket->remote) return Failure{UdpSendError::kOtherPeer};
  const Endpoint& target = to ? *to : *socket->remote;
  const auto source = source_for(*socket, target.address);
  if (!source) return Failure{target.port == 0 ? UdpSendError::kNoDestination : UdpSendError::kNoRoute};
  if (auto checked = check(now, *socket, target, payload.size()); !checked) return checked;
  const std::size_t headers = ip_headers_bytes(network_.interface(), source->is_ipv4()) + wire::kUdpHeaderBytes;
  if (socket->queued_bytes + headers + payload.size() > socket->config.send_queue_bytes) {
    return Failure{UdpSendError::kQueueFull};
  }
  output_.push_back({id, target, make_frame(*socket, *source, target, payload)});
  socket->queued_bytes += output_.back().frame.bytes.size();
  ++socket->counts.datagrams_out;
  socket->counts.bytes_out += payload.size();
  return {};
}

void UdpLayer::pass_one(TimePoint now) {
  Waiting waiting = std::move(output_.front());
  output_.pop_front();
  if (Socket* socket = find(waiting.socket)) socket->queued_bytes -= waiting.frame.bytes.size();
  ++network_.counters().udp_out;
  network_.send(now, waiting.to.address, std::move(waiting.frame));
}

std::optional<IpAddress> UdpLayer::source_for(const Socket& socket, const IpAddress& to) const {
  if (!network_.next_hop(to)) return std::nullopt;
  if (!is_any(socket.local.address)) {
    const bool same = socket.local.address.is_ipv4() == to.is_ipv4();
    return same && network_.owns(socket.local.address) ? std::optional(socket.local.address) : std::nullopt;
  }
  const auto source = network_.source_for(to);
  // RFC 1122 3.2.1.3 (a): a host that is about to learn its address speaks to all without one.
  if (!source && to.is_ipv4() && network_.is_group(to)) return IpAddress(Ipv4Address());
  return source;
}

TxFrame UdpLayer::make_frame(const Socket& socket, const IpAddress& source, const Endpoint& to,
                             std::span<const std::uint8_t> payload) {
  const std::size_t l4_bytes = wire::kUdpHeaderBytes + payload.size();
  IpHeader header = network_.header_of(source, to.address, wire::kIpProtocolUdp);
  if (to.address.is_multicast()) header.ttl = socket.config.multicast_ttl;
  TxFrame frame = network_.make_frame(MacAddress(), header, l4_bytes, wire::kUdpChecksum, true);
  frame.udp_zero = true;
  std::uint8_t* at = frame.bytes.data() + frame.l4_offset;
  store_be16(at + wire::kUdpSourcePort, socket.local.port);
  store_be16(at + wire::kUdpDestinationPort, to.port);
  store_be16(at + wire::kUdpLength, static_cast<std::uint16_t>(l4_bytes));
  std::copy(payload.begin(), payload.end(), at + wire::kUdpHeaderBytes);
  return frame;
}

// --- queries ---------------------------------------------------------------------------------------------------------

tcp::Endpoint UdpLayer::local(UdpSocketId id) const {
  const Socket* socket = find(id);
  return socket == nullptr ? Endpoint{} : socket->local;
}

std::optional<tcp::Endpoint> UdpLayer::remote(UdpSocketId id) const {
  const Socket* socket = find(id);
  return socket == nullptr ? std::nullopt : socket->remote;
}

std::optional<std::size_t> UdpLayer::front_bytes(UdpSocketId id) const {
  const Socket* socket = find(id);
  return socket == nullptr ? std::nullopt : socket->queue.front_bytes();
}

std::size_t UdpLayer::received_bytes(UdpSocketId id) const {
  const Socket* socket = find(id);
  return socket == nullptr ? 0 : socket->queue.used_bytes();
}

std::size_t UdpLayer::queued_bytes(UdpSocketId id) const {
  const Socket* socket = find(id);
  return socket == nullptr ? 0 : socket->queued_bytes;
}

bool UdpLayer::writable(UdpSocketId id) const {
  const Socket* socket = find(id);
  if (socket == nullptr) return true;  // the call will say why it cannot
  const std::size_t longest = network_.interface().link_header_bytes() + network_.config().mtu;
  return socket->queued_bytes == 0 || socket->queued_bytes + longest <= socket->config.send_queue_bytes;
}

Unreachable UdpLayer::error(UdpSocketId id) const {
  const Socket* socket = find(id);
  return socket == nullptr ? Unreachable::kNone : socket->error;
}

UdpCounts UdpLayer::counts(UdpSocketId id) const {
  const Socket* socket = find(id);
  return socket == nullptr ? UdpCounts{} : socket->counts;
}

}  // namespace sockwire::stack
