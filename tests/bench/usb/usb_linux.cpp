// SPDX-License-Identifier: Apache-2.0
// The command `sockwire`, as it is installed, with its card on a USB cable and Linux at the card's other end: files of
// some megabytes each way, over good wires and bad ones. A campaign: it runs against the wall's clock.
#include <fmt/format.h>
#include <sys/utsname.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

#include "host/apps/lab.hpp"
#include "tests/bench/campaign.hpp"
#include "tests/interop/linux_files.hpp"
#include "tests/interop/usb_board.hpp"

namespace sockwire::bench {
namespace {

constexpr int kSkipped = 77;

struct Settings {
  std::string output;
  std::size_t bytes = 4'000'000;
  double loss = 0.01;
  double byte_errors = 1e-5;
  std::uint64_t seed = 1;
};

/// One file, one way.
struct Carried {
  std::string problem;  ///< empty: equal data
  double seconds = 0;   ///< with the start of the program, and five of asking whether anybody has its address
  interop::UsbBoards::Damage damage;
  std::uint64_t sent_again = 0;  ///< segments of Linux
};

Carried carry(interop::LinuxFiles& files, bool up, const interop::UsbBoardOptions& options) {
  interop::UsbBoards boards({options});
  const std::string got = files.folder() + "/got";
  const std::vector<std::string> what = up ? std::vector<std::string>{"send", files.path(), interop::LinuxFiles::sink()}
                                           : std::vector<std::string>{"get", files.url(), "-o", got};
  const auto before = interop::linux_tcp_counters().at("RetransSegs");
  const auto start = std::chrono::steady_clock::now();
  Carried carried;
  const interop::Ended ended = interop::Running(boards.command(0, what), files.folder() + "/errors").wait();
  carried.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  carried.damage = boards.damage(0);
  carried.sent_again = interop::linux_tcp_counters().at("RetransSegs") - before;
  if (ended.status != 0) {
    carried.problem = ended.errors;
  } else {
    carried.problem = up ? files.problem_of_sunk() : files.problem_of_fetched(got);
  }
  return carried;
}

int run(const Settings& settings) {
  interop::LinuxFiles files(settings.seed, settings.bytes);
  Campaign campaign;
  campaign.seed = settings.seed;
  campaign.command = fmt::format("build/bin/usb_linux --bytes {} --loss {} --byte-errors {} --seed {} --output FILE",
                                 settings.bytes, settings.loss, settings.byte_errors, settings.seed);
  bool well = true;
  for (const bool bad : {false, true}) {
    for (const bool up : {false, true}) {
      interop::UsbBoardOptions options{.seed = settings.seed};
      options.wire.loss = bad ? settings.loss : 0;
      options.uart.byte_errors = bad ? settings.byte_errors : 0;
      const Carried carried = carry(files, up, options);
      const std::string name = fmt::format("usb/linux_bytes/{}/{}", up ? "send" : "get", bad ? "bad" : "good");
      const std::string note = fmt::format(
          "the installed command, libusb, umockdev, the native card, Linux over TAP; SHA-256 {}; {:.1f} s of the "
          "wall's "
          "clock in all; lost on the wire {} frames, damaged on the UART {} bytes, sent again by Linux {} segments",
          carried.problem.empty() ? "equal" : "NOT equal", carried.seconds, carried.damage.frames, carried.damage.bytes,
          carried.sent_again);
      std::fprintf(stderr, "usb_linux: %s: %s %s\n", name.c_str(), note.c_str(), carried.problem.c_str());
      campaign.figures.push_back(
          figure(name, carried.problem.empty() ? settings.bytes : 0, "bytes", settings.bytes, note));
      well &= carried.problem.empty();
    }
  }
  utsname kernel{};
  uname(&kernel);
  campaign.more["peer"] = std::string("Linux ") + kernel.release;
  return write_campaign(settings.output, campaign) && well ? 0 : 1;
}

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("Files between the installed command, whose card is on a USB cable, and Linux");
  app.add_option("--output", settings.output, "where the campaign's file goes, as JSON");
  app.add_option("--bytes", settings.bytes, "of each file")->capture_default_str();
  app.add_option("--loss", settings.loss, "of frames on the bad wire, each way")->capture_default_str();
  app.add_option("--byte-errors", settings.byte_errors, "probability for each byte on the bad UART")
      ->capture_default_str();
  app.add_option("--seed", settings.seed, "of everything")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  if (const std::string missing = sim::start_again_with_umockdev(argv); !missing.empty()) {
    std::fprintf(stderr, "usb_linux: %s\n", missing.c_str());
    return 1;
  }
  if (const auto entered = apps::enter_new_lab(); !entered) {
    std::fprintf(stderr, "usb_linux: skipped: %s\n", entered.error().c_str());
    return kSkipped;
  }
  try {
    return run(settings);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "usb_linux: %s\n", problem.what());
    return 1;
  }
}

}  // namespace
}  // namespace sockwire::bench

int main(int argc, char** argv) { return sockwire::bench::main(argc, argv); }
