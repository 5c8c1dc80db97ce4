// SPDX-License-Identifier: Apache-2.0
#include "host/apps/journey/applications.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "host/apps/far_side.hpp"
#include "host/apps/journey/dns_responder.hpp"
#include "host/apps/pattern.hpp"
#include "host/socket/text.hpp"

namespace sockwire::apps {

namespace {

using journey::Stage;

constexpr std::size_t kChunk = 65536;
constexpr journey::End kClient = 0;
constexpr journey::End kServer = 1;

std::string bytes_result(std::size_t bytes) { return fmt::format("{} {}", bytes, bytes == 1 ? "byte" : "bytes"); }

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// One call of the client: written down from its beginning to its return.
template <typename Function, typename Text>
auto recorded(JourneyWorld& world, Stage stage, const char* name, const std::string& arguments,
              const Function& function, const Text& text) {
  const std::size_t call = world.recorder().on_call(kClient, stage, world.now_ns(), name, arguments);
  auto result = function();
  world.recorder().on_return(call, world.now_ns(), result ? text(result) : "error: " + result.error().message);
  return result;
}

Failure<std::string> problem(const SocketError& error) { return Failure{error.message}; }

bool can_send(Host& host, int descriptor) {
  std::array<PollRequest, 1> request{};
  request[0].descriptor = descriptor;
  request[0].want_writable = true;
  static_cast<void>(host.poll(request, Duration::zero()));
  return request[0].writable || request[0].failed || request[0].hung_up;
}

std::string zero(const SocketResult<void>&) { return "0"; }
std::string received_text(const SocketResult<std::size_t>& bytes) {
  return *bytes == 0 ? std::string("0: the end of the stream") : bytes_result(*bytes);
}

Result<Fetched, std::string> converse(JourneyWorld& world, int descriptor, const Url& url) {
  Host& host = world.host(kClient);
  const std::string request = http_get(url);
  const auto sent = recorded(
      world, Stage::kTransfer, "send", fmt::format("{}, the request of {} bytes", descriptor, request.size()),
      [&] { return host.send(descriptor, bytes_of(request)); }, [](const auto& bytes) { return bytes_result(*bytes); });
  if (!sent) return problem(sent.error());
  HttpResponseReader reader;
  Fetched fetched;
  std::vector<std::uint8_t> buffer(kChunk);
  while (!reader.complete()) {
    const auto received = recorded(
        world, Stage::kTransfer, "recv", fmt::format("{}, room for {} bytes", descriptor, buffer.size()),
        [&] { return host.recv(descriptor, buffer); }, received_text);
    if (!received) return problem(received.error());
    if (*received == 0) {
      reader.end_of_stream();
    } else {
      reader.feed(std::span(buffer).first(*received), fetched.body);
    }
    if (reader.failed()) return Failure{reader.error()};
  }
  fetched.status = reader.status();
  return fetched;
}

/// A name, a socket, a connection. Returns the descriptor.
Result<int, std::string> connect_recorded(JourneyWorld& world, const std::string& name, std::uint16_t port,
                                          Duration patience) {
  Host& host = world.host(kClient);
  const bool ipv4 = world.address(kClient).is_ipv4();
  const stack::dns::Families families{ipv4, !ipv4};
  const auto found = recorded(
      world, Stage::kSocket, "resolve", "\"" + name + "\"", [&] { return host.resolve(name, families, patience); },
      [](const auto& names) { return to_string(names->addresses.front()); });
  if (!found) return problem(found.error());
  const auto descriptor = recorded(
      world, Stage::kSocket, "socket", "stream", [&] { return host.socket(); },
      [](const auto& number) { return fmt::format("descriptor {}", *number); });
  if (!descriptor) return problem(descriptor.error());
  static_cast<void>(host.set_timeout(*descriptor, patience));
  const Endpoint server{found->addresses.front(), port};
  const auto connected = recorded(
      world, Stage::kConnect, "connect", fmt::format("{}, {}", *descriptor, to_string(server)),
      [&] { return host.connect(*descriptor, server); }, zero);
  if (!connected) return problem(connected.error());
  return *descriptor;
}

/// Sends the message, says that this is all, and waits until the other side has closed, too.
Result<void, std::string> give(JourneyWorld& world, int descriptor, std::span<const std::uint8_t> message,
                               const Writes& writes) {
  Host& host = world.host(kClient);
  while (!message.empty()) {
    const auto bytes = message.first(std::min(writes.bytes, message.size()));
    const auto sent = recorded(
        world, Stage::kTransfer, "send", fmt::format("{}, {}", descriptor, bytes_result(bytes.size())),
        [&] { return host.send(descriptor, bytes); }, [](const auto& taken) { return bytes_result(*taken); });
    if (!sent) return problem(sent.error());
    message = message.subspan(*sent);
    if (writes.pause > Duration::zero()) {
      world.loop().run_until([] { return false; }, world.loop().now() + writes.pause);
    }
  }
  const auto shut = recorded(
      world, Stage::kDisconnect, "shutdown", fmt::format("{}, writing", descriptor),
      [&] { return host.shutdown(descriptor, Shutdown::kWrite); }, zero);
  if (!shut) return problem(shut.error());
  std::array<std::uint8_t, kChunk> buffer;
  while (true) {
    const auto received = recorded(
        world, Stage::kDisconnect, "recv", std::to_string(descriptor), [&] { return host.recv(descriptor, buffer); },
        received_text);
    if (!received) return problem(received.error());
    if (*received == 0) return {};
  }
}

Result<void, std::string> end_recorded(JourneyWorld& world, int descriptor, Duration patience) {
  Host& host = world.host(kClient);
  const auto closed = recorded(
      world, Stage::kDisconnect, "close", std::to_string(descriptor), [&] { return host.close(descriptor); }, zero);
  if (!closed) return problem(closed.error());
  // Until both sides agree that all has arrived, and what is on the wire is there.
  static_cast<void>(world.host(kServer).drain(patience));
  static_cast<void>(host.drain(patience));
  world.loop().run_until([] { return false; }, world.loop().now() + std::chrono::milliseconds(1));
  return {};
}

}  // namespace

Result<Fetched, std::string> fetch_recorded(JourneyWorld& world, const Url& url, Duration patience) {
  const auto descriptor = connect_recorded(world, url.host, url.port, patience);
  if (!descriptor) return Failure{descriptor.error()};
  auto fetched = converse(world, *descriptor, url);
  if (!fetched) return fetched;
  if (const auto ended = end_recorded(world, *descriptor, patience); !ended) return Failure{ended.error()};
  return fetched;
}

Result<void, std::string> send_recorded(JourneyWorld& world, const HostPort& to, std::span<const std::uint8_t> message,
                                        const Writes& writes, Duration patience) {
  const auto descriptor = connect_recorded(world, to.host, to.port, patience);
  if (!descriptor) return Failure{descriptor.error()};
  if (auto given = give(world, *descriptor, message, writes); !given) return given;
  return end_recorded(world, *descriptor, patience);
}

void JourneyServer::call(const char* name, const std::string& arguments, const std::string& result, Stage stage) {
  world_.recorder().on_done_call(kServer, stage, world_.now_ns(), name, arguments, result);
}

SocketResult<void> JourneyServer::start(std::uint16_t port) {
  const auto open = [&](SocketType type, std::uint16_t number) -> SocketResult<int> {
    auto descriptor = host_.socket(type);
    if (!descriptor) return descriptor;
    call("socket", type == SocketType::kStream ? "stream" : "datagram", fmt::format("descriptor {}", *descriptor),
         Stage::kSocket);
    const auto bound = host_.bind(*descriptor, {IpAddress(), number});
    if (!bound) return Failure{bound.error()};
    call("bind", fmt::format("{}, port {}", *descriptor, number), "0", Stage::kSocket);
    static_cast<void>(host_.set_nonblocking(*descriptor, true));
    return descriptor;
  };
  const auto names = open(SocketType::kDatagram, stack::dns::kServerPort);
  if (!names) return Failure{names.error()};
  names_ = *names;
  const auto listener = open(SocketType::kStream, port);
  if (!listener) return Failure{listener.error()};
  listener_ = *listener;
  const auto listening = host_.listen(listener_, 4);
  if (listening) call("listen", fmt::format("{}, backlog 4", listener_), "0", Stage::kSocket);
  return listening;
}

bool JourneyServer::turn() {
  bool any = answer_name();
  if (connection_ < 0) return take_connection() || any;
  if (errand_ == journey::Errand::kSend) return take_message() || any;
  if (response_.empty()) return take_request() || any;
  return send_response() || any;
}

bool JourneyServer::answer_name() {
  std::array<std::uint8_t, 1500> query;
  const auto received = host_.recvfrom(names_, query);
  if (!received) return false;
  call("recvfrom", std::to_string(names_), bytes_result(received->bytes) + " from " + to_string(received->from),
       Stage::kDatagram);
  const auto answer = dns_answer(std::span(query).first(received->bytes), world_.address(kServer));
  if (answer.empty()) return true;
  const std::size_t number = world_.recorder().on_call(
      kServer, Stage::kDatagram, world_.now_ns(), "sendto",
      fmt::format("{}, the answer of {} bytes, to {}", names_, answer.size(), to_string(received->from)));
  const auto sent = host_.sendto(names_, answer, received->from);
  world_.recorder().on_return(number, world_.now_ns(), sent ? bytes_result(*sent) : sent.error().message);
  return true;
}

bool JourneyServer::take_connection() {
  const auto accepted = host_.accept(listener_);
  if (!accepted) return false;
  connection_ = *accepted;
  request_.clear();
  static_cast<void>(host_.set_nonblocking(connection_, true));
  const auto peer = host_.getpeername(connection_);
  call("accept", std::to_string(listener_),
       fmt::format("descriptor {}{}", connection_, peer ? ", from " + to_string(*peer) : ""), Stage::kConnect);
  return true;
}

bool JourneyServer::take_message() {
  std::array<std::uint8_t, kChunk> buffer;
  const auto received = host_.recv(connection_, buffer);
  if (!received && received.error().code == SocketErrc::kWouldBlock) return false;
  call("recv", std::to_string(connection_), received ? received_text(received) : received.error().message);
  if (!received || *received == 0) {
    hang_up();
  } else {
    body_.insert(body_.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*received));
  }
  return true;
}

bool JourneyServer::take_request() {
  std::array<std::uint8_t, kChunk> buffer;
  const auto received = host_.recv(connection_, buffer);
  if (!received && received.error().code == SocketErrc::kWouldBlock) return false;
  call("recv", std::to_string(connection_), received ? bytes_result(*received) : received.error().message);
  if (!received || *received == 0 || request_.size() > kChunk) {
    hang_up();
    return true;
  }
  request_.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*received));
  if (request_.find("\r\n\r\n") != std::string::npos) answer_request();
  return true;
}

void JourneyServer::answer_request() {
  // RFC 9112 3: method SP request-target SP HTTP-version
  const auto first = request_.find(' ');
  const auto size = size_of_path(request_.substr(first + 1, request_.find(' ', first + 1) - first - 1));
  std::string status = "200 OK";
  if (!content_.empty()) {
    body_ = content_;
  } else if (size) {
    body_.resize(static_cast<std::size_t>(*size));
    fill_pattern(seed_, 0, body_);
  } else {
    status = "404 Not Found";
    const std::string text = "ask for a size: /1000, /100k, /4MB\n";
    body_.assign(text.begin(), text.end());
  }
  const std::string head = fmt::format(
      "HTTP/1.1 {}\r\nContent-Type: application/octet-stream\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
      status, body_.size());
  response_.assign(head.begin(), head.end());
  response_.insert(response_.end(), body_.begin(), body_.end());
  sent_ = 0;
}

bool JourneyServer::send_response() {
  const auto rest = std::span<const std::uint8_t>(response_).subspan(sent_);
  if (!rest.empty()) {
    const std::string arguments = fmt::format("{}, {} bytes", connection_, rest.size());
    // A call that would block is none: it is not written down, and has no part in what is sent.
    if (!can_send(host_, connection_)) return false;
    const std::size_t number = world_.recorder().on_call(kServer, Stage::kTransfer, world_.now_ns(), "send", arguments);
    const auto sent = host_.send(connection_, rest);
    world_.recorder().on_return(number, world_.now_ns(), sent ? bytes_result(*sent) : sent.error().message);
    if (!sent && sent.error().code == SocketErrc::kWouldBlock) return false;
    if (sent) sent_ += *sent;
    if (sent) return true;
  }
  hang_up();
  response_.clear();
  return true;
}

void JourneyServer::hang_up() {
  const std::size_t number =
      world_.recorder().on_call(kServer, Stage::kDisconnect, world_.now_ns(), "close", std::to_string(connection_));
  static_cast<void>(host_.close(connection_));
  world_.recorder().on_return(number, world_.now_ns(), "0");
  connection_ = -1;
}

}  // namespace sockwire::apps
