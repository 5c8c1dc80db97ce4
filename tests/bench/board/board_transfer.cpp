// SPDX-License-Identifier: Apache-2.0
// The long version of tests/sim/board: a file each way through the Arty's RTL with drifting clocks, over a wire that
// loses frames and a UART that turns bits. Prints progress; writes a campaign.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "tests/bench/campaign.hpp"
#include "tests/sim/board/board_lab.hpp"
#include "tests/sim/usb/serial_transfer.hpp"

namespace sockwire::bench {
namespace {

using namespace std::chrono_literals;
using test::Direction;

struct Settings {
  std::string output;
  std::size_t bytes = 1'000'000;
  double loss = 0.01;
  double byte_errors = 1e-5;
  std::uint64_t seed = 1;
};

/// Until it is done, a millisecond at a time; says now and then how far it is.
bool carry(test::SerialTransfer& transfer, const char* name) {
  for (int ms = 0; ms < 60'000; ++ms) {
    if (transfer.run(1ms)) return true;
    if (ms % 100 == 0) std::fprintf(stderr, "board_transfer: %s, %d ms: %zu bytes\n", name, ms, transfer.received());
  }
  std::fprintf(stderr, "board_transfer: %s: %s\n", name, transfer.state().c_str());
  return false;
}

int run(const Settings& settings) {
  test::SerialLabOptions options;
  options.seed = settings.seed;
  options.to_far.loss = options.from_far.loss = settings.loss;
  options.uart.byte_errors = settings.byte_errors;
  test::BoardLab world({.board_ppm = 100, .peer_ppm = -100}, options);
  if (const std::string problem = world.lab().start(); !problem.empty()) {
    std::fprintf(stderr, "board_transfer: %s\n", problem.c_str());
    return 1;
  }
  test::SerialTransfer up(world.lab(), Direction::kUp, settings.bytes, 1);
  if (!carry(up, "up")) return 1;
  test::SerialTransfer down(world.lab(), Direction::kDown, settings.bytes, 2);
  if (!carry(down, "down")) return 1;

  Campaign campaign;
  campaign.seed = settings.seed;
  char command[256];
  std::snprintf(command, sizeof command,
                "build/bin/board_transfer --bytes %zu --loss %g --byte-errors %g --seed %llu --output FILE",
                settings.bytes, settings.loss, settings.byte_errors, static_cast<unsigned long long>(settings.seed));
  campaign.command = command;
  const auto rate = [&](const test::SerialTransfer& transfer) {
    return static_cast<double>(settings.bytes) / std::chrono::duration<double>(transfer.duration()).count() / 1e6;
  };
  const std::string note =
      "equal data through the board's RTL, whose clock is 100 ppm fast and the peer's 100 ppm slow";
  const char* conditions = "simulated time, 12 Mbaud, with the losses and errors of the command";
  campaign.figures.push_back(figure("board/transfer_bytes", settings.bytes, "bytes", 1'000'000, note + ", each way"));
  campaign.figures.push_back(figure("board/rate/tx", rate(up), "MB/s", nullptr, conditions));
  campaign.figures.push_back(figure("board/rate/rx", rate(down), "MB/s", nullptr, conditions));
  for (const nlohmann::json& made : campaign.figures) std::fprintf(stderr, "%s\n", made.dump().c_str());
  return write_campaign(settings.output, campaign) ? 0 : 1;
}

}  // namespace
}  // namespace sockwire::bench

int sc_main(int argc, char** argv) {
  sockwire::bench::Settings settings;
  CLI::App app("A file each way through the Arty's RTL");
  app.add_option("--output", settings.output, "where the campaign's file goes, as JSON");
  app.add_option("--bytes", settings.bytes, "of each file")->capture_default_str();
  app.add_option("--loss", settings.loss, "of frames on the wire, each way")->capture_default_str();
  app.add_option("--byte-errors", settings.byte_errors, "probability for each byte on the UART")->capture_default_str();
  app.add_option("--seed", settings.seed, "of everything")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return sockwire::bench::run(settings);
}
