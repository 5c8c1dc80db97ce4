// SPDX-License-Identifier: Apache-2.0
// Network namespaces: a Linux TCP/IP stack of one's own, which nothing outside sees.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "host/base/ip_address.hpp"
#include "host/base/result.hpp"

namespace sockwire::sim {

/// Success, or one line for people that says what to do.
using NetResult = Result<void, std::string>;

/// Moves this process into a network (and mount) namespace of its own: directly as root, else inside a user namespace
/// where the machine allows it. Loopback is up; IPv6 is off, so that nothing speaks unasked.
/// Precondition: the process has one thread.
NetResult enter_new_namespace();

/// Moves this process into the namespaces of another, which this user owns. Precondition: as above.
NetResult join_namespace_of(pid_t pid);

/// The network namespace's identity: two processes with equal numbers share it. 0: no such process.
std::uint64_t namespace_id_of(pid_t pid);

/// Gives an interface an address of its own, and says that `peer` is at the other end (`ip addr add LOCAL peer
/// PEER`). Both of one version. Several interfaces may share `local`.
NetResult add_point_to_point(const std::string& interface, const IpAddress& local, const IpAddress& peer);

/// Lets an interface speak IPv6, with the addresses that it is given and no others, and without asking for routers.
/// False if this kernel does not.
bool enable_ipv6(const std::string& interface);

/// Brings an interface up.
NetResult bring_up(const std::string& interface);

/// Writes a setting below /proc/sys/net of this namespace, such as "ipv4/ip_forward". False if it may not.
bool set_sysctl(const std::string& name, const std::string& value);

}  // namespace sockwire::sim
