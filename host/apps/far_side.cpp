// SPDX-License-Identifier: Apache-2.0
#include "host/apps/far_side.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "host/apps/pattern.hpp"

namespace sockwire::apps {

namespace {
constexpr std::size_t kChunk = 65536;
}

std::optional<std::uint64_t> size_of_path(const std::string& path) {
  std::uint64_t value = 0;
  const char* const end = path.data() + path.size();
  if (path.size() < 2 || path[0] != '/') return std::nullopt;
  const auto [next, error] = std::from_chars(path.data() + 1, end, value);
  if (error != std::errc()) return std::nullopt;
  std::string unit(next, end);
  unit = unit.substr(0, unit.find('.'));
  if (!unit.empty() && unit.back() == 'B') unit.pop_back();
  if (unit == "k" || unit == "K") return value * 1000;
  if (unit == "M") return value * 1'000'000;
  if (unit == "G") return value * 1'000'000'000;
  return unit.empty() ? std::optional(value) : std::nullopt;
}

SocketResult<void> FarSide::listen(std::uint16_t port, bool http) {
  const auto descriptor = host_.socket();
  if (!descriptor) return Failure{descriptor.error()};
  auto bound = host_.bind(*descriptor, {IpAddress(), port});
  if (!bound) return bound;
  auto listening = host_.listen(*descriptor, 16);
  if (!listening) return listening;
  listeners_.push_back({*descriptor, http});
  return host_.set_nonblocking(*descriptor, true);
}

SocketResult<void> FarSide::serve_http(std::uint16_t port) { return listen(port, true); }

SocketResult<void> FarSide::serve_sink(std::uint16_t port) { return listen(port, false); }

SocketResult<void> FarSide::send_pattern(const Endpoint& to, std::uint64_t bytes) {
  const auto descriptor = host_.socket();
  if (!descriptor) return Failure{descriptor.error()};
  static_cast<void>(host_.set_nonblocking(*descriptor, true));
  auto connected = host_.connect(*descriptor, to);
  if (!connected && connected.error().code != SocketErrc::kInProgress) return connected;
  auto& client = clients_.emplace_back();
  client.descriptor = *descriptor;
  client.task = Client::Task::kConnecting;
  client.end = bytes;
  return {};
}

SocketResult<void> FarSide::serve_udp_echo(std::uint16_t port) {
  const auto descriptor = host_.socket(SocketType::kDatagram);
  if (!descriptor) return Failure{descriptor.error()};
  auto bound = host_.bind(*descriptor, {IpAddress(), port});
  if (!bound) return bound;
  echoes_.push_back(*descriptor);
  return host_.set_nonblocking(*descriptor, true);
}

bool FarSide::echo(int descriptor) {
  std::array<std::uint8_t, kChunk> buffer;
  const auto received = host_.recvfrom(descriptor, buffer);
  if (!received) return false;
  // What cannot be sent back is lost, as datagrams are.
  static_cast<void>(host_.sendto(descriptor, std::span(buffer).first(received.value().bytes), received.value().from));
  return true;
}

bool FarSide::turn() {
  bool any = false;
  for (const int descriptor : echoes_) any |= echo(descriptor);
  for (const Listener& listener : listeners_) {
    const auto accepted = host_.accept(listener.descriptor);
    if (!accepted) continue;
    static_cast<void>(host_.set_nonblocking(*accepted, true));
    auto& client = clients_.emplace_back();
    client.descriptor = *accepted;
    client.task = listener.http ? Client::Task::kRequest : Client::Task::kSink;
    any = true;
  }
  for (auto client = clients_.begin(); client != clients_.end();) {
    any |= serve(*client);
    if (client->task == Client::Task::kDone) {
      static_cast<void>(host_.close(client->descriptor));
      client = clients_.erase(client);
      any = true;
    } else {
      ++client;
    }
  }
  return any;
}

bool FarSide::serve(Client& client) {
  switch (client.task) {
    case Client::Task::kConnecting: {
      std::array<PollRequest, 1> request{};
      request[0].descriptor = client.descriptor;
      request[0].want_writable = true;
      static_cast<void>(host_.poll(request, Duration::zero()));
      if (request[0].failed || request[0].hung_up) client.task = Client::Task::kDone;
      if (request[0].writable && client.task != Client::Task::kDone) client.task = Client::Task::kSend;
      return client.task != Client::Task::kConnecting;
    }
    case Client::Task::kRequest:
    case Client::Task::kSink:
      return receive(client);
    case Client::Task::kSend:
      return transmit(client);
    case Client::Task::kDone:
      break;
  }
  return false;
}

bool FarSide::receive(Client& client) {
  std::array<std::uint8_t, kChunk> buffer;
  const auto received = host_.recv(client.descriptor, buffer);
  if (!received && received.error().code == SocketErrc::kWouldBlock) return false;
  if (!received || *received == 0) {
    if (client.task == Client::Task::kSink && received) sunk_ = Sunk{client.taken, client.sha.finish()};
    client.task = Client::Task::kDone;
    return true;
  }
  const auto bytes = std::span(buffer).first(*received);
  if (client.task == Client::Task::kSink) {
    client.taken += bytes.size();
    client.sha.update(bytes);
    return true;
  }
  client.request.append(bytes.begin(), bytes.end());
  if (client.request.find("\r\n\r\n") != std::string::npos) answer(client);
  if (client.request.size() > kChunk) client.task = Client::Task::kDone;
  return true;
}

void FarSide::answer(Client& client) {
  // RFC 9112 3: method SP request-target SP HTTP-version
  const auto first = client.request.find(' ');
  const auto second = client.request.find(' ', first + 1);
  const std::string path = client.request.substr(first + 1, second - first - 1);
  const auto size = size_of_path(path);
  std::string head;
  if (client.request.rfind("GET ", 0) != 0) {
    head = "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET\r\nContent-Length: 0\r\n";
  } else if (!size) {
    const std::string text = "ask for a size: /1000, /100k, /4M\n";
    head =
        fmt::format("HTTP/1.1 404 Not Found\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", text.size(), text);
  } else {
    head = fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {}\r\n", *size);
    client.end = *size;
  }
  if (head.find("\r\n\r\n") == std::string::npos) head += "Connection: close\r\n\r\n";
  client.pending.assign(head.begin(), head.end());
  client.task = Client::Task::kSend;
}

bool FarSide::transmit(Client& client) {
  if (client.pending.empty() && client.offset < client.end) {
    client.pending.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kChunk, client.end - client.offset)));
    fill_pattern(seed_, client.offset, client.pending);
    client.offset += client.pending.size();
  }
  if (client.pending.empty()) {
    client.task = Client::Task::kDone;
    return true;
  }
  const auto sent = host_.send(client.descriptor, client.pending);
  if (!sent && sent.error().code == SocketErrc::kWouldBlock) return false;
  if (!sent) {
    client.task = Client::Task::kDone;
    return true;
  }
  client.pending.erase(client.pending.begin(), client.pending.begin() + static_cast<std::ptrdiff_t>(*sent));
  return true;
}

}  // namespace sockwire::apps
