// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/listener.hpp"

#include <algorithm>
#include <cassert>

namespace sockwire::tcp {

Listener::Listener(const Config& config, const Endpoint& local, std::size_t backlog)
    : config_(config), local_(local), backlog_(std::max<std::size_t>(backlog, 1)) {}

Listener::Answer Listener::on_segment(TimePoint now, const Segment& segment, const Endpoint& local,
                                      const Endpoint& remote, SeqNum iss, std::uint32_t timestamp_offset,
                                      std::uint16_t max_mss) {
  Answer answer;
  if (segment.rst()) {
    ++counters_.stray_reset;
  } else if (segment.has_ack()) {
    ++counters_.stray_ack;
    answer.reset = reset_for(segment);
  } else if (!segment.syn()) {
    ++counters_.not_a_syn;
  } else if (half_open_ + ready_.size() >= backlog_) {
    ++counters_.backlog_full;
  } else {
    Config config = config_;
    config.mss = std::min(config.mss, max_mss);
    answer.connection = Connection::accept(configs_.share(config), timestamp_offset, local, remote, iss, segment, now);
    ++half_open_;
  }
  return answer;
}

void Listener::on_connected(Id id) {
  assert(half_open_ > 0);
  --half_open_;
  ready_.push_back(id);
  ++counters_.accepted;
}

void Listener::on_closed(Id id, bool connected) {
  if (connected) {
    // One that the peer has closed again is still accepted: it may have sent data. The caller removes it only
    // when it was reset.
    std::erase(ready_, id);
  } else {
    assert(half_open_ > 0);
    --half_open_;
    ++counters_.failed;
  }
}

std::optional<Listener::Id> Listener::accept() {
  if (ready_.empty()) return std::nullopt;
  const Id id = ready_.front();
  ready_.pop_front();
  return id;
}

}  // namespace sockwire::tcp
