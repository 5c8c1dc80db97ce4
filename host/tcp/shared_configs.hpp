// SPDX-License-Identifier: Apache-2.0
// Most connections of a host are opened with the same few configurations, so that they share them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "host/tcp/config.hpp"

namespace sockwire::tcp {

class SharedConfigs {
 public:
  /// One that is equal: the same as before, if that was asked for not long ago.
  std::shared_ptr<const Config> share(const Config& config) {
    const auto known = std::find_if(recent_.begin(), recent_.end(), [&](const auto& one) { return *one == config; });
    if (known != recent_.end()) {
      std::rotate(recent_.begin(), known, known + 1);
    } else {
      if (recent_.size() == kMost) recent_.pop_back();
      recent_.insert(recent_.begin(), std::make_shared<const Config>(config));
    }
    return recent_.front();
  }

 private:
  static constexpr std::size_t kMost = 8;

  std::vector<std::shared_ptr<const Config>> recent_;  ///< The last one first.
};

}  // namespace sockwire::tcp
