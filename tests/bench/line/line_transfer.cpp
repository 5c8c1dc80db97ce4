// SPDX-License-Identifier: Apache-2.0
// TCP over the worst cable that each line code is stated to work with: a file fetched from a second card, both native,
// in virtual time. A campaign: its file goes to tests/bench/campaigns.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "host/apps/far_side.hpp"
#include "host/apps/setup.hpp"
#include "host/apps/sha256.hpp"
#include "host/apps/transfer.hpp"
#include "tests/bench/campaign.hpp"
#include "tests/host/apps/pattern_digest.hpp"

namespace sockwire::bench {
namespace {

using namespace std::chrono_literals;
using sim::LineCode;

struct Settings {
  std::string output;
  std::string code;
  std::uint64_t seed = 1;
  std::uint64_t divide = 1;
};

struct WorstCable {
  sim::LineSettings line;
  std::uint64_t bytes;
  std::string text;
};

std::vector<WorstCable> worst_cables(std::uint64_t seed) {
  sim::LineSettings ten;
  ten.code = LineCode::k10BaseT;
  ten.length_m = 100;
  ten.noise_mv = 100;
  ten.jitter_ps = 3000;
  ten.clock_ppm = 100;
  ten.swapped = true;
  sim::LineSettings hundred;
  hundred.code = LineCode::k100BaseTx;
  hundred.length_m = 100;
  hundred.noise_mv = 12;
  hundred.jitter_ps = 200;
  hundred.clock_ppm = -100;
  hundred.swapped = true;
  sim::LineSettings gigabit;
  gigabit.code = LineCode::k1000BaseX;
  gigabit.length_m = 5000;
  gigabit.bit_error_rate = 1e-8;
  gigabit.burst_rate = 1e-9;
  gigabit.slip_rate = 1e-9;
  sim::LineSettings ten_gigabit = gigabit;
  ten_gigabit.code = LineCode::k10GBaseR;
  ten_gigabit.length_m = 10000;
  ten_gigabit.bit_error_rate = 1e-7;
  ten_gigabit.burst_rate = 1e-8;
  ten_gigabit.slip_rate = 1e-8;
  std::vector<WorstCable> all{
      {ten, 256 << 10, "100 m, 100 mV rms of noise, 3 ns rms of jitter, +100 ppm, pairs swapped"},
      {hundred, 4 << 20, "100 m, 12 mV rms of noise, 0.2 ns rms of jitter, -100 ppm, pairs swapped"},
      {gigabit, 4 << 20, "5 km, bit error rate 1e-8, bursts and slips 1e-9 per bit each"},
      {ten_gigabit, 4 << 20, "10 km, bit error rate 1e-7, bursts and slips 1e-8 per bit each"}};
  for (WorstCable& one : all) one.line.seed = seed;
  return all;
}

struct Outcome {
  std::string problem;
  tcp::Info info;
  apps::Measures measures;
};

Outcome fetch_over(const WorstCable& cable, std::uint64_t bytes) {
  apps::Options options;
  options.card = apps::CardKind::kNative;
  options.wire = apps::WireKind::kLoop;
  options.line = cable.line;
  options.seed = cable.line.seed;
  options.width = sim::width_of(cable.line.code);
  const auto made = apps::Setup::make(options);
  if (!made) return {made.error(), {}, {}};
  apps::Setup& setup = **made;
  apps::FarSide far(*setup.far_host(), options.seed);
  setup.loop().add_task([&far] { return far.turn(); });
  if (!far.serve_http(80)) return {"nobody serves", {}, {}};
  apps::Sha256 sha;
  const auto fetched = apps::fetch(
      setup, *apps::Url::parse("http://10.18.0.1/" + std::to_string(bytes)), 60s,
      [&](std::span<const std::uint8_t> piece) {
        sha.update(piece);
        return Result<void, std::string>();
      },
      [](std::uint64_t, std::optional<std::uint64_t>) {});
  if (!fetched) return {fetched.error().message, {}, {}};
  const bool equal = fetched->bytes == bytes && sha.finish() == apps::pattern_digest(options.seed, bytes);
  return {equal ? "" : "other data arrived", fetched->info, setup.measure()};
}

std::string note_of(const WorstCable& cable, const Outcome& outcome) {
  const auto& line = *outcome.measures.line;
  const auto& card = outcome.measures.card;
  const auto both = [&](LineCounter counter) { return line.near_counts.of(counter) + line.far_counts.of(counter); };
  return fmt::format(
      "{}; equal; {:.0f} ms of virtual time; code violations {}, frames cut {}, false carriers {}, locks lost {}, "
      "links "
      "lost {}; bad FCS at the receiver {}; out of order for TCP {}",
      cable.text, std::chrono::duration<double, std::milli>(outcome.measures.now.time_since_epoch()).count(),
      both(LineCounter::kCodeViolation), both(LineCounter::kFrameCut), both(LineCounter::kFalseCarrier),
      both(LineCounter::kLockLost), both(LineCounter::kLinkLost), card[static_cast<std::size_t>(card::Counter::kRxFcs)],
      outcome.info.counters.out_of_order_segments);
}

int run(const Settings& settings) {
  Campaign campaign;
  campaign.seed = settings.seed;
  campaign.command = "build/bin/line_transfer --seed " + std::to_string(settings.seed) + " --output FILE";
  bool good = true;
  for (const WorstCable& cable : worst_cables(settings.seed)) {
    const std::string name(sim::name_of(cable.line.code));
    if (!settings.code.empty() && settings.code != name) continue;
    const std::uint64_t bytes = cable.bytes / settings.divide;
    std::fprintf(stderr, "line_transfer: %s, %llu bytes, seed %llu\n", name.c_str(),
                 static_cast<unsigned long long>(bytes), static_cast<unsigned long long>(settings.seed));
    const Outcome outcome = fetch_over(cable, bytes);
    if (!outcome.problem.empty()) {
      std::fprintf(stderr, "line_transfer: %s: %s\n", name.c_str(), outcome.problem.c_str());
      good = false;
      continue;
    }
    const std::string note = note_of(cable, outcome);
    std::fprintf(stderr, "line_transfer: %s\n", note.c_str());
    campaign.figures.push_back(
        figure("line/" + name + "/worst_cable_transfer_bytes", bytes, "bytes", cable.bytes, note));
  }
  return write_campaign(settings.output, campaign) && good ? 0 : 1;
}

}  // namespace
}  // namespace sockwire::bench

int main(int argc, char** argv) {
  sockwire::bench::Settings settings;
  CLI::App app("TCP over the worst cable of each line code");
  app.add_option("--output", settings.output, "where the campaign's file goes, as JSON");
  app.add_option("--code", settings.code, "only this one");
  app.add_option("--seed", settings.seed, "of everything")->capture_default_str();
  app.add_option("--divide", settings.divide, "the bytes by this, for a short run")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  return sockwire::bench::run(settings);
}
