// SPDX-License-Identifier: Apache-2.0
#include "host/api/tcp_info.hpp"

#include <linux/tcp.h>  // not with <netinet/tcp.h>, whose struct tcp_info ends in the middle

#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>

namespace sockwire::api {

namespace {

std::uint32_t in_us(Duration time) {
  return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(time).count());
}

/// Linux counts segments where we count bytes; a short one is one.
std::uint32_t segments(std::uint64_t bytes, std::uint32_t mss) {
  return mss == 0 ? 0 : static_cast<std::uint32_t>((bytes + mss - 1) / mss);
}

std::uint8_t congestion_state(const tcp::Info& info) {
  if (info.in_recovery) return info.after_timeout ? TCP_CA_Loss : TCP_CA_Recovery;
  return info.sacked_bytes > 0 ? TCP_CA_Disorder : TCP_CA_Open;
}

void fill_windows(tcp_info& out, const tcp::Info& info) {
  constexpr std::uint32_t kInfinite = std::numeric_limits<std::uint32_t>::max();
  constexpr std::uint32_t kLinuxInfinite = 0x7fffffff;  // TCP_INFINITE_SSTHRESH
  out.tcpi_snd_mss = info.mss;
  out.tcpi_rcv_mss = info.rcv_mss;
  out.tcpi_snd_cwnd = info.mss == 0 ? 0 : std::max(info.cwnd_bytes / info.mss, 1u);
  out.tcpi_snd_ssthresh =
      info.ssthresh_bytes == kInfinite || info.mss == 0 ? kLinuxInfinite : info.ssthresh_bytes / info.mss;
  out.tcpi_unacked = segments(static_cast<std::uint32_t>(info.snd_nxt - info.snd_una), info.mss);
  out.tcpi_sacked = segments(info.sacked_bytes, info.mss);
  out.tcpi_lost = segments(info.lost_bytes, info.mss);
  out.tcpi_rcv_space = info.rcv_wnd_bytes;
  out.tcpi_rcv_ssthresh = info.rcv_wnd_bytes;
  out.tcpi_snd_wnd = info.snd_wnd_bytes;
  out.tcpi_notsent_bytes = static_cast<std::uint32_t>(info.unsent_bytes);
}

void fill_counts(tcp_info& out, const tcp::Info& info) {
  out.tcpi_retransmits = static_cast<std::uint8_t>(info.backoff);
  out.tcpi_backoff = static_cast<std::uint8_t>(info.backoff);
  out.tcpi_total_retrans = static_cast<std::uint32_t>(info.retransmissions);
  out.tcpi_bytes_acked = info.bytes_acked;
  out.tcpi_bytes_received = info.bytes_received;
  out.tcpi_bytes_retrans = info.bytes_retransmitted;
  out.tcpi_bytes_sent = info.bytes_acked + static_cast<std::uint32_t>(info.snd_nxt - info.snd_una);
  out.tcpi_segs_out = static_cast<std::uint32_t>(info.segments_out + info.pure_acks_out);
  out.tcpi_segs_in = static_cast<std::uint32_t>(info.segments_in);
  out.tcpi_data_segs_out = static_cast<std::uint32_t>(info.segments_out);
  out.tcpi_rcv_ooopack = static_cast<std::uint32_t>(info.counters.out_of_order_segments);
  out.tcpi_reord_seen = info.reordering_seen ? 1 : 0;
}

}  // namespace

std::uint8_t linux_state(tcp::State state) {
  switch (state) {
    case tcp::State::kClosed:
      return 7;
    case tcp::State::kListen:
      return 10;
    case tcp::State::kSynSent:
      return 2;
    case tcp::State::kSynReceived:
      return 3;
    case tcp::State::kEstablished:
      return 1;
    case tcp::State::kFinWait1:
      return 4;
    case tcp::State::kFinWait2:
      return 5;
    case tcp::State::kCloseWait:
      return 8;
    case tcp::State::kClosing:
      return 11;
    case tcp::State::kLastAck:
      return 9;
    case tcp::State::kTimeWait:
      return 6;
  }
  return 7;
}

std::vector<std::uint8_t> linux_tcp_info(const tcp::Info& info, const tcp::Config& config) {
  tcp_info out{};
  out.tcpi_state = linux_state(info.state);
  out.tcpi_ca_state = congestion_state(info) & 0x7;
  const unsigned options = (info.timestamps ? TCPI_OPT_TIMESTAMPS : 0u) | (info.sack ? TCPI_OPT_SACK : 0u) |
                           (info.snd_wscale > 0 || info.rcv_wscale > 0 ? TCPI_OPT_WSCALE : 0u) |
                           (info.ecn ? TCPI_OPT_ECN : 0u);
  out.tcpi_options = static_cast<std::uint8_t>(options);
  out.tcpi_snd_wscale = info.snd_wscale & 0xf;
  out.tcpi_rcv_wscale = info.rcv_wscale & 0xf;
  out.tcpi_rto = in_us(info.rto);
  out.tcpi_ato = in_us(config.delayed_ack);
  out.tcpi_rtt = in_us(info.srtt);
  out.tcpi_rttvar = in_us(info.rttvar);
  out.tcpi_min_rtt = info.min_rtt == Duration::zero() ? std::numeric_limits<std::uint32_t>::max() : in_us(info.min_rtt);
  out.tcpi_advmss = config.mss;
  out.tcpi_reordering = 3;  // the duplicate threshold (RFC 5681 3.2)
  out.tcpi_pacing_rate = info.pacing_rate == 0 ? std::numeric_limits<std::uint64_t>::max() : info.pacing_rate;
  out.tcpi_max_pacing_rate = std::numeric_limits<std::uint64_t>::max();
  fill_windows(out, info);
  fill_counts(out, info);
  std::vector<std::uint8_t> bytes(sizeof out);
  std::memcpy(bytes.data(), &out, sizeof out);
  return bytes;
}

}  // namespace sockwire::api
