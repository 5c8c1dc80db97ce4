// SPDX-License-Identifier: Apache-2.0
// Names (DNS) and the host's own address (DHCP).
#include "host/socket/host.hpp"
#include "host/socket/text.hpp"

namespace sockwire {

namespace {

SocketError lookup_error(stack::dns::LookupError reason, const std::string& name) {
  using stack::dns::LookupError;
  switch (reason) {
    case LookupError::kNotAName:
      return {SocketErrc::kNoName, "'" + name + "' is neither a name nor an address"};
    case LookupError::kNoName:
      return {SocketErrc::kNoName, "there is no name '" + name + "'"};
    case LookupError::kNoAddress:
      return {SocketErrc::kNoAddress, "'" + name + "' has no address"};
    case LookupError::kNoServers:
      return {SocketErrc::kNameFailure, "no name server is known to ask for '" + name + "'"};
    case LookupError::kTimedOut:
      return {SocketErrc::kTryAgain, "no name server answered about '" + name + "'"};
    case LookupError::kServerFailure:
      return {SocketErrc::kNameFailure, "the name servers cannot tell of '" + name + "'"};
    case LookupError::kTooMany:
      break;
  }
  return {SocketErrc::kTryAgain, "too many names are being looked up"};
}

}  // namespace

stack::dns::LookupId Host::start_resolve(const std::string& name, stack::dns::Families families) {
  const auto id = stack_.dns().start(now(), name, families);
  names_[id].name = name;
  push(now());
  return id;
}

std::optional<SocketResult<Resolved>> Host::poll_resolve(stack::dns::LookupId id) {
  const auto waiting = names_.find(id);
  if (waiting == names_.end()) return std::nullopt;
  const std::optional<stack::dns::LookupResult> result = std::move(waiting->second.result);
  if (!result) return std::nullopt;
  const std::string name = std::move(waiting->second.name);
  names_.erase(waiting);
  if (const auto& error = result->error) return SocketResult<Resolved>(Failure{lookup_error(*error, name)});
  return SocketResult<Resolved>(Resolved{result->addresses, result->canonical, result->ttl});
}

void Host::cancel_resolve(stack::dns::LookupId id) {
  names_.erase(id);
  stack_.dns().cancel(now(), id);
  push(now());
}

SocketResult<Resolved> Host::resolve(const std::string& name, stack::dns::Families families, Duration timeout) {
  const auto id = start_resolve(name, families);
  const auto waited = wait(timeout, "looking up " + name, [&] { return names_.at(id).result.has_value(); });
  if (auto resolved = poll_resolve(id)) return *resolved;
  cancel_resolve(id);
  return Failure{waited.error()};
}

SocketResult<void> Host::start_dhcp(const stack::dhcp::ClientConfig& config) {
  const auto started = stack_.dhcp().start(now(), config);
  if (!started) return Failure{open_error(started.error(), {IpAddress(), stack::dhcp::kClientPort}, {})};
  push(now());
  return {};
}

void Host::release_dhcp() {
  stack_.dhcp().release(now());
  push(now());
}

}  // namespace sockwire
