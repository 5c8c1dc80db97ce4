// SPDX-License-Identifier: Apache-2.0
// Two ends of a line and a medium each way: once stepped by a loop in plain C++, once by SystemC around the media's
// modules. The near end sends frames; what reaches the far end is kept. What a front end shows is used by the kernel a
// clock later in both, as it is where a register is between them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <systemc>
#include <vector>

#include "sim/phy/systemc/medium_module.hpp"
#include "tests/hls/line/joined_ports.hpp"

namespace sockwire::test {

struct Frame {
  std::int64_t time_fs;  ///< not before
  Bytes bytes;           ///< without FCS
};

struct Scenario {
  double near_ppm = 0;  ///< how much longer than nominal a clock is
  double far_ppm = 0;
  std::int64_t scope_fs = 0;   ///< between two looks at the waveform, 0 for none
  std::int64_t unplug_fs = 0;  ///< at the far end: from here on,
  std::int64_t replug_fs = 0;  ///< to here; no edge of a clock
  std::int64_t end_fs = 0;
  std::vector<Frame> frames{};  ///< in the order of their times

  bool plugged(std::int64_t time_fs) const { return time_fs < unplug_fs || time_fs >= replug_fs; }
};

/// What there is to compare, of the far end.
template <typename Code>
struct Arrived {
  std::vector<typename Code::RxSymbol> symbols;
  std::vector<Bytes> good;
  int bad = 0;
  std::uint64_t counted[kLineCounters] = {};
  bool link = false;
  std::vector<double> volts;  ///< at each of the waveform's sample times, if asked for
};

template <typename Code>
std::int64_t period_fs(double ppm) {
  return static_cast<std::int64_t>(static_cast<double>(Code::kClockPs) * 1000 * (1 + ppm * 1e-6));
}

/// A MAC and the kernels.
template <typename Code>
class End {
 public:
  explicit End(const std::vector<Frame>& frames) : frames_(frames) { port_->shorten_timers(); }

  const typename Code::TxSymbol& symbol() const { return port_->outputs().line_tx; }

  void clock(std::int64_t time_fs, const typename Code::RxSymbol& received) {
    if (next_ < frames_.size() && frames_[next_].time_fs <= time_fs)
      source_.frame(with_fcs(frames_[next_++].bytes), 12);
    typename Port<Code>::Inputs inputs;
    inputs.mac_tx = source_.drive(port_->outputs().tx_enable);
    inputs.line_rx = received;
    port_->step(inputs);

    arrived_.symbols.push_back(received);
    const auto& outputs = port_->outputs();
    for (int i = 0; i < kLineCounters; ++i) arrived_.counted[i] += outputs.counted[i] ? 1 : 0;
    mac_.enable.drive(outputs.rx_enable);
    mac_.step(outputs.mac_rx);
  }

  Arrived<Code> arrived() const {
    Arrived<Code> all = arrived_;
    all.good = mac_.good;
    all.bad = mac_.bad;
    all.link = port_->outputs().status.link;
    return all;
  }

 private:
  std::vector<Frame> frames_;
  std::size_t next_ = 0;
  std::unique_ptr<Port<Code>> port_ = sim::make_native_line_port<Code>();
  FrameSource<Code::kBytes> source_;
  RxBench<Code::kBytes> mac_;
  Arrived<Code> arrived_;
};

/// The media by themselves. plug: what unplugging is for such a medium.
template <typename Code, typename Medium, typename Plug>
Arrived<Code> run_plain(const Scenario& scenario, Medium& forth, Medium& back, Plug plug) {
  End<Code> near(scenario.frames);
  End<Code> far({});
  typename Code::RxSymbol to_near{};
  typename Code::RxSymbol to_far{};
  std::vector<double> volts;
  std::int64_t near_fs = 0;
  std::int64_t far_fs = 0;
  std::int64_t look_fs = scenario.scope_fs > 0 ? 0 : scenario.end_fs;
  for (;;) {
    const std::int64_t now = std::min({near_fs, far_fs, look_fs});
    if (now >= scenario.end_fs) break;
    if (look_fs == now) {
      volts.push_back(forth.volts_at(now - 2000 * static_cast<std::int64_t>(Code::kClockPs)));
      look_fs += scenario.scope_fs;
    }
    plug(forth, scenario.plugged(now));
    if (near_fs == now) {
      forth.drive(now, near.symbol());
      near.clock(now, to_near);
      to_near = back.observe(now);
      near_fs += period_fs<Code>(scenario.near_ppm);
    }
    if (far_fs == now) {
      back.drive(now, far.symbol());
      far.clock(now, to_far);
      to_far = forth.observe(now);
      far_fs += period_fs<Code>(scenario.far_ppm);
    }
  }
  Arrived<Code> arrived = far.arrived();
  arrived.volts = volts;
  return arrived;
}

inline sc_core::sc_time femtoseconds(std::int64_t time_fs) { return {static_cast<double>(time_fs), sc_core::SC_FS}; }

/// An end in SystemC.
template <typename Code>
class EndModule final : public sc_core::sc_module {
 public:
  using Tx = typename sim::MediumModule<Code>::Tx;
  using Rx = typename sim::MediumModule<Code>::Rx;

  sc_core::sc_in<bool> clock{"clock"};
  sc_core::sc_out<typename Tx::Type> tx_symbol{"tx_symbol"};
  sc_core::sc_in<typename Rx::Type> rx_symbol{"rx_symbol"};

  SC_HAS_PROCESS(EndModule);
  EndModule(const sc_core::sc_module_name& name, const std::vector<Frame>& frames) : sc_module(name), end_(frames) {
    SC_METHOD(step);
    sensitive << clock.pos();
    dont_initialize();
    tx_symbol.initialize(Tx::to_port(end_.symbol()));
  }

  Arrived<Code> arrived() const { return end_.arrived(); }

 private:
  void step() {
    end_.clock(sim::systemc_time_fs(), Rx::from_port(rx_symbol.read()));
    tx_symbol.write(Tx::to_port(end_.symbol()));
  }

  End<Code> end_;
};

/// Both ends, and what is between them and two modules of a medium.
template <typename Code>
class Bench final : public sc_core::sc_module {
 public:
  using Module = sim::MediumModule<Code>;

  SC_HAS_PROCESS(Bench);
  Bench(const sc_core::sc_module_name& name, const Scenario& scenario, Module& forth, Module& back)
      : sc_module(name),
        scenario_(scenario),
        near_clock_("near_clock", femtoseconds(period_fs<Code>(scenario.near_ppm)), 0.5),
        far_clock_("far_clock", femtoseconds(period_fs<Code>(scenario.far_ppm)), 0.5),
        near_("near", scenario.frames),
        far_("far", {}) {
    always_.write(true);
    connect(near_, near_clock_, forth, forth_tx_, back, back_rx_);
    connect(far_, far_clock_, back, back_tx_, forth, forth_rx_);
    forth.plugged(plugged_);
    back.plugged(always_);
    SC_METHOD(pull_and_push);
    if (scenario.scope_fs > 0) SC_METHOD(look);
  }

  sc_core::sc_signal<double>& volts() { return volts_; }

  Arrived<Code> run() {
    sc_core::sc_start(femtoseconds(scenario_.end_fs));
    Arrived<Code> arrived = far_.arrived();
    arrived.volts = seen_volts_;
    return arrived;
  }

 private:
  template <typename Symbol>
  using Signal = sc_core::sc_signal<Symbol>;
  using TxSignal = Signal<typename Module::Tx::Type>;
  using RxSignal = Signal<typename Module::Rx::Type>;

  static void connect(EndModule<Code>& end, sc_core::sc_clock& clock, Module& out, TxSignal& sent, Module& in,
                      RxSignal& received) {
    end.clock(clock);
    end.tx_symbol(sent);
    end.rx_symbol(received);
    out.tx_clock(clock);
    out.tx_symbol(sent);
    in.rx_clock(clock);
    in.rx_symbol(received);
  }

  void pull_and_push() {
    const std::int64_t now = sim::systemc_time_fs();
    plugged_.write(scenario_.plugged(now));
    if (now < scenario_.unplug_fs) {
      next_trigger(femtoseconds(scenario_.unplug_fs - now));
    } else if (now < scenario_.replug_fs) {
      next_trigger(femtoseconds(scenario_.replug_fs - now));
    }
  }
  // What is written at this time is not seen yet: the value is of the look before.
  void look() {
    if (sim::systemc_time_fs() > 0) seen_volts_.push_back(volts_.read());
    next_trigger(femtoseconds(scenario_.scope_fs));
  }

  const Scenario& scenario_;
  sc_core::sc_clock near_clock_;
  sc_core::sc_clock far_clock_;
  TxSignal forth_tx_{"forth_tx"};
  RxSignal forth_rx_{"forth_rx"};
  TxSignal back_tx_{"back_tx"};
  RxSignal back_rx_{"back_rx"};
  Signal<bool> plugged_{"plugged"};
  Signal<bool> always_{"always"};
  Signal<double> volts_{"volts"};
  EndModule<Code> near_;
  EndModule<Code> far_;
  std::vector<double> seen_volts_;
};

}  // namespace sockwire::test
