// SPDX-License-Identifier: Apache-2.0
// What a card that holds little can take: all windows together stay within it, whatever the buffers of the host have.
//
// Who receives has most of it: two segments are set aside for each of the others, and whoever makes use of them is
// given more, up to an equal part. Windows are not taken back (RFC 9293 3.8.6). But while somebody who receives has
// less than an equal part, nobody opens further than that; and while somebody waits at a closed window, nobody else
// opens at all: so what becomes free goes to those who have too little.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

namespace sockwire::tcp {

class ReceiveBudget {
 public:
  /// bytes: of payload that peers may send at once; at least two segments.
  explicit ReceiveBudget(std::uint32_t bytes) : bytes_(bytes) {}
  ReceiveBudget(const ReceiveBudget&) = delete;
  ReceiveBudget& operator=(const ReceiveBudget&) = delete;

  std::uint32_t bytes() const { return bytes_; }
  std::uint32_t granted() const { return granted_; }
  std::uint32_t free() const { return granted_ < bytes_ ? bytes_ - granted_ : 0; }
  std::uint32_t connections() const { return connections_; }
  /// Connections whose window is closed because the budget is given out.
  std::uint32_t waiting() const { return waiting_; }
  /// An equal part among those who receive.
  std::uint32_t equal_part() const { return bytes_ / std::max<std::uint32_t>(receiving_, 1); }

 private:
  friend class ReceiveShare;

  std::uint32_t bytes_;
  std::uint32_t granted_ = 0;
  std::uint32_t connections_ = 0;
  std::uint32_t waiting_ = 0;
  std::uint32_t receiving_ = 0;  ///< connections that have received more than what is set aside for them
  std::uint32_t wanting_ = 0;    ///< of these, those with less than an equal part
};

/// What decides about a connection's window.
struct ReceiveDemand {
  std::uint32_t segment = 0;   ///< bytes of a full one
  std::uint32_t wanted = 0;    ///< window that its buffer would allow
  std::uint64_t received = 0;  ///< bytes so far
  bool closes = false;         ///< it will receive no more, or has not begun
};

/// A connection's part of a budget, from its first window to its end.
class ReceiveShare {
 public:
  /// More than any window (RFC 7323 2.3).
  static constexpr std::uint32_t kNoLimit = 1u << 30;

  ReceiveShare() = default;
  /// budget: null for none; else it outlives the share.
  explicit ReceiveShare(ReceiveBudget* budget) : budget_(budget) {
    if (budget_ != nullptr) ++budget_->connections_;
  }
  ReceiveShare(ReceiveShare&& other) noexcept { swap(other); }
  ReceiveShare& operator=(ReceiveShare&& other) noexcept {
    swap(other);
    return *this;
  }
  ~ReceiveShare() {
    if (budget_ == nullptr) return;
    change(granted_, 0, budget_->granted_);
    mark(waits_, false, budget_->waiting_);
    mark(receives_, false, budget_->receiving_);
    mark(wants_, false, budget_->wanting_);
    --budget_->connections_;
  }

  /// Another of the same budget that has as much.
  ReceiveShare twin() const {
    ReceiveShare made(budget_);
    if (budget_ == nullptr) return made;
    change(made.granted_, granted_, budget_->granted_);
    mark(made.waits_, waits_, budget_->waiting_);
    mark(made.receives_, receives_, budget_->receiving_);
    return made;
  }

  /// The largest window that may be announced now; never less than what was granted.
  std::uint32_t most(const ReceiveDemand& demand) const {
    if (budget_ == nullptr) return kNoLimit;
    if (budget_->waiting_ != 0 && !waits_) return granted_;
    const std::uint32_t aside = 2 * demand.segment;
    const std::uint32_t equal = std::max(budget_->equal_part(), aside);
    const std::uint32_t for_others = aside * (budget_->connections_ - 1);
    const std::uint32_t rest = budget_->bytes_ > for_others ? budget_->bytes_ - for_others : 0;
    const bool others_want = budget_->wanting_ > (wants_ ? 1u : 0u);
    const std::uint32_t part = others_want ? equal : std::max(equal, rest);
    return std::max(granted_, std::min({used(demand), part, granted_ + budget_->free()}));
  }
  /// What the peer may still send, after a window was announced or something came.
  void set(std::uint32_t granted, const ReceiveDemand& demand) {
    if (budget_ == nullptr) return;
    change(granted_, granted, budget_->granted_);
    mark(waits_, !demand.closes && granted < demand.segment && demand.wanted >= demand.segment, budget_->waiting_);
    mark(receives_, !demand.closes && demand.received > std::uint64_t{2} * demand.segment, budget_->receiving_);
    const std::uint32_t due = std::min({budget_->equal_part(), used(demand), demand.wanted});
    mark(wants_, receives_ && granted + demand.segment <= due, budget_->wanting_);
  }
  bool waits() const { return waits_; }
  std::uint32_t granted() const { return granted_; }

 private:
  /// What it may have by what it has made use of.
  std::uint32_t used(const ReceiveDemand& demand) const {
    return 2 * demand.segment + static_cast<std::uint32_t>(std::min<std::uint64_t>(demand.received, budget_->bytes_));
  }
  static void change(std::uint32_t& own, std::uint32_t now, std::uint32_t& total) {
    total = total - own + now;
    own = now;
  }
  static void mark(bool& own, bool now, std::uint32_t& count) {
    if (own != now) count += now ? 1u : ~0u;
    own = now;
  }
  void swap(ReceiveShare& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(granted_, other.granted_);
    std::swap(waits_, other.waits_);
    std::swap(receives_, other.receives_);
    std::swap(wants_, other.wants_);
  }

  ReceiveBudget* budget_ = nullptr;
  std::uint32_t granted_ = 0;
  bool waits_ = false;
  bool receives_ = false;
  bool wants_ = false;
};

}  // namespace sockwire::tcp
