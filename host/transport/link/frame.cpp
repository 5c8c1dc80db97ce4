// SPDX-License-Identifier: Apache-2.0
#include "host/transport/link/frame.hpp"

#include "hls/mac/crc32.hpp"
#include "host/transport/link/stuffing.hpp"

namespace sockwire::transport {

namespace {

std::uint32_t crc_of(std::span<const std::uint8_t> bytes) {
  std::uint32_t crc = kCrc32Initial;
  for (const std::uint8_t byte : bytes) crc = crc32_beat<1>(crc, byte);
  return crc;
}

}  // namespace

void write_frame(const LinkFrame& frame, std::vector<std::uint8_t>& scratch, std::vector<std::uint8_t>& line) {
  scratch.resize(link_frame::kHeaderBytes);
  scratch[link_frame::kType] = static_cast<std::uint8_t>(frame.type);
  scratch[link_frame::kSession] = frame.session;
  scratch[link_frame::kNumber] = frame.number;
  scratch[link_frame::kAck] = frame.held.ack;
  scratch[link_frame::kHeld] = static_cast<std::uint8_t>(frame.held.bits);
  scratch[link_frame::kHeld + 1] = static_cast<std::uint8_t>(frame.held.bits >> 8);
  scratch[link_frame::kLimit] = frame.held.limit;
  scratch.insert(scratch.end(), frame.payload.begin(), frame.payload.end());
  const std::uint32_t fcs = ~crc_of(scratch);
  for (int i = 0; i < link_frame::kCrcBytes; ++i) scratch.push_back(static_cast<std::uint8_t>(fcs >> (8 * i)));
  stuff(scratch, line);
}

std::optional<LinkFrame> read_frame(std::span<const std::uint8_t> line, std::vector<std::uint8_t>& scratch) {
  constexpr std::size_t kBytesMin = link_frame::kHeaderBytes + link_frame::kCrcBytes;
  if (!unstuff(line, scratch)) return std::nullopt;
  if (scratch.size() < kBytesMin || scratch.size() > link_frame::kBytesMax) return std::nullopt;
  if (crc_of(scratch) != kCrc32Residue) return std::nullopt;
  LinkFrame frame;
  frame.type = static_cast<LinkType>(scratch[link_frame::kType]);
  frame.session = scratch[link_frame::kSession];
  frame.number = scratch[link_frame::kNumber];
  frame.held.ack = scratch[link_frame::kAck];
  frame.held.bits = static_cast<std::uint16_t>(scratch[link_frame::kHeld] | scratch[link_frame::kHeld + 1] << 8);
  frame.held.limit = scratch[link_frame::kLimit];
  frame.payload = std::span(scratch).subspan(link_frame::kHeaderBytes, scratch.size() - kBytesMin);
  return frame;
}

}  // namespace sockwire::transport
