// SPDX-License-Identifier: Apache-2.0
#include "host/stack/address_prober.hpp"

#include <algorithm>
#include <chrono>

namespace sockwire::stack {

namespace {

using std::chrono::seconds;

/// Events that nobody has fetched.
constexpr std::size_t kMaxEvents = 64;

struct Times {
  Duration first_wait;  ///< At most, before the first question.
  Duration probe_min;   ///< Between questions.
  Duration probe_max;
  Duration settle;  ///< After the last question.
  unsigned announcements;
  Duration announcement_interval;
};

/// RFC 5227 1.1: PROBE_WAIT, PROBE_MIN, PROBE_MAX, ANNOUNCE_WAIT, ANNOUNCE_NUM, ANNOUNCE_INTERVAL.
constexpr Times kIpv4{seconds(1), seconds(1), seconds(2), seconds(2), 2, seconds(2)};
constexpr unsigned kIpv4Probes = 3;
/// RFC 4861 10: MAX_RTR_SOLICITATION_DELAY, RETRANS_TIMER; RFC 9131 6.1 for what routers learn from an announcement.
constexpr Times kIpv6{seconds(1), seconds(1), seconds(1), seconds(1), 1, seconds(1)};
/// RFC 5227 1.1, DEFEND_INTERVAL.
constexpr Duration kDefendInterval = seconds(10);

const Times& times_of(const IpAddress& address) { return address.is_ipv4() ? kIpv4 : kIpv6; }

}  // namespace

AddressProber::Probed* AddressProber::find(const IpAddress& address) {
  const auto found =
      std::find_if(probed_.begin(), probed_.end(), [&](const Probed& one) { return one.address == address; });
  return found == probed_.end() ? nullptr : &*found;
}

void AddressProber::start(TimePoint now, const IpAddress& address) {
  forget(address);
  Probed probed;
  probed.address = address;
  probed.next = now + jitter_.below(times_of(address).first_wait);
  probed_.push_back(probed);
  if (!address.is_ipv4() && dad_transmits_ == 0) become_usable(now, probed_.back());
}

void AddressProber::watch(TimePoint now, const IpAddress& address, bool announce) {
  forget(address);
  Probed probed;
  probed.address = address;
  probed.phase = announce ? Phase::kAnnouncing : Phase::kQuiet;
  if (announce) probed.next = now;
  probed_.push_back(probed);
}

void AddressProber::forget(const IpAddress& address) {
  std::erase_if(probed_, [&](const Probed& one) { return one.address == address; });
}

void AddressProber::on_conflict(TimePoint now, const IpAddress& address) {
  Probed* probed = find(address);
  if (probed == nullptr) return;
  auto kind = AddressEvent::Kind::kContested;
  if (probed->phase == Phase::kProbing) {
    kind = AddressEvent::Kind::kDuplicate;
    forget(address);
  } else if (probed->defended == TimePoint::min() || now - probed->defended >= kDefendInterval) {
    kind = AddressEvent::Kind::kConflict;
    probed->defended = now;
    messages_.push_back({address, true});
  }
  if (events_.size() < kMaxEvents) events_.push_back({kind, address});
}

void AddressProber::become_usable(TimePoint now, Probed& probed) {
  probed.phase = Phase::kAnnouncing;
  probed.sent = 0;
  probed.next = now;
  if (events_.size() < kMaxEvents) events_.push_back({AddressEvent::Kind::kUsable, probed.address});
}

void AddressProber::act(TimePoint now, Probed& probed) {
  const Times& times = times_of(probed.address);
  if (probed.phase == Phase::kProbing) {
    const unsigned probes = probed.address.is_ipv4() ? kIpv4Probes : dad_transmits_;
    if (probed.sent >= probes) {
      become_usable(now, probed);
      return;
    }
    messages_.push_back({probed.address, false});
    ++probed.sent;
    probed.next = now + (probed.sent < probes ? jitter_.between(times.probe_min, times.probe_max) : times.settle);
    return;
  }
  messages_.push_back({probed.address, true});
  ++probed.sent;
  probed.next = now + times.announcement_interval;
  if (probed.sent >= times.announcements) {
    probed.phase = Phase::kQuiet;
    probed.next = kNever;
  }
}

void AddressProber::on_timeout(TimePoint now) {
  for (Probed& probed : probed_) {
    while (probed.next <= now) act(now, probed);
  }
}

TimePoint AddressProber::next_deadline() const {
  TimePoint deadline = kNever;
  for (const Probed& probed : probed_) deadline = std::min(deadline, probed.next);
  return deadline;
}

std::optional<AddressProber::Message> AddressProber::poll_message() {
  if (messages_.empty()) return std::nullopt;
  const Message message = messages_.front();
  messages_.pop_front();
  return message;
}

std::optional<AddressEvent> AddressProber::poll_event() {
  if (events_.empty()) return std::nullopt;
  const AddressEvent event = events_.front();
  events_.pop_front();
  return event;
}

}  // namespace sockwire::stack
