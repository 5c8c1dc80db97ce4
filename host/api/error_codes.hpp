// SPDX-License-Identifier: Apache-2.0
// Errors of the C++ calls as those of the C interface.
#pragma once

#include "host/socket/error.hpp"

namespace sockwire::api {

/// The errno that means the same on Linux.
int errno_of(SocketErrc code);
/// The EAI_ code of getaddrinfo(3).
int eai_of(SocketErrc code);

/// Sets errno; the result of a call that failed.
int fail(int code);
inline int fail(const SocketError& error) { return fail(errno_of(error.code)); }

}  // namespace sockwire::api
