// SPDX-License-Identifier: Apache-2.0
// One direction of a twisted pair as a waveform: driver, category 5 cable, transformers, noise.
//
//   drive(level) -> edges, with jitter -> ramps -> cable -> two high-passes -> polarity, plug -> noise -> sample(),
//   at()
//                   (exact times)         (one filter at the sample rate)
//
// It knows levels and volts, and of the codes no more than their three levels. Time is the simulation's, in
// femtoseconds; who drives and who looks may have clocks of their own. Between an edge and its place on the sample grid
// nothing is rounded: each sample takes the mean of the driver's level over the time since the one before.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "hls/line/line_code.hpp"
#include "sim/phy/copper/cable_response.hpp"
#include "sim/phy/copper/gaussian.hpp"

namespace sockwire::sim {

/// Value-initialised it is 100 m of perfect cable but for its loss, driven by 10BASE-T.
struct CopperSettings {
  std::int64_t sample_fs = 2'500'000;  ///< between two samples of the waveform
  double amplitude_v = 2.5;            ///< of level 1, differential, into 100 ohm; of 10BASE-T: 2.2 to 2.8 (14.3.1.2.1)
  double rise_ns = 26.7;               ///< of an edge, from 10 % to 90 %; an edge is a linear ramp
  double length_m = 100;               ///< of category 5 cable, 0 to 100; more if you like
  double delay_ns_per_m = 5.2;         ///< of the cable
  double highpass_hz = 22'700;         ///< corner of each of two transformers: 50 ohm across 350 uH (X3.263 9.1.7)
  double noise_v = 0;                  ///< rms at the receiver, white up to half the sample rate
  double jitter_ns = 0;                ///< rms of an edge's time, normally distributed, cut off at 3 times that
  bool inverted = false;               ///< the wires of the pair are swapped
};

/// What 10BASE-T drives (clause 14.3.1.2): 2.5 V, and ramps of a third of 100 ns, whose harmonics of an all-ones signal
/// are 27 dB below the fundamental as 14.3.1.2.1 wants it.
CopperSettings copper_10base_t();

/// What 100BASE-TX drives (ANSI X3.263 clause 9.1): 1 V, rise and fall of 4 ns.
CopperSettings copper_100base_tx();

/// What a driver of three levels drives, in units of its amplitude.
inline double driven_level(const LineLevel& level) {
  return level == kLevelPositive ? 1 : level == kLevelNegative ? -1 : 0;
}

class CopperCable {
 public:
  /// `sample(n)` reaches back this far.
  static constexpr std::int64_t kHistory = 4096;

  CopperCable(const CopperSettings& settings, std::uint64_t seed);

  /// From this time on the driver drives `level`, in units of the amplitude. Times never go back, nor behind what
  /// render() or at() were asked for.
  void drive(std::int64_t time_fs, double level);

  /// Works out the waveform at the far end up to this time and returns the number of its last sample. Times may go
  /// back.
  std::int64_t render(std::int64_t time_fs);

  /// The voltage of sample `number` at the far end. Precondition: rendered, and not more than kHistory ago.
  float sample(std::int64_t number) const { return output_[static_cast<std::size_t>(number) & (kHistory - 1)]; }

  /// When it is there.
  std::int64_t sample_time_fs(std::int64_t number) const { return number * settings_.sample_fs + delay_fs_; }

  /// The voltage at the far end at this time, which render() may not have passed by more than kHistory samples: on the
  /// line between two samples.
  double at(std::int64_t time_fs);

  // From the next sample that is worked out on. Unplugged at the far end there is noise alone.
  void set_plugged(bool plugged) { plugged_ = plugged; }
  void set_inverted(bool inverted) { settings_.inverted = inverted; }
  void set_noise_v(double noise_v) { settings_.noise_v = noise_v; }
  bool plugged() const { return plugged_; }

  const CopperSettings& settings() const { return settings_; }
  const CableResponse& response() const { return response_; }
  std::int64_t delay_fs() const { return delay_fs_; }

 private:
  static constexpr std::size_t kTaps = CableResponse::kTaps;
  static constexpr std::size_t kEdges = 256;  ///< samples that edges' ends may be ahead
  static constexpr std::size_t kInput = 1024;

  void render_samples(std::int64_t last);
  float filter(float in);

  CopperSettings settings_;
  CableResponse response_;
  std::array<float, CableResponse::kTaps> newest_last_{};  ///< response_.tap backwards
  std::int64_t delay_fs_;
  std::int64_t jitter_reach_fs_;
  bool plugged_ = true;
  Gaussian noise_;
  Gaussian jitter_;

  std::int64_t next_ = 0;                      ///< the sample to be worked out next
  double level_ = 0;                           ///< driven
  double driven_ = 0;                          ///< volts of the driver at the sample before
  std::array<double, kEdges> steps_{};         ///< what samples to come add to it
  std::array<float, kInput + kTaps> input_{};  ///< what the cable was given; the newest at input_at_
  std::size_t input_at_ = kTaps;
  std::array<double, CableResponse::kPoles> tail_{};
  double highpass_;
  std::array<double, 2> high_in_{};
  std::array<double, 2> high_out_{};
  std::vector<float> output_;
};

}  // namespace sockwire::sim
