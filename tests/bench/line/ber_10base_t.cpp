// SPDX-License-Identifier: Apache-2.0
// The bit error rate of 10BASE-T's receiver against the ratio of signal to noise: from simulation, beside theory.
//
// Simulation: random frames through the transmitter's kernel, 100 m of cable, the front end and the receiver's kernel,
// with clocks 200 ppm apart. Noise begins with the SFD, since below some 20 dB no squelch tells it from a carrier; from
// there on bits are compared until the frame ends or is cut.
// Theory, for that receiver with an ideal clock: the front end's voltages without noise at all eight samples of many
// bits give the probabilities of +, 0 and - under Gaussian noise, eight of them the distribution of the difference
// whose sign decides (hls/line/manchester.hpp), and the mean over bits and over the places of the samples is the rate.
// The ideal clock takes, at each place, the eight samples that err least.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <random>
#include <stdexcept>
#include <vector>

#include "sim/phy/copper/medium_10base_t.hpp"
#include "tests/bench/line/ber_plot.hpp"
#include "tests/bench/synthesis/synthesis.hpp"
#include "tests/hls/line/line_harness.hpp"

namespace {

using namespace sockwire;
using namespace sockwire::test;
using bench::BerPoint;
using Code = sim::Code10BaseT;

constexpr std::int64_t kClockFs = 1000 * static_cast<std::int64_t>(Code::kClockPs);
constexpr int kSamples = 8;

double tail(double x) { return std::erfc(x / std::sqrt(2.0)) / 2; }

// ---- theory ---------------------------------------------------------------------------------------------------------

/// The front end's voltages without noise, at one place of its samples in its clock.
struct Voltages {
  std::vector<bool> bits;
  std::vector<double> samples;  ///< the first is the first of bits[0], if there were no delay
  double noise_share = 0;       ///< of the waveform's noise power that is left in a sample
};

class Theory {
 public:
  explicit Theory(const sim::CopperSettings& settings) {
    for (int place = 0; place < kPlaces; ++place) waveforms_.push_back(record(settings, place));
  }

  /// In volts squared, of the waveform at the receiver.
  double power() const { return power_; }

  double error_rate(double noise_v) const {
    double sum = 0;
    for (const Voltages& voltages : waveforms_) {
      double best = 1;
      for (int shift = first_shift_; shift < first_shift_ + 2 * kSamples; ++shift) {
        best = std::min(best, error_rate(voltages, shift, noise_v));
      }
      sum += best;
    }
    return sum / static_cast<double>(waveforms_.size());
  }

 private:
  static constexpr int kPlaces = 10;
  static constexpr int kBits = 400;
  static constexpr int kSkipped = 100;  ///< until the line has forgotten that it was idle

  Voltages record(sim::CopperSettings settings, int place) {
    settings.noise_v = 0;
    settings.jitter_ns = 0;
    sim::Medium10BaseT medium(settings, 0);
    std::mt19937 random(5);
    Voltages voltages;
    const std::int64_t later_fs = kClockFs * place / kPlaces;
    double squares = 0;
    for (int clock = 0; clock < kSamples * kBits; ++clock) {
      if (clock % kSamples == 0) voltages.bits.push_back(random() % 2 != 0);
      const bool second = clock % kSamples >= kSamples / 2;
      medium.drive(clock * kClockFs, voltages.bits.back() == second ? kLevelPositive : kLevelNegative);
      voltages.samples.push_back(medium.filtered(clock * kClockFs + later_fs));
      squares += std::pow(medium.cable().at(clock * kClockFs + later_fs), 2);
    }
    power_ += squares / (kSamples * kBits) / kPlaces;
    // What is left of the noise in a mean whose ends take shares of samples: see Medium10BaseT::filtered().
    const auto window = static_cast<double>(kClockFs) / static_cast<double>(settings.sample_fs);
    const std::int64_t behind =
        (kClockFs * settings.sample_fs + later_fs - medium.cable().delay_fs()) % settings.sample_fs;
    const double share = static_cast<double>(behind) / static_cast<double>(settings.sample_fs);
    voltages.noise_share = (window - 1 + share * share + (1 - share) * (1 - share)) / (window * window);
    first_shift_ = static_cast<int>(medium.cable().delay_fs() / kClockFs);
    return voltages;
  }

  static double error_rate(const Voltages& voltages, int shift, double noise_v) {
    const double sigma = noise_v * std::sqrt(voltages.noise_share);
    double sum = 0;
    int count = 0;
    for (std::size_t bit = kSkipped; bit + 20 < voltages.bits.size(); ++bit) {
      std::array<double, 2 * kSamples + 1> chance{};  // of each difference, of 8 as if the bit were a 1
      chance[kSamples] = 1;
      for (int i = 0; i < kSamples; ++i) {
        const double volts = voltages.samples[kSamples * bit + static_cast<std::size_t>(shift + i)];
        const double sign = (i >= kSamples / 2) == voltages.bits[bit] ? 1 : -1;
        const double up = tail((sim::Medium10BaseT::kThreshold - sign * volts) / sigma);
        const double down = tail((sim::Medium10BaseT::kThreshold + sign * volts) / sigma);
        std::array<double, 2 * kSamples + 1> next{};
        for (std::size_t k = 0; k < chance.size(); ++k) {
          if (k > 0) next[k] += chance[k - 1] * up;
          next[k] += chance[k] * (1 - up - down);
          if (k + 1 < chance.size()) next[k] += chance[k + 1] * down;
        }
        chance = next;
      }
      for (std::size_t k = 0; k < kSamples; ++k) sum += chance[k];
      sum += voltages.bits[bit] ? 0 : chance[kSamples];  // no difference is taken for a 1
      ++count;
    }
    return sum / count;
  }

  std::vector<Voltages> waveforms_;
  double power_ = 0;
  int first_shift_ = 0;
};

// ---- simulation -----------------------------------------------------------------------------------------------------

struct Count {
  std::uint64_t bits = 0;
  std::uint64_t errors = 0;
  int cut = 0;
};

class Simulation {
 public:
  Simulation(const sim::CopperSettings& settings, double noise_v, std::uint64_t seed)
      : noise_v_(noise_v), medium_(settings, seed), random_(static_cast<std::uint32_t>(seed)) {
    sender_->shorten_timers();
    receiver_->shorten_timers();
    while (!receiver_->outputs().status.link) step(nullptr);
  }

  Count run(std::uint64_t bits, std::uint64_t errors) {
    while (count_.bits < bits && count_.errors < errors) frame();
    return count_;
  }

 private:
  static constexpr std::int64_t kSenderFs = kClockFs - kClockFs / 10'000;
  static constexpr std::int64_t kReceiverFs = kClockFs + kClockFs / 10'000;

  void frame() {
    const Bytes bytes = with_fcs(random_frame(random_, 1514));
    source_.frame(bytes, 40);
    std::size_t next = 0;
    std::uint64_t last = 0;
    bool started = false;
    bool ended = false;
    while (!source_.empty() || receiver_->outputs().status.locked) {
      step([&](const Line<1>& line) {
        if (!line.valid) ended = started;
        if (started && !ended && next < bytes.size()) {
          // Not the last one, which is none if the frame was cut.
          if (next > 0) count(last, bytes[next - 1]);
          last = line.data;
          ++next;
        } else if (!started && line.valid && line.data == 0xD5) {
          started = true;
          medium_.cable().set_noise_v(noise_v_);
        }
      });
      if (next == bytes.size() || ended) medium_.cable().set_noise_v(0);
    }
    count_.cut += next < bytes.size();
    if (!started) throw std::runtime_error("a frame did not begin");
  }

  void count(std::uint64_t seen, std::uint64_t sent) {
    count_.bits += 8;
    count_.errors += static_cast<unsigned>(std::popcount(seen ^ sent));
  }

  template <typename See>
  void step(See see) {
    if (sender_fs_ <= receiver_fs_) {
      const auto& outputs = sender_->outputs();
      medium_.drive(sender_fs_, outputs.line_tx);
      sim::LinePort<Code>::Inputs inputs;
      inputs.mac_tx = source_.drive(outputs.tx_enable);
      inputs.line_rx = receiver_->outputs().line_tx;  // its link pulses
      sender_->step(inputs);
      sender_fs_ += kSenderFs;
      return;
    }
    const auto& outputs = receiver_->outputs();
    if constexpr (!std::is_same_v<See, std::nullptr_t>) {
      if (outputs.rx_enable) see(outputs.mac_rx);
    }
    sim::LinePort<Code>::Inputs inputs;
    inputs.line_rx = medium_.observe(receiver_fs_);
    receiver_->step(inputs);
    receiver_fs_ += kReceiverFs;
  }

  double noise_v_;
  sim::Medium10BaseT medium_;
  std::mt19937 random_;
  std::unique_ptr<sim::LinePort<Code>> sender_ = sim::make_native_line_port<Code>();
  std::unique_ptr<sim::LinePort<Code>> receiver_ = sim::make_native_line_port<Code>();
  FrameSource<1> source_;
  std::int64_t sender_fs_ = 0;
  std::int64_t receiver_fs_ = 0;
  Count count_;
};

// ---- both -----------------------------------------------------------------------------------------------------------

/// Fewer errors than this say too little about a rate: with so many it is known to a sixth or so, 0.1 dB.
constexpr std::uint64_t kErrorsAtLeast = 40;

/// Errors of each ratio, added up over seeds.
struct Simulated {
  std::vector<double> ratios_db;
  std::vector<Count> counts;

  bench::BerCurve curve() const {
    bench::BerCurve points;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i].errors == 0) break;
      points.push_back({ratios_db[i], static_cast<double>(counts[i].errors) / static_cast<double>(counts[i].bits)});
    }
    return points;
  }
};

struct Options {
  std::uint64_t bits = 2'000'000;
  std::uint64_t seed = 1;
  int seeds = 4;
  double spread_at = 1e-4;
};

class Campaign {
 public:
  explicit Campaign(const Options& options) : options_(options), theory_(settings_) {
    for (double ratio_db = 4; ratio_db <= 16; ratio_db += 0.5) {
      plot_.theory.push_back({ratio_db, theory_.error_rate(noise_at(ratio_db))});
      plot_.bound.push_back({ratio_db, tail(std::sqrt(2 * std::pow(10, ratio_db / 10)))});
    }
  }

  void run() {
    std::vector<Simulated> seeds(static_cast<std::size_t>(options_.seeds));
    Simulated all;
    for (double ratio_db = 6; ratio_db <= 16; ratio_db += 1) {
      Count sum;
      for (std::size_t i = 0; i < seeds.size(); ++i) {
        const Count count = Simulation(settings_, noise_at(ratio_db), options_.seed + i).run(options_.bits, 300);
        seeds[i].ratios_db.push_back(ratio_db);
        seeds[i].counts.push_back(count);
        sum.bits += count.bits;
        sum.errors += count.errors;
        sum.cut += count.cut;
      }
      if (sum.errors < kErrorsAtLeast) break;
      all.ratios_db.push_back(ratio_db);
      all.counts.push_back(sum);
      report(ratio_db, sum);
    }
    plot_.simulated = all.curve();
    for (const Simulated& one : seeds) {
      const double apart = bench::distance_db(one.curve(), plot_.theory, options_.spread_at);
      nearest_ = std::min(nearest_, apart);
      farthest_ = std::max(farthest_, apart);
    }
  }

  /// The most that a simulated point is to the right of theory, in dB; infinite if there is none.
  double apart() const {
    double most = plot_.simulated.empty() ? HUGE_VAL : -HUGE_VAL;
    for (const BerPoint& point : plot_.simulated) {
      most = std::max(most, point.ratio_db - bench::ratio_at(plot_.theory, point.rate));
    }
    return most;
  }
  std::string note() const {
    const auto last = static_cast<int>(options_.seed) + options_.seeds - 1;
    return "seeds " + std::to_string(options_.seed) + " to " + std::to_string(last) +
           "; the most over the curve; at a rate of " + bench::detail::text("%.0e", options_.spread_at) +
           " seeds are " + bench::detail::text("%.2f to %.2f dB", nearest_, farthest_) +
           " from theory; Eb/N0 at the receiver's input, 100 m; simulated:" + points_;
  }
  const bench::BerFigure& plot() const { return plot_; }

 private:
  /// Eb is the received power times 100 ns, N0 twice the noise power times the sample time (white up to half its rate).
  double noise_at(double ratio_db) const {
    const double sample_s = static_cast<double>(settings_.sample_fs) * 1e-15;
    return std::sqrt(theory_.power() * 100e-9 / (2 * sample_s * std::pow(10, ratio_db / 10)));
  }

  void report(double ratio_db, const Count& count) {
    const double noise_v = noise_at(ratio_db);
    const double seen = static_cast<double>(count.errors) / static_cast<double>(count.bits);
    std::fprintf(stderr, "%5.1f dB, %.3f V: %llu of %llu bits, %.3g; theory %.3g, %.2f dB away; %d frames cut\n",
                 ratio_db, noise_v, static_cast<unsigned long long>(count.errors),
                 static_cast<unsigned long long>(count.bits), seen, theory_.error_rate(noise_v),
                 ratio_db - bench::ratio_at(plot_.theory, seen), count.cut);
    points_ += " " + std::to_string(static_cast<int>(ratio_db)) + " dB " + std::to_string(count.errors) + "/" +
               std::to_string(count.bits);
  }

  Options options_;
  sim::CopperSettings settings_ = sim::copper_10base_t();
  Theory theory_;
  bench::BerFigure plot_{"10BASE-T over 100 m of category 5 cable, clocks 200 ppm apart", {}, {}, {}};
  double nearest_ = HUGE_VAL;
  double farthest_ = -HUGE_VAL;
  std::string points_;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The bit error rate of 10BASE-T's receiver from simulation and from theory");
  std::string output = "ber_10base_t.json";
  std::string svg;
  Options options;
  app.add_option("--output", output, "the JSON file to write");
  app.add_option("--svg", svg, "the figure to draw");
  app.add_option("--bits", options.bits, "to compare at each ratio for each seed, or 300 errors");
  app.add_option("--seed", options.seed, "the first seed of noise and frames");
  app.add_option("--seeds", options.seeds, "how many seeds")->check(CLI::PositiveNumber);
  app.add_option("--spread-at", options.spread_at, "the rate at which seeds are compared");
  CLI11_PARSE(app, argc, argv);
  Campaign campaign(options);
  campaign.run();
  const double apart = campaign.apart();
  nlohmann::json figures = nlohmann::json::array();
  figures.push_back(bench::figure("line/10base-t/ber_vs_theory_db", apart, "dB", 1, campaign.note()));
  std::ofstream(output) << figures.dump(2) << '\n';
  if (!svg.empty()) std::ofstream(svg) << bench::to_svg(campaign.plot());
  return apart <= 1 ? 0 : 1;  // what is no number fails too
}
