// SPDX-License-Identifier: Apache-2.0
// Bit errors of 100BASE-TX over 100 m of cable against the signal-to-noise ratio: counted, and beside them what theory
// says of this receiver. Bits are those that MLT-3 carries, before the descrambler, which multiplies no errors.
//
// Theory. The slicer sees a level plus noise of standard deviation s, with thresholds at half: a level of zero (half of
// all) is left on either side, another on one, so that a level is wrong with probability 1.5 Q(1 / 2s). A wrong level
// that stands alone makes two wrong bits if it should not have been zero, and 1.5 on average if it should have, since
// the step to its neighbour is a transition with or without it where the neighbour has the other polarity. Together
// 2.5 Q(1 / 2s). s^2 is the noise of the line by way of aperture and equaliser taps, as they are at the end of a run,
// and the mean square error that those leave without noise.
#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <random>

#include "sim/phy/copper/medium_100base_tx.hpp"
#include "tests/bench/line/ber_plot.hpp"
#include "tests/bench/synthesis/synthesis.hpp"

namespace {

namespace fs = std::filesystem;
using namespace sockwire;
using namespace sockwire::sim;
using nlohmann::json;

constexpr std::int64_t kSampleFs = 2'000'000;
constexpr double kAperture = static_cast<double>(kApertureFs / kSampleFs);
constexpr double kSampleS = static_cast<double>(kSampleFs) * 1e-15;
constexpr double kSymbolS = 8e-9;
constexpr std::uint64_t kEnough = 100;  ///< errors to judge a rate by
constexpr std::uint64_t kTrainingClocks = 60'000;
constexpr double kBitsPerSymbolError = 2.5;

double q(double x) { return 0.5 * std::erfc(x / std::numbers::sqrt2); }

/// The x of kBitsPerSymbolError q(x) = ber.
double inverse(double ber) {
  double low = 0;
  double high = 10;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (kBitsPerSymbolError * q(middle) > ber ? low : high) = middle;
  }
  return low;
}

/// Noise power at the slicer for a volt squared on the line, over all places of the receiver's samples between those of
/// the waveform.
double noise_gain(const Mlt3Receiver& receiver) {
  constexpr int kShares = 16;
  constexpr auto kStep = static_cast<std::size_t>(kAperture);
  double sum = 0;
  for (int place = 0; place < kShares; ++place) {
    const double share = (place + 0.5) / kShares;
    std::array<double, Mlt3Receiver::kTaps * kStep + 1> weight{};
    for (std::size_t i = 0; i < Mlt3Receiver::kTaps; ++i) {
      const double tap = receiver.gain() * static_cast<double>(receiver.taps()[i]) / kAperture;
      weight[i * kStep] += tap * share;
      for (std::size_t k = 1; k < kStep; ++k) weight[i * kStep + k] += tap;
      weight[(i + 1) * kStep] += tap * (1 - share);
    }
    for (const double one : weight) sum += one * one / kShares;
  }
  return sum;
}

/// Of one symbol at the far end of the cable, volts squared times seconds.
double pulse_energy() {
  CopperSettings settings = copper_100base_tx();
  settings.sample_fs = kSampleFs;
  CopperCable cable(settings, 1);
  cable.drive(8'000'000, 1);
  cable.drive(16'000'000, 0);
  const std::int64_t last = cable.render(1'600'000'000);
  double energy = 0;
  for (std::int64_t i = 0; i <= last; ++i) {
    const auto volts = static_cast<double>(cable.sample(i));
    energy += volts * volts * kSampleS;
  }
  return energy;
}

struct Run {
  std::uint64_t bits = 0;
  std::uint64_t errors = 0;
  double signal = 0;        ///< mean square of the waveform without noise, volts squared
  double noise_gain = 0;    ///< see there
  double square_error = 0;  ///< mean, of the slicer's without noise
  bool tracked = false;
};

/// Random bits by way of the medium; bits are compared where the two are best aligned.
class Link {
 public:
  Link(double noise_v, std::uint32_t seed) : medium_(settings(noise_v), seed), random_(seed) {}

  Run run(std::uint64_t bits, std::uint64_t enough_errors) {
    Run result;
    clocks(kTrainingClocks, nullptr);
    received_.clear();
    clocks(2048, nullptr);
    const std::size_t lag = align();
    while (result.bits < bits && result.errors < enough_errors) {
      clocks(4096, nullptr);
      compare(lag, result);
    }
    result.tracked = medium_.receiver().tracking();
    result.noise_gain = noise_gain(medium_.receiver());
    // What the taps of now leave without noise, before they have moved.
    medium_.cable().set_noise_v(0);
    clocks(800, nullptr);
    Run quiet;
    seen_ = 0;
    clocks(800, &quiet);
    result.square_error = quiet.square_error / static_cast<double>(seen_);
    return result;
  }

  /// Mean square of the waveform, volts squared.
  double power() {
    Run result;
    clocks(100'000, &result);
    return result.signal / static_cast<double>(seen_);
  }

 private:
  static CopperSettings settings(double noise_v) {
    CopperSettings out = copper_100base_tx();
    out.sample_fs = kSampleFs;
    out.noise_v = noise_v;
    return out;
  }

  void clocks(std::uint64_t count, Run* result) {
    static constexpr unsigned kCycle[4] = {kLevelZero, kLevelPositive, kLevelZero, kLevelNegative};
    for (std::uint64_t i = 0; i < count; ++i) {
      const bool one = (random_() & 1) != 0;
      phase_ = (phase_ + (one ? 1 : 0)) % 4;
      if (sent_.size() > 1'000'000) sent_.erase(sent_.begin(), sent_.begin() + 900'000), sent_from_ += 900'000;
      sent_.push_back(one);
      medium_.drive(static_cast<std::int64_t>(static_cast<double>(clock_) * 8e6 * (1 + 50e-6)), kCycle[phase_]);
      const RecoveredLevels levels = medium_.observe(static_cast<std::int64_t>(clock_) * 8'000'000);
      if (levels.count != 0) take(levels.first);
      if (levels.count == 2) take(levels.second);
      ++clock_;
      if (result == nullptr) continue;
      const double volts =
          medium_.cable().sample(medium_.cable().render(static_cast<std::int64_t>(clock_) * 8'000'000 - 1));
      result->signal += volts * volts;
      result->square_error += medium_.receiver().mean_square_error();
      ++seen_;
    }
  }

  void take(const LineLevel& level) {
    received_.push_back(level != last_);
    last_ = level;
    ++taken_;
  }

  bool sent(std::uint64_t number) const { return sent_[static_cast<std::size_t>(number - sent_from_)]; }

  /// How many bits the receiver's count is behind.
  std::size_t align() {
    const std::uint64_t first = taken_ - received_.size();
    std::size_t found = 0;
    std::size_t best = 0;
    for (std::size_t lag = 0; lag < 2000; ++lag) {
      std::size_t equal = 0;
      for (std::size_t i = 0; i < received_.size() && first + i >= lag; ++i) {
        const std::uint64_t number = first + i + 1000 - lag;
        equal += number - sent_from_ < sent_.size() && sent(number) == received_[i];
      }
      if (equal > best) {
        best = equal;
        found = lag;
      }
    }
    received_.clear();
    return found;
  }

  void compare(std::size_t lag, Run& result) {
    const std::uint64_t first = taken_ - received_.size();
    for (std::size_t i = 0; i < received_.size(); ++i) {
      result.errors += sent(first + i + 1000 - lag) != received_[i];
      ++result.bits;
    }
    received_.clear();
  }

  Medium100BaseTx medium_;
  std::mt19937 random_;
  unsigned phase_ = 0;
  std::uint64_t clock_ = 0;
  std::uint64_t seen_ = 0;
  std::vector<bool> sent_;
  std::uint64_t sent_from_ = 0;
  std::vector<bool> received_;
  std::uint64_t taken_ = 0;
  LineLevel last_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Bit errors of 100BASE-TX against the signal-to-noise ratio, and what theory says");
  fs::path output = "ber_100base_tx.json";
  fs::path svg;
  std::uint32_t seed = 1;
  std::uint64_t bits = 4'000'000;
  app.add_option("--output", output, "the JSON file to write");
  app.add_option("--svg", svg, "the picture to write");
  app.add_option("--seed", seed, "of all that is random");
  app.add_option("--bits", bits, "at most, at each ratio");
  CLI11_PARSE(app, argc, argv);

  const double signal = Link(0, seed).power();
  const double pulse = pulse_energy();
  bench::BerFigure drawing;
  drawing.title = "100BASE-TX over 100 m of category 5: bits of MLT-3";
  double worst = 0;
  for (const double noise_v : {0.080, 0.074, 0.069, 0.064, 0.059, 0.055, 0.051, 0.047, 0.044}) {
    const Run run = Link(noise_v, seed).run(bits, 2000);
    const double deviation = std::sqrt(noise_v * noise_v * run.noise_gain + run.square_error);
    // White up to half the sample rate.
    const double density = noise_v * noise_v * 2 * kSampleS;
    const double ratio_db = 10 * std::log10(signal * kSymbolS / density);
    const double rate = static_cast<double>(run.errors) / static_cast<double>(run.bits);
    const double theory = kBitsPerSymbolError * q(0.5 / deviation);
    if (run.errors >= kEnough) drawing.simulated.push_back({ratio_db, rate});
    drawing.theory.push_back({ratio_db, theory});
    drawing.bound.push_back({ratio_db, kBitsPerSymbolError * q(std::sqrt(pulse / (2 * density)))});
    const double off_db = run.errors == 0 ? 0 : 20 * std::log10(0.5 / deviation / inverse(rate));
    std::fprintf(stderr, "noise %.0f mV  Eb/N0 %.2f dB  BER %.3g  theory %.3g  %.2f dB%s\n", noise_v * 1e3, ratio_db,
                 rate, theory, off_db, run.tracked ? "" : "  not tracking");
    if (run.errors >= kEnough && run.tracked && std::abs(off_db) > std::abs(worst)) worst = off_db;
  }
  if (!svg.empty()) std::ofstream(svg) << bench::to_svg(drawing);
  const json figures = {bench::figure("line/100base-tx/ber_vs_theory_db", worst, "dB", 1,
                                      "seed " + std::to_string(seed) + "; the farthest of " +
                                          std::to_string(drawing.theory.size()) +
                                          " ratios with 100 errors or more; bits of MLT-3; 100 m, 50 ppm")};
  std::ofstream(output) << figures.dump(2) << '\n';
  return 0;
}
