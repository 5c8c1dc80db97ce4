// SPDX-License-Identifier: Apache-2.0
// getsockopt(2) and setsockopt(2): a table of what is known, one line per option. README.md lists it for users.
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "host/api/instance.hpp"
#include "host/api/socket_options.hpp"

using sockwire::api::enter;
using sockwire::api::fail;
using sockwire::api::find_option;
using sockwire::api::Option;
using sockwire::api::OptionBytes;
using sockwire::api::OptionTarget;
using sockwire::api::SocketKind;

namespace {

int get_option(sockwire_t& self, int fd, int level, int name, void* value, socklen_t* length) {
  const int descriptor = self.descriptor_of(fd);
  SocketKind* kind = self.kind(descriptor);
  if (kind == nullptr) return fail(EBADF);
  if (length == nullptr || (value == nullptr && *length > 0)) return fail(EFAULT);
  const Option* option = find_option(level, name, kind->type);
  if (option == nullptr || option->get == nullptr)
    return fail(sockwire::api::level_known(level) ? ENOPROTOOPT : EOPNOTSUPP);
  OptionBytes bytes;
  const int error = option->get(OptionTarget{self.host(), descriptor, *kind}, bytes);
  if (error != 0) return fail(error);
  const std::size_t copied = std::min<std::size_t>(*length, bytes.size());
  if (copied > 0) std::memcpy(value, bytes.data(), copied);
  *length = static_cast<socklen_t>(copied);
  return 0;
}

int set_option(sockwire_t& self, int fd, int level, int name, const void* value, socklen_t length) {
  const int descriptor = self.descriptor_of(fd);
  SocketKind* kind = self.kind(descriptor);
  if (kind == nullptr) return fail(EBADF);
  if (value == nullptr && length > 0) return fail(EFAULT);
  const Option* option = find_option(level, name, kind->type);
  if (option == nullptr || option->set == nullptr)
    return fail(sockwire::api::level_known(level) ? ENOPROTOOPT : EOPNOTSUPP);
  const auto* bytes = static_cast<const std::uint8_t*>(value);
  const int error = option->set(OptionTarget{self.host(), descriptor, *kind}, OptionBytes(bytes, bytes + length));
  return error == 0 ? 0 : fail(error);
}

}  // namespace

int sockwire_getsockopt(sockwire_t* instance, int fd, int level, int name, void* value, socklen_t* length) {
  return enter(instance, [&](sockwire_t& self) { return get_option(self, fd, level, name, value, length); });
}

int sockwire_setsockopt(sockwire_t* instance, int fd, int level, int name, const void* value, socklen_t length) {
  return enter(instance, [&](sockwire_t& self) { return set_option(self, fd, level, name, value, length); });
}
