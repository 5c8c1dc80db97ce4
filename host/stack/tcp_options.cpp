// SPDX-License-Identifier: Apache-2.0
// What can be set on a connection that is there. Of one that is over, these do nothing.
#include "host/stack/tcp_layer.hpp"

namespace sockwire::stack {

template <typename Change>
void TcpLayer::change(TimePoint now, ConnectionId id, Change change) {
  const Index index = index_of(id);
  if (index == kNone) return;
  change(*records_[index].connection);
  touch(now, index);
}

void TcpLayer::set_nodelay(TimePoint now, ConnectionId id, bool nodelay) {
  change(now, id, [&](tcp::Connection& connection) { connection.set_nodelay(now, nodelay); });
}

void TcpLayer::set_cork(TimePoint now, ConnectionId id, bool cork) {
  change(now, id, [&](tcp::Connection& connection) { connection.set_cork(now, cork); });
}

void TcpLayer::set_keepalive(TimePoint now, ConnectionId id, const tcp::KeepaliveConfig& keepalive) {
  change(now, id, [&](tcp::Connection& connection) { connection.set_keepalive(now, keepalive); });
}

void TcpLayer::set_user_timeout(TimePoint now, ConnectionId id, Duration timeout) {
  change(now, id, [&](tcp::Connection& connection) { connection.set_user_timeout(now, timeout); });
}

void TcpLayer::set_dscp(ConnectionId id, std::uint8_t dscp) {
  if (Record* record = find(id)) record->connection->set_dscp(dscp);
}

void TcpLayer::set_quick_acks(ConnectionId id, unsigned segments) {
  if (Record* record = find(id)) record->connection->set_quick_acks(segments);
}

}  // namespace sockwire::stack
