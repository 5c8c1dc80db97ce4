// SPDX-License-Identifier: Apache-2.0
// The receiver of 100BASE-TX between a twisted pair and its kernel: from a waveform to levels of MLT-3.
//
//   waveform -> mean over 4 ns, two samples a symbol -> x gain -> equaliser -> + baseline -> slicer -> level
//                         ^                               ^           ^            ^           |
//                         |                          gain control    LMS      restorer         |
//                         +------- clock recovery <-------+-----------+------------+-----------+ decisions
//
// equaliser   24 taps, half a symbol apart; begins as one of six, for 0, 20, .. 100 m, and follows the line by least
//             mean squares with a leak back to where it began, so that it and the clock recovery do not wander together
// restorer    quantised feedback: what the two transformers take away from the decisions is added again; an integrator
//             of the error does what is left
// gain        one, by the error at levels that are not zero, 0.5 to 2; later the taps see to it
// slicer      three levels, thresholds at half
// clock       Mueller and Mueller's timing error, a loop of second order that moves the sampling times
//
// Training: where there is a signal, each equaliser is tried for some symbols, and the one with the least error is
// kept. Meanwhile, and where there is no signal, the levels are zero.
#pragma once

#include <array>
#include <cstdint>

#include "hls/line/line_code.hpp"
#include "sim/phy/copper/copper_cable.hpp"
#include "sim/phy/copper/mlt3_equaliser.hpp"

namespace sockwire::sim {

class Mlt3Receiver {
 public:
  static constexpr std::array<double, 6> kLengthsM = {0, 20, 40, 60, 80, 100};
  static constexpr std::size_t kTaps = Mlt3Equaliser::kTaps;

  /// sample_fs: of the waveforms that it will see.
  explicit Mlt3Receiver(std::int64_t sample_fs);

  /// The symbols that were sampled since the last call, up to this time; two at most, more wait for the next.
  RecoveredLevels observe(CopperCable& cable, std::int64_t time_fs);

  /// What there is to look at, after training.
  bool tracking() const { return step_ == Step::kTracking; }
  double mean_square_error() const { return error_; }
  double length_m() const { return kLengthsM[chosen_]; }
  double clock_ppm() const { return frequency_ * 1e6; }
  double gain() const { return static_cast<double>(gain_); }
  double baseline() const { return static_cast<double>(baseline_); }
  /// Times the gain: volts to symbols.
  const std::array<float, kTaps>& taps() const { return tap_; }

  /// When the last symbol was sampled, in femtoseconds.
  double sampled_fs() const { return sampled_fs_; }
  /// What the slicer would see if it sampled then: the waveform behind gain, equaliser and restorer as they stand, in
  /// units of a level. The time is rendered, and of the last symbols: the restorer's state is of now.
  double sliced_at(const CopperCable& cable, double time_fs) const;

 private:
  enum class Step : std::uint8_t { kNoSignal, kTraining, kSettling, kTracking };

  void begin(std::size_t equaliser);
  float aperture(const CopperCable& cable, double at) const;
  void sample_symbol(CopperCable& cable);
  float equalise();
  float restored() const;
  float slice_and_adapt(float equalised);
  void recover_clock(float seen, float decided);
  void next_step();
  bool signal_lost();

  std::int64_t sample_fs_;
  int aperture_samples_;
  std::array<Mlt3Equaliser, kLengthsM.size()> bank_;

  Step step_ = Step::kNoSignal;
  std::size_t trial_ = 0;
  std::size_t chosen_ = 0;
  std::array<double, kLengthsM.size()> trial_error_{};
  int symbols_ = 0;      ///< of this step
  double error_ = 1;     ///< mean square, of the last hundreds of symbols
  double strength_ = 0;  ///< mean of the waveform's magnitude, volts

  static constexpr std::size_t kHistory = 256;
  std::array<float, kHistory> history_{};  ///< samples, the latest at history_at_
  std::size_t history_at_ = kHistory - kTaps;
  std::array<float, kTaps> tap_{};
  float gain_ = 1;
  float restored_first_ = 0;   ///< the decisions behind one low-pass,
  float restored_second_ = 0;  ///< and behind both
  float baseline_ = 0;
  float pole_;  ///< of a transformer, from symbol to symbol
  float last_seen_ = 0;
  float last_decided_ = 0;
  double frequency_ = 0;   ///< of the far end's clock against ours, as a part of it
  double next_fs_ = 0;     ///< when the next symbol is sampled
  double sampled_fs_ = 0;  ///< when the last was
  double proportional_ = 0;
  double integral_ = 0;
};

}  // namespace sockwire::sim
