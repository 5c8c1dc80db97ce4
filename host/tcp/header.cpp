// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/header.hpp"

#include <cassert>

#include "hls/wire/byte_order.hpp"

namespace sockwire::tcp {

using namespace sockwire::wire;

std::size_t header_bytes(const Transmit& transmit) {
  return kTcpMinHeaderBytes + encoded_options_bytes(transmit.options);
}

std::size_t write_header(const Transmit& transmit, Ports ports, std::span<std::uint8_t> out) {
  const std::size_t bytes = header_bytes(transmit);
  assert(out.size() >= bytes);
  std::uint8_t* p = out.data();
  store_be16(p + kTcpSourcePort, ports.source);
  store_be16(p + kTcpDestinationPort, ports.destination);
  store_be32(p + kTcpSequence, transmit.seq.value());
  store_be32(p + kTcpAck, transmit.ack.value());
  p[kTcpDataOffset] = static_cast<std::uint8_t>(bytes / 4 << 4);
  p[kTcpFlags] = transmit.flags();
  store_be16(p + kTcpWindow, transmit.window);
  store_be16(p + kTcpChecksum, 0);
  store_be16(p + kTcpUrgent, transmit.urgent);
  encode_options(transmit.options, out.subspan(kTcpMinHeaderBytes));
  return bytes;
}

std::optional<ParsedHeader> parse_header(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < kTcpMinHeaderBytes) return std::nullopt;
  const std::uint8_t* p = bytes.data();
  const std::size_t header = static_cast<std::size_t>(p[kTcpDataOffset] >> 4) * 4;
  if (header < kTcpMinHeaderBytes || header > bytes.size()) return std::nullopt;
  const auto options = decode_options(bytes.subspan(kTcpMinHeaderBytes, header - kTcpMinHeaderBytes));
  if (!options) return std::nullopt;

  ParsedHeader parsed;
  parsed.ports = {load_be16(p + kTcpSourcePort), load_be16(p + kTcpDestinationPort)};
  parsed.segment.seq = SeqNum(load_be32(p + kTcpSequence));
  parsed.segment.ack = SeqNum(load_be32(p + kTcpAck));
  parsed.segment.flags = p[kTcpFlags];
  parsed.segment.window = load_be16(p + kTcpWindow);
  parsed.segment.urgent = load_be16(p + kTcpUrgent);
  parsed.segment.options = *options;
  parsed.segment.payload = bytes.subspan(header);
  return parsed;
}

}  // namespace sockwire::tcp
