// SPDX-License-Identifier: Apache-2.0
// Bulk TCP over bad paths, in virtual time: loss, round trip, bottleneck buffer and reordering, each cell beside what
// an ideal sender would reach.
//
//   host 0 -- card -- 10 Gb/s --> [ bottleneck: queue of so many frames, 100 Mb/s ] --> card -- host 1
//                     <------------------- one round trip of delay --------------------
//
// The whole delay is on the way back, so that the queue of the way there is the bottleneck's buffer and nothing else.
// Loss strikes both ways, reordering the way there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/base/time.hpp"
#include "host/tcp/config.hpp"

namespace sockwire::bench {

/// The bottleneck: what an Arty A7's Ethernet port has.
inline constexpr double kBottleneckBps = 100e6;
/// Of a full segment with timestamps, and what it occupies of the bottleneck with Ethernet, preamble and FCS.
inline constexpr double kSegmentPayloadBytes = 1448;
inline constexpr double kSegmentWireBytes = 1528;

struct Cell {
  double loss = 0;  ///< Probability of each frame, both ways.
  int round_trip_ms = 1;
  bool large_buffer = false;  ///< About one bandwidth-delay product, else an eighth of it.
  double reordering = 0;      ///< Probability that one to three frames overtake a frame on the way there.
};

/// Frames that wait for the bottleneck at most. At short round trips a queue of less than 8 (or 16) would be smaller
/// than what a single arrival of ACKs releases.
unsigned buffer_frames(const Cell& cell);

/// Average congestion window in segments at loss rate `p` and a round trip of so many seconds: the larger of CUBIC's
/// own region (RFC 9438 5.1, Eq. 5 and 6, C = 0.4, beta = 0.7) and its Reno-friendly one (RFC 3649 4, w = sqrt(1.5/p),
/// which RFC 9438 4.3 aims at). Precondition: p > 0.
double response_window_segments(double p, double round_trip_s);

/// Payload bits per second of a sender that is always in its steady state and never times out: what the bottleneck
/// carries, or the response function's window per round trip if that is less.
double ideal_bps(const Cell& cell);

struct CellResult {
  Cell cell;
  bool complete = false;  ///< All bytes arrived, each the right one, and both ends closed.
  std::string problem;    ///< Why not.
  double seconds = 0;     ///< Virtual, from the open connection to the last byte at the receiver's application.
  double goodput_bps = 0;
  double ratio = 0;  ///< To ideal_bps().
  std::uint64_t retransmissions = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t spurious_timeouts = 0;
  std::uint64_t queue_drops = 0;
};

/// Through two native cards of width 8. Deterministic. min_rto: the sender's setting (tcp::Config).
CellResult run_cell(const Cell& cell, std::uint64_t bytes, std::uint64_t seed,
                    Duration min_rto = tcp::Config().min_rto);

/// Loss {0, 0.1, 1, 3, 10 %} by round trip {1, 20, 100 ms} by buffer {small, large} by reordering {none, 1 %}.
std::vector<Cell> whole_matrix();

std::string table_header();
std::string table_row(const CellResult& result);

}  // namespace sockwire::bench
