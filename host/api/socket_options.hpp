// SPDX-License-Identifier: Apache-2.0
// The socket options that are known, and what getting and setting each of them means.
#pragma once

#include <cstdint>
#include <vector>

#include "host/api/instance.hpp"
#include "host/socket/host.hpp"

namespace sockwire::api {

using OptionBytes = std::vector<std::uint8_t>;

/// A socket whose option is asked for.
struct OptionTarget {
  Host& host;
  int descriptor;
  SocketKind& kind;
};

/// One option. The functions return 0 or an errno; nullptr: it cannot be read, or written.
struct Option {
  int level;
  int name;
  int type;  ///< Of sockets that have it: SOCK_STREAM, SOCK_DGRAM, 0 for both.
  int (*get)(const OptionTarget&, OptionBytes&);
  int (*set)(const OptionTarget&, const OptionBytes&);
};

/// nullptr: not known, or not of this type of socket.
const Option* find_option(int level, int name, int type);
/// Linux says ENOPROTOOPT of unknown options and EOPNOTSUPP of unknown levels.
bool level_known(int level);

}  // namespace sockwire::api
