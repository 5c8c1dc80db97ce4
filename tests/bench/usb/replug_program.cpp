// SPDX-License-Identifier: Apache-2.0
// The program whose card's cable is pulled: it opens its card once, and carries one file after the other through it, as
// the command does it.
//
//   replug_program ADDRESS/BITS     the card's
//
// Told on standard input, a line each:    down HOST:PORT BYTES SEED     or     up HOST:PORT BYTES SEED
// Tells on standard output:               ready, done, failed: WHY, lost, back
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include "host/apps/pattern.hpp"
#include "host/apps/setup.hpp"
#include "host/apps/transfer.hpp"
#include "tests/sim/usb/tsan_suppressions.hpp"

namespace sockwire::bench {
namespace {

/// Without progress; a cable that is away counts, too.
constexpr Duration kPatience = std::chrono::seconds(60);
/// Between two looks whether there is something to do.
constexpr Duration kSlice = std::chrono::milliseconds(5);

void tell(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

/// The pattern as a source and as a sink.
class Pattern {
 public:
  Pattern(std::uint64_t seed, std::uint64_t bytes) : seed_(seed), bytes_(bytes) {}

  Result<std::size_t, std::string> give(std::span<std::uint8_t> out) {
    const auto part = out.first(std::min<std::uint64_t>(out.size(), bytes_ - at_));
    apps::fill_pattern(seed_, at_, part);
    at_ += part.size();
    return part.size();
  }
  Result<void, std::string> take(std::span<const std::uint8_t> in) {
    std::vector<std::uint8_t> expected(in.size());
    apps::fill_pattern(seed_, at_, expected);
    if (!std::equal(in.begin(), in.end(), expected.begin())) {
      return Failure<std::string>{"other bytes after byte " + std::to_string(at_)};
    }
    at_ += in.size();
    return {};
  }
  bool complete() const { return at_ == bytes_; }

 private:
  std::uint64_t seed_;
  std::uint64_t bytes_;
  std::uint64_t at_ = 0;
};

/// Empty if all went well.
std::string carry_down(apps::Setup& setup, const Endpoint& from, Pattern& pattern) {
  const auto connected = apps::connect_to(setup, from, kPatience);
  if (!connected) return connected.error().message;
  const auto taken = apps::take(
      setup, *connected, kPatience, [&](std::span<const std::uint8_t> in) { return pattern.take(in); },
      [](std::uint64_t, std::optional<std::uint64_t>) {});
  return taken ? "" : taken.error().message;
}

std::string carry_up(apps::Setup& setup, const Endpoint& to, Pattern& pattern) {
  const auto pushed = apps::push(
      setup, to, kPatience, [&](std::span<std::uint8_t> out) { return pattern.give(out); }, std::nullopt,
      [](std::uint64_t, std::optional<std::uint64_t>) {});
  return pushed ? "" : pushed.error().message;
}

std::string carry(apps::Setup& setup, const std::string& order) {
  std::istringstream words(order);
  std::string direction;
  std::string peer;
  std::uint64_t bytes = 0;
  std::uint64_t seed = 0;
  words >> direction >> peer >> bytes >> seed;
  const auto to = apps::HostPort::parse(peer);
  const auto address = to ? IpAddress::parse(to.value().host) : std::nullopt;
  if (!words || !address) return "cannot read '" + order + "'";
  Pattern pattern(seed, bytes);
  const Endpoint endpoint{*address, to.value().port};
  const std::string problem =
      direction == "up" ? carry_up(setup, endpoint, pattern) : carry_down(setup, endpoint, pattern);
  if (!problem.empty()) return problem;
  return pattern.complete() ? "" : "it ended early";
}

bool input_waits() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return poll(&input, 1, 0) > 0;
}

int run(const std::string& address) {
  apps::Options options;
  options.card = apps::CardKind::kUsb;
  options.wire = apps::WireKind::kNetwork;
  options.patience = kPatience;
  const auto prefix = IpPrefix::parse(address);
  if (!prefix) {
    tell("failed: '" + address + "' is no address with its bits");
    return 2;
  }
  options.addresses.push_back(*prefix);
  const auto setup = apps::Setup::make(options);
  if (!setup) {
    tell("failed: " + setup.error());
    return 1;
  }
  setup.value()->on_card_change([](const std::string& text) { tell(text == "card back" ? "back" : "lost"); });
  tell("ready");
  while (true) {
    // The card is looked after while nobody asks for anything.
    Loop& loop = setup.value()->loop();
    while (!loop.run_until(&input_waits, loop.now() + kSlice)) {
    }
    std::string order;
    int letter = 0;
    while ((letter = std::getchar()) != EOF && letter != '\n') order += static_cast<char>(letter);
    if (letter == EOF) return 0;
    const std::string problem = carry(*setup.value(), order);
    tell(problem.empty() ? "done" : "failed: " + problem);
  }
}

}  // namespace
}  // namespace sockwire::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "replug_program ADDRESS/BITS\n");
    return 2;
  }
  return sockwire::bench::run(argv[1]);
}
