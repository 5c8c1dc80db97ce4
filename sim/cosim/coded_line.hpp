// SPDX-License-Identifier: Apache-2.0
// A coded line that is chosen at run time: by its name, with its faults.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "host/base/result.hpp"
#include "sim/cosim/coded_link.hpp"
#include "sim/phy/line_peer.hpp"

namespace sockwire::sim {

/// kMii: no code; octets go from MAC to MAC, one a cycle of the engine.
enum class LineCode : std::uint8_t { kMii, k10BaseT, k100BaseTx, k1000BaseX, k10GBaseR };

std::string_view name_of(LineCode code);
/// Nothing if there is no such code.
std::optional<LineCode> parse_line_code(std::string_view name);
/// Bytes per beat of the engine that goes with it; 0 for either.
int width_of(LineCode code);
/// Cycles of its clock in which the engine's line moves once.
int cycles_of(LineCode code);
/// A cycle of its clock, in picoseconds; 0 for the engine's own.
std::uint64_t cycle_ps_of(LineCode code);

/// What is between the two ends. Value-initialised it is a short cable without a fault.
struct LineSettings {
  LineCode code = LineCode::kMii;
  bool verilated = false;  ///< the line ports are RTL; else the kernels run directly
  double length_m = 3;     ///< of category 5 cable, or of fibre
  double noise_mv = 0;     ///< copper: rms at the receiver
  double jitter_ps = 0;    ///< copper: rms, of the driver's edges
  bool swapped = false;    ///< copper: the wires of each pair are swapped
  double clock_ppm = 0;    ///< copper: how much faster the far end's clock is
  // 1000BASE-X and 10GBASE-R, each per bit: see SerialSettings.
  double bit_error_rate = 0;
  double burst_rate = 0;
  double slip_rate = 0;
  std::uint64_t seed = 1;
};

/// What both ends' receivers say.
struct LineReport {
  std::string_view code;
  LineStatus near_status;
  LineStatus far_status;
  LineCounts near_counts;
  LineCounts far_counts;
};

/// A clock of an end, in words.
struct WatchedClock {
  int end;  ///< 0 near, 1 far
  std::uint64_t now_ns;
  std::int64_t line_ps;  ///< the line's own time
  std::uint64_t clock_ps;
  const std::string& name;                        ///< of the symbol that ends in this clock; empty: none does
  int clocks;                                     ///< how long it was
  const std::array<float, kScopeSamples>& volts;  ///< that come in; zeros where there is no waveform
};

class LineWatcher {
 public:
  virtual ~LineWatcher() = default;
  virtual void on_clock(const WatchedClock& clock) = 0;
};

template <int kBytes>
class CodedLine {
 public:
  virtual ~CodedLine() = default;
  /// The line of the engine at the near end.
  virtual LinePeer<kBytes>& near() = 0;
  /// That of one at the far end, if nothing else is there. Its clock is far_clock_ppm() faster than nominal.
  virtual LinePeer<kBytes>& far() = 0;
  virtual double far_clock_ppm() const = 0;
  /// Frames get through both ways.
  virtual bool up() const = 0;
  virtual LineReport report() const = 0;
  virtual void observe_near(FrameObserver* observer) = 0;
  /// Writes what both ends drive from now on to a file for GTKWave (FST). The error is one line for people.
  virtual Result<void, std::string> record(const std::string& path) = 0;
  /// Writes a text into what record() writes, at the line's time of now: GTKWave shows it as a marker.
  virtual void mark(std::string_view text) = 0;
  /// watcher: outlives the line.
  virtual void watch(LineWatcher& watcher) = 0;
};

/// Precondition: the code is none but MII's and goes with kBytes. `behind`: what takes octets at the far end, such as a
/// TAP, and outlives the line; nullptr for an engine.
template <int kBytes>
std::unique_ptr<CodedLine<kBytes>> make_coded_line(const LineSettings& settings, LinePeer<kBytes>* behind);

}  // namespace sockwire::sim
