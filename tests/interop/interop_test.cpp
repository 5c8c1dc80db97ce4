// SPDX-License-Identifier: Apache-2.0
// Files both ways at once between our TCP and Linux's, through the native and the Verilated card at both widths.
//
// SOCKWIRE_CAMPAIGN_MB=16 moves so many megabytes instead of two.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

#include "host/apps/lab.hpp"
#include "host/apps/pattern.hpp"
#include "host/apps/setup.hpp"
#include "host/apps/sha256.hpp"
#include "host/apps/snapshot.hpp"
#include "host/apps/waiting.hpp"
#include "lab.hpp"
#include "linux_peer.hpp"

namespace sockwire::interop {
namespace {

using apps::CardKind;
using apps::Options;

constexpr std::uint16_t kPort = 5001;
constexpr std::uint64_t kOurSeed = 11;
constexpr std::uint64_t kTheirSeed = 22;

std::uint64_t transfer_bytes() {
  const char* megabytes = std::getenv("SOCKWIRE_CAMPAIGN_MB");
  return megabytes != nullptr ? std::strtoull(megabytes, nullptr, 10) * 1'000'000 : 2'000'000;
}

std::string pattern_digest(std::uint64_t seed, std::uint64_t bytes) {
  apps::Sha256 sha;
  std::vector<std::uint8_t> chunk(65536);
  for (std::uint64_t at = 0; at < bytes; at += chunk.size()) {
    const auto now = std::span(chunk).first(std::min<std::uint64_t>(chunk.size(), bytes - at));
    apps::fill_pattern(seed, at, now);
    sha.update(now);
  }
  return sha.finish();
}

/// Sends the pattern of our seed and takes what comes, until both directions have ended. Returns what is wrong.
std::string exchange(apps::Setup& setup, const IpAddress& to, std::uint64_t bytes, std::string& digest) {
  Host& host = setup.host();
  const auto connected = apps::connect_to(setup, {to, kPort}, std::chrono::seconds(30));
  if (!connected) return connected.error().message;
  std::vector<std::uint8_t> out;
  std::vector<std::uint8_t> in(65536);
  std::uint64_t offset = 0;
  apps::Sha256 sha;
  bool reading = true;
  bool writing = true;
  TimePoint last = host.now();
  while (reading || writing) {
    bool any = false;
    if (writing && out.empty() && offset < bytes) {
      out.resize(std::min<std::uint64_t>(65536, bytes - offset));
      apps::fill_pattern(kOurSeed, offset, out);
      offset += out.size();
    }
    if (writing && !out.empty()) {
      const auto sent = host.send(*connected, out);
      if (!sent && sent.error().code != SocketErrc::kWouldBlock) return "send: " + sent.error().message;
      if (sent) out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(*sent));
      any |= sent.ok();
    }
    if (writing && out.empty() && offset == bytes) {
      static_cast<void>(host.shutdown(*connected, Shutdown::kWrite));
      writing = false;
    }
    if (reading) {
      const auto received = host.recv(*connected, in);
      if (!received && received.error().code != SocketErrc::kWouldBlock) return "recv: " + received.error().message;
      if (received) sha.update(std::span(in).first(*received));
      if (received && *received == 0) reading = false;
      any |= received.ok();
    }
    if (any) {
      last = host.now();
      continue;
    }
    if (host.now() - last > std::chrono::seconds(60)) return "no progress for a minute";
    setup.loop().run_once(host.now() + std::chrono::milliseconds(100));
  }
  digest = sha.finish();
  const auto closed = apps::close_and_drain(host, *connected, std::chrono::seconds(30));
  return closed ? "" : closed.error().message;
}

/// The whole of it inside a lab. Returns what is wrong.
std::string both_ways(const Options& options, std::uint64_t bytes, const IpAddress& to = apps::kLabAddress) {
  const auto peer = LinuxPeer::start(kPort, kTheirSeed, bytes);
  if (!peer) return "no Linux peer";
  auto setup = apps::Setup::make(options);
  if (!setup) return setup.error();
  std::string digest;
  const std::string problem = exchange(**setup, to, bytes, digest);
  if (!problem.empty()) {
    // What a person would look at next.
    const std::vector<nlohmann::json> seen{apps::snapshot(**setup, options, "test")};
    return problem + "\n" + apps::ss_text(seen) + apps::stats_text(seen, false) + output_of("ss -tinm");
  }
  if (digest != pattern_digest(kTheirSeed, bytes)) return "what we took is not what Linux sent";
  const std::string expected = std::to_string(bytes) + " " + pattern_digest(kOurSeed, bytes);
  const std::string taken = peer->taken();
  if (taken != expected) return "Linux took '" + taken + "' instead of '" + expected + "'";
  const auto measures = (*setup)->measure();
  const auto counter = [&](card::Counter which) { return measures.card[static_cast<std::size_t>(which)]; };
  if (counter(card::Counter::kTxUnderflow) + counter(card::Counter::kCommandMalformed) +
          counter(card::Counter::kCommandOverrun) + counter(card::Counter::kCommandUnknown) !=
      0) {
    return "the card complains about its commands";
  }
  if (options.loss == 0 && measures.to_far.lost + measures.from_far.lost != 0) return "a clean wire lost frames";
  const auto flushed = (*setup)->finish();
  return flushed ? "" : flushed.error();
}

/// What tshark finds wrong in a capture: malformed packets, and checksums that are not good. Linux may send 0xFFFF as a
/// TCP checksum, which is the same number as 0 (RFC 1624 section 3); tshark calls it bad. From us it would be a fault.
std::string faults_in(const std::string& capture) {
  return output_of(
      "tshark -r " + capture +
      " -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE"
      " -d tcp.port==" +
      std::to_string(kPort) +
      ",data --disable-protocol http"
      " -Y '_ws.malformed || ip.checksum.status == 0 || udp.checksum.status == 0 || icmp.checksum.status == 0 ||"
      " (tcp.checksum.status == 0 && !(tcp.checksum == 0xffff && (ip.src == " +
      to_string(apps::kLabAddress) + " || ipv6.src == " + to_string(apps::lab_ipv6(apps::kLabAddress)) +
      ")))' 2>&1 | grep -v 'Running as user'");
}

struct Case {
  CardKind card;
  int width;
};

class Interop : public testing::TestWithParam<Case> {
 protected:
  Options options() const {
    Options options;
    options.card = GetParam().card;
    options.width = GetParam().width;
    options.wire = apps::WireKind::kTap;
    options.patience = std::chrono::seconds(60);
    return options;
  }
};

const Case kCases[] = {{CardKind::kNative, 1},
                       {CardKind::kNative, 8},
#ifdef SOCKWIRE_HAS_VERILATED_ENGINE
                       {CardKind::kVerilator, 1},
                       {CardKind::kVerilator, 8}
#endif
};
INSTANTIATE_TEST_SUITE_P(Cards, Interop, testing::ValuesIn(kCases), [](const auto& instance) {
  return std::string(apps::name_of(instance.param.card)) + "_w" + std::to_string(instance.param.width);
});

TEST_P(Interop, FilesBothWaysAtOnce) {
  const auto bytes = transfer_bytes();
  const std::string capture = temporary("clean.pcapng");
  in_lab([&] {
    Options clean = options();
    clean.pcap = capture;
    return both_ways(clean, bytes);
  });
  if (!IsSkipped() && !HasFailure() && !output_of("tshark --version 2>/dev/null").empty()) {
    EXPECT_EQ(faults_in(capture), "");
    EXPECT_GT(std::stoul("0" + output_of("tshark -r " + capture + " -Y tcp 2>/dev/null | wc -l")), bytes / 1460);
  }
  unlink(capture.c_str());
}

TEST_P(Interop, FilesBothWaysOverIpv6) {
  const auto bytes = transfer_bytes();
  const std::string capture = temporary("ipv6.pcapng");
  in_lab([&]() -> std::string {
    if (!lab_has_ipv6()) return cannot("this kernel has no IPv6");
    Options clean = options();
    clean.pcap = capture;
    return both_ways(clean, bytes, apps::lab_ipv6(apps::kLabAddress));
  });
  if (!IsSkipped() && !HasFailure() && !output_of("tshark --version 2>/dev/null").empty()) {
    EXPECT_EQ(faults_in(capture), "");
    const std::string over_ipv6 = output_of("tshark -r " + capture + " -Y 'ipv6 && tcp' 2>/dev/null | wc -l");
    EXPECT_GT(std::stoul("0" + over_ipv6), bytes / 1440);
  }
  unlink(capture.c_str());
}

TEST_P(Interop, Ipv6OnABadWire) {
  in_lab([&]() -> std::string {
    if (!lab_has_ipv6()) return cannot("this kernel has no IPv6");
    Options faulty = options();
    faulty.loss = 0.02;
    faulty.reordering = 0.02;
    faulty.seed = 5;
    return both_ways(faulty, transfer_bytes(), apps::lab_ipv6(apps::kLabAddress));
  });
}

TEST_P(Interop, EverythingGoesWrongAtOnce) {
  in_lab([&] {
    Options faulty = options();
    faulty.loss = 0.02;
    faulty.reordering = 0.02;
    faulty.duplication = 0.01;
    faulty.bit_error_rate = 1e-6;
    faulty.seed = 4;
    return both_ways(faulty, transfer_bytes());
  });
}

/// The card's octets as symbols on a cable, and octets again before Linux.
class InteropOverALine : public testing::TestWithParam<sim::LineCode> {};
INSTANTIATE_TEST_SUITE_P(Codes, InteropOverALine,
                         testing::Values(sim::LineCode::k100BaseTx, sim::LineCode::k1000BaseX,
                                         sim::LineCode::k10GBaseR),
                         [](const auto& instance) {
                           std::string name(sim::name_of(instance.param));
                           std::erase(name, '-');
                           return name;
                         });

TEST_P(InteropOverALine, FilesBothWaysAtOnce) {
  in_lab([&] {
    Options options;
    options.card = CardKind::kNative;
    options.line.code = GetParam();
    options.width = sim::width_of(GetParam());
    options.wire = apps::WireKind::kTap;
    options.patience = std::chrono::seconds(60);
    return both_ways(options, transfer_bytes() / 4);
  });
}

}  // namespace
}  // namespace sockwire::interop
