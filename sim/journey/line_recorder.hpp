// SPDX-License-Identifier: Apache-2.0
// An end of a cable that has every octet written down, both ways: what the MAC drives and what reaches it.
#pragma once

#include <utility>

#include "sim/journey/recorder.hpp"
#include "sim/journey/signal_recorder.hpp"
#include "sim/phy/line.hpp"
#include "sim/phy/line_peer.hpp"

namespace sockwire::journey {

/// Collects the octets of one direction. octets_ps: the time in which kBytes octets pass.
template <int kBytes>
class BurstCollector {
 public:
  BurstCollector(End end, bool from_card, std::uint64_t octets_ps)
      : end_(end), from_card_(from_card), octet_ps_(octets_ps / kBytes) {}

  /// One cycle. Returns true if a burst has ended: see take().
  bool push(std::uint64_t now_ns, const Line<kBytes>& line) {
    if (!active_ && sim::is_idle(line)) return false;
    return collect(now_ns, line);
  }
  LineBurst take() { return std::move(burst_); }

 private:
  void begin(std::uint64_t now_ns, std::uint64_t lane) {
    active_ = true;
    burst_ = {};
    burst_.end = end_;
    burst_.from_card = from_card_;
    burst_.start_ns = now_ns;
    burst_.start_ps = now_ns * 1000 + lane * octet_ps_;
    if (last_end_ps_ != 0) burst_.gap_octets = (burst_.start_ps - last_end_ps_) / octet_ps_;
  }
  bool finish(std::uint64_t last_end_ps) {
    active_ = false;
    last_end_ps_ = last_end_ps;
    return true;
  }
  bool collect(std::uint64_t now_ns, const Line<1>& line) {
    if (!line.valid) return active_ && finish(burst_.start_ps + burst_.octets.size() * octet_ps_);
    if (!active_) begin(now_ns, 0);
    burst_.octets.push_back(static_cast<std::uint8_t>(line.data));
    burst_.fault = burst_.fault || line.error || line.dribble;
    burst_.end_ns = now_ns;
    return false;
  }
  bool collect(std::uint64_t now_ns, const Line<8>& line) {
    bool ended = false;
    for (int lane = 0; lane < 8; ++lane) {
      const auto octet = static_cast<std::uint8_t>(line.data >> (8 * lane));
      const bool control = line.control[lane] != 0;
      if (control && octet == sim::kXgmiiTerminate && active_) {
        ended = finish(now_ns * 1000 + static_cast<std::uint64_t>(lane) * octet_ps_);
      } else if (control && octet == sim::kXgmiiStart && !ended) {
        begin(now_ns, static_cast<std::uint64_t>(lane));
        burst_.octets.push_back(sim::kPreambleByte);  // IEEE 802.3 46.2.2: /S/ stands in for the first octet
      } else if (active_) {
        burst_.fault = burst_.fault || control;
        burst_.octets.push_back(octet);
        burst_.end_ns = now_ns;
      }
    }
    return ended;
  }

  End end_;
  bool from_card_;
  std::uint64_t octet_ps_;
  bool active_ = false;
  std::uint64_t last_end_ps_ = 0;
  LineBurst burst_;
};

template <int kBytes>
class LineRecorder final : public sim::LinePeer<kBytes> {
 public:
  /// line and recorder outlive it.
  /// signal: that of a coded line; nullptr without one.
  LineRecorder(sim::LinePeer<kBytes>& line, Recorder& recorder, End end, std::uint64_t octets_ps,
               SignalRecorder* signal)
      : line_(line), recorder_(recorder), signal_(signal), out_(end, true, octets_ps), in_(end, false, octets_ps) {}

  sim::LineInputs<kBytes> exchange(std::uint64_t now_ns, const Line<kBytes>& from_engine) override {
    const sim::LineInputs<kBytes> to_engine = line_.exchange(now_ns, from_engine);
    if (to_engine.tx_enable && out_.push(now_ns, from_engine)) finish(out_.take());
    if (to_engine.rx_enable && in_.push(now_ns, to_engine.rx)) finish(in_.take());
    return to_engine;
  }
  std::uint64_t next_arrival_ns() const override { return line_.next_arrival_ns(); }

 private:
  void finish(LineBurst burst) {
    const bool sent = burst.from_card;
    recorder_.on_burst(std::move(burst));
    if (sent && signal_ != nullptr) signal_->on_sent(recorder_.recording().bursts.back());
  }

  sim::LinePeer<kBytes>& line_;
  Recorder& recorder_;
  SignalRecorder* signal_;
  BurstCollector<kBytes> out_;
  BurstCollector<kBytes> in_;
};

}  // namespace sockwire::journey
