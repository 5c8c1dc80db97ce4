// SPDX-License-Identifier: Apache-2.0
#include "host/apps/text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace sockwire::apps {

namespace {

/// A non-negative finite number at the start of `text`, which is shortened by it.
std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value) || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

/// Three significant digits with the first of the units, each a thousand times the last, that suits.
template <std::size_t kUnits>
std::string scaled(double value, const std::array<const char*, kUnits>& units) {
  std::size_t unit = 0;
  while (unit + 1 < kUnits && value >= 999.5) {
    value /= 1000;
    ++unit;
  }
  const int decimals = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f} {}", value, decimals, units[unit]);
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  const auto value = take_number(text);
  if (!value) return std::nullopt;
  double unit_ns = 0;
  if (text.empty() || text == "ms") unit_ns = 1e6;
  if (text == "ns") unit_ns = 1;
  if (text == "us" || text == "µs") unit_ns = 1e3;
  if (text == "s") unit_ns = 1e9;
  // A day is more than anybody waits for, and far from where nanoseconds overflow.
  if (unit_ns == 0 || *value * unit_ns > 86'400e9) return std::nullopt;
  return Duration(static_cast<Duration::rep>(std::llround(*value * unit_ns)));
}

std::optional<double> parse_probability(std::string_view text) {
  auto value = take_number(text);
  if (!value) return std::nullopt;
  if (text == "%") {
    *value /= 100;
    text = {};
  }
  if (!text.empty() || *value > 1) return std::nullopt;
  return value;
}

std::string with_separators(std::uint64_t value) {
  const std::string digits = std::to_string(value);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string bytes_text(double bytes) { return scaled(bytes, std::array{"bytes", "kB", "MB", "GB", "TB"}); }

std::string rate_text(double bits_per_second) {
  return scaled(bits_per_second, std::array{"b/s", "kb/s", "Mb/s", "Gb/s"});
}

std::string duration_text(Duration duration) {
  return scaled(static_cast<double>(duration.count()), std::array{"ns", "µs", "ms", "s"});
}

}  // namespace sockwire::apps
