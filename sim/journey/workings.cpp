// SPDX-License-Identifier: Apache-2.0
// Checksums worked out as one would on paper. They share no code with the kernels and the stack, so that they check
// them.
#include <cstdio>

#include "sim/journey/dissection.hpp"

namespace sockwire::journey {

namespace {

std::string hex(std::uint32_t value, int digits) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%0*x", digits, value);
  return text;
}

/// Words that are shown one by one at either end of a long sum.
constexpr std::size_t kShownWords = 20;

struct Sum {
  std::uint32_t total = 0;
  std::vector<std::string> steps;

  void add(std::span<const std::uint8_t> bytes, std::size_t field, const char* where) {
    const std::size_t words = (bytes.size() + 1) / 2;
    for (std::size_t i = 0; i < words; ++i) {
      const std::size_t at = 2 * i;
      std::uint32_t word = static_cast<std::uint32_t>(bytes[at] << 8);
      if (at + 1 < bytes.size()) word |= bytes[at + 1];
      const bool is_field = at == field;
      if (is_field) word = 0;
      total += word;
      const bool shown = words <= 2 * kShownWords || i < kShownWords || i + kShownWords / 2 >= words;
      if (shown) {
        steps.push_back(std::string("+ ") + hex(word, 4) + " = " + hex(total, 5) + "  " + where + " byte " +
                        std::to_string(at) + (is_field ? ", the checksum itself: counts as 0" : ""));
      } else if (i == kShownWords) {
        const std::size_t left_out = words - kShownWords - kShownWords / 2;
        steps.push_back("... " + std::to_string(left_out) + " more words, added alike");
      }
    }
  }
};

}  // namespace

Working work_checksum(std::span<const std::uint8_t> bytes, std::size_t field, const std::string& what,
                      std::span<const std::uint8_t> pseudo_header) {
  Working working;
  working.rule = "RFC 1071: the 16-bit words of " + what +
                 " are added; carries out of the top go back in at the bottom; the complement is the checksum";
  Sum sum;
  constexpr std::size_t kNoField = ~std::size_t{0};
  sum.add(pseudo_header, kNoField, "pseudo header");
  sum.add(bytes, field, pseudo_header.empty() ? "header" : "segment");
  while (sum.total >> 16 != 0) {
    const std::uint32_t folded = (sum.total & 0xFFFF) + (sum.total >> 16);
    sum.steps.push_back("carry: " + hex(sum.total & 0xFFFF, 4) + " + " + hex(sum.total >> 16, 4) + " = " +
                        hex(folded, 4));
    sum.total = folded;
  }
  const auto checksum = static_cast<std::uint16_t>(~sum.total);
  sum.steps.push_back("complement: " + hex(checksum, 4));
  working.steps = std::move(sum.steps);
  const std::uint16_t there = read16(bytes, field);
  working.holds = there == checksum || (checksum == 0 && there == 0xFFFF);
  working.result = hex(there, 4) + " is in the packet: " + (working.holds ? "right" : "wrong");
  return working;
}

Working work_fcs(std::span<const std::uint8_t> frame, std::uint32_t on_the_wire) {
  Working working;
  working.rule =
      "IEEE 802.3 3.2.9: the frame's bits, the first bit of each octet being its lowest, are divided by the CRC-32 "
      "polynomial (0xedb88320 with the bits reversed); the register begins with all ones, and its complement is sent";
  std::uint32_t crc = 0xFFFFFFFFu;
  constexpr std::size_t kShownOctets = 8;
  for (std::size_t i = 0; i < frame.size(); ++i) {
    crc ^= frame[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320u : 0u);
    if (i < kShownOctets || i + kShownOctets >= frame.size()) {
      working.steps.push_back("octet " + std::to_string(i) + ": " + hex(frame[i], 2) + " -> register " + hex(crc, 8));
    } else if (i == kShownOctets) {
      working.steps.push_back("... " + std::to_string(frame.size() - 2 * kShownOctets) + " more octets, alike");
    }
  }
  const std::uint32_t fcs = ~crc;
  working.steps.push_back("complement: " + hex(fcs, 8) + ", lowest octet first on the line");
  working.holds = fcs == on_the_wire;
  working.result = hex(on_the_wire, 8) + " is on the line: " + (working.holds ? "right" : "wrong");
  return working;
}

}  // namespace sockwire::journey
