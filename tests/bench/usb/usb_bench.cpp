// SPDX-License-Identifier: Apache-2.0
// What a card on a USB cable carries, in virtual time: the fraction of the link that is TCP payload each way, how often
// payload crosses the link with loss on the wire, the framing's overhead, and the way back from any state.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <random>

#include "tests/bench/campaign.hpp"
#include "tests/bench/usb/link_fuzz.hpp"
#include "tests/sim/usb/serial_transfer.hpp"

namespace sockwire::bench {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using test::Direction;
using test::SerialLab;
using test::SerialTransfer;

constexpr double kLinkBytesPerSecond = 1.2e6;  // 12 Mbaud, ten bits a byte

struct Settings {
  std::string output;
  std::size_t bytes = 1'000'000;
  std::uint64_t seed = 1;
  std::uint64_t fuzz_bytes = 200'000;
};

double fraction(const SerialTransfer& transfer) {
  return static_cast<double>(transfer.received()) / std::chrono::duration<double>(transfer.duration()).count() /
         kLinkBytesPerSecond;
}

/// What the card dropped for want of room.
std::uint64_t lost_for_room(SerialLab& lab) {
  lab.near_port().driver().read_counters();
  const auto reads = lab.near_port().counters_reads();
  lab.loop().run_until([&] { return lab.near_port().counters_reads() != reads; }, lab.loop().now() + 1s);
  return lab.near_port().driver().counters()[static_cast<std::size_t>(card::Counter::kRxOverflow)];
}

bool measure_one_way(const Settings& settings, Direction direction, const std::string& name, json& figures) {
  SerialLab lab({.seed = settings.seed});
  if (!lab.start().empty()) return false;
  SerialTransfer transfer(lab, direction, settings.bytes, 1);
  if (!transfer.run(60s)) return false;
  figures.push_back(
      figure("usb/link_fraction/" + name, fraction(transfer), "of 1.2 MB/s", 0.95,
             fmt::format("{} bytes over TCP at 12 Mbaud, simulated time; segments lost for want of room {}; "
                         "segments that came as part of another's event {}",
                         settings.bytes, lost_for_room(lab), lab.card().counted(CoalescerCounter::kMerged))));
  return true;
}

bool measure_duplex(const Settings& settings, json& figures) {
  SerialLab lab({.seed = settings.seed});
  if (!lab.start().empty()) return false;
  SerialTransfer up(lab, Direction::kUp, settings.bytes, 1);
  SerialTransfer down(lab, Direction::kDown, settings.bytes, 2);
  const bool done = lab.loop().run_until(
      [&] {
        while (up.turn() || down.turn()) {
        }
        return up.done() && down.done();
      },
      lab.loop().now() + 60s);
  if (!done) return false;
  figures.push_back(figure("usb/link_fraction/duplex", std::min(fraction(up), fraction(down)), "of 1.2 MB/s", 0.92,
                           fmt::format("the worse of both directions at once: out {:.4f}, in {:.4f}; segments lost for "
                                       "want of room {}",
                                       fraction(up), fraction(down), lost_for_room(lab))));
  return true;
}

bool measure_loss(const Settings& settings, json& figures) {
  test::SerialLabOptions options;
  options.to_far.loss = 0.05;
  options.from_far.loss = 0.05;
  options.seed = settings.seed;
  SerialLab lab(options);
  if (!lab.start().empty()) return false;
  SerialTransfer transfer(lab, Direction::kUp, settings.bytes, 1);
  if (!transfer.run(120s)) return false;
  const card::DriverCounters counters = lab.near_port().driver().driver_counters();
  figures.push_back(
      figure("usb/payload_bytes_ratio/loss5",
             static_cast<double>(counters.write_bytes) / static_cast<double>(settings.bytes), "bytes/byte", 1.05,
             fmt::format("payload over USB per byte delivered, 5 % of frames lost each way, {} bytes; ranges "
                         "written again {}",
                         settings.bytes, counters.rewrites)));
  return true;
}

/// At bulk: what the frames take beyond the messages in them.
bool measure_framing(const Settings& settings, json& figures) {
  SerialLab lab({.seed = settings.seed});
  if (!lab.start().empty()) return false;
  const transport::LinkCounters before = lab.link().endpoint().counters();
  SerialTransfer transfer(lab, Direction::kUp, settings.bytes, 1);
  if (!transfer.run(60s)) return false;
  const transport::LinkCounters after = lab.link().endpoint().counters();
  const auto bytes = static_cast<double>(after.bytes_out - before.bytes_out);
  const auto messages = static_cast<double>(after.message_bytes_out - before.message_bytes_out);
  figures.push_back(
      figure("usb/framing_overhead", (bytes - messages) / bytes, "of the bytes", 0.02,
             "header, CRC-32, stuffing, delimiters, STATUS and PING frames, of all bytes on the wire to the "
             "card during a transfer of random bytes"));
  return true;
}

int run(const Settings& settings) {
  std::fprintf(stderr, "usb_bench: seed %llu\n", static_cast<unsigned long long>(settings.seed));
  json figures = json::array();
  bool good = measure_one_way(settings, Direction::kUp, "tx", figures);
  good &= measure_one_way(settings, Direction::kDown, "rx", figures);
  good &= measure_duplex(settings, figures);
  good &= measure_loss(settings, figures);
  good &= measure_framing(settings, figures);
  const FuzzResult fuzz = fuzz_link(settings.seed, settings.fuzz_bytes);
  good &= fuzz.failure.empty();
  figures.push_back(
      figure("usb/resync_bytes_max", fuzz.resync_bytes_max, "bytes", 4096,
             fmt::format("good bytes until a good frame is taken again, the worse end; {} bytes of rubbish "
                         "and of damaged frames into each end, {} times{}",
                         settings.fuzz_bytes, fuzz.rounds, fuzz.failure)));
  for (const json& one : figures) {
    std::printf("%-34s %10.4f  %s\n", one["name"].get<std::string>().c_str(), one["value"].get<double>(),
                one["note"].get<std::string>().c_str());
  }
  if (!settings.output.empty()) std::ofstream(settings.output) << figures.dump(2) << '\n';
  return good ? 0 : 1;
}

}  // namespace
}  // namespace sockwire::bench

int main(int argc, char** argv) {
  sockwire::bench::Settings settings;
  CLI::App app("A card on a USB cable, in virtual time");
  app.add_option("--output", settings.output, "where the figures go, as JSON");
  app.add_option("--bytes", settings.bytes, "of each transfer")->capture_default_str();
  app.add_option("--seed", settings.seed, "of contents and faults")->capture_default_str();
  app.add_option("--fuzz-bytes", settings.fuzz_bytes, "into each end of the link")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return sockwire::bench::run(settings);
}
