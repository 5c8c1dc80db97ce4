// SPDX-License-Identifier: Apache-2.0
// What a running instance tells about itself, and how `ss` and `stats` print it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/apps/options.hpp"
#include "host/apps/setup.hpp"

namespace sockwire::apps {

/// Process, command, options, the socket table and every counter.
nlohmann::json snapshot(Setup& setup, const Options& options, const std::string& command);

/// What a datagram socket has counted.
nlohmann::json udp_json(const stack::UdpCounts& counts);

/// Like `ss -tuin`: two lines for each socket of each instance, with process and descriptor.
std::string ss_text(const std::vector<nlohmann::json>& snapshots);

/// Every counter of each instance: card, driver, stack and wire; those at zero too only if `all`.
std::string stats_text(const std::vector<nlohmann::json>& snapshots, bool all);

}  // namespace sockwire::apps
