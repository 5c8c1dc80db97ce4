// SPDX-License-Identifier: Apache-2.0
// The table of connections and listeners, and the application's side. Segments in: tcp_input.cpp; out: tcp_output.cpp.
#include "host/stack/tcp_layer.hpp"

#include <algorithm>

#include "hls/wire/ipv4.hpp"
#include "hls/wire/ipv6.hpp"
#include "hls/wire/tcp.hpp"
#include "host/base/byte_order.hpp"

namespace sockwire::stack {

TcpLayer::TcpLayer(Network& network)
    : network_(network),
      isns_(network.config().secret),
      ports_(network.config().secret),
      table_(16, TupleHash{std::uint64_t{load_le32(network.config().secret.data() + 8)} << 32 |
                           load_le32(network.config().secret.data() + 12)}) {}

std::size_t TcpLayer::TupleHash::operator()(const Tuple& tuple) const {
  const std::uint64_t ports = std::uint64_t{tuple.remote.port} << 16 | tuple.local.port;
  const std::size_t local = IpAddressHash{seed ^ ports}(tuple.local.address);
  return IpAddressHash{local}(tuple.remote.address);
}

TcpLayer::Record* TcpLayer::find(ConnectionId id) {
  const auto found = records_.find(id);
  return found == records_.end() ? nullptr : &found->second;
}

const TcpLayer::Record* TcpLayer::find(ConnectionId id) const {
  const auto found = records_.find(id);
  return found == records_.end() ? nullptr : &found->second;
}

std::uint16_t TcpLayer::mss_of(std::uint16_t mtu, bool ipv4) {
  const int headers = (ipv4 ? wire::kIpv4MinHeaderBytes : wire::kIpv6HeaderBytes) + wire::kTcpMinHeaderBytes;
  return static_cast<std::uint16_t>(mtu - headers);
}

/// RFC 6691, RFC 9293 3.7.1: we take what the link takes, whatever the path does.
std::uint16_t TcpLayer::own_mss(bool ipv4) const { return mss_of(network_.interface().mtu(ipv4), ipv4); }

/// What ICMP has told of the path before.
void TcpLayer::apply_path_mtu(TimePoint now, Record& record) {
  const IpAddress& remote = record.tuple.remote.address;
  const std::uint16_t mtu = network_.path_mtu(now, remote);
  if (mtu < network_.interface().mtu(remote.is_ipv4())) {
    record.connection->on_path_mss(now, mss_of(mtu, remote.is_ipv4()));
  }
}

ConnectionId TcpLayer::add(std::unique_ptr<tcp::Connection> connection, const Tuple& tuple, const IpAddress& hop) {
  const ConnectionId id = ++last_connection_;
  Record& record = records_[id];
  record.connection = std::move(connection);
  record.tuple = tuple;
  record.hop = hop;
  record.released = record.connection->snd_una();
  table_[tuple] = id;
  return id;
}

void TcpLayer::make_ready(ConnectionId id, Record& record) {
  if (record.is_ready) return;
  record.is_ready = true;
  ready_.push_back(id);
}

void TcpLayer::touch(TimePoint now, ConnectionId id, Record& record) {
  take_events(now, id, record);
  timers_.arm(id, record.connection->next_deadline(), record.armed);
  make_ready(id, record);
}

void TcpLayer::take_events(TimePoint now, ConnectionId id, Record& record) {
  while (const auto event = record.connection->poll_event()) {
    if (*event == tcp::Event::kConnected) apply_path_mtu(now, record);
    const auto listening = listeners_.find(record.listener);
    if (listening != listeners_.end()) {
      if (*event == tcp::Event::kConnected) {
        record.was_connected = true;
        listening->second.listener.on_connected(id);
        ++network_.counters().tcp_connections_accepted;
      } else if (*event == tcp::Event::kClosed) {
        listening->second.listener.on_closed(id, record.was_connected);
        record.listener = 0;
      }
    }
    if (*event == tcp::Event::kTroubled) network_.doubt(record.hop);
    const bool may_pass = *event == tcp::Event::kTroubled || *event == tcp::Event::kSoftError;
    if (may_pass && !record.connection->error_reports()) continue;
    if (record.owned) events_.push_back({id, *event});
  }
}

void TcpLayer::erase_if_over(ConnectionId id) {
  Record* record = find(id);
  if (record == nullptr || !record->connection->is_closed() || record->held) return;
  if (record->in_table) table_.erase(record->tuple);
  record->in_table = false;
  if (!record->card_told) closes_.push_back({id});
  record->card_told = true;
  if (!record->owned) records_.erase(id);
}

Result<ConnectionId, OpenError> TcpLayer::connect(TimePoint now, tcp::Config config, Endpoint local,
                                                  const Endpoint& remote) {
  if (network_.is_group(remote.address)) return Failure{OpenError::kGroupAddress};
  if (remote.port == 0) return Failure{OpenError::kInvalidPort};
  const auto hop = network_.next_hop(remote.address);
  const bool any = local.address.is_unspecified();
  if (!any && !network_.owns(local.address)) return Failure{OpenError::kAddressNotLocal};
  const auto source = any ? network_.source_for(remote.address) : local.address;
  if (!hop || !source || source->is_ipv4() != remote.address.is_ipv4()) {
    ++network_.counters().no_route;
    return Failure{OpenError::kNoRoute};
  }
  local.address = *source;
  if (local.port == 0) {
    const auto port = ports_.choose(local.address, remote, [&](std::uint16_t candidate) {
      const Endpoint end{local.address, candidate};
      return table_.contains({end, remote}) || listener_at(end) != listeners_.end();
    });
    if (!port) return Failure{OpenError::kNoPorts};
    local.port = *port;
  }
  const Tuple tuple{local, remote};
  if (table_.contains(tuple)) return Failure{OpenError::kAddressInUse};
  config.mss = std::min(config.mss, own_mss(local.address.is_ipv4()));
  config.timestamp_offset = isns_.timestamp_offset(local, remote);
  const ConnectionId id =
      add(tcp::Connection::connect(config, local, remote, isns_.iss(local, remote, now), now), tuple, *hop);
  Record& record = *find(id);
  record.owned = true;
  ++network_.counters().tcp_connections_opened;
  touch(now, id, record);
  return id;
}

Result<ListenerId, OpenError> TcpLayer::listen(tcp::Config config, Endpoint local, std::size_t backlog) {
  const bool any = local.address.is_unspecified();
  if (!any && !network_.owns(local.address)) return Failure{OpenError::kAddressNotLocal};
  if (local.port == 0) {
    const auto port = ports_.choose(local.address, {}, [&](std::uint16_t candidate) { return port_in_use(candidate); });
    if (!port) return Failure{OpenError::kNoPorts};
    local.port = *port;
  }
  const bool taken = std::any_of(listeners_.begin(), listeners_.end(), [&](const auto& item) {
    const Endpoint& other = item.second.listener.local();
    return other.port == local.port && (any || other.address.is_unspecified() || other.address == local.address);
  });
  if (taken) return Failure{OpenError::kAddressInUse};
  const ListenerId id = ++last_listener_;
  listeners_.emplace(id, ListenerRecord{tcp::Listener(config, local, std::max<std::size_t>(backlog, 1))});
  return id;
}

/// Who listens at an address of ours: "::" takes those of both versions, 0.0.0.0 those of IPv4.
TcpLayer::Listeners::iterator TcpLayer::listener_at(const Endpoint& local) {
  return std::find_if(listeners_.begin(), listeners_.end(), [&](const auto& item) {
    const Endpoint& own = item.second.listener.local();
    if (own.port != local.port) return false;
    return own.address == local.address || own.address == IpAddress() ||
           (own.address.is_unspecified() && local.address.is_ipv4());
  });
}

std::optional<ConnectionId> TcpLayer::accept(ListenerId id) {
  const auto listening = listeners_.find(id);
  if (listening == listeners_.end()) return std::nullopt;
  const auto accepted = listening->second.listener.accept();
  if (!accepted) return std::nullopt;
  const auto connection = static_cast<ConnectionId>(*accepted);
  Record* record = find(connection);
  if (record == nullptr) return std::nullopt;
  record->listener = 0;
  record->owned = true;
  return connection;
}

void TcpLayer::close_listener(TimePoint now, ListenerId id) {
  if (listeners_.erase(id) == 0) return;
  for (auto& [connection, record] : records_) {
    if (record.listener != id) continue;
    record.listener = 0;
    record.connection->abort(now);
    touch(now, connection, record);
  }
}

const tcp::Listener* TcpLayer::listener(ListenerId id) const {
  const auto found = listeners_.find(id);
  return found == listeners_.end() ? nullptr : &found->second.listener;
}

const tcp::Connection* TcpLayer::connection(ConnectionId id) const {
  const Record* record = find(id);
  return record == nullptr ? nullptr : record->connection.get();
}

std::size_t TcpLayer::send(TimePoint now, ConnectionId id, std::span<const std::uint8_t> data) {
  Record* record = find(id);
  if (record == nullptr) return 0;
  const std::size_t taken = record->connection->send(now, data);
  touch(now, id, *record);
  return taken;
}

std::size_t TcpLayer::recv(TimePoint now, ConnectionId id, std::span<std::uint8_t> out) {
  Record* record = find(id);
  if (record == nullptr) return 0;
  const std::size_t taken = record->connection->recv(now, out);
  touch(now, id, *record);
  return taken;
}

void TcpLayer::set_nodelay(TimePoint now, ConnectionId id, bool nodelay) {
  Record* record = find(id);
  if (record == nullptr) return;
  record->connection->set_nodelay(now, nodelay);
  touch(now, id, *record);
}

void TcpLayer::set_dscp(ConnectionId id, std::uint8_t dscp) {
  if (Record* record = find(id)) record->connection->set_dscp(dscp);
}

void TcpLayer::shutdown_write(TimePoint now, ConnectionId id) {
  Record* record = find(id);
  if (record == nullptr) return;
  record->connection->shutdown_write(now);
  touch(now, id, *record);
}

void TcpLayer::close(TimePoint now, ConnectionId id) {
  Record* record = find(id);
  if (record == nullptr) return;
  record->owned = false;
  record->connection->close(now);
  touch(now, id, *record);
}

void TcpLayer::abort(TimePoint now, ConnectionId id) {
  Record* record = find(id);
  if (record == nullptr) return;
  record->owned = false;
  record->connection->abort(now);
  touch(now, id, *record);
}

Unreachable TcpLayer::unreachable(ConnectionId id) const {
  const Record* record = find(id);
  return record == nullptr ? Unreachable::kNone : record->unreachable;
}

bool TcpLayer::port_in_use(std::uint16_t port) const {
  return std::any_of(listeners_.begin(), listeners_.end(),
                     [&](const auto& item) { return item.second.listener.local().port == port; }) ||
         std::any_of(table_.begin(), table_.end(), [&](const auto& item) { return item.first.local.port == port; });
}

void TcpLayer::for_each(const std::function<void(ConnectionId, const tcp::Connection&, bool owned)>& visit) const {
  std::vector<ConnectionId> ids;
  for (const auto& item : records_) ids.push_back(item.first);
  std::sort(ids.begin(), ids.end());
  for (const ConnectionId id : ids) visit(id, *find(id)->connection, find(id)->owned);
}

tcp::Connection::Spans TcpLayer::payload(ConnectionId id, SeqNum seq, std::size_t bytes) const {
  const Record* record = find(id);
  return record == nullptr ? tcp::Connection::Spans{} : record->connection->payload(seq, bytes);
}

std::optional<TcpEvent> TcpLayer::poll_event() {
  if (events_.empty()) return std::nullopt;
  const TcpEvent event = events_.front();
  events_.pop_front();
  return event;
}

}  // namespace sockwire::stack
