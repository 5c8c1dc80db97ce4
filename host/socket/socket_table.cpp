// SPDX-License-Identifier: Apache-2.0
#include "host/socket/socket_table.hpp"

namespace sockwire {

std::optional<int> SocketTable::add() {
  // The table may have become shorter since they were freed.
  if (!free_.empty() && free_.top() >= rows_.size()) free_ = {};
  const std::size_t free = free_.empty() ? rows_.size() : free_.top();
  if (free >= max_rows_) return std::nullopt;
  if (free == rows_.size()) {
    rows_.emplace_back();
  } else {
    free_.pop();
  }
  rows_[free] = std::make_unique<SocketState>();
  return static_cast<int>(free);
}

void SocketTable::remove(int descriptor) {
  const SocketState* row = find(descriptor);
  if (row == nullptr) return;
  by_connection_.erase(row->connection);
  if (row->role != SocketRole::kDatagram && row->bound.port != 0) bound_ports_.erase(row->bound.port);
  rows_[static_cast<std::size_t>(descriptor)].reset();
  free_.push(static_cast<std::size_t>(descriptor));
  while (!rows_.empty() && rows_.back() == nullptr) rows_.pop_back();
}

SocketState* SocketTable::find(int descriptor) {
  if (descriptor < 0 || descriptor >= limit()) return nullptr;
  return rows_[static_cast<std::size_t>(descriptor)].get();
}

const SocketState* SocketTable::find(int descriptor) const {
  if (descriptor < 0 || descriptor >= limit()) return nullptr;
  return rows_[static_cast<std::size_t>(descriptor)].get();
}

void SocketTable::bind_local(int descriptor, const Endpoint& local) {
  SocketState* row = find(descriptor);
  if (row == nullptr) return;
  row->bound = row->local = local;
  if (local.port != 0) bound_ports_.insert(local.port);
}

void SocketTable::bind_connection(int descriptor, stack::ConnectionId connection) {
  SocketState* row = find(descriptor);
  if (row == nullptr) return;
  by_connection_.erase(row->connection);
  row->connection = connection;
  if (connection != stack::kNoConnection) by_connection_[connection] = descriptor;
}

SocketState* SocketTable::find_connection(stack::ConnectionId connection) { return find(descriptor_of(connection)); }

int SocketTable::descriptor_of(stack::ConnectionId connection) const {
  const auto found = by_connection_.find(connection);
  return found == by_connection_.end() ? -1 : found->second;
}

}  // namespace sockwire
