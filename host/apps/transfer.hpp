// SPDX-License-Identifier: Apache-2.0
// Moving files over a connected socket. Used by the subcommands and by the demo.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "host/apps/http.hpp"
#include "host/apps/setup.hpp"
#include "host/apps/waiting.hpp"
#include "host/tcp/info.hpp"

namespace sockwire::apps {

/// Takes bytes as they come; an error ends the transfer.
using ByteSink = std::function<Result<void, std::string>(std::span<const std::uint8_t>)>;
/// Fills the span and returns how many bytes it has; 0 at the end.
using ByteSource = std::function<Result<std::size_t, std::string>(std::span<std::uint8_t>)>;
/// Told of every step: bytes moved, and of how many if that is known.
using OnProgress = std::function<void(std::uint64_t done, std::optional<std::uint64_t> total)>;

/// What a transfer came to.
struct TransferResult {
  std::uint64_t bytes = 0;
  tcp::Info info;
  Duration time{};  ///< of the world's clock, from the call to connect() to the last byte
};

/// Fetches a URL. A status other than 200 is an error.
CommandResult<TransferResult> fetch(Setup& setup, const Url& url, Duration patience, const ByteSink& sink,
                                    const OnProgress& progress);

/// Connects, sends until the source ends, and waits until the peer has acknowledged everything.
CommandResult<TransferResult> push(Setup& setup, const Endpoint& to, Duration patience, const ByteSource& source,
                                   std::optional<std::uint64_t> total, const OnProgress& progress);

/// Takes everything from a connected socket until its peer closes.
CommandResult<TransferResult> take(Setup& setup, int descriptor, Duration patience, const ByteSink& sink,
                                   const OnProgress& progress);

}  // namespace sockwire::apps
