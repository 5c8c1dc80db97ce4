// SPDX-License-Identifier: Apache-2.0
#include "host/api/socket_options.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>

#include "host/api/tcp_info.hpp"

namespace sockwire::api {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// --- values
// -----------------------------------------------------------------------------------------------------------

template <typename T>
int give(OptionBytes& out, const T& value) {
  out.resize(sizeof value);
  std::memcpy(out.data(), &value, sizeof value);
  return 0;
}

int give(OptionBytes& out, bool value) { return give(out, value ? 1 : 0); }

/// Nothing: too short.
template <typename T = int>
std::optional<T> take(const OptionBytes& in) {
  if (in.size() < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, in.data(), sizeof value);
  return value;
}

int done(const SocketResult<void>& result) { return result ? 0 : errno_of(result.error().code); }

const SocketState& row(const OptionTarget& target) { return **target.host.state(target.descriptor); }

/// Changes the socket's TCP settings.
template <typename Change>
int configure(const OptionTarget& target, Change change) {
  tcp::Config config = row(target).config;
  change(config);
  return done(target.host.set_config(target.descriptor, config));
}

/// An option that is an int of a TCP setting, within bounds. `Put` and `Get` convert.
template <auto Get, auto Put, int kMin, int kMax>
struct TcpNumber {
  static int get(const OptionTarget& target, OptionBytes& out) {
    return give(out, static_cast<int>(Get(row(target).config)));
  }
  static int set(const OptionTarget& target, const OptionBytes& in) {
    const auto value = take(in);
    if (!value || *value < kMin || *value > kMax) return EINVAL;
    return configure(target, [&](tcp::Config& config) { Put(config, *value); });
  }
};

/// An option that is a switch of a TCP setting.
template <auto Get, auto Put>
struct TcpSwitch {
  static int get(const OptionTarget& target, OptionBytes& out) { return give(out, bool{Get(row(target).config)}); }
  static int set(const OptionTarget& target, const OptionBytes& in) {
    const auto value = take(in);
    if (!value) return EINVAL;
    return configure(target, [&](tcp::Config& config) { Put(config, *value != 0); });
  }
};

/// What never changes.
template <int kValue>
int get_constant(const OptionTarget&, OptionBytes& out) {
  return give(out, kValue);
}
/// Setting it to what it is anyway.
template <int kValue>
int set_constant(const OptionTarget&, const OptionBytes& in) {
  const auto value = take(in);
  if (!value) return EINVAL;
  return *value == kValue ? 0 : ENOPROTOOPT;
}

/// The whole seconds of a setting.
constexpr auto in_seconds(Duration time) { return std::chrono::duration_cast<seconds>(time).count(); }

// --- SOL_SOCKET
// -------------------------------------------------------------------------------------------------------

using KeepaliveSwitch = TcpSwitch<[](const tcp::Config& c) { return c.keepalive.enabled; },
                                  [](tcp::Config& c, bool on) { c.keepalive.enabled = on; }>;

int get_type(const OptionTarget& target, OptionBytes& out) { return give(out, target.kind.type); }
int get_domain(const OptionTarget& target, OptionBytes& out) { return give(out, target.kind.domain); }
int get_protocol(const OptionTarget& target, OptionBytes& out) {
  return give(out, target.kind.type == SOCK_STREAM ? int{IPPROTO_TCP} : int{IPPROTO_UDP});
}
int get_listening(const OptionTarget& target, OptionBytes& out) {
  return give(out, row(target).role == SocketRole::kListener);
}
int get_error(const OptionTarget& target, OptionBytes& out) {
  const auto error = target.host.error(target.descriptor);
  return give(out, error && *error ? errno_of((*error)->code) : 0);
}

/// Listeners never stand in each other's way here because of connections that linger, so there is nothing to allow.
int get_reuse(const OptionTarget& target, OptionBytes& out) { return give(out, target.kind.reuse_address); }
int set_reuse(const OptionTarget& target, const OptionBytes& in) {
  const auto value = take(in);
  if (!value) return EINVAL;
  target.kind.reuse_address = *value != 0;
  return 0;
}

int get_broadcast(const OptionTarget& target, OptionBytes& out) { return give(out, row(target).udp_config.broadcast); }
int set_broadcast(const OptionTarget& target, const OptionBytes& in) {
  const auto value = take(in);
  if (!value) return EINVAL;
  // Of streams it means nothing, and Linux takes it.
  if (target.kind.type == SOCK_STREAM) return 0;
  return done(target.host.set_broadcast(target.descriptor, *value != 0));
}

int get_linger(const OptionTarget& target, OptionBytes& out) {
  const auto& set = row(target).linger;
  return give(out, linger{set ? 1 : 0, static_cast<int>(in_seconds(set.value_or(Duration::zero())))});
}
int set_linger(const OptionTarget& target, const OptionBytes& in) {
  const auto value = take<linger>(in);
  if (!value || value->l_linger < 0) return EINVAL;
  return done(target.host.set_linger(
      target.descriptor, value->l_onoff == 0 ? std::nullopt : std::optional<Duration>(seconds(value->l_linger))));
}

int give_time(OptionBytes& out, const std::optional<Duration>& time) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(time.value_or(Duration::zero())).count();
  return give(out, timeval{us / 1'000'000, us % 1'000'000});
}
/// 0: never.
int take_time(const OptionBytes& in, std::optional<Duration>& time) {
  const auto value = take<timeval>(in);
  if (!value || value->tv_sec > 1'000'000'000) return EINVAL;
  if (value->tv_usec < 0 || value->tv_usec >= 1'000'000) return EDOM;
  const Duration whole = seconds(std::max<time_t>(value->tv_sec, 0)) + std::chrono::microseconds(value->tv_usec);
  time = whole == Duration::zero() ? std::nullopt : std::optional(whole);
  return 0;
}
int get_receive_timeout(const OptionTarget& target, OptionBytes& out) {
  return give_time(out, row(target).receive_timeout);
}
int get_send_timeout(const OptionTarget& target, OptionBytes& out) { return give_time(out, row(target).send_timeout); }
int set_receive_timeout(const OptionTarget& target, const OptionBytes& in) {
  std::optional<Duration> time;
  const int error = take_time(in, time);
  return error != 0 ? error : done(target.host.set_timeouts(target.descriptor, time, row(target).send_timeout));
}
int set_send_timeout(const OptionTarget& target, const OptionBytes& in) {
  std::optional<Duration> time;
  const int error = take_time(in, time);
  return error != 0 ? error : done(target.host.set_timeouts(target.descriptor, row(target).receive_timeout, time));
}

constexpr int kMinBuffer = 2048;
constexpr int kMaxBuffer = 1 << 30;

int buffer_bytes(const OptionTarget& target, bool sending) {
  const SocketState& state = row(target);
  if (target.kind.type == SOCK_DGRAM) {
    return static_cast<int>(sending ? state.udp_config.send_queue_bytes : state.udp_config.receive_queue_bytes);
  }
  return static_cast<int>(sending ? state.config.send_buffer_bytes : state.config.receive_buffer_bytes);
}
template <bool kSending>
int get_buffer(const OptionTarget& target, OptionBytes& out) {
  return give(out, buffer_bytes(target, kSending));
}
/// Linux never refuses a size, it bounds it; and what comes too late has no effect.
template <bool kSending>
int set_buffer(const OptionTarget& target, const OptionBytes& in) {
  const auto value = take(in);
  if (!value) return EINVAL;
  const auto bytes = static_cast<std::size_t>(std::clamp(*value, kMinBuffer, kMaxBuffer));
  const auto other = static_cast<std::size_t>(buffer_bytes(target, !kSending));
  static_cast<void>(target.host.set_buffers(target.descriptor, kSending ? bytes : other, kSending ? other : bytes));
  return 0;
}

// --- IPPROTO_TCP
// ------------------------------------------------------------------------------------------------------

using Nodelay =
    TcpSwitch<[](const tcp::Config& c) { return c.nodelay; }, [](tcp::Config& c, bool on) { c.nodelay = on; }>;
using KeepIdle = TcpNumber<[](const tcp::Config& c) { return in_seconds(c.keepalive.idle); },
                           [](tcp::Config& c, int value) { c.keepalive.idle = seconds(value); }, 1, 32767>;
using KeepInterval = TcpNumber<[](const tcp::Config& c) { return in_seconds(c.keepalive.interval); },
                               [](tcp::Config& c, int value) { c.keepalive.interval = seconds(value); }, 1, 32767>;
using KeepCount =
    TcpNumber<[](const tcp::Config& c) { return c.keepalive.probes; },
              [](tcp::Config& c, int value) { c.keepalive.probes = static_cast<unsigned>(value); }, 1, 127>;
using SynCount =
    TcpNumber<[](const tcp::Config& c) { return c.max_syn_retransmissions; },
              [](tcp::Config& c, int value) { c.max_syn_retransmissions = static_cast<unsigned>(value); }, 1, 127>;
using Linger2 = TcpNumber<[](const tcp::Config& c) { return in_seconds(c.fin_wait_2); },
                          [](tcp::Config& c, int value) { c.fin_wait_2 = seconds(value); }, 0, 120>;
using UserTimeout =
    TcpNumber<[](const tcp::Config& c) { return std::chrono::duration_cast<milliseconds>(c.user_timeout).count(); },
              [](tcp::Config& c, int value) { c.user_timeout = milliseconds(value); }, 0, 0x7fffffff>;

int get_maxseg(const OptionTarget& target, OptionBytes& out) {
  const auto info = target.host.tcp_info(target.descriptor);
  return give(out, static_cast<int>(*info ? (*info)->mss : row(target).config.mss));
}
int set_maxseg(const OptionTarget& target, const OptionBytes& in) {
  const auto value = take(in);
  if (!value || *value < 88 || *value > 32767) return EINVAL;  // Linux's bounds
  return configure(target, [&](tcp::Config& config) { config.mss = static_cast<std::uint16_t>(*value); });
}

int get_cork(const OptionTarget& target, OptionBytes& out) { return give(out, row(target).corked); }
int set_cork(const OptionTarget& target, const OptionBytes& in) {
  const auto value = take(in);
  return value ? done(target.host.set_cork(target.descriptor, *value != 0)) : EINVAL;
}

int get_quickack(const OptionTarget& target, OptionBytes& out) { return give(out, row(target).config.quick_acks > 0); }
int set_quickack(const OptionTarget& target, const OptionBytes& in) {
  const auto value = take(in);
  if (!value) return EINVAL;
  const unsigned segments = *value == 0 ? 0 : tcp::Config{}.quick_acks;
  return done(target.host.set_quick_acks(target.descriptor, segments));
}

constexpr std::size_t kNameBytes = 16;  // TCP_CA_NAME_MAX

int get_congestion(const OptionTarget& target, OptionBytes& out) {
  const std::string_view name = tcp::name_of(row(target).config.congestion);
  out.assign(kNameBytes, 0);
  std::copy(name.begin(), name.end(), out.begin());
  return 0;
}
int set_congestion(const OptionTarget& target, const OptionBytes& in) {
  const std::string name(in.begin(), std::find(in.begin(), in.end(), std::uint8_t{0}));
  const auto found = tcp::congestion_by_name(name);
  if (!found) return ENOENT;
  if (row(target).role == SocketRole::kConnection && row(target).config.congestion != *found) return EBUSY;
  return configure(target, [&](tcp::Config& config) { config.congestion = *found; });
}

int get_info(const OptionTarget& target, OptionBytes& out) {
  tcp::Info info;
  if (const auto found = target.host.tcp_info(target.descriptor); *found) info = **found;
  if (row(target).role == SocketRole::kListener) info.state = tcp::State::kListen;
  out = linux_tcp_info(info, row(target).config);
  return 0;
}

// --- IPPROTO_IP, IPPROTO_IPV6
// -----------------------------------------------------------------------------------------

int get_mtu(const OptionTarget& target, OptionBytes& out) {
  const SocketState& state = row(target);
  if (!state.connected) return ENOTCONN;
  return give(out, int{target.host.stack().network().path_mtu(target.host.now(), state.remote.address)});
}
int get_ttl(const OptionTarget& target, OptionBytes& out) {
  return give(out, int{target.host.stack().network().ttl(target.kind.domain == AF_INET)});
}
/// Nobody can have another one than the stack's.
int set_ttl(const OptionTarget& target, const OptionBytes& in) {
  const auto value = take(in);
  if (!value || *value < -1 || *value > 255 || *value == 0) return EINVAL;
  return *value == -1 || *value == target.host.stack().network().ttl(target.kind.domain == AF_INET) ? 0 : ENOPROTOOPT;
}

/// The lower two bits are TCP's own (RFC 3168 22.1), and Linux leaves them out as well.
int get_tos(const OptionTarget& target, OptionBytes& out) { return give(out, row(target).config.dscp << 2); }
int set_tos(const OptionTarget& target, const OptionBytes& in) {
  const auto value = in.size() == 1 ? std::optional<int>(in[0]) : take(in);
  if (!value || *value < -1 || *value > 255) return EINVAL;
  return done(target.host.set_dscp(target.descriptor, static_cast<std::uint8_t>(*value == -1 ? 0 : *value >> 2)));
}

int get_hops(const OptionTarget& target, OptionBytes& out) {
  return give(out, int{row(target).udp_config.multicast_ttl});
}
/// -1: as at first. A byte will do for IP_MULTICAST_TTL (ip(7)).
int set_hops(const OptionTarget& target, const OptionBytes& in) {
  const auto value = in.size() == 1 ? std::optional<int>(in[0]) : take(in);
  if (!value || *value < -1 || *value > 255) return EINVAL;
  const int hops = *value == -1 ? 1 : *value;
  return done(target.host.set_multicast_ttl(target.descriptor, static_cast<std::uint8_t>(hops)));
}

std::optional<IpAddress> group_of(const OptionBytes& in, bool ipv4) {
  if (ipv4) {
    const auto request = take<ip_mreq>(in);  // ip_mreqn begins with it
    if (!request) return std::nullopt;
    return IpAddress::from_ipv4(ntohl(request->imr_multiaddr.s_addr));
  }
  const auto request = take<ipv6_mreq>(in);
  if (!request) return std::nullopt;
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), request->ipv6mr_multiaddr.s6_addr, bytes.size());
  return IpAddress(bytes);
}
template <bool kIpv4>
int join(const OptionTarget& target, const OptionBytes& in) {
  const auto group = group_of(in, kIpv4);
  return group ? done(target.host.join_group(target.descriptor, *group)) : EINVAL;
}
template <bool kIpv4>
int leave(const OptionTarget& target, const OptionBytes& in) {
  const auto group = group_of(in, kIpv4);
  return group ? done(target.host.leave_group(target.descriptor, *group)) : EINVAL;
}

constexpr Option kOptions[] = {
    {SOL_SOCKET, SO_TYPE, 0, get_type, nullptr},
    {SOL_SOCKET, SO_DOMAIN, 0, get_domain, nullptr},
    {SOL_SOCKET, SO_PROTOCOL, 0, get_protocol, nullptr},
    {SOL_SOCKET, SO_ERROR, 0, get_error, nullptr},
    {SOL_SOCKET, SO_ACCEPTCONN, 0, get_listening, nullptr},
    {SOL_SOCKET, SO_REUSEADDR, 0, get_reuse, set_reuse},
    {SOL_SOCKET, SO_BROADCAST, 0, get_broadcast, set_broadcast},
    {SOL_SOCKET, SO_KEEPALIVE, SOCK_STREAM, KeepaliveSwitch::get, KeepaliveSwitch::set},
    {SOL_SOCKET, SO_LINGER, 0, get_linger, set_linger},
    {SOL_SOCKET, SO_RCVTIMEO, 0, get_receive_timeout, set_receive_timeout},
    {SOL_SOCKET, SO_SNDTIMEO, 0, get_send_timeout, set_send_timeout},
    {SOL_SOCKET, SO_RCVBUF, 0, get_buffer<false>, set_buffer<false>},
    {SOL_SOCKET, SO_SNDBUF, 0, get_buffer<true>, set_buffer<true>},
    {SOL_SOCKET, SO_OOBINLINE, SOCK_STREAM, get_constant<1>, set_constant<1>},  // RFC 6093: urgent data is in line
    {SOL_SOCKET, SO_RCVLOWAT, 0, get_constant<1>, set_constant<1>},
    {SOL_SOCKET, SO_SNDLOWAT, 0, get_constant<1>, nullptr},
    {IPPROTO_TCP, TCP_NODELAY, SOCK_STREAM, Nodelay::get, Nodelay::set},
    {IPPROTO_TCP, TCP_MAXSEG, SOCK_STREAM, get_maxseg, set_maxseg},
    {IPPROTO_TCP, TCP_CORK, SOCK_STREAM, get_cork, set_cork},
    {IPPROTO_TCP, TCP_KEEPIDLE, SOCK_STREAM, KeepIdle::get, KeepIdle::set},
    {IPPROTO_TCP, TCP_KEEPINTVL, SOCK_STREAM, KeepInterval::get, KeepInterval::set},
    {IPPROTO_TCP, TCP_KEEPCNT, SOCK_STREAM, KeepCount::get, KeepCount::set},
    {IPPROTO_TCP, TCP_SYNCNT, SOCK_STREAM, SynCount::get, SynCount::set},
    {IPPROTO_TCP, TCP_LINGER2, SOCK_STREAM, Linger2::get, Linger2::set},
    {IPPROTO_TCP, TCP_USER_TIMEOUT, SOCK_STREAM, UserTimeout::get, UserTimeout::set},
    {IPPROTO_TCP, TCP_QUICKACK, SOCK_STREAM, get_quickack, set_quickack},
    {IPPROTO_TCP, TCP_CONGESTION, SOCK_STREAM, get_congestion, set_congestion},
    {IPPROTO_TCP, TCP_INFO, SOCK_STREAM, get_info, nullptr},
    {IPPROTO_IP, IP_TTL, 0, get_ttl, set_ttl},
    {IPPROTO_IP, IP_TOS, SOCK_STREAM, get_tos, set_tos},
    {IPPROTO_IP, IP_TOS, SOCK_DGRAM, get_constant<0>, set_constant<0>},
    {IPPROTO_IP, IP_MTU, 0, get_mtu, nullptr},
    {IPPROTO_IP, IP_MTU_DISCOVER, 0, get_constant<IP_PMTUDISC_DO>, set_constant<IP_PMTUDISC_DO>},
    {IPPROTO_IP, IP_RECVERR, 0, get_constant<0>, set_constant<0>},
    {IPPROTO_IP, IP_MULTICAST_TTL, SOCK_DGRAM, get_hops, set_hops},
    {IPPROTO_IP, IP_MULTICAST_LOOP, SOCK_DGRAM, get_constant<0>, set_constant<0>},
    {IPPROTO_IP, IP_ADD_MEMBERSHIP, SOCK_DGRAM, nullptr, join<true>},
    {IPPROTO_IP, IP_DROP_MEMBERSHIP, SOCK_DGRAM, nullptr, leave<true>},
    {IPPROTO_IPV6, IPV6_MULTICAST_HOPS, SOCK_DGRAM, get_hops, set_hops},
    {IPPROTO_IPV6, IPV6_MULTICAST_LOOP, SOCK_DGRAM, get_constant<0>, set_constant<0>},
    {IPPROTO_IPV6, IPV6_JOIN_GROUP, SOCK_DGRAM, nullptr, join<false>},
    {IPPROTO_IPV6, IPV6_LEAVE_GROUP, SOCK_DGRAM, nullptr, leave<false>},
    {IPPROTO_IPV6, IPV6_UNICAST_HOPS, 0, get_ttl, set_ttl},
    {IPPROTO_IPV6, IPV6_TCLASS, SOCK_STREAM, get_tos, set_tos},
    {IPPROTO_IPV6, IPV6_V6ONLY, 0, get_constant<0>, set_constant<0>},
    {IPPROTO_IPV6, IPV6_MTU, 0, get_mtu, nullptr},
};

}  // namespace

const Option* find_option(int level, int name, int type) {
  const auto* found = std::find_if(std::begin(kOptions), std::end(kOptions), [&](const Option& option) {
    return option.level == level && option.name == name && (option.type == 0 || option.type == type);
  });
  return found == std::end(kOptions) ? nullptr : found;
}

bool level_known(int level) {
  return std::any_of(std::begin(kOptions), std::end(kOptions), [&](const Option& o) { return o.level == level; });
}

}  // namespace sockwire::api
