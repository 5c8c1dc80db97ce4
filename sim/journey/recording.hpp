// SPDX-License-Identifier: Apache-2.0
// What a run of two hosts has really done, as it was seen at four places: the application's calls, the socket table,
// the link between driver and card, and the line between the cards. Plain data; nothing here is worked out yet.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/base/ip_prefix.hpp"
#include "host/base/mac_address.hpp"
#include "host/socket/socket_table.hpp"

namespace sockwire::journey {

/// One of the two hosts: 0 (A) begins, 1 (B) answers.
using End = int;
inline constexpr int kEnds = 2;

/// What A is after.
enum class Errand : std::uint8_t {
  kFetch,  ///< It asks for a file and B sends it.
  kSend,   ///< It sends a message and B takes it.
};

/// The stages of a message, as the documents number them.
enum class Stage : std::uint8_t {
  kSocket = 1,      ///< Make a socket: reserve a row, find the peer's address.
  kConnect = 2,     ///< Exchange control information: SYN, SYN+ACK, ACK.
  kTransfer = 3,    ///< Send and receive.
  kDisconnect = 4,  ///< FIN and ACK both ways.
  kLink = 5,        ///< IP and Ethernet: what keeps the packets moving, ARP and ICMP.
  kDatagram = 6,    ///< UDP, and DNS on it.
};

/// When something was recorded. Of two things at one time the one with the lower order came first.
struct Moment {
  std::uint64_t time_ns = 0;
  std::uint64_t order = 0;
};

/// One call of an application.
struct Call {
  End end = 0;
  Stage stage = Stage::kSocket;
  Moment begin;
  Moment returned;
  std::string name;       ///< "connect"
  std::string arguments;  ///< "3, 10.18.0.1:80"
  std::string result;     ///< "0", "77 bytes", or an error in words
};

/// A row of a host's socket table when it was seen to have changed.
struct RowChange {
  End end = 0;
  Moment at;
  SocketRow row;
  bool gone = false;  ///< The row is not in the table any more; `row` is as it was last.
};

/// A message of the contract (hls/card/layout.hpp), whole.
struct CardMessage {
  End end = 0;
  Moment at;
  bool command = true;  ///< To the card; else an event from it.
  std::vector<std::uint8_t> bytes;
};

/// A burst of carrier at an end's line: every octet from the first of the preamble to the last of the FCS.
struct LineBurst {
  End end = 0;
  bool from_card = true;  ///< The end's card drives it; else it arrives there.
  std::uint64_t start_ns = 0;
  std::uint64_t end_ns = 0;  ///< Time of the cycle with the last octet.
  std::uint64_t start_ps = 0;
  std::vector<std::uint8_t> octets;
  bool fault = false;                       ///< The line signalled an error, or there was no start of frame.
  std::optional<std::uint64_t> gap_octets;  ///< Octet times of idle since the burst before it.
};

/// A line of a host's routing table.
struct StationRoute {
  IpPrefix destination;
  std::string text;  ///< "10.18.0.0/24 on the link"
};

/// What a host is made of: where the values come from that are not of this run.
struct Station {
  std::string name;  ///< "A"
  IpAddress address;
  MacAddress mac;
  std::vector<StationRoute> routes;
};

/// A symbol that a line code made, and how long it stood on the line.
struct LineSymbol {
  std::uint64_t start_ps = 0;
  std::uint64_t duration_ps = 0;
  std::string name;
};

/// Why a frame's signal was kept.
enum class SignalReason : std::uint8_t {
  kNone,       ///< It was not.
  kFirst,      ///< It is one of the first.
  kOpenClose,  ///< SYN, FIN or RST.
  kAgain,      ///< It was sent again.
  kDamaged,    ///< It did not arrive as it was sent.
};

/// How much of the signal is kept: a page has to stay small, however long the run.
struct SignalLimits {
  static constexpr std::size_t kFirstFrames = 16;
  static constexpr std::size_t kLaterFrames = 28;   ///< That matter: see SignalReason.
  static constexpr std::size_t kClosingFrames = 8;  ///< Of these, only for SYN, FIN and RST.
  static constexpr std::size_t kHeadOctets = 100;   ///< Of a frame of more than both together.
  static constexpr std::size_t kTailOctets = 32;
  static constexpr std::size_t kAroundOctets = 20;  ///< Before and after the first one that was damaged.
};

/// The line's signal during one burst, or a part of it. Octets are recorded always; symbols and samples where a line
/// code is simulated.
struct SignalSpan {
  std::size_t burst = 0;  ///< Index in Recording::bursts.
  SignalReason reason = SignalReason::kFirst;
  std::vector<LineSymbol> symbols;
  std::uint64_t samples_start_ps = 0;
  std::uint64_t sample_ps = 0;
  std::vector<float> samples_volts;
};

/// The line, and its signal as far as it was recorded.
struct Signal {
  std::string line = "mii";       ///< The line code's name.
  bool coded = false;             ///< There is a line code; else octets go from MAC to MAC.
  std::string cable;              ///< "100 m, noise 50 mV"
  std::uint64_t up_ns = 0;        ///< When the link was up: the journey began.
  std::uint64_t octet_ps = 0;     ///< How long an octet lasts at the MAC's side.
  std::vector<SignalSpan> spans;  ///< In any order, but those of one burst in theirs.
};

struct Recording {
  std::vector<std::string> command_line;
  Errand errand = Errand::kFetch;
  std::uint64_t seed = 0;
  std::string card;            ///< "native" or "verilator"
  std::uint64_t cycle_ps = 0;  ///< Of the cards' clock.
  std::uint64_t delay_ns = 0;  ///< Of the wire, one way.
  double loss = 0;             ///< Probability that the wire loses a frame.
  std::array<Station, kEnds> stations;
  std::vector<Call> calls;
  std::vector<RowChange> rows;
  std::vector<CardMessage> messages;
  std::vector<LineBurst> bursts;
  Signal signal;

  /// Who sends what the journey is about.
  End source() const { return errand == Errand::kSend ? 0 : 1; }
  std::uint64_t cycle_at(std::uint64_t time_ns) const { return cycle_ps == 0 ? 0 : time_ns * 1000 / cycle_ps; }
};

}  // namespace sockwire::journey
