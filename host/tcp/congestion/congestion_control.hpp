// SPDX-License-Identifier: Apache-2.0
// How fast a connection may send: the interface behind which the algorithms are.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "host/base/time.hpp"
#include "host/tcp/delivery_rate.hpp"

namespace sockwire::tcp {

enum class CongestionAlgorithm : std::uint8_t { kNewReno, kCubic, kBbr };

/// "reno", "cubic", "bbr": as Linux calls them. Nothing: none of these.
std::optional<CongestionAlgorithm> congestion_by_name(std::string_view name);
std::string_view name_of(CongestionAlgorithm algorithm);

/// What an acknowledgement of data told.
struct AckSample {
  TimePoint now;
  std::uint32_t acked = 0;          ///< Bytes that SND.UNA moved by.
  std::uint32_t flight_before = 0;  ///< Bytes in the network before it.
  Duration rtt{-1};                 ///< Negative: it measured nothing.
  Duration srtt{0};
};

/// Owns the congestion window and the slow start threshold, in bytes. Finding losses and repairing them is not its
/// business (recovery.hpp); it is told of them.
class CongestionControl {
 public:
  static constexpr std::uint32_t kUnset = UINT32_MAX;
  static constexpr std::uint32_t kMaxCwnd = 1u << 30;

  CongestionControl(std::uint32_t mss, unsigned initial_window_segments)
      : mss_(mss), initial_window_segments_(initial_window_segments), cwnd_(initial_window_segments * mss) {}
  virtual ~CongestionControl() = default;
  CongestionControl(const CongestionControl&) = delete;
  CongestionControl& operator=(const CongestionControl&) = delete;

  virtual CongestionAlgorithm algorithm() const = 0;

  /// The MSS became known or smaller. Before the first ACK of data it also sets the initial window (RFC 6928).
  void set_mss(std::uint32_t mss);
  /// The SYN was lost: the initial window is one segment (RFC 5681 3.1).
  void on_syn_lost() {
    cwnd_ = mss_;
    syn_lost_ = true;
  }
  /// Data was acknowledged outside of fast recovery.
  virtual void on_ack(const AckSample& sample);
  /// What the same ACK, and any other that told of delivered data, says about the rate of delivery.
  virtual void on_rate_sample(const RateSample&, Duration /*srtt*/) {}
  /// A loss was found: sets ssthresh. flight: bytes in the network.
  void on_congestion(TimePoint now, std::uint32_t flight) { reduce(now, flight); }
  /// The network has marked a packet, once a window (RFC 3168 6.1.2): as a loss, but there is nothing to repair, and
  /// the window may fall to one segment (RFC 9438 4.6).
  void on_mark(TimePoint now, std::uint32_t flight);
  /// Fast recovery is over; flight: what is then in the network.
  virtual void on_recovered(std::uint32_t flight);
  /// The retransmission timer expired. first: this data had not timed out before (RFC 5681 3.1, equation 4).
  void on_timeout(TimePoint now, std::uint32_t flight, bool first);
  /// What was lost at a time-out has been repaired.
  virtual void on_timeout_repaired() { after_timeout_ = false; }
  /// The last on_congestion() or on_timeout() was a mistake.
  void on_spurious();
  /// Nothing was sent for more than a time-out (RFC 5681 4.1).
  virtual void on_idle() {
    cwnd_ = std::min(cwnd_, initial_window());
    restart();
  }
  /// Of a new one: goes on, after an idle time, from what another one had come to.
  void resume(std::uint32_t cwnd, std::uint32_t ssthresh) {
    cwnd_ = std::min(cwnd, initial_window());
    ssthresh_ = ssthresh;
    data_acked_ = true;
  }

  std::uint32_t cwnd() const { return cwnd_; }
  std::uint32_t ssthresh() const { return ssthresh_; }
  bool in_slow_start() const { return cwnd_ < ssthresh_; }
  /// Bytes per second, headers not counted, that segments are to be spaced for; 0: as fast as the window allows.
  virtual std::uint64_t pacing_rate() const { return 0; }

 protected:
  /// What the window falls to after a loss; what was in the network is `flight`.
  virtual std::uint32_t threshold(TimePoint now, std::uint32_t flight) = 0;
  /// By how many bytes an ACK of a window that was used lets slow start grow.
  virtual std::uint32_t slow_start_growth(const AckSample& sample) { return sample.acked; }
  /// Slow start is over without a loss.
  void leave_slow_start() { ssthresh_ = cwnd_; }
  /// Congestion avoidance, by an ACK of a window that was used.
  virtual void avoid(const AckSample& sample) = 0;
  /// An ACK of a window that was not used: time in which the window cannot grow (RFC 9438 4.2).
  virtual void idle(const AckSample&) {}
  /// Congestion avoidance begins anew with the next ACK.
  virtual void restart() = 0;
  /// on_spurious(): what threshold() changed is to be as it was.
  virtual void undo() = 0;

  std::uint32_t mss() const { return mss_; }
  void set_cwnd(std::uint32_t cwnd) { cwnd_ = std::min(cwnd, kMaxCwnd); }

 private:
  std::uint32_t reduce(TimePoint now, std::uint32_t flight);
  std::uint32_t initial_window() const { return initial_window_segments_ * mss_; }

  std::uint32_t mss_;
  unsigned initial_window_segments_;
  std::uint32_t cwnd_;
  std::uint32_t ssthresh_ = kUnset;
  std::uint32_t prior_cwnd_ = 0;  ///< Before the last loss.
  std::uint32_t prior_ssthresh_ = kUnset;
  bool syn_lost_ = false;
  bool data_acked_ = false;
  bool after_timeout_ = false;
};

std::unique_ptr<CongestionControl> make_congestion_control(CongestionAlgorithm algorithm, std::uint32_t mss,
                                                           unsigned initial_window_segments);

}  // namespace sockwire::tcp
