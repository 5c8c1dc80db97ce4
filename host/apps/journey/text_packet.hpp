// SPDX-License-Identifier: Apache-2.0
// One packet of a journey in words for the terminal: in short, and in full.
#pragma once

#include <cstdint>
#include <string>

#include "sim/journey/dissection.hpp"

namespace sockwire::apps {

/// "A" or "B"
const char* name_of(journey::End end);

/// "     1536 ns  cycle       192"
std::string time_text(const journey::Recording& recording, std::uint64_t time_ns);

/// Why it was sent, the way down, its headers, the line, the way up: a line each.
std::string tell_packet(const journey::Surroundings& run, const journey::Packet& packet);

/// The same, and every field of every layer with where it came from, checksums step by step, and the symbols.
std::string tell_packet_in_full(const journey::Surroundings& run, const journey::Packet& packet);

}  // namespace sockwire::apps
