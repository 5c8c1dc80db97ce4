// SPDX-License-Identifier: Apache-2.0
// The cable pulled at random moments in virtual time, and rubbish into both ends of the link: a campaign, whose file
// goes to tests/bench/campaigns. usb_replugs.cpp pulls it under the real libusb.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <random>

#include "tests/bench/campaign.hpp"
#include "tests/bench/usb/link_fuzz.hpp"
#include "tests/sim/usb/serial_transfer.hpp"

namespace sockwire::bench {
namespace {

using namespace std::chrono_literals;
using test::Direction;
using test::SerialLab;
using test::SerialTransfer;

struct Settings {
  std::string output;
  unsigned replugs = 50;
  std::uint64_t fuzz_bytes = 10'000'000;
  std::uint64_t seed = 1;
};

/// When a cable is pulled, by what is going on. The link comes up in the first 8 ms; 100 kB take some 90 ms.
struct Moment {
  const char* name;
  std::int64_t from_us;
  std::int64_t to_us;
};
constexpr Moment kMoments[] = {{"link coming up", 0, 6'000},
                               {"change of the rate", 1'000, 4'000},
                               {"handshake", 0, 3'000},
                               {"bulk", 3'000, 80'000},
                               {"end", 80'000, 95'000}};

/// Empty if the transfer ended with equal data.
std::string pull_once(std::mt19937_64& random, unsigned number, std::string& moment_name) {
  const Moment& moment = kMoments[number % std::size(kMoments)];
  const bool before_start = number % std::size(kMoments) < 2;
  const auto at = std::chrono::microseconds(
      moment.from_us + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(moment.to_us - moment.from_us)));
  const auto away = std::chrono::milliseconds(1 + random() % 2500);
  moment_name = moment.name;
  SerialLab lab({.seed = random()});
  if (before_start) {
    lab.begin();
  } else if (const std::string problem = lab.start(); !problem.empty()) {
    return problem;
  }
  SerialTransfer transfer(lab, number % 2 == 0 ? Direction::kUp : Direction::kDown, 100'000, number + 1);
  transfer.run(at);
  lab.usb().unplug();
  transfer.run(away);
  lab.usb().plug();
  return transfer.run(120s) ? "" : transfer.state();
}

int run(const Settings& settings) {
  std::mt19937_64 random(settings.seed);
  Campaign campaign;
  campaign.seed = settings.seed;
  campaign.command = fmt::format("build/bin/usb_campaign --seed {} --replugs {} --fuzz-bytes {} --output FILE",
                                 settings.seed, settings.replugs, settings.fuzz_bytes);
  unsigned survived = 0;
  for (unsigned i = 0; i < settings.replugs; ++i) {
    std::string moment;
    const std::string problem = pull_once(random, i, moment);
    survived += problem.empty() ? 1 : 0;
    std::fprintf(stderr, "usb_campaign: pull %u of %u, %s: %s\n", i + 1, settings.replugs, moment.c_str(),
                 problem.empty() ? "equal data" : problem.c_str());
  }
  campaign.figures.push_back(
      figure("usb/model_replugs_tried", settings.replugs, "pulls", 50,
             "in virtual time, 100 kB each, up and down in turn, pulled while the link comes up, at its change of "
             "rate, at the handshake, in bulk and at the end; away for up to 2.5 s"));
  campaign.figures.push_back(
      figure("usb/model_replugs_survived", survived, "pulls", settings.replugs, "equal data, the same connection"));
  const FuzzResult fuzz = fuzz_link(settings.seed, settings.fuzz_bytes);
  campaign.figures.push_back(
      figure("usb/fuzz_bytes", fuzz.bytes, "bytes", 10'000'000,
             fmt::format("random bytes and damaged frames, into each end, in {} rounds; good bytes until a frame was "
                         "taken again: {} at most{}",
                         fuzz.rounds, fuzz.resync_bytes_max, fuzz.failure)));
  std::fprintf(stderr, "usb_campaign: %u of %u pulls survived; %llu bytes of rubbish, back after %llu at most%s\n",
               survived, settings.replugs, static_cast<unsigned long long>(fuzz.bytes),
               static_cast<unsigned long long>(fuzz.resync_bytes_max), fuzz.failure.c_str());
  const bool written = write_campaign(settings.output, campaign);
  return written && survived == settings.replugs && fuzz.failure.empty() ? 0 : 1;
}

}  // namespace
}  // namespace sockwire::bench

int main(int argc, char** argv) {
  sockwire::bench::Settings settings;
  CLI::App app("A card on a USB cable that is pulled, and a link that gets rubbish");
  app.add_option("--output", settings.output, "where the campaign's file goes, as JSON");
  app.add_option("--replugs", settings.replugs, "pulls of the cable")->capture_default_str();
  app.add_option("--fuzz-bytes", settings.fuzz_bytes, "into each end of the link")->capture_default_str();
  app.add_option("--seed", settings.seed, "of everything")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return sockwire::bench::run(settings);
}
