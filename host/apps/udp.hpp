// SPDX-License-Identifier: Apache-2.0
// `sockwire udp`: datagrams from standard input and to standard output, as nc -u.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "host/apps/options.hpp"

namespace sockwire::apps {

struct UdpOptions {
  std::string host;  ///< To whom; empty: wait for whoever sends first, on `port`.
  std::uint16_t port = 0;
  std::string output;  ///< Empty or "-": standard output.
  /// Ends when nothing has come or gone for so long. Nothing: one second after the end of the input if it is to `host`,
  /// never if it listens.
  std::optional<Duration> idle;
};

int run_udp(const Options& options, const UdpOptions& udp);

}  // namespace sockwire::apps
