// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "host/base/result.hpp"

namespace sockwire {

/// Why a socket call failed. In brackets: the errno of POSIX that means the same.
enum class SocketErrc : std::uint8_t {
  kBadDescriptor,       ///< [EBADF]
  kInvalid,             ///< The call does not suit the socket's state or its arguments. [EINVAL]
  kTooManySockets,      ///< [EMFILE]
  kAddressInUse,        ///< [EADDRINUSE]
  kAddressNotLocal,     ///< [EADDRNOTAVAIL]
  kNoPorts,             ///< Every ephemeral port to this peer is taken. [EADDRNOTAVAIL]
  kIsConnected,         ///< [EISCONN]
  kNotConnected,        ///< [ENOTCONN]
  kInProgress,          ///< Non-blocking connect() has begun. [EINPROGRESS]
  kAlready,             ///< It goes on still. [EALREADY]
  kWouldBlock,          ///< [EAGAIN]
  kRefused,             ///< [ECONNREFUSED]
  kReset,               ///< [ECONNRESET]
  kTimedOut,            ///< The peer does not answer. [ETIMEDOUT]
  kExpired,             ///< The time that the call was given is over. [EAGAIN]
  kNetworkUnreachable,  ///< No route. [ENETUNREACH]
  kHostUnreachable,     ///< No answer to ARP, or an ICMP error. [EHOSTUNREACH]
  kBrokenPipe,          ///< Sending after shutdown or the end. [EPIPE]
  kTooLong,             ///< [EMSGSIZE]
  kNoBuffers,           ///< Completions wait to be taken. [ENOBUFS]
  kNoDestination,       ///< A datagram without one. [EDESTADDRREQ]
  kNotPermitted,        ///< A broadcast that was not allowed. [EACCES]
  kNotSupported,        ///< [EOPNOTSUPP]
  kNoName,              ///< There is no such name. [EAI_NONAME]
  kNoAddress,           ///< The name has no address. [EAI_NODATA]
  kTryAgain,            ///< No name server answered. [EAI_AGAIN]
  kNameFailure,         ///< The name servers could not help, or none is known. [EAI_FAIL]
  kStalled,             ///< In virtual time only: nothing that could end the wait will ever happen. [EDEADLK]
};

/// `message` is written for people: one line, without a full stop.
struct SocketError {
  SocketErrc code = SocketErrc::kInvalid;
  std::string message;
};

template <typename T>
using SocketResult = Result<T, SocketError>;

}  // namespace sockwire
