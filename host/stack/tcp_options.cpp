// SPDX-License-Identifier: Apache-2.0
// What can be set on a connection that is there. Of one that is over, these do nothing.
#include "host/stack/tcp_layer.hpp"

namespace sockwire::stack {

void TcpLayer::set_nodelay(TimePoint now, ConnectionId id, bool nodelay) {
  const Index index = index_of(id);
  if (index == kNone) return;
  records_[index].connection->set_nodelay(now, nodelay);
  touch(now, index);
}

void TcpLayer::set_cork(TimePoint now, ConnectionId id, bool cork) {
  const Index index = index_of(id);
  if (index == kNone) return;
  records_[index].connection->set_cork(now, cork);
  touch(now, index);
}

void TcpLayer::set_dscp(ConnectionId id, std::uint8_t dscp) {
  if (Record* record = find(id)) record->connection->set_dscp(dscp);
}

void TcpLayer::set_quick_acks(ConnectionId id, unsigned segments) {
  Record* record = find(id);
  if (record != nullptr) record->connection->set_quick_acks(segments);
}

void TcpLayer::set_keepalive(TimePoint now, ConnectionId id, const tcp::KeepaliveConfig& keepalive) {
  const Index index = index_of(id);
  if (index == kNone) return;
  records_[index].connection->set_keepalive(now, keepalive);
  touch(now, index);
}

void TcpLayer::set_user_timeout(TimePoint now, ConnectionId id, Duration timeout) {
  const Index index = index_of(id);
  if (index == kNone) return;
  records_[index].connection->set_user_timeout(now, timeout);
  touch(now, index);
}

}  // namespace sockwire::stack
