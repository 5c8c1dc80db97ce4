// SPDX-License-Identifier: Apache-2.0
// The subcommands that have a card. Each returns its exit code: 0; 1 after one line on standard error that says what to
// do; 128 and the signal's number if it was interrupted.
#pragma once

#include <cstdint>
#include <string>

#include "host/apps/http.hpp"
#include "host/apps/options.hpp"

namespace sockwire::apps {

int run_get(const Options& options, const Url& url, const std::string& output);
int run_send(const Options& options, const std::string& file, const HostPort& to);
/// bytes: what the far end of --wire loop sends.
int run_listen(const Options& options, std::uint16_t port, const std::string& output, std::uint64_t bytes);
/// target: a name or an address.
int run_ping(const Options& options, const std::string& target, unsigned count, unsigned data_bytes);
int run_ss(bool json);
int run_stats(bool json, bool all);

}  // namespace sockwire::apps
