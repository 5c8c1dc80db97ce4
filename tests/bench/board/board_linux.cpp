// SPDX-License-Identifier: Apache-2.0
// Files each way between a host whose card is the Arty's RTL with drifting clocks, and Linux behind a TAP; over a good
// wire and UART, over bad ones, or with the cable pulled in mid-transfer. A campaign: a megabyte takes some minutes.
#include <fmt/format.h>
#include <sys/utsname.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <random>
#include <thread>
#include <vector>

#include "tests/bench/campaign.hpp"
#include "tests/interop/board_lab.hpp"
#include "tests/interop/lab_process.hpp"

namespace sockwire::bench {
namespace {

using nlohmann::json;

constexpr int kSkipped = 77;

struct Settings {
  std::string output;
  std::size_t bytes = 1'000'000;
  std::size_t pull_bytes = 100'000;
  double loss = 0.01;
  double byte_errors = 1e-5;
  std::uint64_t seed = 1;
};

enum class Kind : std::uint8_t { kGood, kBad, kPull };
constexpr const char* kKinds[] = {"good", "bad", "pull"};

/// The figure of one file, by a board of its own.
json carry(const Settings& settings, Kind kind, bool up) {
  const std::string name = fmt::format("board/linux_bytes/{}/{}", up ? "send" : "get", kKinds[static_cast<int>(kind)]);
  const std::size_t bytes = kind == Kind::kPull ? settings.pull_bytes : settings.bytes;
  interop::BoardLabOptions options{.seed = settings.seed};
  if (kind == Kind::kBad) {
    options.wire.loss = settings.loss;
    options.uart.byte_errors = settings.byte_errors;
  }
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  interop::LinuxFiles files(settings.seed, bytes);
  auto port = apps::plug_in();
  if (!port) return figure(name, 0, "bytes", bytes, port.error());
  interop::BoardLab lab(std::move(port).value(), options);
  if (const std::string problem = lab.start(); !problem.empty()) return figure(name, 0, "bytes", bytes, problem);
  if (kind == Kind::kPull) {
    std::mt19937_64 random(settings.seed);
    lab.pull_after(bytes / 4 + random() % (bytes / 2), std::chrono::milliseconds(1 + random() % 20));
  }
  std::uint64_t told = 0;
  const auto progress = [&](std::uint64_t done) {
    if (done < told + bytes / 10) return;
    told = done;
    std::fprintf(stderr, "board_linux: %s: %llu bytes\n", name.c_str(), static_cast<unsigned long long>(done));
  };
  const interop::BoardCarried made =
      up ? interop::send_over(lab, files, progress) : interop::fetch_over(lab, files, progress);
  const std::string note = fmt::format(
      "{}; Linux over TAP; the board's clock 100 ppm fast, its peer's 100 ppm slow; {:.3f} s simulated, {:.0f} s of "
      "the wall's clock; lost on the wire {} frames, damaged on "
      "the "
      "UART {} bytes; sent again: by Linux {} segments, by us {}; cable pulled {} times",
      made.problem.empty() ? "SHA-256 equal" : made.problem, made.simulated_s, made.wall_s, lab.frames_lost(),
      lab.bytes_damaged(), made.sent_again_by_linux, made.sent_again_by_us, lab.driver_counters().card_losses);
  const bool pulled = kind != Kind::kPull || lab.driver_counters().card_losses == 1;
  return figure(name, made.problem.empty() && pulled ? bytes : 0, "bytes", bytes, note);
}

int run(const Settings& settings) {
  Campaign campaign;
  campaign.seed = settings.seed;
  campaign.command =
      fmt::format("build/bin/board_linux --bytes {} --pull-bytes {} --loss {} --byte-errors {} --seed {} --output FILE",
                  settings.bytes, settings.pull_bytes, settings.loss, settings.byte_errors, settings.seed);
  // One board a process, so each file has a child; those of one direction run one after the other.
  std::array<std::vector<interop::LabReport>, 2> reports;
  const auto carry_all = [&](bool up) {
    for (const Kind kind : {Kind::kGood, Kind::kBad, Kind::kPull}) {
      // What a body returns is called a problem: the figure comes as one.
      reports[up ? 1 : 0].push_back(interop::run_in_lab([&] { return carry(settings, kind, up).dump(); }));
      std::fprintf(stderr, "board_linux: %s\n", reports[up ? 1 : 0].back().problem.c_str());
    }
  };
  std::thread sending(carry_all, true);
  carry_all(false);
  sending.join();
  bool well = true;
  for (const auto& direction : reports) {
    for (const interop::LabReport& report : direction) {
      const json made = json::parse(report.problem, nullptr, false);
      if (made.is_discarded()) return report.permitted ? 1 : kSkipped;
      well &= made["value"] == made["bound"];
      campaign.figures.push_back(made);
    }
  }
  utsname kernel{};
  uname(&kernel);
  campaign.more["peer"] = std::string("Linux ") + kernel.release;
  return write_campaign(settings.output, campaign) && well ? 0 : 1;
}

}  // namespace
}  // namespace sockwire::bench

int sc_main(int argc, char** argv) {
  sockwire::bench::Settings settings;
  CLI::App app("Files between a host behind the Arty's RTL, and Linux");
  app.add_option("--output", settings.output, "where the campaign's file goes, as JSON");
  app.add_option("--bytes", settings.bytes, "of each file")->capture_default_str();
  app.add_option("--pull-bytes", settings.pull_bytes, "of each file while the cable is pulled")->capture_default_str();
  app.add_option("--loss", settings.loss, "of frames on the bad wire, each way")->capture_default_str();
  app.add_option("--byte-errors", settings.byte_errors, "probability for each byte on the bad UART")
      ->capture_default_str();
  app.add_option("--seed", settings.seed, "of everything")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return sockwire::bench::run(settings);
}
