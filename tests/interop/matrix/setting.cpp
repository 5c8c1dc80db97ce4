// SPDX-License-Identifier: Apache-2.0
#include "setting.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

namespace sockwire::interop {

namespace {

constexpr int kMtus[] = {576, 1280, 1500, 9000};
constexpr int kMinIpv6Mtu = 1280;
constexpr int kCardMtu = 1500;
constexpr const char* kCongestions[] = {"cubic", "reno", "bbr"};

}  // namespace

std::string name_of(const Setting& setting) {
  std::ostringstream loss;
  if (setting.loss > 0) loss << " loss " << setting.loss;
  return setting.congestion + (setting.sack ? " sack" : " -") + (setting.timestamps ? " ts" : " -") +
         (setting.window_scaling ? " ws" : " -") + (setting.ecn ? " ecn " : " - ") + std::to_string(setting.mtu) +
         (setting.ipv6 ? " v6" : " v4") + loss.str();
}

std::string name_of(Peer peer, Way way) {
  constexpr const char* kNames[] = {"nc", "curl", "nginx", "iperf3", "lwip"};
  return std::string(kNames[static_cast<int>(peer)]) + (way == Way::kToPeer ? " to" : " from");
}

std::string why_not(const Setting& setting) {
  std::ifstream available("/proc/sys/net/ipv4/tcp_available_congestion_control");
  const std::vector<std::string> names{std::istream_iterator<std::string>(available), {}};
  if (std::find(names.begin(), names.end(), setting.congestion) == names.end()) {
    return "this kernel has no " + setting.congestion + " loaded";
  }
  return setting.ipv6 && !std::ifstream("/proc/net/if_inet6") ? "this kernel has no IPv6" : "";
}

std::vector<Setting> linux_matrix() {
  std::vector<Setting> settings;
  for (const char* congestion : kCongestions) {
    for (unsigned bits = 0; bits < 16; ++bits) {
      for (const bool ipv6 : {false, true}) {
        for (const int mtu : kMtus) {
          if (ipv6 && mtu < kMinIpv6Mtu) continue;
          settings.push_back(
              {congestion, (bits & 1) == 0, (bits & 2) == 0, (bits & 4) == 0, (bits & 8) != 0, mtu, ipv6});
        }
      }
    }
  }
  return settings;
}

std::vector<Setting> lwip_matrix() {
  std::vector<Setting> settings;
  for (const char* congestion : kCongestions) {
    for (const int mtu : kMtus) {
      if (mtu <= kCardMtu)
        settings.push_back({.congestion = congestion, .sack = false, .timestamps = false, .mtu = mtu});
    }
  }
  return settings;
}

}  // namespace sockwire::interop
