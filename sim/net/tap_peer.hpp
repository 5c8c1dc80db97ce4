// SPDX-License-Identifier: Apache-2.0
// Linux at the far end of the engine's wire: frames leave the wire into a TAP device, and what Linux sends goes onto
// it.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/net/tap.hpp"
#include "sim/phy/cable.hpp"
#include "sim/phy/line_peer.hpp"
#include "sim/phy/soft_mac.hpp"
#include "sim/phy/wire.hpp"

namespace sockwire::sim {

/// What became of frames at the far end.
struct TapCounters {
  std::uint64_t to_linux = 0;
  std::uint64_t from_linux = 0;
  std::uint64_t refused_by_linux = 0;                     ///< the device was down, or had no room
  std::array<std::uint64_t, kFrameFaults> wire_frames{};  ///< per fault, as the far end's MAC found them
};

template <int kBytes>
class TapPeer final : public LinePeer<kBytes> {
 public:
  TapPeer(std::unique_ptr<TapDevice> device, const Impairments& to_linux, const Impairments& from_linux,
          std::uint64_t seed)
      : device_(std::move(device)),
        to_linux_(to_linux, seed),
        from_linux_(from_linux, seed + 1),
        queue_frames_(from_linux.delay_ns > 0 || from_linux.rate_bps > 0 ? 256 : 4) {}

  LineInputs<kBytes> exchange(std::uint64_t now_ns, const Line<kBytes>& from_engine) override {
    to_linux_.push(now_ns, from_engine);
    if (decoder_.push(now_ns, to_linux_.pull(now_ns))) deliver();
    const Line<kBytes> to_engine = from_linux_.pull(now_ns);
    monitor_.see(now_ns, from_engine, to_engine);
    return to_engine;
  }

  std::uint64_t next_arrival_ns() const override {
    return std::min(to_linux_.next_arrival_ns(), from_linux_.next_arrival_ns());
  }

  int wait_fd() const override { return has_room() ? device_->descriptor() : -1; }

  /// Takes no more than the wire can begin with: the rest waits in Linux's queue, where its senders see it.
  void poll_outside(std::uint64_t now_ns) override {
    while (has_room()) {
      const auto frame = device_->receive();
      if (frame.empty()) return;
      ++counters_.from_linux;
      from_linux_.push_burst(now_ns, encoder_.encode(frame));
    }
  }

  void observe(FrameObserver* observer) { monitor_.attach(observer); }
  const TapDevice& device() const { return *device_; }
  WireCounters to_linux() const { return to_linux_.counters(); }
  WireCounters from_linux() const { return from_linux_.counters(); }
  TapCounters counters() const {
    TapCounters counters = counters_;
    counters.wire_frames = decoder_.counts();
    return counters;
  }

 private:
  bool has_room() const { return from_linux_.queued_frames() < queue_frames_; }

  void deliver() {
    if (decoder_.frame().fault != FrameFault::kNone) return;  // a MAC drops it; the decoder has counted it
    ++(device_->send(decoder_.frame().bytes) ? counters_.to_linux : counters_.refused_by_linux);
  }

  std::unique_ptr<TapDevice> device_;
  Wire<kBytes> to_linux_;
  Wire<kBytes> from_linux_;
  std::size_t queue_frames_;
  FrameDecoder<kBytes> decoder_;
  FrameEncoder<kBytes> encoder_;
  PortMonitor<kBytes> monitor_;
  TapCounters counters_;
};

}  // namespace sockwire::sim
