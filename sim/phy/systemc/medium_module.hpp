// SPDX-License-Identifier: Apache-2.0
// One direction of a cable as a SystemC module: what sim/phy/medium.hpp has, with ports.
//
//   tx_clock, tx_symbol -> driver -> cable -> front end -> rx_symbol, at rx_clock
//                                      ^        |
//                                   plugged   volts (of copper; may stay unbound)
//
//   Copper10BaseTModule        CopperSettings   driver, pair of copper, two comparators
//   Copper100BaseTxModule      CopperSettings   driver, pair of copper, equaliser, restorer, clock recovery
//   Serial1000BaseXModule      SerialSettings   driver, fibre, bit recovery, cut into code-groups
//   Serial10GBaseRModule       SerialSettings   the same, cut into blocks
//
// A symbol is driven from a rising edge of `tx_clock` on, and is what the port showed before that edge. `rx_symbol`
// changes with rising edges of `rx_clock`. Both are thus registers, and it makes no difference which end's process runs
// first where their clocks rise together. With the same settings, seed and times, a module shows what its medium would.
//
// Times are taken from SystemC's: call sc_set_time_resolution(1, SC_FS) before anything else, since clocks that are
// 100 ppm apart differ by less than a picosecond.
#pragma once

#include <cmath>
#include <cstdint>
#include <systemc>

#include "sim/phy/copper/medium_100base_tx.hpp"
#include "sim/phy/copper/medium_10base_t.hpp"
#include "sim/phy/serial_link.hpp"
#include "sim/phy/systemc/symbol_port.hpp"

namespace sockwire::sim {

/// SystemC's time, in femtoseconds. Precondition: its resolution is a whole number of them, as all that can be set are.
inline std::int64_t systemc_time_fs() {
  const auto unit_fs = static_cast<std::int64_t>(std::llround(sc_core::sc_get_time_resolution().to_seconds() * 1e15));
  return static_cast<std::int64_t>(sc_core::sc_time_stamp().value()) * unit_fs;
}

/// The ports that all media have, and their processes.
template <typename Code>
class MediumModule : public sc_core::sc_module {
 public:
  using Tx = SymbolPort<typename Code::TxSymbol>;
  using Rx = SymbolPort<typename Code::RxSymbol>;

  sc_core::sc_in<bool> tx_clock{"tx_clock"};
  sc_core::sc_in<typename Tx::Type> tx_symbol{"tx_symbol"};
  sc_core::sc_in<bool> rx_clock{"rx_clock"};
  sc_core::sc_out<typename Rx::Type> rx_symbol{"rx_symbol"};
  /// At the far end; it takes effect with the next edge of either clock.
  sc_core::sc_in<bool> plugged{"plugged"};

 protected:
  SC_HAS_PROCESS(MediumModule);

  explicit MediumModule(const sc_core::sc_module_name& name) : sc_module(name) {
    SC_METHOD(drive);
    sensitive << tx_clock.pos();
    dont_initialize();
    SC_METHOD(observe);
    sensitive << rx_clock.pos();
    dont_initialize();
  }

  virtual Medium<Code>& medium() = 0;
  virtual void plug(bool in) = 0;

 private:
  void drive() {
    plug(plugged.read());
    medium().drive(systemc_time_fs(), Tx::from_port(tx_symbol.read()));
  }
  void observe() {
    plug(plugged.read());
    rx_symbol.write(Rx::to_port(medium().observe(systemc_time_fs())));
  }
};

/// Copper: Medium10BaseT or Medium100BaseTx.
template <typename Code, typename CopperMedium>
class CopperModule final : public MediumModule<Code> {
 public:
  /// The waveform at the receiver's end, as an oscilloscope shows it: a value each `sample_fs` of the settings, two
  /// clocks of the code late, so that who looks changes nothing of what the receiver sees.
  sc_core::sc_port<sc_core::sc_signal_out_if<double>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> volts{"volts"};

  SC_HAS_PROCESS(CopperModule);

  CopperModule(const sc_core::sc_module_name& name, const CopperSettings& settings, std::uint64_t seed)
      : MediumModule<Code>(name),
        copper_(settings, seed),
        sample_(static_cast<double>(settings.sample_fs), sc_core::SC_FS) {
    SC_METHOD(sample);
  }

  CopperMedium& copper() { return copper_; }

 protected:
  Medium<Code>& medium() override { return copper_; }
  void plug(bool in) override { copper_.cable().set_plugged(in); }

 private:
  static constexpr std::int64_t kLateFs = 2000 * static_cast<std::int64_t>(Code::kClockPs);

  void sample() {
    if (volts.size() == 0) return;
    volts->write(copper_.volts_at(systemc_time_fs() - kLateFs));
    this->next_trigger(sample_);
  }

  CopperMedium copper_;
  sc_core::sc_time sample_;
};

/// 1000BASE-X or 10GBASE-R.
template <typename Code>
class SerialModule final : public MediumModule<Code> {
 public:
  SerialModule(const sc_core::sc_module_name& name, const SerialSettings& settings, std::uint64_t seed)
      : MediumModule<Code>(name), link_(settings, seed) {}

  SerialCounters counters() const { return link_.counters(); }

 protected:
  Medium<Code>& medium() override { return link_; }
  void plug(bool in) override { link_.plug(in); }

 private:
  SerialLink<Code> link_;
};

using Copper10BaseTModule = CopperModule<Code10BaseT, Medium10BaseT>;
using Copper100BaseTxModule = CopperModule<Code100BaseTx, Medium100BaseTx>;
using Serial1000BaseXModule = SerialModule<Code1000BaseX>;
using Serial10GBaseRModule = SerialModule<Code10GBaseR>;

}  // namespace sockwire::sim
