// SPDX-License-Identifier: Apache-2.0
#include "host/apps/eye.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>

#include "host/apps/session.hpp"

namespace sockwire::apps {

namespace {

constexpr int kTraces = 400;  // of the eye that are drawn
constexpr std::size_t kBins = 512;
constexpr double kFloorDb = -60;

/// A plot's frame in the drawing, and where values fall in it.
struct Frame {
  double x, y, width, height;
  double low_x, high_x, low_y, high_y;

  double at_x(double value) const { return x + (value - low_x) / (high_x - low_x) * width; }
  double at_y(double value) const { return y + (high_y - value) / (high_y - low_y) * height; }
};

/// 1, 2 or 5 times a power of ten, so that about `count` of them fill `range`.
double step_of(double range, int count) {
  const double raw = range / count;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (raw <= factor * power) return factor * power;
  }
  return 10 * power;
}

/// Of an axis' ticks, which are multiples of `step`.
int first_tick(double low, double step) { return static_cast<int>(std::ceil(low / step)); }
int last_tick(double high, double step) { return static_cast<int>(std::floor(high / step + 1e-3)); }

std::string axes(const Frame& frame, const std::string& title, const std::string& label_x, const std::string& label_y) {
  std::string svg = fmt::format("<text class='title' x='{:.0f}' y='{:.0f}'>{}</text>\n", frame.x, frame.y - 14, title);
  const double step_x = step_of(frame.high_x - frame.low_x, 5);
  for (int i = first_tick(frame.low_x, step_x); i <= last_tick(frame.high_x, step_x); ++i) {
    const double v = i * step_x;
    svg += fmt::format(
        "<path class='grid' d='M{0:.1f} {1:.1f}V{2:.1f}'/><text text-anchor='middle' x='{0:.1f}' "
        "y='{3:.1f}'>{4:g}</text>\n",
        frame.at_x(v), frame.y, frame.y + frame.height, frame.y + frame.height + 18, v);
  }
  const double step_y = step_of(frame.high_y - frame.low_y, 6);
  for (int i = first_tick(frame.low_y, step_y); i <= last_tick(frame.high_y, step_y); ++i) {
    const double v = i * step_y;
    svg += fmt::format(
        "<path class='grid' d='M{1:.1f} {0:.1f}H{2:.1f}'/><text text-anchor='end' x='{3:.1f}' "
        "y='{4:.1f}'>{5:g}</text>\n",
        frame.at_y(v), frame.x, frame.x + frame.width, frame.x - 6, frame.at_y(v) + 4, v);
  }
  svg += fmt::format("<text text-anchor='middle' x='{:.0f}' y='{:.0f}'>{}</text>\n", frame.x + frame.width / 2,
                     frame.y + frame.height + 38, label_x);
  svg += fmt::format("<text text-anchor='middle' transform='translate({:.0f} {:.0f}) rotate(-90)'>{}</text>\n",
                     frame.x - 44, frame.y + frame.height / 2, label_y);
  return svg;
}

std::string eye(const sim::ScopeTrace& trace, sim::ScopePoint point) {
  const auto most = std::max_element(trace.volts.begin(), trace.volts.end(),
                                     [](float left, float right) { return std::abs(left) < std::abs(right); });
  const double peak = most == trace.volts.end() ? 1 : std::max(0.1, 1.05 * std::abs(static_cast<double>(*most)));
  const double symbol_ns = trace.symbol_ps / 1000;
  const Frame frame{70, 60, 520, 380, 0, 2 * symbol_ns, -peak, peak};
  std::string svg = axes(frame, "Eye: two symbols over one another", "time, ns",
                         point == sim::ScopePoint::kReceiver ? "voltage at the receiver, V" : "level at the slicer");
  svg += "<g class='trace'>\n";
  const auto per_trace = 2 * static_cast<std::size_t>(trace.samples_per_symbol);
  const std::size_t traces = trace.volts.size() / per_trace;
  const std::size_t stride = std::max<std::size_t>(1, traces / kTraces);
  for (std::size_t one = 0; one + 1 < traces; one += stride) {
    std::string path;
    for (std::size_t i = 0; i <= per_trace; ++i) {
      const double time_ns = static_cast<double>(i) * trace.sample_ps / 1000;
      path += fmt::format("{}{:.1f} {:.1f}", i == 0 ? "M" : "L", frame.at_x(time_ns),
                          frame.at_y(static_cast<double>(trace.volts[one * per_trace + i])));
    }
    svg += "<path d='" + path + "'/>\n";
  }
  return svg + "</g>\n";
}

std::string spectrum(const sim::ScopeTrace& trace) {
  const double top_mhz = std::min(2e6 / trace.symbol_ps, 5e5 / trace.sample_ps);
  const Frame frame{690, 60, 440, 380, 0, top_mhz, kFloorDb, 0};
  std::string svg = axes(frame, "Spectrum", "frequency, MHz", "power, dB of the strongest");
  const std::vector<double> power = sim::spectrum_db(trace, kBins);
  std::string path;
  for (std::size_t i = 0; i < power.size(); ++i) {
    const double mhz = static_cast<double>(i) * 5e5 / trace.sample_ps / static_cast<double>(kBins);
    if (mhz > top_mhz) break;
    path +=
        fmt::format("{}{:.1f} {:.1f}", i == 0 ? "M" : "L", frame.at_x(mhz), frame.at_y(std::max(power[i], kFloorDb)));
  }
  return svg + "<path class='line' d='" + path + "'/>\n";
}

}  // namespace

std::string eye_svg(const sim::ScopeTrace& trace, sim::ScopePoint point, const std::string& title) {
  return "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1180 500' role='img'>\n<title>" + title +
         "</title>\n<style>\n"
         "svg{background:#fff;font:13px system-ui,sans-serif;fill:#333}.title{font-size:15px;font-weight:600}"
         ".grid{stroke:#ddd;fill:none}.trace path{stroke:#1f5fa8;stroke-opacity:.12;fill:none;stroke-width:1.2}"
         ".line{stroke:#b3541e;fill:none;stroke-width:1.4}\n"
         "@media(prefers-color-scheme:dark){svg{background:#14171a;fill:#ccc}.grid{stroke:#30363c}"
         ".trace path{stroke:#6fb1ff}.line{stroke:#f0a05a}}\n</style>\n"
         "<text class='title' x='70' y='26'>" +
         title + "</text>\n" + eye(trace, point) + spectrum(trace) + "</svg>\n";
}

int run_eye(const sim::LineSettings& line, sim::ScopePoint point, std::size_t symbols, const std::string& output) {
  const std::string title =
      fmt::format("{}{}, {:g} m of category 5, {:g} mV rms of noise, {:g} ns rms of jitter", sim::name_of(line.code),
                  point == sim::ScopePoint::kEqualiser ? " behind the equaliser" : "", line.length_m, line.noise_mv,
                  line.jitter_ps / 1000);
  const sim::ScopeTrace trace = sim::look_at(line, symbols, point);
  if (trace.volts.empty()) {
    complain("the receiver finds no signal that it can equalise: take a shorter --cable, or less --noise or --jitter");
    return 1;
  }
  const std::string svg = eye_svg(trace, point, title);
  if (output == "-") {
    std::cout << svg << std::flush;
    return 0;
  }
  std::ofstream file(output, std::ios::binary);
  file << svg << std::flush;
  if (!file) {
    complain("cannot write " + output);
    return 1;
  }
  fmt::print(stderr, "{}: {}\n", output, title);
  return 0;
}

}  // namespace sockwire::apps
