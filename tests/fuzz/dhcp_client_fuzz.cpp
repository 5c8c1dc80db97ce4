// SPDX-License-Identifier: Apache-2.0
// A DHCP client against servers that the fuzzer plays: answers to what it said, with any options, and bytes of any
// kind.
#include <algorithm>
#include <vector>

#include "host/stack/dhcp/dhcp_client.hpp"
#include "tests/fuzz/fuzz_input.hpp"
#include "tests/host/stack/dhcp/server.hpp"

namespace {

using namespace sockwire;
using namespace sockwire::stack;
using namespace std::chrono_literals;
using fuzz::Input;
using fuzz::require;

class Harness {
 public:
  explicit Harness(Input& input) : input_(input), client_(config(), counters_) {
    if (input.flag()) {
      client_.start(now_);
    } else {
      client_.reboot(now_, Ipv4Address(input.four()));
    }
    drain();
  }

  void run() {
    for (int step = 0; step < 200 && !input_.done(); ++step) {
      one_step();
      drain();
      check();
    }
  }

 private:
  static dhcp::ClientConfig config() {
    dhcp::ClientConfig config;
    config.mac = dhcp::test::kMac;
    config.host_name = "fuzz";
    return config;
  }

  void one_step() {
    switch (input_.byte() % 12) {
      case 0:
        client_.on_message(now_, input_.take(input_.two() % 700));
        break;
      case 1:
      case 2:
      case 3:
      case 4:
        answer();
        break;
      case 5:
        client_.on_checked(now_, input_.below(4) == 0);
        break;
      case 6:
        client_.on_conflict(now_);
        break;
      case 7:
        if (input_.below(8) == 0) client_.release(now_);
        break;
      case 8:
        if (input_.below(8) == 0) client_.start(now_);
        break;
      case 9:
        pass(Duration(1s) * input_.two());
        break;
      default:
        if (client_.next_deadline() != kNever && client_.next_deadline() - now_ < std::chrono::hours(24 * 365)) {
          pass(std::max(client_.next_deadline() - now_, Duration(0)));
        }
    }
  }

  /// One that looks as if it belonged to the last question; some bytes of it then change.
  void answer() {
    dhcp::test::Answer answer;
    static constexpr std::uint8_t kTypes[] = {2, 5, 5, 6, 0, 13};
    answer.type = kTypes[input_.below(6)];
    answer.xid = xid_ + (input_.below(16) == 0 ? 1 : 0);
    if (input_.flag()) answer.address = Ipv4Address(input_.four());
    if (input_.below(8) == 0) answer.server = Ipv4Address(input_.four());
    answer.lease_seconds = input_.flag() ? input_.four() : 60u * input_.byte();
    for (std::uint32_t options = input_.below(5); options > 0; --options) {
      const std::uint8_t code = input_.byte();
      const dhcp::test::Bytes option = dhcp::test::option(code, input_.take(input_.byte()));
      answer.more.insert(answer.more.end(), option.begin(), option.end());
    }
    dhcp::test::Bytes bytes = answer.bytes();
    for (std::uint32_t changes = input_.byte() % 4 == 0 ? input_.below(5) : 0; changes > 0; --changes) {
      bytes[input_.two() % bytes.size()] = input_.byte();
    }
    if (input_.below(16) == 0) bytes.resize(input_.two() % bytes.size());
    client_.on_message(now_, bytes);
  }

  void pass(Duration time) {
    const TimePoint end = now_ + time;
    int at_once = 0;
    for (int turns = 0; client_.next_deadline() <= end && turns < 500; ++turns) {
      at_once = client_.next_deadline() > now_ ? 0 : at_once + 1;
      now_ = std::max(now_, client_.next_deadline());
      client_.on_timeout(now_);
      drain();
      check();
      // A lease that is over when it comes passes through RENEWING and REBINDING.
      require(at_once < 5, "a timer that was served is not due again at once, for ever");
    }
    now_ = end;
    client_.on_timeout(now_);
    drain();
  }

  void drain() {
    int sent = 0;
    while (const auto transmit = client_.poll_transmit()) {
      require(++sent < 8, "messages are few");
      require(transmit->payload.size() >= 240 && transmit->payload.size() <= 576, "a message has a message's size");
      xid_ = load_be32(&transmit->payload[4]);
    }
    int told = 0;
    while (const auto event = client_.poll_event()) {
      require(++told < 8, "events are few");
      if (event->kind == dhcp::ClientEvent::Kind::kLost) continue;
      const Ipv4Address address = event->lease.interface.address;
      const std::uint32_t value = address.value();
      require(value >> 24 != 0 && value >> 24 != 127 && value >> 28 < 14, "a host may have the address");
      require(event->lease.interface.prefix_bits <= 32, "the prefix is one");
    }
  }

  void check() {
    using dhcp::ClientState;
    const ClientState state = client_.state();
    const bool has =
        state == ClientState::kBound || state == ClientState::kRenewing || state == ClientState::kRebinding;
    require(client_.lease().has_value() == has, "there is a lease in BOUND, RENEWING and REBINDING alone");
    require(state != ClientState::kInit || client_.next_deadline() != kNever, "INIT does not last");
  }

  Input& input_;
  Counters counters_;
  TimePoint now_{1s};
  dhcp::Client client_;
  std::uint32_t xid_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  Harness(input).run();
  return 0;
}
