// SPDX-License-Identifier: Apache-2.0
// A recording as JSON, with every chosen packet dissected, and the page that shows it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/journey/packets.hpp"

namespace sockwire::apps {

/// most: packets that are told of in full (see choose_packets()).
nlohmann::ordered_json document_of(const journey::Recording& recording, const std::vector<journey::Packet>& packets,
                                   std::size_t most);

/// One HTML file with everything in it.
std::string page_of(const nlohmann::ordered_json& document);

}  // namespace sockwire::apps
