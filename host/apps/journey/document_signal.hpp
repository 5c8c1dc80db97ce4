// SPDX-License-Identifier: Apache-2.0
// The line's signal in a journey's document: symbols and samples, packed, since there are many of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "sim/journey/packets.hpp"

namespace sockwire::apps {

/// RFC 4648 4.
std::string base64(std::span<const std::uint8_t> bytes);

/// chosen: the packets that are told of, as indices.
nlohmann::ordered_json signal_json(const journey::Recording& recording, const std::vector<journey::Packet>& packets,
                                   const std::vector<std::size_t>& chosen);

}  // namespace sockwire::apps
