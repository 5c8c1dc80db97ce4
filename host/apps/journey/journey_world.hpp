// SPDX-License-Identifier: Apache-2.0
// Two hosts with a card each and a cable between, all of it under a recorder's eyes.
#pragma once

#include <memory>
#include <string>

#include "host/apps/options.hpp"
#include "host/base/result.hpp"
#include "host/socket/host.hpp"
#include "sim/journey/recorder.hpp"

namespace sockwire::apps {

class JourneyWorld {
 public:
  /// peer: the address of host B, of either version; host A has the next one in its subnet.
  static Result<std::unique_ptr<JourneyWorld>, std::string> make(const Options& options, const IpAddress& peer);
  virtual ~JourneyWorld() = default;

  virtual Host& host(journey::End end) = 0;
  virtual Loop& loop() = 0;
  virtual journey::Recorder& recorder() = 0;

  const IpAddress& address(journey::End end) {
    return recorder().recording().stations.at(static_cast<std::size_t>(end)).address;
  }
  std::uint64_t now_ns() { return static_cast<std::uint64_t>(loop().now().time_since_epoch().count()); }
};

}  // namespace sockwire::apps
