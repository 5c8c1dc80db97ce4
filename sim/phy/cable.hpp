// SPDX-License-Identifier: Apache-2.0
// Two engines back to back: a wire each way, and what the two ends see recorded if somebody wants to know.
#pragma once

#include <cstdint>
#include <functional>

#include "sim/phy/line_peer.hpp"
#include "sim/phy/soft_mac.hpp"
#include "sim/phy/wire.hpp"

namespace sockwire::sim {

/// Sees the frames at one end of a wire: those that the engine drives as it drives them, and those that reach it as
/// they reach it.
class FrameObserver {
 public:
  virtual ~FrameObserver() = default;
  virtual void on_frame(bool from_engine, const ReceivedFrame& frame) = 0;
};

/// Decodes both directions at an engine's port for an observer.
template <int kBytes>
class PortMonitor {
 public:
  void attach(FrameObserver* observer) { observer_ = observer; }

  void see(std::uint64_t now_ns, const Line<kBytes>& from_engine, const LineInputs<kBytes>& to_engine) {
    if (observer_ == nullptr) return;
    if (to_engine.tx_enable && from_.push(now_ns, from_engine)) observer_->on_frame(true, from_.frame());
    if (to_engine.rx_enable && to_.push(now_ns, to_engine.rx)) observer_->on_frame(false, to_.frame());
  }

 private:
  FrameObserver* observer_ = nullptr;
  FrameDecoder<kBytes> from_;
  FrameDecoder<kBytes> to_;
};

/// A cable with two ends. The ends must be exchanged in turn: a(), b(), a(), b(), once each per cycle.
template <int kBytes>
class Cable {
 public:
  Cable(const Impairments& a_to_b, const Impairments& b_to_a, std::uint64_t seed)
      : a_to_b_(a_to_b, seed), b_to_a_(b_to_a, seed + 1), a_(a_to_b_, b_to_a_), b_(b_to_a_, a_to_b_) {}
  Cable(const Cable&) = delete;
  Cable& operator=(const Cable&) = delete;

  LinePeer<kBytes>& a() { return a_; }
  LinePeer<kBytes>& b() { return b_; }
  void observe_a(FrameObserver* observer) { a_.monitor.attach(observer); }
  void observe_b(FrameObserver* observer) { b_.monitor.attach(observer); }
  WireCounters a_to_b() const { return a_to_b_.counters(); }
  WireCounters b_to_a() const { return b_to_a_.counters(); }

 private:
  struct End final : LinePeer<kBytes> {
    End(Wire<kBytes>& out_wire, Wire<kBytes>& in_wire) : out(out_wire), in(in_wire) {}

    LineInputs<kBytes> exchange(std::uint64_t now_ns, const Line<kBytes>& from_engine) override {
      out.push(now_ns, from_engine);
      const Line<kBytes> to_engine = in.pull(now_ns);
      monitor.see(now_ns, from_engine, to_engine);
      return to_engine;
    }
    /// Both directions: while a frame is on its way to the other end, both must go on.
    std::uint64_t next_arrival_ns() const override { return std::min(in.next_arrival_ns(), out.next_arrival_ns()); }

    Wire<kBytes>& out;
    Wire<kBytes>& in;
    PortMonitor<kBytes> monitor;
  };

  Wire<kBytes> a_to_b_;
  Wire<kBytes> b_to_a_;
  End a_;
  End b_;
};

}  // namespace sockwire::sim
