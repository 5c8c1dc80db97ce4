// SPDX-License-Identifier: Apache-2.0
#include "host/apps/transfer.hpp"

#include <fmt/format.h>

#include <vector>

#include "host/apps/names.hpp"
#include "host/socket/text.hpp"

namespace sockwire::apps {

namespace {

constexpr std::size_t kChunk = 65536;

Failure<CommandError> error(std::string message) { return Failure{CommandError{std::move(message)}}; }

/// TCP_INFO as long as there is a connection; what was known before after that.
void note(Host& host, int descriptor, tcp::Info& info) {
  const auto now = host.tcp_info(descriptor);
  if (!now) return;
  if (const auto& known = *now) info = *known;
}

/// recv() that waits. 0: the end.
CommandResult<std::size_t> receive(Host& host, int descriptor, std::span<std::uint8_t> out, Duration patience,
                                   const std::string& what) {
  while (true) {
    const auto received = host.recv(descriptor, out);
    if (received) return *received;
    if (received.error().code != SocketErrc::kWouldBlock) return Failure{explain(what, received.error())};
    if (auto waited = wait_for(host, descriptor, Direction::kReadable, patience, what); !waited) {
      return Failure{waited.error()};
    }
  }
}

/// send() of everything.
CommandResult<void> send_all(Host& host, int descriptor, std::span<const std::uint8_t> bytes, Duration patience,
                             const std::string& what) {
  while (!bytes.empty()) {
    const auto sent = host.send(descriptor, bytes);
    if (sent) {
      bytes = bytes.subspan(*sent);
      continue;
    }
    if (sent.error().code != SocketErrc::kWouldBlock) return Failure{explain(what, sent.error())};
    if (auto waited = wait_for(host, descriptor, Direction::kWritable, patience, what); !waited) return waited;
  }
  return {};
}

/// Runs `body` on a new connection, and ends it without ceremony if that fails.
template <typename Body>
CommandResult<TransferResult> on_connection(Setup& setup, const Endpoint& to, Duration patience, Body body) {
  const TimePoint start = setup.loop().now();
  const auto descriptor = connect_to(setup, to, patience);
  if (!descriptor) return Failure{descriptor.error()};
  TransferResult result;
  CommandResult<void> done = body(*descriptor, result);
  if (done) {
    note(setup.host(), *descriptor, result.info);
    result.time = setup.loop().now() - start;
    done = close_and_drain(setup.host(), *descriptor, patience);
  } else {
    static_cast<void>(setup.host().abort(*descriptor));
    setup.loop().run_until([] { return false; }, setup.loop().now() + std::chrono::milliseconds(5));  // the RST leaves
  }
  if (!done) return Failure{done.error()};
  return result;
}

}  // namespace

CommandResult<TransferResult> fetch(Setup& setup, const Url& url, Duration patience, const ByteSink& sink,
                                    const OnProgress& progress) {
  const std::string what = "fetching from " + url.authority;
  const auto address = address_of(setup, url.host, patience);
  if (!address) return Failure{address.error()};
  return on_connection(setup, {*address, url.port}, patience, [&](int descriptor, TransferResult& result) {
    Host& host = setup.host();
    const std::string request = http_get(url);
    const auto request_bytes = std::span(reinterpret_cast<const std::uint8_t*>(request.data()), request.size());
    CommandResult<void> done = send_all(host, descriptor, request_bytes, patience, what);
    HttpResponseReader reader;
    std::vector<std::uint8_t> buffer(kChunk);
    std::vector<std::uint8_t> body;
    while (done && !reader.complete()) {
      const auto received = receive(host, descriptor, buffer, patience, what);
      if (!received) return CommandResult<void>(Failure{received.error()});
      note(host, descriptor, result.info);
      body.clear();
      if (*received == 0) {
        reader.end_of_stream();
      } else {
        reader.feed(std::span(buffer).first(*received), body);
      }
      if (reader.failed()) return CommandResult<void>(error(what + ": " + reader.error()));
      if (reader.head_complete() && reader.status() != 200) {
        return CommandResult<void>(
            error(fmt::format("the server says {} {} to {}", reader.status(), reader.reason(), url.target)));
      }
      if (const auto written = sink(body); !written) return CommandResult<void>(error(written.error()));
      result.bytes += body.size();
      progress(result.bytes, reader.content_length());
    }
    return done;
  });
}

CommandResult<TransferResult> push(Setup& setup, const Endpoint& to, Duration patience, const ByteSource& source,
                                   std::optional<std::uint64_t> total, const OnProgress& progress) {
  const std::string what = "sending to " + to_string(to);
  return on_connection(setup, to, patience, [&](int descriptor, TransferResult& result) {
    Host& host = setup.host();
    std::vector<std::uint8_t> buffer(kChunk);
    while (true) {
      const auto filled = source(buffer);
      if (!filled) return CommandResult<void>(error(filled.error()));
      if (*filled == 0) break;
      auto sent = send_all(host, descriptor, std::span(buffer).first(*filled), patience, what);
      if (!sent) return sent;
      result.bytes += *filled;
      note(host, descriptor, result.info);
      progress(result.info.bytes_acked, total);
    }
    if (const auto shut = host.shutdown(descriptor, Shutdown::kWrite); !shut) {
      return CommandResult<void>(Failure{explain(what, shut.error())});
    }
    // A peer that only takes closes when it has all; what it sends meanwhile is of no interest.
    while (true) {
      const auto received = receive(host, descriptor, buffer, patience, what);
      if (!received) return CommandResult<void>(Failure{received.error()});
      note(host, descriptor, result.info);
      progress(result.info.bytes_acked, total);
      if (*received == 0) return CommandResult<void>();
    }
  });
}

CommandResult<TransferResult> take(Setup& setup, int descriptor, Duration patience, const ByteSink& sink,
                                   const OnProgress& progress) {
  Host& host = setup.host();
  const TimePoint start = setup.loop().now();
  TransferResult result;
  std::vector<std::uint8_t> buffer(kChunk);
  while (true) {
    const auto received = receive(host, descriptor, buffer, patience, "receiving");
    if (!received) return Failure{received.error()};
    note(host, descriptor, result.info);
    if (*received == 0) break;
    if (const auto written = sink(std::span(buffer).first(*received)); !written) return error(written.error());
    result.bytes += *received;
    progress(result.bytes, std::nullopt);
  }
  result.time = setup.loop().now() - start;
  if (auto closed = close_and_drain(host, descriptor, patience); !closed) return Failure{closed.error()};
  return result;
}

}  // namespace sockwire::apps
