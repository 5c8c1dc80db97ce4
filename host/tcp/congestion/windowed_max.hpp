// SPDX-License-Identifier: Apache-2.0
// The largest of the values of a sliding window, kept in three places: the best, and those that follow it in time.
#pragma once

#include <array>
#include <cstdint>

namespace sockwire::tcp {

/// Kathleen Nichols' filter: exact for what BBR needs, since what is dropped is older and smaller than what stays.
class WindowedMax {
 public:
  std::uint64_t value() const { return best_[0].value; }
  /// At the time `now`, of values no older than `window`, in units of the caller's.
  void update(std::uint64_t now, std::uint64_t window, std::uint64_t value) {
    const Entry entry{now, value};
    if (value >= best_[0].value || now - best_[2].at > window) {
      best_ = {entry, entry, entry};
      return;
    }
    if (value >= best_[1].value) {
      best_[1] = best_[2] = entry;
    } else if (value >= best_[2].value) {
      best_[2] = entry;
    }
    age(now, window, entry);
  }

 private:
  struct Entry {
    std::uint64_t at = 0;
    std::uint64_t value = 0;
  };

  void age(std::uint64_t now, std::uint64_t window, const Entry& entry) {
    if (now - best_[0].at > window) {
      best_ = {best_[1], best_[2], entry};
      if (now - best_[0].at > window) best_ = {best_[1], best_[2], entry};
    } else if (best_[1].at == best_[0].at && now - best_[0].at > window / 4) {
      best_[1] = best_[2] = entry;
    } else if (best_[2].at == best_[1].at && now - best_[1].at > window / 2) {
      best_[2] = entry;
    }
  }

  std::array<Entry, 3> best_{};
};

}  // namespace sockwire::tcp
