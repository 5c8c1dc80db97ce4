// SPDX-License-Identifier: Apache-2.0
#include "host/apps/journey/document_signal.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sockwire::apps {

namespace {

using Json = nlohmann::ordered_json;
using journey::Packet;
using journey::Recording;

/// Of what is between two symbols.
constexpr const char* kGapName = "~";

const char* reason_text(journey::SignalReason reason) {
  switch (reason) {
    case journey::SignalReason::kNone:
      return "";
    case journey::SignalReason::kFirst:
      return "one of the first";
    case journey::SignalReason::kOpenClose:
      return "it opens or closes the connection";
    case journey::SignalReason::kAgain:
      return "it was sent again";
    case journey::SignalReason::kDamaged:
      return "it did not arrive as it was sent";
  }
  return "";
}

/// Names in a row, and how long each lasts in units that all of them are multiples of. A gap has the name "~".
Json symbols_json(const journey::SignalSpan& span) {
  std::vector<std::uint64_t> lasts;
  std::string names;
  std::uint64_t at_ps = span.symbols.front().start_ps;
  const auto add = [&](std::uint64_t lasts_ps, const std::string& name) {
    lasts.push_back(lasts_ps);
    names += (names.empty() ? "" : " ") + name;
    at_ps += lasts_ps;
  };
  for (const journey::LineSymbol& symbol : span.symbols) {
    if (symbol.start_ps > at_ps) add(symbol.start_ps - at_ps, kGapName);
    add(symbol.start_ps + symbol.duration_ps - std::min(at_ps, symbol.start_ps + symbol.duration_ps), symbol.name);
  }
  std::uint64_t unit_ps = 0;
  for (const std::uint64_t one : lasts) unit_ps = std::gcd(unit_ps, one);
  for (std::uint64_t& one : lasts) one /= std::max<std::uint64_t>(unit_ps, 1);
  Json out{{"start_ps", span.symbols.front().start_ps}, {"unit_ps", unit_ps}};
  const bool even = std::ranges::all_of(lasts, [](std::uint64_t one) { return one == 1; });
  if (!even) out["lasts"] = lasts;
  out["names"] = names;
  return out;
}

/// Millivolts, 16 bits each, low octet first.
Json samples_json(const journey::SignalSpan& span) {
  std::vector<std::uint8_t> bytes;
  for (const float sample : span.samples_volts) {
    const auto millivolts = static_cast<std::int16_t>(std::clamp(std::lround(1000 * sample), -32768L, 32767L));
    bytes.push_back(static_cast<std::uint8_t>(millivolts));
    bytes.push_back(static_cast<std::uint8_t>(millivolts >> 8));
  }
  return {{"start_ps", span.samples_start_ps}, {"step_ps", span.sample_ps}, {"mv", base64(bytes)}};
}

}  // namespace

std::string base64(std::span<const std::uint8_t> bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 3; ++k) word = word << 8 | (i + k < bytes.size() ? bytes[i + k] : 0u);
    for (std::size_t k = 0; k < 4; ++k) {
      text += i + k <= bytes.size() ? kDigits[word >> (18 - 6 * k) & 63] : '=';
    }
  }
  return text;
}

nlohmann::ordered_json signal_json(const Recording& recording, const std::vector<Packet>& packets,
                                   const std::vector<std::size_t>& chosen) {
  Json frames = Json::array();
  for (const std::size_t i : chosen) {
    const journey::LineBurst& burst = recording.bursts[packets[i].sent];
    Json frame{{"packet", packets[i].number}, {"start_ps", burst.start_ps}, {"octets", burst.octets.size()}};
    Json parts = Json::array();
    for (const journey::SignalSpan& span : recording.signal.spans) {
      if (span.burst != packets[i].sent) continue;
      frame["kept"] = reason_text(span.reason);
      Json part = Json::object();
      if (!span.symbols.empty()) part["symbols"] = symbols_json(span);
      if (!span.samples_volts.empty()) part["samples"] = samples_json(span);
      parts.push_back(part);
    }
    if (!parts.empty()) frame["parts"] = parts;
    frames.push_back(frame);
  }
  using Limits = journey::SignalLimits;
  return {{"line", recording.signal.line},
          {"coded", recording.signal.coded},
          {"octet_ps", recording.signal.octet_ps},
          {"limits",
           {{"first", Limits::kFirstFrames},
            {"later", Limits::kLaterFrames},
            {"head", Limits::kHeadOctets},
            {"tail", Limits::kTailOctets}}},
          {"frames", frames}};
}

}  // namespace sockwire::apps
