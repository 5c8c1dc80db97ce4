// SPDX-License-Identifier: Apache-2.0
// What the command line says of the line: its code, and what is wrong with its cable.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "host/apps/options.hpp"

namespace sockwire::apps {

/// What CLI11 parses as text, and what is made of it.
struct LineTexts {
  std::string code = "mii";
  std::string jitter = "0";
};

void add_line_options(CLI::App& command, Options& options, LineTexts& texts);

/// What `eye` parses.
struct EyeTexts {
  Options options;
  LineTexts line{.code = "100base-tx"};
  std::size_t symbols = 4000;
  std::string at = "receiver";
  std::string output = "eye.svg";
};

/// `sockwire eye`. texts: outlives the parsing; `run` is set when the subcommand was chosen.
void add_eye(CLI::App& app, EyeTexts& texts, std::function<int()>& run);

/// The rest of what they mean. Precondition: the other options are settled. Throws CLI::ValidationError.
void settle_line(Options& options, const LineTexts& texts);

}  // namespace sockwire::apps
