// SPDX-License-Identifier: Apache-2.0
// What varies in the matrix of interoperability: the kernel's settings, the path's, and who is at the far end.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sockwire::interop {

/// One setting of Linux's TCP and of the path.
struct Setting {
  std::string congestion = "cubic";  ///< Of both ends: cubic, reno, bbr.
  bool sack = true;
  bool timestamps = true;
  bool window_scaling = true;
  bool ecn = false;  ///< Linux offers it and takes it; else it does neither. Our side always offers.
  int mtu = 1500;    ///< Of Linux's device, in bytes. The card's is the same, but 1500 at most.
  bool ipv6 = false;
  double loss = 0;  ///< Probability that the wire loses a frame, each way.
};

/// An unmodified program on Linux's TCP; or Debian's lwIP, which has a TCP of its own.
enum class Peer : std::uint8_t { kNc, kCurl, kNginx, kIperf3, kLwip };
enum class Way : std::uint8_t { kToPeer, kFromPeer };

inline constexpr Peer kLinuxPeers[] = {Peer::kNc, Peer::kCurl, Peer::kNginx, Peer::kIperf3};
inline constexpr Way kWays[] = {Way::kToPeer, Way::kFromPeer};

/// "cubic sack ts - ecn 1500 v4": a dash for what is off; " loss 0.01" behind it if there is any.
std::string name_of(const Setting& setting);
/// "nc to", "nginx from".
std::string name_of(Peer peer, Way way);

/// Why this machine cannot have it: the algorithm's module is not loaded, or there is no IPv6. Empty: it can.
std::string why_not(const Setting& setting);

/// Every combination; MTU 576 to 9000 over IPv4, 1280 to 9000 over IPv6 (RFC 8200 5).
std::vector<Setting> linux_matrix();
/// What varies with lwIP: our congestion control and our MTU. It scales windows, and has no other option.
std::vector<Setting> lwip_matrix();

}  // namespace sockwire::interop
