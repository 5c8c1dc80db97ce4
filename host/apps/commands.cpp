// SPDX-License-Identifier: Apache-2.0
#include "host/apps/commands.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "host/apps/control_socket.hpp"
#include "host/apps/interrupt.hpp"
#include "host/apps/names.hpp"
#include "host/apps/output_file.hpp"
#include "host/apps/progress.hpp"
#include "host/apps/session.hpp"
#include "host/apps/snapshot.hpp"
#include "host/apps/text.hpp"
#include "host/apps/transfer.hpp"
#include "host/socket/text.hpp"

namespace sockwire::apps {

namespace {

std::string kept_hint(const OutputFile& file) {
  if (file.part_path().empty() || file.bytes() == 0) return {};
  return fmt::format("{} bytes that came are kept in {}", with_separators(file.bytes()), file.part_path());
}

std::string summary_of(Session& session, const std::string& what, const TransferResult& result) {
  const double seconds = std::chrono::duration<double>(result.time).count();
  const std::string rate = seconds > 0 ? rate_text(8.0 * static_cast<double>(result.bytes) / seconds) : "-";
  return fmt::format("{}: {} bytes in {} ({})\n  {}\n  {}", what, with_separators(result.bytes),
                     duration_text(result.time), rate, tcp_text(result.info), session.time_text());
}

nlohmann::json result_json(const TransferResult& result) {
  return {{"bytes", result.bytes},
          {"transfer_s", std::chrono::duration<double>(result.time).count()},
          {"tcp", tcp_json(result.info)}};
}

/// The error of a call on the far side of the loop, which is ours too.
int far_failure(Session& session, const SocketError& error) { return session.fail({"far side: " + error.message}); }

}  // namespace

int run_get(const Options& options, const Url& url, const std::string& output) {
  auto file = OutputFile::open(output);
  if (!file) {
    complain(file.error());
    return 1;
  }
  const auto session = Session::open(options, "get");
  if (!session) return 1;
  if (session->far() != nullptr) {
    const auto served = session->far()->serve_http(url.port);
    if (!served) return far_failure(*session, served.error());
  }
  Progress progress("get");
  session->setup().on_card_change([&](const std::string& text) { progress.note(text); });
  const auto result = fetch(
      session->setup(), url, options.patience, [&](std::span<const std::uint8_t> bytes) { return file->write(bytes); },
      [&](std::uint64_t done, std::optional<std::uint64_t> total) { progress.update(done, total); });
  session->setup().on_card_change({});
  progress.clear();
  if (!result) return session->fail(result.error(), kept_hint(*file));
  if (const auto completed = file->complete(); !completed) return session->fail({completed.error()});
  auto json = result_json(*result);
  json["file"] = output;
  return session->succeed(summary_of(*session, output.empty() ? url.target : output, *result), json);
}

int run_send(const Options& options, const std::string& path, const HostPort& to) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  struct stat info{};
  if (!file || fstat(fileno(file.get()), &info) != 0 || S_ISDIR(info.st_mode)) {
    complain("cannot read " + path + ": " + std::strerror(file ? EISDIR : errno));
    return 1;
  }
  const auto total = S_ISREG(info.st_mode) ? std::optional(static_cast<std::uint64_t>(info.st_size)) : std::nullopt;
  const auto session = Session::open(options, "send");
  if (!session) return 1;
  if (session->far() != nullptr) {
    const auto served = session->far()->serve_sink(to.port);
    if (!served) return far_failure(*session, served.error());
  }
  const auto address = address_of(session->setup(), to.host, options.patience);
  if (!address) return session->fail(address.error());
  Progress progress("send");
  session->setup().on_card_change([&](const std::string& text) { progress.note(text); });
  const auto source = [&](std::span<std::uint8_t> out) -> Result<std::size_t, std::string> {
    const std::size_t bytes = std::fread(out.data(), 1, out.size(), file.get());
    if (bytes == 0 && std::ferror(file.get()) != 0) return Failure{"cannot read " + path + ": " + std::strerror(errno)};
    return bytes;
  };
  const auto result = push(session->setup(), {*address, to.port}, options.patience, source, total,
                           [&](std::uint64_t done, std::optional<std::uint64_t> all) { progress.update(done, all); });
  session->setup().on_card_change({});
  progress.clear();
  if (!result) return session->fail(result.error());
  auto json = result_json(*result);
  std::string summary = summary_of(*session, path, *result);
  if (session->far() != nullptr) {
    if (const auto& sunk = session->far()->sunk()) {
      json["sha256_at_far_side"] = sunk->sha256;
      summary += "\n  SHA-256 at the far side: " + sunk->sha256;
    }
  }
  return session->succeed(summary, json);
}

int run_listen(const Options& options, std::uint16_t port, const std::string& output, std::uint64_t bytes) {
  auto file = OutputFile::open(output);
  if (!file) {
    complain(file.error());
    return 1;
  }
  const auto session = Session::open(options, "listen");
  if (!session) return 1;
  Host& host = session->host();
  const Endpoint here{host.stack().network().own_address(), port};
  const auto listener = session->setup().new_socket();
  if (!listener) return session->fail(explain("listening", listener.error()));
  const auto bound = host.bind(*listener, {IpAddress(), port});
  if (!bound) return session->fail(explain("listening", bound.error()));
  const auto listening = host.listen(*listener, 1);
  if (!listening) return session->fail(explain("listening", listening.error()));
  fmt::print(stderr, "listening on {}\n", to_string(here));
  if (session->far() != nullptr) {
    const auto sending = session->far()->send_pattern(here, bytes);
    if (!sending) return far_failure(*session, sending.error());
  }
  // Whoever connects may take as long as it likes to do so.
  constexpr Duration kDay = std::chrono::hours(24);
  const auto waited = wait_for(host, *listener, Direction::kReadable, kDay, "listening");
  if (!waited) return session->fail(waited.error());
  const auto connection = host.accept(*listener);
  if (!connection) return session->fail(explain("listening", connection.error()));
  static_cast<void>(host.set_nonblocking(*connection, true));
  static_cast<void>(host.close(*listener));
  const auto peer = host.getpeername(*connection);
  Progress progress("receive");
  session->setup().on_card_change([&](const std::string& text) { progress.note(text); });
  const auto result = take(
      session->setup(), *connection, options.patience,
      [&](std::span<const std::uint8_t> in) { return file->write(in); },
      [&](std::uint64_t done, std::optional<std::uint64_t> total) { progress.update(done, total); });
  session->setup().on_card_change({});
  progress.clear();
  if (!result) return session->fail(result.error(), kept_hint(*file));
  if (const auto completed = file->complete(); !completed) return session->fail({completed.error()});
  auto json = result_json(*result);
  json["file"] = output;
  if (peer) json["peer"] = to_string(*peer);
  const std::string what = peer ? "from " + to_string(*peer) : "received";
  return session->succeed(summary_of(*session, what, *result), json);
}

int run_ping(const Options& options, const std::string& target, unsigned count, unsigned data_bytes) {
  const auto session = Session::open(options, "ping");
  if (!session) return 1;
  Host& host = session->host();
  const auto address = address_of(session->setup(), target, options.patience);
  if (!address) return session->fail(address.error());
  const IpAddress& to = address.value();
  unsigned received = 0;
  CommandError last;
  auto replies = nlohmann::json::array();
  for (unsigned i = 1; i <= count && !interrupted(); ++i) {
    const TimePoint start = host.now();
    const auto reply = host.ping(to, static_cast<std::uint16_t>(i), data_bytes, std::chrono::seconds(1));
    if (!reply) {
      last = explain("ping", reply.error());
      if (!options.json) fmt::print("no answer to {}: {}\n", i, reply.error().message);
    } else {
      ++received;
      replies.push_back({{"seq", i}, {"rtt_us", std::chrono::duration<double, std::micro>(reply->rtt).count()}});
      if (!options.json) {
        fmt::print("{} bytes from {}: seq={} ttl={} time={}\n", reply->bytes, to_string(reply->from), reply->sequence,
                   reply->ttl, duration_text(reply->rtt));
      }
    }
    std::fflush(stdout);
    // A second between two, as everybody does. In virtual time it costs nothing.
    if (i < count) session->setup().loop().run_until(&interrupted, start + std::chrono::seconds(1));
  }
  if (interrupted()) return session->fail({"", true});
  if (received == 0) return session->fail(last.message.empty() ? CommandError{"no answer"} : last);
  return session->succeed(fmt::format("{} of {} answered", received, count),
                          {{"sent", count}, {"received", received}, {"replies", replies}});
}

int run_ss(bool json) {
  const auto snapshots = read_all_snapshots();
  if (json) {
    fmt::print("{}\n", nlohmann::json(snapshots).dump(2));
  } else {
    fmt::print("{}", ss_text(snapshots));
  }
  return 0;
}

int run_stats(bool json, bool all) {
  const auto snapshots = read_all_snapshots();
  if (json) {
    fmt::print("{}\n", nlohmann::json(snapshots).dump(2));
  } else if (snapshots.empty()) {
    fmt::print("no sockwire runs now\n");
  } else {
    fmt::print("{}", stats_text(snapshots, all));
  }
  return 0;
}

}  // namespace sockwire::apps
