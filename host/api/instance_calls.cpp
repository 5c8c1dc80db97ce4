// SPDX-License-Identifier: Apache-2.0
// The calls on instances themselves: their life, their clock, and the packets of virtual ones.
#include <algorithm>
#include <cstring>

#include "host/api/tap_instance.hpp"
#include "host/api/virtual_instance.hpp"

using sockwire::api::enter;
using sockwire::api::fail;
using sockwire::api::TapInstance;
using sockwire::api::VirtualInstance;

namespace {

VirtualInstance* virtual_one(sockwire_t& instance) { return dynamic_cast<VirtualInstance*>(&instance); }

std::span<const std::uint8_t> bytes_of(const void* data, std::size_t bytes) {
  return {static_cast<const std::uint8_t*>(data), bytes};
}

/// Copies a packet out; EAGAIN if there is none.
ssize_t give(const std::optional<sockwire::sim::DepartedPacket>& packet, void* out, std::size_t room,
             std::uint64_t* time_ns) {
  if (!packet) return fail(EAGAIN);
  const std::size_t bytes = std::min(room, packet->bytes.size());
  if (bytes > 0) std::memcpy(out, packet->bytes.data(), bytes);
  if (time_ns != nullptr) *time_ns = packet->time_ns;
  return static_cast<ssize_t>(bytes);
}

/// A caller that was built with an older header knows fewer members.
template <typename Options>
bool take_known(Options& known, const Options& given) {
  if (given.size < sizeof given.size) return fail(EINVAL) == 0;
  std::memcpy(static_cast<void*>(&known), &given, std::min(given.size, sizeof known));
  return true;
}

}  // namespace

const char* sockwire_version(void) { return SOCKWIRE_VERSION; }

sockwire_t* sockwire_open_virtual(const struct sockwire_virtual_options* options) {
  sockwire_virtual_options known = SOCKWIRE_VIRTUAL_OPTIONS_INIT;
  if (options != nullptr && !take_known(known, *options)) return nullptr;
  try {
    auto opened = VirtualInstance::open(known);
    if (!opened) fail(EINVAL);
    return opened.release();
  } catch (const std::bad_alloc&) {
    return fail(ENOMEM), nullptr;
  }
}

sockwire_t* sockwire_open_tap(const struct sockwire_tap_options* options) {
  sockwire_tap_options known = SOCKWIRE_TAP_OPTIONS_INIT;
  if (options != nullptr && !take_known(known, *options)) return nullptr;
  try {
    return TapInstance::open(known).release();
  } catch (const std::bad_alloc&) {
    return fail(ENOMEM), nullptr;
  }
}

void sockwire_free(sockwire_t* instance) { delete instance; }

uint64_t sockwire_now_ns(sockwire_t* instance) {
  if (instance == nullptr) return 0;
  const sockwire_instance::Turn turn(*instance);
  return static_cast<std::uint64_t>(instance->host().now().time_since_epoch().count());
}

int sockwire_advance_to(sockwire_t* instance, uint64_t time_ns) {
  return enter(instance, [&](sockwire_t& self) {
    VirtualInstance* one = virtual_one(self);
    if (one == nullptr || time_ns > INT64_MAX) return fail(EINVAL);
    one->advance_to(time_ns);
    return 0;
  });
}

uint64_t sockwire_next_deadline(sockwire_t* instance) {
  if (instance == nullptr) return UINT64_MAX;
  const sockwire_instance::Turn turn(*instance);
  const VirtualInstance* one = virtual_one(*instance);
  if (one != nullptr) return one->next_deadline_ns();
  const sockwire::TimePoint deadline = instance->host().next_deadline();
  return deadline == sockwire::kNever ? UINT64_MAX : static_cast<std::uint64_t>(deadline.time_since_epoch().count());
}

int sockwire_join(sockwire_t* one, sockwire_t* other, uint64_t delay_ns) {
  if (one == nullptr || other == nullptr || one == other) return fail(EINVAL);
  VirtualInstance* const first = virtual_one(*one);
  VirtualInstance* const second = virtual_one(*other);
  if (first == nullptr || second == nullptr || !first->join(*second, delay_ns)) return fail(EINVAL);
  return 0;
}

int sockwire_packet_in(sockwire_t* instance, const void* packet, size_t bytes) {
  return sockwire_packet_in_at(instance, packet, bytes, 0);
}

int sockwire_packet_in_at(sockwire_t* instance, const void* packet, size_t bytes, uint64_t time_ns) {
  return enter(instance, [&](sockwire_t& self) {
    VirtualInstance* one = virtual_one(self);
    if (one == nullptr || packet == nullptr || !one->arrive(time_ns, bytes_of(packet, bytes))) return fail(EINVAL);
    return 0;
  });
}

ssize_t sockwire_packet_out(sockwire_t* instance, void* packet, size_t room, uint64_t* time_ns) {
  return enter(instance, [&](sockwire_t& self) -> ssize_t {
    VirtualInstance* one = virtual_one(self);
    if (one == nullptr || (packet == nullptr && room > 0)) return fail(EINVAL);
    return give(one->take_departed(), packet, room, time_ns);
  });
}

ssize_t sockwire_packet_wait(sockwire_t* instance, void* packet, size_t room, uint64_t* time_ns, uint64_t until_ns) {
  return enter(instance, [&](sockwire_t& self) -> ssize_t {
    VirtualInstance* one = virtual_one(self);
    if (one == nullptr || (packet == nullptr && room > 0)) return fail(EINVAL);
    return give(one->wait_departed(until_ns), packet, room, time_ns);
  });
}
