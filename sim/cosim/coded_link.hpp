// SPDX-License-Identifier: Apache-2.0
// A line as it really is: a line port at each end, and a medium each way between them.
//
//   engine --Line--> port --symbols--> medium --symbols--> port --Line--> engine (or a TAP: coded_tap.hpp)
//          <-Line--      <-symbols--          <-symbols--      <-Line--
//
// While nobody sends, and both receivers have settled, a line may be frozen: then the symbols of idle, of which there
// would be nothing to tell, are left out. The time of a medium is its line's alone, and does not jump.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/dut/line_port.hpp"
#include "sim/phy/cable.hpp"
#include "sim/phy/line.hpp"
#include "sim/phy/line_peer.hpp"
#include "sim/phy/medium.hpp"

namespace sockwire::sim {

/// What an end's receiver has counted, by LineCounter, and how long it has been at it.
struct LineCounts {
  std::uint64_t clocks = 0;
  std::array<std::uint64_t, kLineCounters> events{};

  std::uint64_t of(LineCounter counter) const { return events[static_cast<std::size_t>(counter)]; }
};

/// How many times a clock an end's waveform is looked at.
inline constexpr int kScopeSamples = 4;

/// A clock of an end.
template <typename Code>
struct LineMoment {
  std::uint64_t now_ns = 0;          ///< of the world, which jumps where the line was frozen
  std::int64_t time_fs = 0;          ///< of the line
  typename Code::TxSymbol symbol{};  ///< driven
  Line<Code::kBytes> from_mac{};
  bool tx_enable = false;                    ///< from_mac counts
  std::array<float, kScopeSamples> volts{};  ///< of the waveform that comes in, over the clock two clocks ago
};

/// Sees what an end drives and what comes in there, each clock of that end.
template <typename Code>
class SymbolObserver {
 public:
  virtual ~SymbolObserver() = default;
  virtual void on_symbol(const LineMoment<Code>& moment) = 0;
};

/// One end: a port, and the medium that leaves it. The far end's medium comes in.
template <typename Code>
class CodedEnd final : public LinePeer<Code::kBytes> {
 public:
  static constexpr int kBytes = Code::kBytes;

  /// clock_ppm: how much faster than nominal this end's clock is; whoever steps the end keeps to it (LineClock).
  CodedEnd(std::unique_ptr<LinePort<Code>> port, Medium<Code>& out, Medium<Code>& in, double clock_ppm)
      : port_(std::move(port)),
        out_(out),
        in_(in),
        clock_ppm_(clock_ppm),
        period_fs_(static_cast<double>(Code::kClockPs) * 1000 / (1 + clock_ppm * 1e-6)),
        settle_clocks_(kSettleClocks + static_cast<std::uint64_t>(out.delay_fs()) / (Code::kClockPs * 1000)),
        awake_until_(settle_clocks_) {}

  LineInputs<kBytes> exchange(std::uint64_t now_ns, const Line<kBytes>& from_mac) override {
    const auto& shown = port_->outputs();
    const std::int64_t time_fs = static_cast<std::int64_t>(static_cast<double>(counts_.clocks) * period_fs_);
    // What the other end drove up to now may have been driven by a clock that is a little behind.
    const std::int64_t receive_fs = time_fs - static_cast<std::int64_t>(2 * period_fs_);
    out_.drive(time_fs, shown.line_tx);
    if (!observers_.empty()) tell(now_ns, time_fs, receive_fs, from_mac);
    LineInputs<kBytes> to_mac(shown.mac_rx);
    to_mac.rx_enable = shown.rx_enable;
    to_mac.tx_enable = shown.tx_enable;
    watch(now_ns, from_mac, to_mac);

    typename LinePort<Code>::Inputs inputs;
    inputs.mac_tx = from_mac;
    inputs.line_rx = in_.observe(receive_fs);
    port_->step(inputs);
    return to_mac;
  }

  /// At once while something is on its way or the link is coming up; then the line may be frozen.
  std::uint64_t next_arrival_ns() const override { return counts_.clocks < awake_until_ ? 0 : kNeverNs; }

  void observe(FrameObserver* observer) { monitor_.attach(observer); }
  /// observer: outlives the end.
  void observe(SymbolObserver<Code>& observer) { observers_.push_back(&observer); }

  double clock_ppm() const { return clock_ppm_; }
  const LineStatus& status() const { return port_->outputs().status; }
  const LineCounts& counts() const { return counts_; }

 private:
  // The longest way of an octet through a transmitter and a receiver, and of a receiver back to its rest.
  static constexpr std::uint64_t kSettleClocks = 2000 + std::uint64_t{64} * Code::kClocksPerCycle;
  // A link that is not up by then is not waited for: 250 ms.
  static constexpr std::uint64_t kBringUpClocks = 250'000'000'000 / Code::kClockPs;

  void watch(std::uint64_t now_ns, const Line<kBytes>& from_mac, const LineInputs<kBytes>& to_mac) {
    ++counts_.clocks;
    const auto& shown = port_->outputs();
    for (int i = 0; i < kLineCounters; ++i) counts_.events[static_cast<std::size_t>(i)] += shown.counted[i] ? 1 : 0;
    const bool sends = to_mac.tx_enable && !is_idle(from_mac);
    const bool receives = to_mac.rx_enable && !is_idle(to_mac.rx);
    const bool comes_up = !shown.status.link && counts_.clocks < kBringUpClocks;
    if (sends || receives || comes_up) awake_until_ = counts_.clocks + settle_clocks_;
    monitor_.see(now_ns, from_mac, to_mac);
  }

  void tell(std::uint64_t now_ns, std::int64_t time_fs, std::int64_t receive_fs, const Line<kBytes>& from_mac) {
    LineMoment<Code> moment;
    moment.now_ns = now_ns;
    moment.time_fs = time_fs;
    moment.symbol = port_->outputs().line_tx;
    moment.from_mac = from_mac;
    moment.tx_enable = port_->outputs().tx_enable;
    for (int i = 0; i < kScopeSamples; ++i) {
      const auto later = static_cast<std::int64_t>(period_fs_ * i / kScopeSamples);
      moment.volts[static_cast<std::size_t>(i)] = static_cast<float>(in_.volts_at(receive_fs + later));
    }
    for (SymbolObserver<Code>* observer : observers_) observer->on_symbol(moment);
  }

  std::unique_ptr<LinePort<Code>> port_;
  Medium<Code>& out_;
  Medium<Code>& in_;
  double clock_ppm_;
  double period_fs_;
  std::uint64_t settle_clocks_;  ///< until nothing of what was sent is under way any more
  std::uint64_t awake_until_;    ///< of counts_.clocks
  LineCounts counts_;
  PortMonitor<kBytes> monitor_;
  std::vector<SymbolObserver<Code>*> observers_;
};

/// Both ends, and the media between them.
template <typename Code>
class CodedLink {
 public:
  struct EndParts {
    std::unique_ptr<LinePort<Code>> port;
    std::unique_ptr<Medium<Code>> out;
    double clock_ppm = 0;
  };

  CodedLink(EndParts a, EndParts b)
      : a_to_b_(std::move(a.out)),
        b_to_a_(std::move(b.out)),
        a_(std::move(a.port), *a_to_b_, *b_to_a_, a.clock_ppm),
        b_(std::move(b.port), *b_to_a_, *a_to_b_, b.clock_ppm) {}
  CodedLink(const CodedLink&) = delete;
  CodedLink& operator=(const CodedLink&) = delete;

  CodedEnd<Code>& a() { return a_; }
  CodedEnd<Code>& b() { return b_; }
  const CodedEnd<Code>& a() const { return a_; }
  const CodedEnd<Code>& b() const { return b_; }
  /// Frames get through both ways.
  bool up() const { return a_.status().link && b_.status().link; }

 private:
  std::unique_ptr<Medium<Code>> a_to_b_;
  std::unique_ptr<Medium<Code>> b_to_a_;
  CodedEnd<Code> a_;
  CodedEnd<Code> b_;
};

}  // namespace sockwire::sim
