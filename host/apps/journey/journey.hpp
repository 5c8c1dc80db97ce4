// SPDX-License-Identifier: Apache-2.0
// `sockwire journey`: one message from the application's call to the octets on the line and up the other side.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/apps/http.hpp"
#include "host/apps/options.hpp"

namespace sockwire::apps {

struct JourneyOptions {
  Url url;
  std::string serve;  ///< A file that the server answers with; empty: so many bytes as the path says.
  std::string html;   ///< Where the page goes; empty: none is written.
  std::string json;   ///< Where everything that was recorded goes.
  bool text = false;  ///< Tell it on standard output, although there are files.
  std::vector<std::string> command_line;
};

/// `sockwire journey get URL`: two hosts, two cards and a cable, in virtual time. Returns the exit code.
int run_journey(const Options& options, const JourneyOptions& journey);

}  // namespace sockwire::apps
