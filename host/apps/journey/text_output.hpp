// SPDX-License-Identifier: Apache-2.0
// A journey told on the terminal, stage by stage.
#pragma once

#include <string>
#include <vector>

#include "sim/journey/packets.hpp"

namespace sockwire::apps {

/// "2 Connect"
std::string stage_text(journey::Stage stage);

/// One line, for a capture: "stage 2 Connect: SYN. Why now: ...".
std::string comment_of(const journey::Recording& recording, const journey::Packet& packet);

/// Which packets are told of in full: all of a short run; of a long one the handshake, the first and the last ones, the
/// losses and what repaired them, and a sample of the bulk. Indices, in order; at most about `most`.
std::vector<std::size_t> choose_packets(const std::vector<journey::Packet>& packets, std::size_t most);

/// Which calls are told of with them: those that sent or took one of these packets' bytes, and all that do not move
/// data.
std::vector<std::size_t> choose_calls(const journey::Recording& recording, const std::vector<journey::Packet>& packets,
                                      const std::vector<std::size_t>& chosen, std::size_t most);

std::string tell(const journey::Recording& recording, const std::vector<journey::Packet>& packets);

}  // namespace sockwire::apps
