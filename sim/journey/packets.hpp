// SPDX-License-Identifier: Apache-2.0
// The packets of a recording: each burst that a card drove, with what became of it and what it was sent for. Numbers
// count from 1 in the order in which the packets left; a capture of the run has the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/journey/headers.hpp"
#include "sim/journey/recording.hpp"

namespace sockwire::journey {

/// Preamble and start of frame.
inline constexpr std::size_t kFrameOffset = 8;
inline constexpr std::size_t kFcsBytes = 4;

using PacketNumber = std::uint32_t;  ///< 0: none.

/// What the line has done to a frame on its way.
struct Damage {
  std::size_t octets = 0;            ///< That differ, of those that both have.
  std::size_t bits = 0;              ///< In these.
  std::size_t first_octet = 0;       ///< The first that differs, preamble included.
  std::size_t arrived_octets = 0;    ///< As many as the receiver made of it, and of the preamble as many as were sent.
  std::size_t missing_preamble = 0;  ///< Octets of it that the receiver needed for itself.
};

struct Packet {
  PacketNumber number = 0;
  std::size_t sent = 0;               ///< Index in Recording::bursts.
  std::vector<std::size_t> arrivals;  ///< Of the other end's bursts; none: it was lost.
  std::optional<Damage> damage;       ///< Nothing but a damaged frame has arrived: its one arrival.
  Headers headers;
  Stage stage = Stage::kTransfer;
  std::string title;  ///< "SYN", "ACK of 1449", "GET /1000", "ARP request"
  std::string why;    ///< Why it was sent now: follows from what was recorded, since TCP does not tell.

  // What it is tied to, as indices in the recording.
  std::optional<std::size_t> command;    ///< SEND or FRAME.
  std::optional<std::size_t> write;      ///< The first WRITE with bytes of it.
  std::optional<std::size_t> departed;   ///< SENT.
  std::optional<std::size_t> received;   ///< RECEIVE at the other end.
  std::optional<std::size_t> row;        ///< The sender's row when the command was given.
  std::optional<std::size_t> row_after;  ///< The receiver's row once it had dealt with the packet.
  std::optional<std::size_t> call;       ///< The call that it was sent in, if any.

  // What it is tied to, as packet numbers.
  PacketNumber caused_by = 0;          ///< The packet whose arrival made the host send this one.
  PacketNumber acknowledges = 0;       ///< The last segment that its ACK number covers and the one before did not.
  PacketNumber acknowledged_by = 0;    ///< The first packet whose ACK number covers this segment.
  PacketNumber retransmission_of = 0;  ///< The first transmission of its first byte.
  PacketNumber sent_again_as = 0;      ///< The next transmission of its first byte.
  PacketNumber answers = 0;            ///< The request that this replies to (ARP, DNS, SYN).

  /// Nothing at all has arrived.
  bool lost() const { return arrivals.empty(); }
  /// Nothing has arrived that a card takes.
  bool dropped() const { return lost() || damage.has_value(); }
};

/// What follows the start of frame: frame and FCS. Of the preamble a line may take some (IEEE
/// 802.3 7.2.1.1, 36.2.4.14). Empty if there is no start of frame.
std::span<const std::uint8_t> after_start(const LineBurst& burst);

/// Precondition: what follows the start of frame differs.
Damage damage_of(const LineBurst& sent, const LineBurst& arrived);

/// "lost on the way", "damaged on the way: ..."; empty if it was not dropped.
std::string drop_text(const Recording& recording, const Packet& packet);

/// The frame of a burst, from the destination address, without FCS; empty if there is none.
std::span<const std::uint8_t> frame_of(const LineBurst& burst);

/// All packets of a recording, in order, tied to the rest of it.
std::vector<Packet> find_packets(const Recording& recording);

/// The initial sequence numbers of a connection, for relative ones: of what goes from `end`; 0 if it saw no SYN.
std::optional<SeqNum> initial_sequence_number(const std::vector<Packet>& packets, const Packet& packet, bool of_sender);

// The steps of find_packets(), each of its own file.
void tie_to_messages(const Recording& recording, std::vector<Packet>& packets);
void tie_to_each_other(std::vector<Packet>& packets, const Recording& recording);
void find_reasons(const Recording& recording, std::vector<Packet>& packets);

}  // namespace sockwire::journey
