// SPDX-License-Identifier: Apache-2.0
// Linux at the other end of the wire. Each case runs in a child process, because entering a namespace cannot be undone.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <functional>

#include "host/base/ipv4_address.hpp"
#include "sim/net/net_namespace.hpp"
#include "sim/net/tap_peer.hpp"

namespace sockwire::sim {
namespace {

constexpr int kPassed = 0;
constexpr int kFailed = 1;
constexpr int kNotPermitted = 77;

/// Runs `body` in a child inside a new namespace with a TAP.
void in_namespace(const std::function<bool(std::unique_ptr<TapDevice>)>& body) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto entered = enter_new_namespace();
    auto device = entered ? TapDevice::open() : Failure{entered.error()};
    if (!device) {
      std::fprintf(stderr, "%s\n", device.error().c_str());
      _exit(kNotPermitted);
    }
    _exit(body(std::move(device).value()) ? kPassed : kFailed);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << "killed by signal " << WTERMSIG(status);
  if (WEXITSTATUS(status) == kNotPermitted) GTEST_SKIP() << "this machine allows no namespace with a TAP";
  EXPECT_EQ(WEXITSTATUS(status), kPassed);
}

bool check(bool condition, const char* what) {
  if (!condition) std::fprintf(stderr, "failed: %s\n", what);
  return condition;
}

const std::array<std::uint8_t, 6> kOurs{2, 0x53, 0x57, 1, 0, 2};
const std::array<std::uint8_t, 6> kLinux{2, 0x53, 0x57, 0, 0, 1};

/// Who has 10.18.0.1? Tell 10.18.0.2 (RFC 826).
std::vector<std::uint8_t> arp_request() {
  std::vector<std::uint8_t> frame(6, 0xFF);
  frame.insert(frame.end(), kOurs.begin(), kOurs.end());
  for (const int byte : {8, 6, 0, 1, 8, 0, 6, 4, 0, 1}) frame.push_back(static_cast<std::uint8_t>(byte));
  frame.insert(frame.end(), kOurs.begin(), kOurs.end());
  for (const int byte : {10, 18, 0, 2, 0, 0, 0, 0, 0, 0, 10, 18, 0, 1})
    frame.push_back(static_cast<std::uint8_t>(byte));
  return frame;
}

bool configure(const TapDevice& device) {
  return check(configure_tap(device, kLinux, 100).ok(), "configure") &&
         check(add_point_to_point(device.name(), Ipv4Address(10, 18, 0, 1), Ipv4Address(10, 18, 0, 2)).ok(),
               "address") &&
         check(bring_up(device.name()).ok(), "up");
}

template <int kBytes>
bool linux_answers_arp(std::unique_ptr<TapDevice> device) {
  if (!check(device->name() == "fpga0" && device->number() == 0, "name") || !configure(*device)) return false;
  TapPeer<kBytes> peer(std::move(device), {}, {}, 1);
  FrameEncoder<kBytes> encoder;
  FrameDecoder<kBytes> decoder;
  const auto burst = encoder.encode(arp_request());
  std::uint64_t now = 0;
  for (const auto& line : burst.lines) peer.exchange(now += 8, line);
  while (peer.next_arrival_ns() != kNeverNs) peer.exchange(now += 8, {});
  if (!check(peer.counters().to_linux == 1, "request delivered")) return false;

  while (true) {
    pollfd waiting{peer.wait_fd(), POLLIN, 0};
    if (!check(poll(&waiting, 1, 5000) == 1, "an answer within five seconds")) return false;
    peer.poll_outside(now);
    while (peer.next_arrival_ns() != kNeverNs) {
      now += 8;
      if (!decoder.push(now, peer.exchange(now, {}).rx)) continue;
      const auto& bytes = decoder.frame().bytes;
      if (bytes.size() < 42 || bytes[12] != 8 || bytes[13] != 6 || bytes[21] != 2) continue;
      return check(decoder.frame().fault == FrameFault::kNone, "fault") &&
             check(std::equal(kOurs.begin(), kOurs.end(), bytes.begin()), "to us") &&
             check(std::equal(kLinux.begin(), kLinux.end(), bytes.begin() + 22), "Linux's MAC address");
    }
  }
}

TEST(Tap, LinuxAnswersArpOverTheByteWideWire) { in_namespace(linux_answers_arp<1>); }
TEST(Tap, LinuxAnswersArpOverTheEightByteWire) { in_namespace(linux_answers_arp<8>); }

TEST(Tap, ChildrenJoinTheNamespaceAndTapsAreNumbered) {
  in_namespace([](std::unique_ptr<TapDevice> device) {
    if (!configure(*device)) return false;
    auto second = TapDevice::open();
    return check(second.ok() && second.value()->name() == "fpga1", "second device") &&
           check(add_point_to_point("fpga1", Ipv4Address(10, 18, 0, 1), Ipv4Address(10, 18, 0, 3)).ok(),
                 "same local address twice") &&
           check(namespace_id_of(getpid()) != 0 && namespace_id_of(getpid()) != namespace_id_of(getppid()),
                 "a namespace of its own");
  });
}

TEST(Tap, JoinsAnothersNamespace) {
  in_namespace([](std::unique_ptr<TapDevice>) {
    const auto outer = namespace_id_of(getpid());
    const pid_t holder = getpid();
    const pid_t child = fork();
    if (child == 0) {
      // Away into another one, and back again.
      const bool away = enter_new_namespace().ok() && namespace_id_of(getpid()) != outer;
      _exit(away && join_namespace_of(holder).ok() && namespace_id_of(getpid()) == outer ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return check(WIFEXITED(status) && WEXITSTATUS(status) == 0, "join");
  });
}

TEST(Tap, SaysWhatIsWrong) {
  in_namespace([](std::unique_ptr<TapDevice>) {
    return check(add_point_to_point("nothing7", Ipv4Address(0, 0, 0, 1), Ipv4Address(0, 0, 0, 2)).error() ==
                     "cannot set an address on nothing7: No such device",
                 "no such device") &&
           check(!join_namespace_of(999999999).ok(), "no such process");
  });
}

}  // namespace
}  // namespace sockwire::sim
