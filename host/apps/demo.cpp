// SPDX-License-Identifier: Apache-2.0
#include "host/apps/demo.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

#include "host/apps/far_side.hpp"
#include "host/apps/interrupt.hpp"
#include "host/apps/lab.hpp"
#include "host/apps/pattern.hpp"
#include "host/apps/peers.hpp"
#include "host/apps/progress.hpp"
#include "host/apps/session.hpp"
#include "host/apps/sha256.hpp"
#include "host/apps/text.hpp"
#include "host/apps/transfer.hpp"
#include "sim/net/tap.hpp"

namespace sockwire::apps {

namespace {

constexpr std::uint16_t kSinkPort = 5001;

/// Whoever is at the other end. Without a namespace all of them are null, and the far side of the loop answers.
struct Peers {
  std::unique_ptr<Nginx> nginx;
  std::unique_ptr<TcpSink> sink;
};

std::string percent(double part, double whole) {
  return whole > 0 ? fmt::format("{:.1f} %", 100 * part / whole) : std::string("-");
}

void line(const char* label, const std::string& text) { fmt::print("      {:<17} {}\n", label, text); }

/// What a transfer came to, from the measures before and after it.
void tell(const TransferResult& result, const Measures& before, const Measures& after, double wall_seconds,
          const std::string& digest, bool equal) {
  const tcp::Info& info = result.info;
  const auto card = [&](card::Counter counter) {
    const auto index = static_cast<std::size_t>(counter);
    return after.card[index] - before.card[index];
  };
  line("arrived", fmt::format("{} bytes, SHA-256 {}… {}", with_separators(result.bytes), digest.substr(0, 16),
                              equal ? "as it left" : "NOT AS IT LEFT"));
  line("handshake",
       fmt::format("MSS {}, window scale {}/{}, timestamps {}; shortest round trip {}", info.mss, info.snd_wscale,
                   info.rcv_wscale, info.timestamps ? "on" : "off", duration_text(info.min_rtt)));
  line("cut by the card",
       fmt::format("{} segments from {} super-segments; {} frames out, {} in",
                   with_separators(card(card::Counter::kTxSegments)),
                   with_separators(after.driver.sends - before.driver.sends),
                   with_separators(card(card::Counter::kTxFrames)), with_separators(card(card::Counter::kRxFrames))));
  const auto lost = after.to_far.lost + after.from_far.lost - before.to_far.lost - before.from_far.lost;
  line("lost, recovered",
       fmt::format("{} frames lost on the wire; {} segments sent again by us ({} time-outs), "
                   "{} came out of order",
                   with_separators(lost), with_separators(info.retransmissions), with_separators(info.timeouts),
                   with_separators(info.counters.out_of_order_segments)));
  const auto cycles = after.cycles - before.cycles;
  const auto simulated = Duration(static_cast<Duration::rep>(cycles * after.cycle_ps / 1000));
  line("wire in use", fmt::format("{} out, {} in",
                                  percent(static_cast<double>(after.to_far.busy_cycles - before.to_far.busy_cycles),
                                          static_cast<double>(cycles)),
                                  percent(static_cast<double>(after.from_far.busy_cycles - before.from_far.busy_cycles),
                                          static_cast<double>(cycles))));
  line("time", fmt::format("{} cycles, which stand for {}; {:.1f} s on the wall ({:.2f} million cycles a second)",
                           with_separators(cycles), duration_text(simulated), wall_seconds,
                           static_cast<double>(cycles) / wall_seconds / 1e6));
}

class Demo {
 public:
  Demo(Options options, const DemoOptions& demo, Peers& peers, std::string digest)
      : options_(std::move(options)), demo_(demo), peers_(peers), digest_(std::move(digest)) {}

  /// One setup, a file each way. Returns whether both arrived as they left.
  CommandResult<bool> round(const std::string& title, double loss, const std::string& capture) {
    fmt::print("\n  {}\n", title);
    Options options = options_;
    options.loss = loss;
    options.pcap = capture;
    auto made = Setup::make(options);
    if (!made) return Failure{CommandError{made.error()}};
    Setup& setup = **made;
    std::optional<FarSide> far;
    if (Host* host = setup.far_host()) {
      far.emplace(*host, options_.seed);
      static_cast<void>(far->serve_http(80));
      static_cast<void>(far->serve_sink(kSinkPort));
      setup.loop().add_task([&far] { return far->turn(); });
    }
    auto got = get(setup);
    if (!got) return got;
    const bool got_equal = *got;
    auto sent = send(setup, far ? &*far : nullptr);
    if (!sent) return sent;
    if (const auto flushed = setup.finish(); !flushed) return Failure{CommandError{flushed.error()}};
    fmt::print("    seen at the card: wireshark {}\n", capture);
    return got_equal && *sent;
  }

 private:
  CommandResult<bool> get(Setup& setup) {
    const std::string server = peers_.nginx ? "nginx on Linux's TCP" : "the second card's HTTP server";
    const auto url = Url::parse(fmt::format("http://10.18.0.1/{}", demo_.bytes));
    fmt::print("    get  {} from {}\n", bytes_text(static_cast<double>(demo_.bytes)), server);
    Sha256 sha;
    Progress progress("    get");
    const Measures before = setup.measure();
    const auto start = std::chrono::steady_clock::now();
    const auto result = fetch(
        setup, *url, options_.patience,
        [&](std::span<const std::uint8_t> bytes) {
          sha.update(bytes);
          return Result<void, std::string>();
        },
        [&](std::uint64_t done, std::optional<std::uint64_t> total) { progress.update(done, total); });
    progress.clear();
    if (!result) return Failure{result.error()};
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const std::string digest = sha.finish();
    tell(*result, before, setup.measure(), wall, digest, digest == digest_);
    return digest == digest_;
  }

  CommandResult<bool> send(Setup& setup, const FarSide* far) {
    const std::string server = peers_.sink ? "a sink on Linux's TCP" : "the second card's sink";
    fmt::print("    send {} to {}\n", bytes_text(static_cast<double>(demo_.bytes)), server);
    std::uint64_t offset = 0;
    const auto source = [&](std::span<std::uint8_t> out) -> Result<std::size_t, std::string> {
      const auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), demo_.bytes - offset));
      fill_pattern(options_.seed, offset, out.first(bytes));
      offset += bytes;
      return bytes;
    };
    Progress progress("    send");
    const Measures before = setup.measure();
    const auto start = std::chrono::steady_clock::now();
    const auto result =
        push(setup, {kLabAddress, kSinkPort}, options_.patience, source, demo_.bytes,
             [&](std::uint64_t done, std::optional<std::uint64_t> total) { progress.update(done, total); });
    progress.clear();
    if (!result) return Failure{result.error()};
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::string digest;
    if (peers_.sink) {
      const auto sunk = peers_.sink->next();
      if (!sunk) return Failure{CommandError{sunk.error()}};
      digest = sunk->sha256;
    } else if (far != nullptr) {
      if (const auto& sunk = far->sunk()) digest = sunk->sha256;
    }
    tell(*result, before, setup.measure(), wall, digest, digest == digest_);
    return digest == digest_;
  }

  Options options_;
  DemoOptions demo_;
  Peers& peers_;
  std::string digest_;
};

/// The file that is fetched and sent, and its digest.
std::string write_file(const std::string& path, std::uint64_t bytes, std::uint64_t seed) {
  std::ofstream file(path, std::ios::binary);
  Sha256 sha;
  std::vector<std::uint8_t> chunk(65536);
  for (std::uint64_t offset = 0; offset < bytes; offset += chunk.size()) {
    const auto now =
        std::span(chunk).first(static_cast<std::size_t>(std::min<std::uint64_t>(chunk.size(), bytes - offset)));
    fill_pattern(seed, offset, now);
    sha.update(now);
    if (!path.empty()) file.write(reinterpret_cast<const char*>(now.data()), static_cast<std::streamsize>(now.size()));
  }
  return sha.finish();
}

/// Into a namespace with Linux at the other end, if this machine lets us; else why not.
Result<void, std::string> prepare(const std::string& folder, Peers& peers) {
  if (const auto entered = enter_new_lab(); !entered) return entered;
  if (const auto tap = sim::TapDevice::open(); !tap) return Failure{tap.error()};
  auto nginx = Nginx::start(folder);
  if (!nginx) return Failure{nginx.error()};
  auto sink = TcpSink::start(kSinkPort);
  if (!sink) return Failure{sink.error()};
  peers.nginx = std::move(nginx).value();
  peers.sink = std::move(sink).value();
  return {};
}

int end(const CommandError& error) {
  std::fflush(stdout);
  complain(error.interrupted ? "interrupted" : error.message);
  return error.interrupted ? interrupt_exit_code() : 1;
}

}  // namespace

int run_demo(Options options, const DemoOptions& demo) {
  catch_interrupts();
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const TemporaryFolder folder;
  std::error_code error;
  std::filesystem::create_directories(folder.path() + "/www", error);
  if (folder.path().empty() || error) return end({std::string("cannot write to /tmp: ") + std::strerror(errno)});
  const std::string digest = write_file(folder.path() + "/www/" + std::to_string(demo.bytes), demo.bytes, options.seed);

  fmt::print("Sockwire: a socket, our TCP, a network card ({}, {} byte{} a cycle), a wire, and what is behind it.\n",
             options.card == CardKind::kVerilator ? "RTL made from C++, Verilated" : "its C++ run directly",
             options.width, options.width == 1 ? "" : "s");
  Peers peers;
  if (options.wire == WireKind::kTap) {
    if (const auto prepared = prepare(folder.path(), peers); !prepared) {
      fmt::print(
          "\n  No Linux peer can be had here ({}).\n  So a second card answers, back to back with the first, in "
          "virtual time.\n",
          prepared.error());
      peers = {};
      options.wire = WireKind::kLoop;
    }
  }
  std::filesystem::create_directories(demo.folder, error);
  Demo run(options, demo, peers, digest);
  const auto clean = run.round("1. A clean wire", 0, demo.folder + "/demo-clean.pcapng");
  if (!clean) return end(clean.error());
  const auto lossy = run.round("2. A wire that loses one frame in a hundred", 0.01, demo.folder + "/demo-loss.pcapng");
  if (!lossy) return end(lossy.error());
  if (!*clean || !*lossy)
    return end({"a file did not arrive as it left; this is a fault in sockwire, please report it"});
  fmt::print("\n  Every byte arrived as it left, {} times {}.\n", 4, bytes_text(static_cast<double>(demo.bytes)));
  return 0;
}

}  // namespace sockwire::apps
