// SPDX-License-Identifier: Apache-2.0
#include "host/transport/link/send_window.hpp"

#include <algorithm>
#include <cassert>

namespace sockwire::transport {

namespace {

std::uint8_t distance(std::uint8_t from, std::uint8_t to) { return static_cast<std::uint8_t>(to - from); }

}  // namespace

SendWindow::SendWindow() {
  for (Slot& slot : slots_) slot.payload.reserve(link_frame::kPayloadMax);
}

bool SendWindow::room() const { return distance(una_, next_) < kLinkSlots && next_ != limit_; }

SendWindow::Outgoing SendWindow::add(std::span<const std::uint8_t> payload) {
  assert(room() && !payload.empty() && payload.size() <= link_frame::kPayloadMax);
  const std::uint8_t number = next_++;
  Slot& to = slot(number);
  to.payload.assign(payload.begin(), payload.end());
  to.stamp = ++stamp_;
  to.acked = false;
  to.lost = false;
  return {number, to.payload, false};
}

std::optional<SendWindow::Outgoing> SendWindow::next_lost() {
  for (std::uint8_t number = una_; number != next_; ++number) {
    Slot& from = slot(number);
    if (!from.lost) continue;
    from.lost = false;
    from.stamp = ++stamp_;
    return Outgoing{number, from.payload, true};
  }
  return std::nullopt;
}

unsigned SendWindow::on_held(const Held& held) {
  if (distance(una_, held.ack) > distance(una_, next_)) return 0;  // what was never sent
  unsigned come = 0;
  for (std::uint8_t number = una_; number != next_; ++number) {
    Slot& of = slot(number);
    const bool below = distance(una_, number) < distance(una_, held.ack);
    if (of.acked || !(below || held.holds(number))) continue;
    of.acked = true;
    of.lost = false;
    newest_ = std::max(newest_, of.stamp);
    ++come;
  }
  una_ = held.ack;
  limit_ = held.limit;
  for (std::uint8_t number = una_; number != next_; ++number) {
    Slot& of = slot(number);
    if (of.acked || of.lost || of.stamp >= newest_) continue;
    of.lost = true;
    ++lost_frames_;
  }
  return come;
}

void SendWindow::on_timeout() {
  if (una_ == next_ || slot(una_).lost) return;
  slot(una_).lost = true;
  ++lost_frames_;
}

void SendWindow::restart() {
  una_ = next_ = 0;
  limit_ = kLinkSlots;
  newest_ = stamp_;
}

}  // namespace sockwire::transport
