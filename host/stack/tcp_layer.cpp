// SPDX-License-Identifier: Apache-2.0
// The table of connections and listeners, and the application's side. Segments in: tcp_input.cpp; out: tcp_output.cpp.
#include "host/stack/tcp_layer.hpp"

#include <algorithm>

#include "hls/wire/ipv4.hpp"
#include "hls/wire/ipv6.hpp"
#include "hls/wire/tcp.hpp"
#include "host/base/byte_order.hpp"

namespace sockwire::stack {

namespace {
/// A connection on which nothing has happened for so long gives back what it does without.
constexpr Duration kRestAfter = std::chrono::seconds(5);
}  // namespace

TcpLayer::TcpLayer(Network& network)
    : network_(network),
      isns_(network.config().secret),
      cookies_(network.config().secret),
      ports_(network.config().secret),
      tuple_seed_(std::uint64_t{load_le32(network.config().secret.data() + 8)} << 32 |
                  load_le32(network.config().secret.data() + 12)) {}

std::size_t TcpLayer::hash_of(ConnectionId id) { return (id * 0x9e3779b97f4a7c15u) >> 32; }  // Knuth's golden ratio

std::size_t TcpLayer::hash_of(const Endpoint& local, const Endpoint& remote) const {
  const std::uint64_t ports = std::uint64_t{remote.port} << 16 | local.port;
  const std::size_t first = IpAddressHash{tuple_seed_ ^ ports}(local.address);
  return IpAddressHash{first}(remote.address);
}

TcpLayer::Index TcpLayer::index_of(ConnectionId id) const {
  return by_id_.find(hash_of(id), [&](Index index) { return records_[index].id == id; });
}

TcpLayer::Index TcpLayer::index_of(const Endpoint& local, const Endpoint& remote) const {
  return by_tuple_.find(hash_of(local, remote), [&](Index index) {
    return records_[index].remote() == remote && records_[index].local() == local;
  });
}

TcpLayer::Record* TcpLayer::find(ConnectionId id) {
  const Index index = index_of(id);
  return index == kNone ? nullptr : &records_[index];
}

const TcpLayer::Record* TcpLayer::find(ConnectionId id) const {
  const Index index = index_of(id);
  return index == kNone ? nullptr : &records_[index];
}

std::uint16_t TcpLayer::mss_of(std::uint16_t mtu, bool ipv4) {
  const int headers = (ipv4 ? wire::kIpv4MinHeaderBytes : wire::kIpv6HeaderBytes) + wire::kTcpMinHeaderBytes;
  return static_cast<std::uint16_t>(mtu - headers);
}

/// RFC 6691, RFC 9293 3.7.1: we take what the link takes, whatever the path does.
std::uint16_t TcpLayer::own_mss(bool ipv4) const { return mss_of(network_.interface().mtu(ipv4), ipv4); }

/// What ICMP has told of the path before.
void TcpLayer::apply_path_mtu(TimePoint now, Record& record) {
  const IpAddress& remote = record.remote().address;
  const std::uint16_t mtu = network_.path_mtu(now, remote);
  if (mtu < network_.interface().mtu(remote.is_ipv4())) {
    record.connection->on_path_mss(now, mss_of(mtu, remote.is_ipv4()));
  }
}

TcpLayer::Index TcpLayer::add(std::unique_ptr<tcp::Connection> connection, const IpAddress& hop) {
  const Index index = records_.take();
  Record& record = records_[index];
  record.id = ++last_connection_;
  record.connection = std::move(connection);
  record.hop = hop;
  record.released = record.connection->snd_una();
  by_id_.insert(index, [this](Index at) { return hash_of(records_[at].id); });
  by_tuple_.insert(index, [this](Index at) { return hash_of(records_[at].local(), records_[at].remote()); });
  ++local_ports_[record.local().port];
  return index;
}

void TcpLayer::take_out_of_table(Index index) {
  Record& record = records_[index];
  if (!record.in_table) return;
  record.in_table = false;
  by_tuple_.erase(index, [this](Index at) { return hash_of(records_[at].local(), records_[at].remote()); });
  const auto port = local_ports_.find(record.local().port);
  if (--port->second == 0) local_ports_.erase(port);
}

void TcpLayer::erase(Index index) {
  take_out_of_table(index);
  timers_.disarm(index);
  by_id_.erase(index, [this](Index at) { return hash_of(records_[at].id); });
  records_.give_back(index);
}

void TcpLayer::make_ready(Record& record) {
  if (record.is_ready) return;
  record.is_ready = true;
  ready_.push_back(record.id);
}

void TcpLayer::touch(TimePoint now, Index index) {
  make_ready(records_[index]);
  touch_written(now, index);
}

// While the card is full of what came before, more of it need not be looked at: on_sent() and on_room() do.
void TcpLayer::touch_written(TimePoint now, Index index) {
  Record& record = records_[index];
  take_events(now, record);
  record.rest_at = now + kRestAfter;
  disturb(index);
  if (!record.starved || !record.no_room) make_ready(record);
}

void TcpLayer::disturb(Index index) {
  if (records_[index].unarmed) return;
  records_[index].unarmed = true;
  unarmed_.push_back(index);
}

void TcpLayer::arm_timers() {
  for (const Index index : unarmed_) {
    Record& record = records_[index];
    if (!record.unarmed) continue;  // the row was given back since
    record.unarmed = false;
    timers_.arm(index, deadline_of(record));
  }
  unarmed_.clear();
}

TimePoint TcpLayer::next_deadline() const {
  TimePoint next = std::min(timers_.next_deadline(), starved_turn_at_);
  for (const Index index : unarmed_) {
    if (records_[index].unarmed) next = std::min(next, deadline_of(records_[index]));
  }
  return next;
}

TimePoint TcpLayer::deadline_of(const Record& record) const {
  return std::min(record.connection->next_deadline(), record.rest_at);
}

/// One attempt after each thing that happened: a connection with unread data stays awake for good.
void TcpLayer::put_to_rest(TimePoint now, Record& record) {
  record.rest_at = kNever;
  if (record.holds() || record.is_ready || !record.connection->rest(now)) return;
  record.handed.reset();
  record.card_knows = false;
  close_on_card(record);
}

void TcpLayer::close_on_card(Record& record) {
  if (!record.card_told) closes_.push_back({record.id});
  record.card_told = true;
}

void TcpLayer::take_events(TimePoint now, Record& record) {
  while (const auto event = record.connection->poll_event()) {
    if (*event == tcp::Event::kConnected) apply_path_mtu(now, record);
    const auto listening = record.listener != 0 ? listeners_.find(record.listener) : listeners_.end();
    if (listening != listeners_.end()) {
      if (*event == tcp::Event::kConnected) {
        record.was_connected = true;
        listening->second.listener.on_connected(record.id);
        ++network_.counters().tcp_connections_accepted;
      } else if (*event == tcp::Event::kClosed) {
        listening->second.listener.on_closed(record.id, record.was_connected);
        record.listener = 0;
      }
    }
    if (*event == tcp::Event::kTroubled) network_.doubt(record.hop);
    const bool may_pass = *event == tcp::Event::kTroubled || *event == tcp::Event::kSoftError;
    if (may_pass && !record.connection->error_reports()) continue;
    if (record.owned) events_.push_back({record.id, *event});
  }
}

void TcpLayer::erase_if_over(Index index) {
  Record& record = records_[index];
  if (!record.connection->is_closed() || record.holds()) return;
  take_out_of_table(index);
  close_on_card(record);
  if (!record.owned) erase(index);
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
      return index_of(end, remote) != kNone || listener_at(end) != 0;
    });
    if (!port) return Failure{OpenError::kNoPorts};
    local.port = *port;
  }
  if (index_of(local, remote) != kNone) return Failure{OpenError::kAddressInUse};
  config.mss = std::min(config.mss, own_mss(local.address.is_ipv4()));
  config.receive_budget = receive_budget_.get();
  const Index index = add(tcp::Connection::connect(configs_.share(config), isns_.timestamp_offset(local, remote), local,
                                                   remote, isns_.iss(local, remote, now), now),
                          *hop);
  records_[index].owned = true;
  ++network_.counters().tcp_connections_opened;
  touch(now, index);
  return records_[index].id;
}

std::optional<std::uint16_t> TcpLayer::free_port(const IpAddress& local,
                                                 const std::function<bool(std::uint16_t)>& taken) {
  return ports_.choose(local, {}, [&](std::uint16_t candidate) { return port_in_use(candidate) || taken(candidate); });
}

Result<ListenerId, OpenError> TcpLayer::listen(tcp::Config config, Endpoint local, std::size_t backlog) {
  const bool any = local.address.is_unspecified();
  if (!any && !network_.owns(local.address)) return Failure{OpenError::kAddressNotLocal};
  if (local.port == 0) {
    const auto port = ports_.choose(local.address, {}, [&](std::uint16_t candidate) { return port_in_use(candidate); });
    if (!port) return Failure{OpenError::kNoPorts};
    local.port = *port;
  }
  if (listens_to_some_of(local)) return Failure{OpenError::kAddressInUse};
  config.receive_budget = receive_budget_.get();
  const ListenerId id = ++last_listener_;
  listeners_.emplace(id, ListenerRecord{tcp::Listener(config, local, backlog, &cookies_)});
  listeners_at_port_[local.port].push_back(id);
  return id;
}

/// Whether what comes to `local` may have a listener already.
bool TcpLayer::listens_to_some_of(const Endpoint& local) const {
  const auto at_port = listeners_at_port_.find(local.port);
  if (at_port == listeners_at_port_.end()) return false;
  return std::any_of(at_port->second.begin(), at_port->second.end(), [&](ListenerId id) {
    const IpAddress& other = listeners_.at(id).listener.local().address;
    return local.address.is_unspecified() || other.is_unspecified() || other == local.address;
  });
}

/// Who listens at an address of ours: "::" takes those of both versions, 0.0.0.0 those of IPv4. 0: nobody.
ListenerId TcpLayer::listener_at(const Endpoint& local) const {
  const auto at_port = listeners_at_port_.find(local.port);
  if (at_port == listeners_at_port_.end()) return 0;
  const auto found = std::find_if(at_port->second.begin(), at_port->second.end(), [&](ListenerId id) {
    const IpAddress& own = listeners_.at(id).listener.local().address;
    return own == local.address || own == IpAddress() || (own.is_unspecified() && local.address.is_ipv4());
  });
  return found == at_port->second.end() ? 0 : *found;
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
  const auto closing = listeners_.find(id);
  if (closing == listeners_.end()) return;
  const auto at_port = listeners_at_port_.find(closing->second.listener.local().port);
  std::erase(at_port->second, id);
  if (at_port->second.empty()) listeners_at_port_.erase(at_port);
  listeners_.erase(closing);
  for_each_record([&](Index index, Record& record) {
    if (record.listener != id) return;
    record.listener = 0;
    record.connection->abort(now);
    touch(now, index);
  });
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
  const Index index = index_of(id);
  if (index == kNone) return 0;
  const std::size_t taken = records_[index].connection->send(now, data);
  touch_written(now, index);
  return taken;
}

bool TcpLayer::send_zero_copy(TimePoint now, ConnectionId id, std::span<const std::uint8_t> data, std::uint64_t token) {
  const Index index = index_of(id);
  if (index == kNone) return false;
  const bool taken = records_[index].connection->send_zero_copy(now, data, token);
  touch_written(now, index);
  return taken;
}

std::optional<std::uint64_t> TcpLayer::take_completion(ConnectionId id) {
  Record* record = find(id);
  return record == nullptr ? std::nullopt : record->connection->take_completion();
}

std::size_t TcpLayer::recv(TimePoint now, ConnectionId id, std::span<std::uint8_t> out) {
  const Index index = index_of(id);
  if (index == kNone) return 0;
  const std::size_t taken = records_[index].connection->recv(now, out);
  touch(now, index);
  return taken;
}

void TcpLayer::shutdown_write(TimePoint now, ConnectionId id) {
  const Index index = index_of(id);
  if (index == kNone) return;
  records_[index].connection->shutdown_write(now);
  touch(now, index);
}

void TcpLayer::close(TimePoint now, ConnectionId id) {
  const Index index = index_of(id);
  if (index == kNone) return;
  records_[index].owned = false;
  records_[index].connection->close(now);
  touch(now, index);
}

void TcpLayer::abort(TimePoint now, ConnectionId id) {
  const Index index = index_of(id);
  if (index == kNone) return;
  records_[index].owned = false;
  records_[index].connection->abort(now);
  touch(now, index);
}

std::size_t TcpLayer::peek(ConnectionId id, std::span<std::uint8_t> out) const {
  const Record* record = find(id);
  return record == nullptr ? 0 : record->connection->peek(out);
}

Unreachable TcpLayer::unreachable(ConnectionId id) const {
  const Record* record = find(id);
  return record == nullptr ? Unreachable::kNone : record->unreachable;
}

bool TcpLayer::port_in_use(std::uint16_t port) const {
  return listeners_at_port_.contains(port) || local_ports_.contains(port);
}

void TcpLayer::for_each(const std::function<void(ConnectionId, const tcp::Connection&, bool owned)>& visit) const {
  std::vector<ConnectionId> ids;
  for (Index index = 0; index < records_.limit(); ++index) {
    if (records_[index].id != kNoConnection) ids.push_back(records_[index].id);
  }
  std::sort(ids.begin(), ids.end());
  for (const ConnectionId id : ids) visit(id, *find(id)->connection, find(id)->owned);
}

std::size_t TcpLayer::copy_payload(ConnectionId id, SeqNum seq, std::span<std::uint8_t> out) const {
  const Record* record = find(id);
  return record == nullptr ? 0 : record->connection->copy_payload(seq, out);
}

std::optional<TcpEvent> TcpLayer::poll_event() {
  if (events_.empty()) return std::nullopt;
  const TcpEvent event = events_.front();
  events_.pop_front();
  return event;
}

}  // namespace sockwire::stack
