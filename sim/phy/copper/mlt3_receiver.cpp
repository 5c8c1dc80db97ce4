// SPDX-License-Identifier: Apache-2.0
#include "sim/phy/copper/mlt3_receiver.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sockwire::sim {

namespace {

constexpr double kPeriodFs = static_cast<double>(kSymbolFs);
// ANSI X3.263's signal_detect goes on or off between 200 mV and 1000 mV, peak to peak: so much is the mean magnitude of
// less.
constexpr double kSignalV = 0.05;
constexpr int kDetectSymbols = 512;
constexpr int kTrialSymbols = 1536;
constexpr int kSettleSymbols = 4096;
constexpr double kGoodError = 0.05;  ///< mean square; beyond it there is no eye to speak of
constexpr double kLostError = 0.09;

/// Steps of what adapts: while it looks for the line, and after that.
struct Pace {
  double proportional, integral;  // of the clock, in symbols per error
  float taps, leak, gain, baseline;
};
// Once the taps follow the line, they are the gain too.
constexpr Pace kFast = {0.02, 1e-4, 0, 0, 0.004F, 0.02F};
constexpr Pace kSlow = {0.006, 1e-5, 5e-4F, 5e-6F, 0, 0.01F};

}  // namespace

Mlt3Receiver::Mlt3Receiver(std::int64_t sample_fs)
    : sample_fs_(sample_fs),
      aperture_samples_(static_cast<int>(kApertureFs / sample_fs)),
      pole_(static_cast<float>(std::exp(-2 * std::numbers::pi * copper_100base_tx().highpass_hz * kPeriodFs * 1e-15))) {
  for (std::size_t i = 0; i < bank_.size(); ++i) bank_[i] = mlt3_equaliser(kLengthsM[i], sample_fs);
  begin(0);
}

void Mlt3Receiver::begin(std::size_t equaliser) {
  trial_ = equaliser;
  tap_ = bank_[equaliser].tap;
  gain_ = 1;
  restored_first_ = restored_second_ = baseline_ = 0;
  frequency_ = 0;
  error_ = 0.25;
  symbols_ = 0;
}

RecoveredLevels Mlt3Receiver::observe(CopperCable& cable, std::int64_t time_fs) {
  cable.render(time_fs);
  // A sample takes what lies before it, and a sample of the waveform after that.
  const double until = static_cast<double>(time_fs - 2 * sample_fs_);
  RecoveredLevels out;
  if (next_fs_ < until - 100 * kPeriodFs) next_fs_ = until - kPeriodFs;  // the first call, or after a long pause
  while (next_fs_ <= until && out.count != 2) {
    sample_symbol(cable);
    const float decided = slice_and_adapt(equalise());
    LineLevel level = kLevelZero;
    if (step_ == Step::kTracking && decided > 0) level = kLevelPositive;
    if (step_ == Step::kTracking && decided < 0) level = kLevelNegative;
    (out.count == 0 ? out.first : out.second) = level;
    out.count += 1;
    ++symbols_;
    next_step();
  }
  return out;
}

/// The mean of the waveform, which is lines between its samples, over the 4 ns before `at_fs`; but for the shape of the
/// lines, of which it takes the ends only.
float Mlt3Receiver::aperture(const CopperCable& cable, double at_fs) const {
  const double place = (at_fs - static_cast<double>(cable.delay_fs())) / static_cast<double>(sample_fs_);
  const auto before = static_cast<std::int64_t>(std::floor(place));
  const auto share = static_cast<float>(place - static_cast<double>(before));
  float sum = share * cable.sample(before + 1) + (1 - share) * cable.sample(before + 1 - aperture_samples_);
  for (int i = 0; i + 1 < aperture_samples_; ++i) sum += cable.sample(before - i);
  return sum / static_cast<float>(aperture_samples_);
}

/// The two samples of the next symbol, into the history.
void Mlt3Receiver::sample_symbol(CopperCable& cable) {
  if (history_at_ + 2 >= kHistory) {
    std::copy(history_.end() - kTaps, history_.end(), history_.begin());
    history_at_ = kTaps - 1;
  }
  const float middle = aperture(cable, next_fs_ - kPeriodFs / 2);
  const float end = aperture(cable, next_fs_);
  history_[++history_at_] = middle * gain_;
  history_[++history_at_] = end * gain_;
  strength_ += (std::abs(static_cast<double>(end)) - strength_) / 256;
  sampled_fs_ = next_fs_;
  next_fs_ += kPeriodFs * (1 + frequency_);
}

float Mlt3Receiver::equalise() {
  const float* latest = &history_[history_at_];
  float sum = 0;
  for (std::size_t i = 0; i < kTaps; ++i) sum += tap_[i] * latest[-static_cast<std::ptrdiff_t>(i)];
  return sum;
}

/// What the transformers have taken away. One passes x - L x, where L is its low-pass; two of them x - (2 L - L L) x.
float Mlt3Receiver::restored() const { return 2 * restored_first_ - restored_second_ + baseline_; }

double Mlt3Receiver::sliced_at(const CopperCable& cable, double time_fs) const {
  float sum = restored();
  for (std::size_t i = 0; i < kTaps; ++i) {
    sum += tap_[i] * gain_ * aperture(cable, time_fs - static_cast<double>(i) * kPeriodFs / 2);
  }
  return static_cast<double>(sum);
}

float Mlt3Receiver::slice_and_adapt(float equalised) {
  const Pace& pace = step_ == Step::kTracking ? kSlow : kFast;
  const float seen = equalised + restored();
  const float decided = seen > 0.5F ? 1.0F : seen < -0.5F ? -1.0F : 0.0F;
  const float error = seen - decided;
  restored_first_ = pole_ * restored_first_ + (1 - pole_) * decided;
  restored_second_ = pole_ * restored_second_ + (1 - pole_) * restored_first_;
  baseline_ = (baseline_ - pace.baseline * error) * (1 - 1e-5F);
  gain_ = std::clamp(gain_ - pace.gain * error * decided, 0.5F, 2.0F);
  if (step_ == Step::kTracking) {
    const std::array<float, kTaps>& home = bank_[chosen_].tap;
    const float* latest = &history_[history_at_];
    for (std::size_t i = 0; i < kTaps; ++i) {
      tap_[i] -= pace.taps * error * latest[-static_cast<std::ptrdiff_t>(i)] + pace.leak * (tap_[i] - home[i]);
    }
  }
  const double square = static_cast<double>(error) * static_cast<double>(error);
  error_ += (square - error_) / 256;
  recover_clock(seen, decided);
  return decided;
}

/// Where samples are early, more of the symbol before is left in one than there is of the symbol after it: the next is
/// sampled later.
void Mlt3Receiver::recover_clock(float seen, float decided) {
  const Pace& pace = step_ == Step::kTracking ? kSlow : kFast;
  const auto early = static_cast<double>(seen * last_decided_ - last_seen_ * decided);
  next_fs_ += kPeriodFs * pace.proportional * early;
  frequency_ = std::clamp(frequency_ + pace.integral * early, -5e-4, 5e-4);
  last_seen_ = seen;
  last_decided_ = decided;
}

bool Mlt3Receiver::signal_lost() { return strength_ < kSignalV || (symbols_ > 1000 && error_ > kLostError); }

void Mlt3Receiver::next_step() {
  switch (step_) {
    case Step::kNoSignal:
      if (strength_ < kSignalV) symbols_ = 0;
      if (symbols_ < kDetectSymbols) return;
      begin(0);
      step_ = Step::kTraining;
      return;
    case Step::kTraining:
      if (symbols_ < kTrialSymbols) return;
      trial_error_[trial_] = error_;
      if (trial_ + 1 < bank_.size()) {
        begin(trial_ + 1);
        return;
      }
      chosen_ =
          static_cast<std::size_t>(std::min_element(trial_error_.begin(), trial_error_.end()) - trial_error_.begin());
      begin(chosen_);
      step_ = Step::kSettling;
      return;
    case Step::kSettling:
      if (symbols_ < kSettleSymbols) return;
      step_ = error_ < kGoodError ? Step::kTracking : Step::kNoSignal;
      symbols_ = 0;
      return;
    case Step::kTracking:
      if (!signal_lost()) return;
      begin(0);
      step_ = Step::kNoSignal;
      return;
  }
}

}  // namespace sockwire::sim
