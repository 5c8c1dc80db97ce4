// SPDX-License-Identifier: Apache-2.0
#include "host/transport/link/receive_window.hpp"

#include "hls/card/layout.hpp"

namespace sockwire::transport {

bool ReceiveWindow::on_data(std::uint8_t number, std::span<const std::uint8_t> payload) {
  Slot& to = slots_[number % kLinkSlots];
  if (static_cast<std::uint8_t>(number - ack_) >= kLinkSlots || to.held) return false;
  to.payload.assign(payload.begin(), payload.end());
  to.held = true;
  take_in_order();
  return true;
}

void ReceiveWindow::take_in_order() {
  for (Slot* next = &slots_[ack_ % kLinkSlots]; next->held; next = &slots_[ack_ % kLinkSlots]) {
    bytes_.insert(bytes_.end(), next->payload.begin(), next->payload.end());
    next->held = false;
    ++ack_;
  }
}

std::span<const std::uint8_t> ReceiveWindow::poll_message() {
  const auto rest = std::span<const std::uint8_t>(bytes_).subspan(at_);
  if (rest.size() >= card::kHeaderBytes) {
    const std::size_t body = rest[card::event::kBodyBytes] | rest[card::event::kBodyBytes + 1] << 8;
    const std::size_t bytes = card::kHeaderBytes + body;
    if (rest.size() >= bytes) {
      at_ += bytes;
      return rest.first(bytes);
    }
  }
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(at_));
  at_ = 0;
  return {};
}

Held ReceiveWindow::held() const {
  Held held;
  held.ack = ack_;
  held.limit = static_cast<std::uint8_t>(ack_ + kLinkSlots);
  for (unsigned i = 0; i < kLinkSlots; ++i) held.bits |= static_cast<std::uint16_t>(slots_[i].held ? 1u << i : 0);
  return held;
}

void ReceiveWindow::restart() {
  for (Slot& slot : slots_) slot.held = false;
  ack_ = 0;
  bytes_.clear();
  at_ = 0;
}

}  // namespace sockwire::transport
