// SPDX-License-Identifier: Apache-2.0
#include "host/api/error_codes.hpp"

#include <netdb.h>

#include <cerrno>

namespace sockwire::api {

int errno_of(SocketErrc code) {
  switch (code) {
    case SocketErrc::kBadDescriptor:
      return EBADF;
    case SocketErrc::kInvalid:
      return EINVAL;
    case SocketErrc::kTooManySockets:
      return EMFILE;
    case SocketErrc::kAddressInUse:
      return EADDRINUSE;
    case SocketErrc::kAddressNotLocal:
    case SocketErrc::kNoPorts:
      return EADDRNOTAVAIL;
    case SocketErrc::kIsConnected:
      return EISCONN;
    case SocketErrc::kNotConnected:
      return ENOTCONN;
    case SocketErrc::kInProgress:
      return EINPROGRESS;
    case SocketErrc::kAlready:
      return EALREADY;
    case SocketErrc::kWouldBlock:
    case SocketErrc::kExpired:
      return EAGAIN;
    case SocketErrc::kRefused:
      return ECONNREFUSED;
    case SocketErrc::kReset:
      return ECONNRESET;
    case SocketErrc::kTimedOut:
      return ETIMEDOUT;
    case SocketErrc::kNetworkUnreachable:
      return ENETUNREACH;
    case SocketErrc::kHostUnreachable:
      return EHOSTUNREACH;
    case SocketErrc::kBrokenPipe:
      return EPIPE;
    case SocketErrc::kTooLong:
      return EMSGSIZE;
    case SocketErrc::kNoBuffers:
      return ENOBUFS;
    case SocketErrc::kNoDestination:
      return EDESTADDRREQ;
    case SocketErrc::kNotPermitted:
      return EACCES;
    case SocketErrc::kNotSupported:
      return EOPNOTSUPP;
    case SocketErrc::kNoName:
    case SocketErrc::kNoAddress:
      return ENOENT;
    case SocketErrc::kTryAgain:
      return EAGAIN;
    case SocketErrc::kNameFailure:
      return EIO;
    case SocketErrc::kStalled:
      return EDEADLK;
  }
  return EIO;
}

int eai_of(SocketErrc code) {
  switch (code) {
    case SocketErrc::kNoName:
      return EAI_NONAME;
    case SocketErrc::kNoAddress:
      return EAI_NODATA;
    case SocketErrc::kTryAgain:
    case SocketErrc::kExpired:
      return EAI_AGAIN;
    case SocketErrc::kNameFailure:
      return EAI_FAIL;
    default:
      errno = errno_of(code);
      return EAI_SYSTEM;
  }
}

int fail(int code) {
  errno = code;
  return -1;
}

}  // namespace sockwire::api
