// SPDX-License-Identifier: Apache-2.0
// What a journey keeps of the line's signal, and what it marks in the waveform.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>

#include "tests/host/apps/journey/journey_fixture.hpp"
#include "tests/sim/wave/fst_reader.hpp"

namespace sockwire {
namespace {

std::vector<unsigned> from_base64(const std::string& text) {
  static const std::string kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<unsigned> out;
  unsigned bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<unsigned>(kDigits.find(c));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(bits >> count & 0xFF);
  }
  return out;
}

// What is said of the signal is what was on the line: behind /J/K/, which stand for the first octet of the preamble,
// the names of 4B/5B are the frame's nibbles, low one first (IEEE 802.3 clauses 22.2.3 and 24.2.2.1), then /T//R/.
TEST_F(Journey, SymbolsOfALineCodeAreTheFramesNibbles) {
  const json all = recorded("http://www.example.org/1000 --line 100base-tx --cable 50");
  ASSERT_TRUE(all.is_object());
  EXPECT_EQ(all["signal"]["line"], "100base-tx");
  std::map<int, std::vector<unsigned>> octets;
  for (const json& packet : all["packets"]) octets[packet["n"]] = from_base64(packet["octets"]);
  std::size_t whole = 0;
  for (const json& frame : all["signal"]["frames"]) {
    if (!frame.contains("parts")) continue;
    const json& part = frame["parts"][0];
    std::string names;
    std::istringstream words(part["symbols"]["names"].get<std::string>());
    for (std::string word; words >> word;) names += word;
    std::string nibbles = "/J/K/";
    const std::vector<unsigned>& sent = octets.at(frame["packet"]);
    for (std::size_t i = 1; i < sent.size(); ++i) {
      nibbles += "0123456789ABCDEF"[sent[i] & 15];
      nibbles += "0123456789ABCDEF"[sent[i] >> 4];
    }
    if (sent.size() > 132) continue;  // of a longer one only the beginning and the end are kept
    EXPECT_NE(names.find(nibbles + "/T//R/"), std::string::npos) << names << "\n" << nibbles;
    ++whole;
    double peak = 0;
    const std::vector<unsigned> bytes = from_base64(part["samples"]["mv"]);
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
      const auto millivolts = static_cast<std::int16_t>(bytes[i] | bytes[i + 1] << 8);
      peak = std::max(peak, std::abs(millivolts / 1000.0));
    }
    EXPECT_GT(peak, 0.4);  // of 1 V, behind 50 m
    EXPECT_LT(peak, 1.2);
  }
  EXPECT_GE(whole, 5u);
}

// Memory is bounded, and what matters is kept however late it comes: the close, and what was damaged and repaired.
TEST_F(Journey, SignalIsKeptOfWhatMatters) {
  const json run = recorded("http://www.example.org/100k --line 10gbase-r --ber 2e-5 --seed 3");
  std::map<std::string, int> kept;
  std::map<int, std::string> reasons;
  for (const json& frame : run["signal"]["frames"]) {
    if (!frame.contains("kept")) continue;
    ++kept[frame["kept"]];
    reasons[frame["packet"]] = frame["kept"];
    ASSERT_FALSE(frame["parts"].empty());
    for (const json& part : frame["parts"]) EXPECT_FALSE(part["symbols"]["names"].get<std::string>().empty());
  }
  EXPECT_EQ(kept.count("it was sent again"), 1u);
  EXPECT_EQ(kept.count("it did not arrive as it was sent"), 1u);
  const json& limits = run["signal"]["limits"];
  EXPECT_LE(reasons.size(), limits["first"].get<std::size_t>() + limits["later"].get<std::size_t>());
  EXPECT_LT(reasons.size(), run["packets"].size());
  for (const json& packet : run["packets"]) {
    const std::string flags = value_of(packet, "TCP", "Flags");
    if (flags.find("FIN") == std::string::npos && flags.find("SYN") == std::string::npos) continue;
    EXPECT_TRUE(reasons.contains(packet["n"])) << packet["title"];
  }
}

// A code may take some of the preamble (1000BASE-X: an octet, so that its start falls on an even group): no damage.
TEST_F(Journey, PreambleThatIsShorterIsNoDamage) {
  for (const std::string line : {"1000base-x", "10gbase-r -6"}) {
    const json run = recorded("http://www.example.org/100 --line " + line);
    EXPECT_EQ(run["run"]["lost"], 0) << line;
    EXPECT_EQ(run["run"]["damaged"], 0) << line;
    for (const json& packet : run["packets"]) EXPECT_TRUE(packet.contains("received")) << line << packet["title"];
  }
}

// Packet numbers are those of the capture in the waveform, too: a marker when each frame has left.
TEST_F(Journey, WaveformMarksCallsAndPackets) {
  for (const std::string line : {"mii", "100base-tx", "10gbase-r", "mii --card verilator"}) {
    const json run = recorded("http://www.example.org/20k --line " + line + " --wave " + path("wave.fst"));
    const sim::FstReader wave(path(line.ends_with("verilator") ? "wave.line.fst" : "wave.fst"));
    ASSERT_TRUE(wave.open);
    std::map<std::string, std::uint64_t> markers;  // their times in ps
    for (const auto& [name, changes] : wave.changes) {
      if (!name.ends_with("marker")) continue;
      for (const sim::Change& change : changes) markers[change.value] = change.time;
    }
    EXPECT_TRUE(std::ranges::any_of(markers, [](const auto& one) { return one.first.starts_with("A: connect(0, "); }));
    for (const json& packet : run["packets"]) {
      const std::string start = "#" + std::to_string(packet["n"].get<int>()) + " ";
      const std::string end = std::string(packet["from"] == 0 ? "A" : "B") + " at " +
                              std::to_string(packet["end"].get<std::uint64_t>()) + " ns";
      EXPECT_TRUE(std::ranges::any_of(
          markers, [&](const auto& one) { return one.first.starts_with(start) && one.first.ends_with(end); }))
          << line << ": " << start << " ... " << end;
    }
  }
}

}  // namespace
}  // namespace sockwire
