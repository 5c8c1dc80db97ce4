// SPDX-License-Identifier: Apache-2.0
// UDP against Linux's sockets and nc.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "host/apps/lab.hpp"
#include "host/apps/pattern.hpp"
#include "host/apps/setup.hpp"
#include "lab.hpp"

namespace sockwire::interop {
namespace {

using namespace std::chrono_literals;

/// A UDP socket of Linux's in this namespace, never waiting.
class LinuxSocket {
 public:
  explicit LinuxSocket(bool ipv6 = false)
      : ipv6_(ipv6), descriptor_(socket(ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {}
  ~LinuxSocket() { close(descriptor_); }
  LinuxSocket(const LinuxSocket&) = delete;
  LinuxSocket& operator=(const LinuxSocket&) = delete;

  static sockaddr_in at(Ipv4Address address, std::uint16_t port) {
    sockaddr_in made{};
    made.sin_family = AF_INET;
    made.sin_addr.s_addr = htonl(address.value());
    made.sin_port = htons(port);
    return made;
  }
  bool bind_to(std::uint16_t port) {
    if (ipv6_) {
      sockaddr_in6 any{};
      any.sin6_family = AF_INET6;
      any.sin6_port = htons(port);
      return bind(descriptor_, reinterpret_cast<const sockaddr*>(&any), sizeof any) == 0;
    }
    const sockaddr_in local = at(Ipv4Address(), port);
    return bind(descriptor_, reinterpret_cast<const sockaddr*>(&local), sizeof local) == 0;
  }
  bool connect_to(Ipv4Address address, std::uint16_t port) {
    const sockaddr_in remote = at(address, port);
    return connect(descriptor_, reinterpret_cast<const sockaddr*>(&remote), sizeof remote) == 0;
  }
  bool without_checksums() {
    const int on = 1;
    return setsockopt(descriptor_, SOL_SOCKET, SO_NO_CHECK, &on, sizeof on) == 0;
  }
  /// Address: sockaddr_in or sockaddr_in6, as the socket is.
  template <typename Address>
  ssize_t receive(std::span<std::uint8_t> out, Address& from) {
    socklen_t bytes = sizeof from;
    return recvfrom(descriptor_, out.data(), out.size(), 0, reinterpret_cast<sockaddr*>(&from), &bytes);
  }
  template <typename Address>
  bool send_to(std::span<const std::uint8_t> data, const Address& to) {
    return sendto(descriptor_, data.data(), data.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to) ==
           static_cast<ssize_t>(data.size());
  }
  int error() {
    int error = 0;
    socklen_t bytes = sizeof error;
    getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &bytes);
    return error;
  }

 private:
  bool ipv6_;
  int descriptor_;
};

apps::Options native_card() {
  apps::Options options;
  options.card = apps::CardKind::kNative;
  options.wire = apps::WireKind::kTap;
  return options;
}

/// `bytes` of data to Linux's port 7 and back again. Says what is wrong, if anything. Address: as LinuxSocket's.
template <typename Address>
std::string echo_once(apps::Setup& setup, int ours, LinuxSocket& echo, std::size_t bytes) {
  Host& host = setup.host();
  std::array<std::uint8_t, 2048> buffer{};
  std::vector<std::uint8_t> data(bytes);
  apps::fill_pattern(bytes, 0, data);
  if (!host.send(ours, data)) return "cannot send";
  Address from{};
  ssize_t got = -1;
  const auto at_linux = [&] { return (got = echo.receive(buffer, from)) >= 0; };
  // Linux's socket wakes nobody here: it is looked at every millisecond.
  for (int i = 0; i < 5000 && got < 0; ++i) setup.loop().run_until(at_linux, host.now() + 1ms);
  if (got != static_cast<ssize_t>(bytes)) return "Linux got " + std::to_string(got) + " of " + std::to_string(bytes);
  if (!echo.send_to(std::span(buffer).first(bytes), from)) return "Linux cannot answer";
  std::optional<ReceivedDatagram> back;
  const auto at_ours = [&] {
    if (const auto received = host.recvfrom(ours, buffer)) back = received.value();
    return back.has_value();
  };
  if (!setup.loop().run_until(at_ours, host.now() + 5s)) return "nothing came back";
  const bool same = back->bytes == bytes && std::equal(data.begin(), data.end(), buffer.begin());
  return same ? "" : "something else is back";
}

template <typename Address>
std::string echo_sizes(const IpAddress& linux_address, std::initializer_list<std::size_t> sizes) {
  auto setup = apps::Setup::make(native_card());
  if (!setup) return setup.error();
  Host& host = (*setup)->host();
  LinuxSocket echo(!linux_address.is_ipv4());
  if (!echo.bind_to(7)) return "cannot bind";
  const int ours = *host.socket(SocketType::kDatagram);
  static_cast<void>(host.set_nonblocking(ours, true));
  static_cast<void>(host.connect(ours, {linux_address, 7}));
  for (const std::size_t bytes : sizes) {
    const std::string wrong = echo_once<Address>(**setup, ours, echo, bytes);
    if (!wrong.empty()) return wrong + ", with " + std::to_string(bytes) + " bytes";
  }
  return "";
}

// Every size that fits goes there and comes back whole: so both checksums are right, the one that the card inserts and
// the one that it verifies.
TEST(Udp, LinuxEchoesEverySize) {
  in_lab([] { return echo_sizes<sockaddr_in>(apps::kLabAddress, {0, 1, 2, 17, 18, 19, 511, 1000, 1471, 1472}); });
}

// Over IPv6 a datagram must have a checksum (RFC 8200 8.1), so a wrong one would be dropped at either end.
TEST(Udp, LinuxEchoesEverySizeOverIpv6) {
  in_lab([]() -> std::string {
    if (!lab_has_ipv6()) return cannot("this kernel has no IPv6");
    return echo_sizes<sockaddr_in6>(apps::lab_ipv6(apps::kLabAddress), {0, 1, 2, 17, 511, 1000, 1451, 1452});
  });
}

// RFC 768: a datagram without a checksum is taken.
TEST(Udp, LinuxMaySendWithoutChecksum) {
  in_lab([]() -> std::string {
    auto setup = apps::Setup::make(native_card());
    if (!setup) return setup.error();
    Host& host = (*setup)->host();
    const int ours = *host.socket(SocketType::kDatagram);
    static_cast<void>(host.bind(ours, {IpAddress(), 9000}));
    static_cast<void>(host.set_timeout(ours, 5s));
    LinuxSocket theirs;
    const std::array<std::uint8_t, 3> data{1, 2, 3};
    if (!theirs.without_checksums()) return "Linux does not leave checksums out";
    if (!theirs.send_to(data, LinuxSocket::at(Ipv4Address(10, 18, 0, 2), 9000))) return "cannot send";
    std::array<std::uint8_t, 16> buffer{};
    const auto received = host.recvfrom(ours, buffer);
    return received && received.value().bytes == 3 ? "" : "it did not come";
  });
}

// RFC 1122 4.1.3.1, 4.1.3.3: port unreachable, both ways.
TEST(Udp, ClosedPortsRefuseBothWays) {
  in_lab([]() -> std::string {
    auto setup = apps::Setup::make(native_card());
    if (!setup) return setup.error();
    Host& host = (*setup)->host();
    const int ours = *host.socket(SocketType::kDatagram);
    const std::array<std::uint8_t, 1> data{1};
    static_cast<void>(host.set_timeout(ours, 5s));
    static_cast<void>(host.connect(ours, {apps::kLabAddress, 9}));
    static_cast<void>(host.send(ours, data));
    std::array<std::uint8_t, 16> buffer{};
    const auto received = host.recvfrom(ours, buffer);
    if (received || received.error().code != SocketErrc::kRefused) return "Linux's port unreachable does not arrive";
    LinuxSocket theirs;
    if (!theirs.connect_to(Ipv4Address(10, 18, 0, 2), 9)) return "cannot connect";
    if (!theirs.send_to(data, LinuxSocket::at(Ipv4Address(10, 18, 0, 2), 9))) return "cannot send";
    int error = 0;
    const auto refused = [&] { return (error = theirs.error()) != 0; };
    for (int i = 0; i < 5000 && error == 0; ++i) (*setup)->loop().run_until(refused, host.now() + 1ms);
    return error == ECONNREFUSED ? "" : "Linux hears " + std::to_string(error);
  });
}

// The command line against nc -u: our client to its listener, whose answer comes back.
TEST(Udp, CommandLineTalksToNc) {
  if (output_of("command -v nc").empty()) GTEST_SKIP() << "nc is not installed";
  const std::string folder = temporary("udp");
  std::filesystem::create_directory(folder);
  std::ofstream(folder + "/ours") << "from the card\n";
  std::ofstream(folder + "/theirs") << "from Linux\n";
  // nc answers with its input as soon as it has a peer, and ends when nothing has come for two seconds.
  const std::string said =
      output_of("export XDG_RUNTIME_DIR=" + folder + "; cd " + folder +
                "; " SOCKWIRE_BINARY " lab -- sh -c 'nc -u -l -w 2 9000 < theirs > got & " SOCKWIRE_BINARY
                " udp --card native -w 1s -o back 10.18.0.1 9000 --lab $PPID < ours; wait' 2>&1");
  const auto content = [&](const std::string& name) {
    std::ifstream file(folder + "/" + name);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  const std::string got = content("got");
  const std::string back = content("back");
  std::filesystem::remove_all(folder);
  if (said.find("namespace") != std::string::npos) GTEST_SKIP() << said;
  EXPECT_EQ(got, "from the card\n") << said;
  EXPECT_EQ(back, "from Linux\n") << said;
}

}  // namespace
}  // namespace sockwire::interop
