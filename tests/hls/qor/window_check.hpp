// SPDX-License-Identifier: Apache-2.0
// Whether a TCP segment is acceptable and whether it acknowledges something new (RFC 9293 3.10.7.4).
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/stream.hpp"
#include "hls/wire/seq_num.hpp"

namespace sockwire {

struct SegmentNumbers {
  ap_uint<32> seq = 0;
  ap_uint<16> length = 0;  ///< SEG.LEN: with SYN and FIN
  ap_uint<32> ack = 0;
};

struct ConnectionNumbers {
  ap_uint<32> rcv_nxt = 0;
  ap_uint<30> rcv_wnd = 0;  ///< at most 65,535 * 2^14 (RFC 7323 2.3)
  ap_uint<32> snd_una = 0;
  ap_uint<32> snd_nxt = 0;
};

struct SegmentVerdict {
  bool acceptable = false;  ///< first check: the sequence number
  bool new_ack = false;     ///< fifth check: SND.UNA < SEG.ACK =< SND.NXT
};

struct WindowCheckState {};  // there is none

inline bool in_window(SeqNum number, const ConnectionNumbers& connection) {
  return number - SeqNum(static_cast<std::uint32_t>(connection.rcv_nxt)) < connection.rcv_wnd;
}

/// The table of RFC 9293 3.10.7.4, row by row.
inline bool is_acceptable(const SegmentNumbers& segment, const ConnectionNumbers& connection) {
  const SeqNum first(static_cast<std::uint32_t>(segment.seq));
  if (segment.length == 0) {
    if (connection.rcv_wnd == 0) return segment.seq == connection.rcv_nxt;
    return in_window(first, connection);
  }
  const SeqNum last = first + static_cast<std::uint32_t>(segment.length) - 1;
  return in_window(first, connection) || in_window(last, connection);
}

inline void window_check(WindowCheckState& state, stream<SegmentNumbers>& segment, wire<ConnectionNumbers>& connection,
                         stream<SegmentVerdict>& verdict) {
  static_cast<void>(state);
  const SegmentNumbers in = segment.read();
  const ConnectionNumbers now = connection.read();
  const SeqNum ack(static_cast<std::uint32_t>(in.ack));
  SegmentVerdict out;
  out.acceptable = is_acceptable(in, now);
  out.new_ack =
      SeqNum(static_cast<std::uint32_t>(now.snd_una)) < ack && ack <= SeqNum(static_cast<std::uint32_t>(now.snd_nxt));
  verdict.write(out);
}

}  // namespace sockwire
