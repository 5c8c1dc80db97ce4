// SPDX-License-Identifier: Apache-2.0
// `sockwire journey`: one message from the application's call to the octets on the line and up the other side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "host/apps/http.hpp"
#include "host/apps/journey/applications.hpp"
#include "host/apps/options.hpp"
#include "sim/journey/recording.hpp"

namespace sockwire::apps {

struct JourneyOptions {
  journey::Errand errand = journey::Errand::kFetch;
  Url url;      ///< Of kFetch.
  HostPort to;  ///< Of kSend.
  /// Of kFetch: what the server answers with; empty: so many bytes as the path says. Of kSend: the message, - for
  /// standard input.
  std::string file;
  Writes writes;                     ///< Of kSend.
  bool ipv6 = false;                 ///< A name has an IPv6 address, and no other.
  std::string html;                  ///< Where the page goes; empty: none is written.
  std::string json;                  ///< Where everything that was recorded goes.
  std::vector<std::size_t> packets;  ///< To tell in full, by number, instead of the whole.
  bool text = false;                 ///< Tell it on standard output, although there are files.
  std::vector<std::string> command_line;
};

/// All of a journey is kept until it is told.
inline constexpr std::uint64_t kLongestMessage = 64'000'000;

/// `sockwire journey get URL` and `journey send HOST:PORT FILE`: two hosts, two cards and a cable, in virtual time.
/// Returns the exit code.
int run_journey(const Options& options, const JourneyOptions& journey);

}  // namespace sockwire::apps
