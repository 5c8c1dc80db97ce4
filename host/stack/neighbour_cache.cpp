// SPDX-License-Identifier: Apache-2.0
#include "host/stack/neighbour_cache.hpp"

#include <algorithm>
#include <utility>

#include "hls/wire/ethernet.hpp"

namespace sockwire::stack {

NeighbourCache::Entry& NeighbourCache::insert(TimePoint now, const IpAddress& address) {
  if (entries_.size() >= std::max<std::size_t>(config_.max_entries, 1)) {
    ++counters_.neighbour_evicted;
    const auto rank = [](const auto& item) { return std::pair(item.second.wanted, item.second.used); };
    erase(std::min_element(entries_.begin(), entries_.end(),
                           [&](const auto& a, const auto& b) { return rank(a) < rank(b); }),
          true);
  }
  Entry& entry = entries_[address];
  entry.used = ++uses_;
  entry.confirmed = now;
  return entry;
}

void NeighbourCache::erase(Entries::iterator entry, bool failed) {
  counters_.neighbour_queue_dropped += entry->second.queue.size();
  if (failed) outcomes_.push_back({entry->first, false});
  entries_.erase(entry);
  find_deadline();
}

std::optional<MacAddress> NeighbourCache::lookup(TimePoint now, const IpAddress& neighbour) {
  auto found = entries_.find(neighbour);
  if (found != entries_.end() && found->second.state != NeighbourState::kIncomplete &&
      now - found->second.confirmed >= config_.forget) {
    erase(found, false);
    found = entries_.end();
  }
  if (found == entries_.end()) {
    Entry& entry = insert(now, neighbour);
    entry.wanted = true;
    ask(now, neighbour, entry);
    return std::nullopt;
  }
  Entry& entry = found->second;
  entry.wanted = true;
  entry.used = ++uses_;
  if (entry.state == NeighbourState::kIncomplete) return std::nullopt;
  if (entry.state == NeighbourState::kReachable && now - entry.confirmed >= config_.fresh) {
    entry.state = NeighbourState::kStale;
  }
  if (entry.state == NeighbourState::kStale) {
    entry.requests = 0;
    if (config_.check_delay > Duration::zero()) {
      entry.state = NeighbourState::kDelay;
      entry.next_action = now + config_.check_delay;
      deadline_ = std::min(deadline_, entry.next_action);
    } else {
      entry.state = NeighbourState::kProbe;
      ask(now, neighbour, entry);
    }
  }
  return entry.mac;
}

void NeighbourCache::send(TimePoint now, const IpAddress& neighbour, TxFrame frame) {
  if (const auto mac = lookup(now, neighbour)) {
    mac->copy_to(frame.bytes.data() + wire::kEthernetDestination);
    frames_.push(std::move(frame));
    return;
  }
  // RFC 1122 2.3.2.2: at least the latest packet to a destination is kept.
  auto& queue = entries_.at(neighbour).queue;
  queue.push_back(std::move(frame));
  if (queue.size() > std::max<std::size_t>(config_.max_queued_frames, 1)) {
    queue.pop_front();
    ++counters_.neighbour_queue_dropped;
  }
}

void NeighbourCache::heard(TimePoint now, const IpAddress& neighbour, const MacAddress& mac) {
  const auto found = entries_.find(neighbour);
  if (found == entries_.end()) {
    resolve(neighbour, insert(now, neighbour), mac, NeighbourState::kStale);
  } else if (found->second.state == NeighbourState::kIncomplete || found->second.mac != mac) {
    const bool used = !found->second.queue.empty();
    resolve(neighbour, found->second, mac, NeighbourState::kStale);
    if (used) static_cast<void>(lookup(now, neighbour));  // what has waited went by it
  }
}

void NeighbourCache::confirm(TimePoint now, const IpAddress& neighbour, const MacAddress& mac) {
  const auto found = entries_.find(neighbour);
  Entry& entry = found == entries_.end() ? insert(now, neighbour) : found->second;
  entry.confirmed = now;
  resolve(neighbour, entry, mac, NeighbourState::kReachable);
}

void NeighbourCache::confirm(TimePoint now, const IpAddress& neighbour) {
  const auto found = entries_.find(neighbour);
  if (found == entries_.end() || found->second.state == NeighbourState::kIncomplete) return;
  Entry& entry = found->second;
  entry.confirmed = now;
  if (entry.state != NeighbourState::kReachable) resolve(neighbour, entry, entry.mac, NeighbourState::kReachable);
}

void NeighbourCache::doubt(const IpAddress& neighbour) {
  const auto found = entries_.find(neighbour);
  if (found != entries_.end() && found->second.state == NeighbourState::kReachable) {
    found->second.state = NeighbourState::kStale;
  }
}

std::optional<NeighbourCache::View> NeighbourCache::view(const IpAddress& neighbour) const {
  const auto found = entries_.find(neighbour);
  if (found == entries_.end()) return std::nullopt;
  return View{found->second.state, found->second.mac};
}

/// Takes over what was said, and sends what has waited for it.
void NeighbourCache::resolve(const IpAddress& address, Entry& entry, const MacAddress& mac, NeighbourState state) {
  const bool was_asked_for = entry.state == NeighbourState::kIncomplete && entry.wanted;
  entry.mac = mac;
  entry.state = state;
  entry.requests = 0;
  if (entry.next_action != kNever) {
    entry.next_action = kNever;
    find_deadline();
  }
  for (TxFrame& frame : entry.queue) {
    mac.copy_to(frame.bytes.data() + wire::kEthernetDestination);
    frames_.push(std::move(frame));
  }
  entry.queue.clear();
  if (was_asked_for) outcomes_.push_back({address, true});
}

void NeighbourCache::ask(TimePoint now, const IpAddress& address, Entry& entry) {
  // RFC 1122 2.3.2.1 (2), RFC 4861 7.3.3: a known neighbour is polled by unicast, so that nobody else is disturbed.
  solicitor_.solicit(address,
                     entry.state == NeighbourState::kProbe ? std::optional<MacAddress>(entry.mac) : std::nullopt);
  ++entry.requests;
  entry.next_action = now + config_.request_interval;
  deadline_ = std::min(deadline_, entry.next_action);
}

void NeighbourCache::on_timeout(TimePoint now) {
  if (deadline_ > now) return;
  for (auto item = entries_.begin(); item != entries_.end();) {
    const auto current = item++;
    Entry& entry = current->second;
    if (entry.next_action > now) continue;
    if (entry.state == NeighbourState::kDelay) entry.state = NeighbourState::kProbe;
    if (entry.requests < config_.max_requests) {
      ask(now, current->first, entry);
    } else {
      ++counters_.neighbour_unanswered;
      erase(current, entry.state == NeighbourState::kIncomplete);
    }
  }
  find_deadline();
}

void NeighbourCache::find_deadline() {
  deadline_ = kNever;
  for (const auto& item : entries_) deadline_ = std::min(deadline_, item.second.next_action);
}

std::optional<NeighbourOutcome> NeighbourCache::poll_outcome() {
  if (outcomes_.empty()) return std::nullopt;
  const NeighbourOutcome outcome = outcomes_.front();
  outcomes_.pop_front();
  return outcome;
}

}  // namespace sockwire::stack
