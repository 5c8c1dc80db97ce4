// SPDX-License-Identifier: Apache-2.0
// A file each way between two hosts of a virtual platform:
//
//   build/bin/tlm_platform [BYTES [LOSS [SEED]]]
//
// Host a fetches a file from host b, then sends one to it. Prints what arrived with its SHA-256, and what was counted.
// Ends with 1 if what arrived is not what was sent.
#include <openssl/evp.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "sim/phy/random.hpp"
#include "sim/tlm/example/file_program.hpp"
#include "sim/tlm/example/platform.hpp"

namespace sockwire::sim::example {
namespace {

constexpr double kLongestSeconds = 600;  // of simulated time

std::string sha256(const std::vector<std::uint8_t>& bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned digest_bytes = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &digest_bytes, EVP_sha256(), nullptr);
  std::string text;
  for (unsigned i = 0; i < digest_bytes; ++i) {
    constexpr const char* kDigits = "0123456789abcdef";
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return text;
}

std::vector<std::uint8_t> random_file(std::size_t bytes, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint8_t> file(bytes);
  for (std::uint8_t& byte : file) byte = static_cast<std::uint8_t>(random.next());
  return file;
}

/// Runs both programs to their ends. Returns whether the same bytes arrived.
bool carry(const char* what, Platform& platform, FileProgram& sender, FileProgram& receiver) {
  while (!(sender.done() && receiver.done())) {
    if (sc_core::sc_time_stamp().to_seconds() > kLongestSeconds) break;
    sc_core::sc_start(sc_core::sc_time(100, sc_core::SC_US));
    for (const TlmHost* host : {&platform.host_a, &platform.host_b}) {
      if (!host->failure().empty()) std::fprintf(stderr, "%s: %s\n", host->name(), host->failure().c_str());
    }
  }
  const bool equal = receiver.done() && !receiver.failed() && sender.file() == receiver.file();
  std::printf("%-8s %zu bytes, sha256 %s: %s %s%s\n", what, receiver.file().size(), sha256(receiver.file()).c_str(),
              equal ? "equal" : "DIFFERENT", sender.failure().c_str(), receiver.failure().c_str());
  return equal;
}

/// The card's own counters are read by command, as on every link.
void print_counters(TlmHost& host, const TlmCard<8>& card, const FrameCableCounters& cable) {
  card::Driver& driver = host.port().driver();
  driver.read_counters();
  host.wake();
  sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_US));
  const auto count = [&driver](card::Counter counter) {
    return static_cast<unsigned long long>(driver.counters().at(static_cast<std::size_t>(counter)));
  };
  const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
  std::printf("%s: %llu commands, %llu events; %llu frames sent, %llu of them cut from %llu SENDs; %llu received\n",
              card.name(), number(card.window_counters().commands), number(card.window_counters().events),
              count(card::Counter::kTxFrames), count(card::Counter::kTxSegments),
              number(driver.driver_counters().sends), count(card::Counter::kRxFrames));
  std::printf("%s: the cable lost %llu of %llu frames\n", card.name(), number(cable.lost), number(cable.frames));
}

int run(int argc, char** argv) {
  const std::size_t bytes = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  FrameCableSettings cable;
  cable.loss = argc > 2 ? std::strtod(argv[2], nullptr) : 0;
  cable.seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
  cable.delay_ns = 10'000;
  Platform platform("platform", cable);

  Host& near = platform.host_a.host();
  Host& far = platform.host_b.host();
  const auto to_far = [](std::uint16_t port) { return FileProgram::Role{Endpoint{Platform::address(1), port}, 0}; };
  auto served = FileProgram::sender(far, {{}, 80}, random_file(bytes, cable.seed));
  auto fetched = FileProgram::receiver(near, to_far(80));
  auto stored = FileProgram::receiver(far, {{}, 9});
  auto sent = FileProgram::sender(near, to_far(9), random_file(bytes, cable.seed + 1));
  platform.host_b.add_task([&] { return served.turn() || stored.turn(); });
  platform.host_a.add_task([&] { return fetched.done() ? sent.turn() : fetched.turn(); });

  bool equal = carry("fetched", platform, served, fetched);
  equal = carry("sent", platform, sent, stored) && equal;
  print_counters(platform.host_a, platform.card_a, platform.cable.counters(0));
  print_counters(platform.host_b, platform.card_b, platform.cable.counters(1));
  std::printf("simulated %.6f s in %llu delta cycles\n", sc_core::sc_time_stamp().to_seconds(),
              static_cast<unsigned long long>(sc_core::sc_delta_count()));
  return equal ? 0 : 1;
}

}  // namespace
}  // namespace sockwire::sim::example

int sc_main(int argc, char** argv) { return sockwire::sim::example::run(argc, argv); }
