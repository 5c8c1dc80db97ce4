// SPDX-License-Identifier: Apache-2.0
// How long the whole way takes where a kernel of its own is in it: a guest of QEMU starts, its `sockwire` fetches a
// file from nginx over a modelled card on USB, and the guest ends. This figure alone of the group's is in the wall's
// time.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fstream>

#include "tests/bench/campaign.hpp"
#include "tests/guest/guest_fetch.hpp"

namespace sockwire::bench {
namespace {

struct Settings {
  std::string output;
  std::size_t bytes = 200'000;
  std::uint64_t seed = 1;
};

/// Without QEMU or a namespace there is a row without a value, which says why.
int run(const Settings& settings) {
  const test::GuestFetch fetch = test::fetch_in_guest(settings.bytes, settings.seed);
  nlohmann::json value;
  std::string note = "skipped: " + fetch.lacks;
  if (fetch.lacks.empty()) {
    if (!fetch.equal()) {
      std::fprintf(stderr, "usb_guest_bench: the file did not come or go as it is served\n%s\n",
                   fetch.guest.console.c_str());
      return 1;
    }
    value = fetch.guest.seconds;
    note = fmt::format(
        "wall clock, from QEMU's start to its end, emulated (TCG): sockwire get and send --card usb in Debian's "
        "kernel, {} bytes from nginx and to a TCP server, cable {} while it sent, SHA-256 equal; seed {}",
        settings.bytes, fetch.pulled ? "pulled" : "not pulled", settings.seed);
  }
  nlohmann::json figures = nlohmann::json::array();
  figures.push_back(figure("usb/qemu_e2e_s", value, "s", 120, note));
  std::printf("%s\n", figures[0].dump().c_str());
  if (!settings.output.empty()) std::ofstream(settings.output) << figures.dump(2) << '\n';
  return 0;
}

}  // namespace
}  // namespace sockwire::bench

int main(int argc, char** argv) {
  sockwire::bench::Settings settings;
  CLI::App app("The command in a guest of QEMU, with a card on USB");
  app.add_option("--output", settings.output, "where the figure goes, as JSON");
  app.add_option("--bytes", settings.bytes, "of the file")->capture_default_str();
  app.add_option("--seed", settings.seed, "of its content")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    return sockwire::bench::run(settings);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "usb_guest_bench: %s\n", problem.what());
    return 1;
  }
}
