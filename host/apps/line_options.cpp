// SPDX-License-Identifier: Apache-2.0
#include "host/apps/line_options.hpp"

#include "host/apps/eye.hpp"
#include "host/apps/text.hpp"
#include "host/apps/validators.hpp"

namespace sockwire::apps {

namespace {

bool is_copper(sim::LineCode code) { return code == sim::LineCode::k10BaseT || code == sim::LineCode::k100BaseTx; }

}  // namespace

void add_line_options(CLI::App& command, Options& options, LineTexts& texts) {
  const std::string group = "Line code and cable, both directions";
  command
      .add_option("--line", texts.code,
                  "what octets become on the wire: mii (nothing), 10base-t, 100base-tx, 1000base-x or 10gbase-r (width "
                  "8); rates and clocks follow")
      ->check(CLI::IsMember({"mii", "10base-t", "100base-tx", "1000base-x", "10gbase-r"}))
      ->capture_default_str()
      ->group(group);
  command.add_option("--cable", options.line.length_m, "metres of category 5 cable, or of fibre")
      ->check(CLI::Range(0.0, 300.0))
      ->capture_default_str()
      ->group(group);
  command.add_option("--noise", options.line.noise_mv, "copper: at the receiver, in mV rms")
      ->check(CLI::Range(0.0, 1000.0))
      ->group(group);
  command.add_option("--jitter", texts.jitter, "copper: of the transmitter's edges, rms, such as 0.5ns")
      ->check(duration())
      ->group(group);
  command
      .add_option("--clock-offset", options.line.clock_ppm, "copper: how much faster the far end's clock is, in ppm")
      ->check(CLI::Range(-1000.0, 1000.0))
      ->group(group);
  command.add_flag("--swap-pairs", options.line.swapped, "copper: the wires of each pair are swapped")->group(group);
}

void add_eye(CLI::App& app, EyeTexts& texts, std::function<int()>& run) {
  auto* eye = app.add_subcommand("eye", "the eye diagram and the spectrum of a copper line, as an SVG");
  add_line_options(*eye, texts.options, texts.line);
  eye->add_option("--symbols", texts.symbols, "how many are looked at")
      ->check(CLI::Range(1000, 1'000'000))
      ->capture_default_str();
  eye->add_option("--at", texts.at, "where: at the receiver's end of the cable, or behind its equaliser (100base-tx)")
      ->check(CLI::IsMember({"receiver", "equaliser"}))
      ->capture_default_str();
  eye->add_option("--seed", texts.options.seed, "of the data, the noise and the jitter")->capture_default_str();
  eye->add_option("-o,--output", texts.output, "the file, - for standard output")
      ->type_name("FILE")
      ->capture_default_str();
  eye->callback([&texts, &run] {
    texts.options.card = CardKind::kNative;
    settle_line(texts.options, texts.line);
    if (!is_copper(texts.options.line.code)) {
      throw CLI::ValidationError("--line", "only copper has a waveform here: 10base-t or 100base-tx");
    }
    const auto point = texts.at == "equaliser" ? sim::ScopePoint::kEqualiser : sim::ScopePoint::kReceiver;
    if (point == sim::ScopePoint::kEqualiser && texts.options.line.code != sim::LineCode::k100BaseTx) {
      throw CLI::ValidationError("--at", "only 100base-tx has an equaliser");
    }
    run = [&texts, point] { return run_eye(texts.options.line, point, texts.symbols, texts.output); };
  });
}

void settle_line(Options& options, const LineTexts& texts) {
  sim::LineSettings& line = options.line;
  line.code = sim::parse_line_code(texts.code).value_or(sim::LineCode::kMii);  // checked when it was read
  line.jitter_ps = static_cast<double>(parse_duration(texts.jitter).value_or(Duration(0)).count()) * 1000;
  line.seed = options.seed;
  line.verilated = options.card == CardKind::kVerilator;
  const bool worse = line.noise_mv != 0 || line.jitter_ps != 0 || line.clock_ppm != 0 || line.swapped;
  if (worse && !is_copper(line.code)) {
    throw CLI::ValidationError("--line",
                               "--noise, --jitter, --clock-offset and --swap-pairs are a copper cable's: use "
                               "10base-t or 100base-tx");
  }
  if (line.code == sim::LineCode::kMii) return;
  options.width = sim::width_of(line.code);
  if (!is_copper(line.code)) {
    line.bit_error_rate = options.bit_error_rate;
    options.bit_error_rate = 0;
  } else if (options.bit_error_rate != 0) {
    throw CLI::ValidationError("--ber", "a copper cable has --noise and --jitter instead");
  }
  const bool frames =
      options.loss != 0 || options.reordering != 0 || options.duplication != 0 || options.delay.count() != 0;
  if (frames && options.wire == WireKind::kLoop) {
    throw CLI::ValidationError("--line",
                               "between two cards there is only the cable: --loss, --reorder, --dup and "
                               "--delay are for --wire tap, or for --line mii");
  }
}

}  // namespace sockwire::apps
