// SPDX-License-Identifier: Apache-2.0
#include "host/apps/udp.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "host/apps/interrupt.hpp"
#include "host/apps/names.hpp"
#include "host/apps/output_file.hpp"
#include "host/apps/session.hpp"
#include "host/apps/snapshot.hpp"
#include "host/apps/text.hpp"
#include "host/socket/text.hpp"

namespace sockwire::apps {

namespace {

/// How long input may wait for us: the world wakes for frames, not for it.
constexpr Duration kInputSlice = std::chrono::milliseconds(5);
constexpr Duration kIdleAfterInput = std::chrono::seconds(1);
constexpr std::size_t kMaxDatagramBytes = 65535;

class Exchange {
 public:
  Exchange(Session& session, const UdpOptions& udp, OutputFile& output, int descriptor)
      : session_(session), host_(session.host()), udp_(udp), output_(output), descriptor_(descriptor) {}

  CommandResult<void> run() {
    last_ = host_.now();
    while (!interrupted()) {
      if (auto received = receive_all(); !received) return received;
      if (auto sent = send_one(); !sent) return sent;
      if (over()) return {};
      session_.setup().loop().run_until([] { return interrupted(); }, host_.now() + kInputSlice);
    }
    return Failure{CommandError{"", true}};
  }

 private:
  bool has_peer() const { return host_.getpeername(descriptor_).ok(); }

  /// Bytes of the longest datagram to the peer.
  std::size_t longest() const {
    const auto peer = host_.getpeername(descriptor_);
    if (!peer) return 0;
    const IpAddress& address = peer.value().address;
    const std::size_t headers = address.is_ipv4() ? 28 : 48;  // IP and UDP
    return host_.stack().network().path_mtu(host_.now(), address) - headers;
  }

  bool over() const {
    if (udp_.idle) return host_.now() - last_ >= *udp_.idle;
    return !udp_.host.empty() && ended_ && pending_ == 0 && host_.now() - last_ >= kIdleAfterInput;
  }

  CommandResult<void> receive_all() {
    std::vector<std::uint8_t> buffer(kMaxDatagramBytes);
    while (true) {
      const auto received = host_.recvfrom(descriptor_, buffer);
      if (!received && received.error().code == SocketErrc::kWouldBlock) return {};
      if (!received) return Failure{explain("receiving", received.error())};
      last_ = host_.now();
      if (!has_peer()) {  // whoever sends first is talked to, as with nc
        if (const auto connected = host_.connect(descriptor_, received.value().from); !connected) {
          return Failure{explain("answering", connected.error())};
        }
        fmt::print(stderr, "from {}\n", to_string(received.value().from));
      }
      const auto written = output_.write(std::span(buffer).first(received.value().bytes));
      if (!written) return Failure{CommandError{written.error()}};
    }
  }

  /// Reads a datagram's worth of input if there is any, and sends it.
  CommandResult<void> send_one() {
    if (pending_ == 0) {
      if (ended_ || !has_peer() || !input_is_ready()) return {};
      chunk_.resize(longest());
      const ssize_t bytes = read(STDIN_FILENO, chunk_.data(), chunk_.size());
      if (bytes < 0 && errno == EINTR) return {};
      if (bytes < 0) return Failure{CommandError{std::string("cannot read standard input: ") + std::strerror(errno)}};
      last_ = host_.now();
      if (bytes == 0) ended_ = true;
      pending_ = static_cast<std::size_t>(bytes);
    }
    if (pending_ == 0) return {};
    const auto sent = host_.send(descriptor_, std::span(chunk_).first(pending_));
    if (!sent && sent.error().code == SocketErrc::kWouldBlock) return {};
    if (!sent) return Failure{explain("sending", sent.error())};
    last_ = host_.now();
    pending_ = 0;
    return {};
  }

  /// In virtual time nothing happens while somebody thinks: input is waited for then. On a real wire it is asked for.
  bool input_is_ready() const {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    const bool is_virtual = session_.options().wire == WireKind::kLoop;
    return ::poll(&input, 1, is_virtual ? -1 : 0) > 0;
  }

  Session& session_;
  Host& host_;
  const UdpOptions& udp_;
  OutputFile& output_;
  int descriptor_;
  std::vector<std::uint8_t> chunk_;
  std::size_t pending_ = 0;  ///< Bytes of chunk_ that wait to be sent.
  bool ended_ = false;       ///< The input.
  TimePoint last_;           ///< When something came or went.
};

/// A socket that listens or is connected, as is wanted.
CommandResult<int> open_socket(Session& session, const UdpOptions& udp) {
  Host& host = session.host();
  const auto descriptor = host.socket(SocketType::kDatagram);
  if (!descriptor) return Failure{explain("opening a socket", descriptor.error())};
  static_cast<void>(host.set_nonblocking(*descriptor, true));
  if (udp.host.empty()) {
    const auto bound = host.bind(*descriptor, {IpAddress(), udp.port});
    if (!bound) return Failure{explain("listening", bound.error())};
    fmt::print(stderr, "listening on {}\n", to_string(Endpoint{host.stack().network().own_address(), udp.port}));
    return *descriptor;
  }
  const auto address = address_of(session.setup(), udp.host, session.options().patience);
  if (!address) return Failure{address.error()};
  const auto connected = host.connect(*descriptor, {*address, udp.port});
  if (!connected) return Failure{explain("connecting", connected.error())};
  if (session.far() != nullptr) {
    const auto echoed = session.far()->serve_udp_echo(udp.port);
    if (!echoed) return Failure{CommandError{"far side: " + echoed.error().message}};
  }
  return *descriptor;
}

}  // namespace

int run_udp(const Options& options, const UdpOptions& udp) {
  auto file = OutputFile::open(udp.output);
  if (!file) {
    complain(file.error());
    return 1;
  }
  const auto session = Session::open(options, "udp");
  if (!session) return 1;
  const auto descriptor = open_socket(*session, udp);
  if (!descriptor) return session->fail(descriptor.error());
  const auto done = Exchange(*session, udp, *file, *descriptor).run();
  const auto counts = session->host().udp_counts(*descriptor);
  if (const auto completed = file->complete(); !completed) return session->fail({completed.error()});
  if (!done || !counts) return session->fail(done ? explain("counting", counts.error()) : done.error());
  nlohmann::json json = udp_json(counts.value());
  const auto peer = session->host().getpeername(*descriptor);
  if (peer) json["peer"] = to_string(*peer);
  const std::string summary = fmt::format(
      "{} datagrams ({} bytes) out, {} ({} bytes) in, {} dropped", with_separators(counts.value().datagrams_out),
      with_separators(counts.value().bytes_out), with_separators(counts.value().datagrams_in),
      with_separators(counts.value().bytes_in), with_separators(counts.value().dropped_queue_full));
  return session->succeed(summary, json);
}

}  // namespace sockwire::apps
