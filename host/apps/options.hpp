// SPDX-License-Identifier: Apache-2.0
// What every subcommand that has a card can be told.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/base/ip_prefix.hpp"
#include "host/base/time.hpp"
#include "host/stack/dns/dns_hosts.hpp"
#include "host/tcp/congestion/congestion_control.hpp"
#include "host/tcp/endpoint.hpp"
#include "sim/cosim/coded_line.hpp"

namespace sockwire::apps {

enum class CardKind : std::uint8_t { kNative, kVerilator, kUsb };
enum class WireKind : std::uint8_t {
  kTap,
  kLoop,
  kNetwork,  ///< whatever the connector of a real card is plugged into
};

struct Options {
  CardKind card = CardKind::kVerilator;
  std::string usb_serial;               ///< of --card usb:SERIAL; empty: the only one
  std::uint32_t baud_max = 12'000'000;  ///< of --card usb: no faster, whatever both ends can do
  int width = 1;                        ///< bytes per beat: 1 or 8
  WireKind wire = WireKind::kTap;
  sim::LineSettings line;  ///< its code sets `width`
  /// Faults, of both directions alike.
  double loss = 0;
  double bit_error_rate = 0;
  double reordering = 0;
  double duplication = 0;
  Duration delay{0};  ///< one way
  std::uint64_t seed = 1;
  std::string pcap;  ///< empty: no capture
  std::string wave;  ///< empty: no waveform
  bool json = false;
  std::vector<IpPrefix> addresses;  ///< instead of the usual ones of their version
  std::vector<IpAddress> gateways;  ///< likewise
  tcp::CongestionAlgorithm congestion = tcp::CongestionAlgorithm::kCubic;
  bool ecn = false;                              ///< ask the peer for explicit congestion notification
  bool dhcp = false;                             ///< the address comes from a server behind the wire
  std::vector<tcp::Endpoint> dns_servers;        ///< before those that DHCP tells
  stack::dns::Hosts hosts;                       ///< fixed names
  std::optional<pid_t> lab;                      ///< instead of the newest
  Duration patience = std::chrono::seconds(30);  ///< without progress until a transfer is given up
};

inline const char* name_of(CardKind card) {
  if (card == CardKind::kUsb) return "usb";
  return card == CardKind::kNative ? "native" : "verilator";
}
inline const char* name_of(WireKind wire) {
  if (wire == WireKind::kNetwork) return "network";
  return wire == WireKind::kTap ? "tap" : "loop";
}

}  // namespace sockwire::apps
