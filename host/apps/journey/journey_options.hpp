// SPDX-License-Identifier: Apache-2.0
// What the command line says of a journey.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "host/apps/journey/journey.hpp"
#include "host/apps/line_options.hpp"

namespace sockwire::apps {

/// What `journey` parses.
struct JourneyTexts {
  JourneyOptions journey;
  Options options;
  std::string url;
  std::string target;
  std::string card = "native";
  std::string loss = "0";
  std::string ber = "0";
  std::string delay;
  std::string pause = "0";
  LineTexts line;
};

/// `sockwire journey`. texts: outlives the parsing; `run` is set when the subcommand was chosen.
void add_journey(CLI::App& app, JourneyTexts& texts, std::function<int()>& run);

}  // namespace sockwire::apps
