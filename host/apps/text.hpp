// SPDX-License-Identifier: Apache-2.0
// Numbers as people write and read them on a command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "host/base/time.hpp"

namespace sockwire::apps {

/// "10ms", "250us", "1.5s", "40ns"; a number alone is in milliseconds. Nothing if it is none of these, or negative.
std::optional<Duration> parse_duration(std::string_view text);

/// "0.01", "1e-6" or "1%": a probability from 0 to 1.
std::optional<double> parse_probability(std::string_view text);

/// "4,194,304".
std::string with_separators(std::uint64_t value);

/// "4.19 MB": decimal, three digits.
std::string bytes_text(double bytes);

/// "987 Mb/s".
std::string rate_text(double bits_per_second);

/// "1.25 ms".
std::string duration_text(Duration duration);

}  // namespace sockwire::apps
