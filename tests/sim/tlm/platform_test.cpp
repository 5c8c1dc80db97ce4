// SPDX-License-Identifier: Apache-2.0
// The whole host over the TLM card: files both ways through the example's platform, and hosts whose bus says no.
#include "sim/tlm/example/platform.hpp"

#include <gtest/gtest.h>

#include "sim/phy/random.hpp"
#include "sim/tlm/example/file_program.hpp"
#include "tests/sim/tlm/bus_master.hpp"

namespace sockwire::test {
namespace {

using sc_core::sc_time;
using sim::FrameCableSettings;
using sim::example::FileProgram;
using sim::example::Platform;

std::vector<std::uint8_t> random_file(std::size_t bytes, std::uint64_t seed) {
  sim::Random random(seed);
  std::vector<std::uint8_t> file(bytes);
  for (auto& byte : file) byte = static_cast<std::uint8_t>(random.next());
  return file;
}

/// A file each way at once between two hosts, of which b serves.
class Exchange {
 public:
  Exchange(sim::TlmHost& a, sim::TlmHost& b, std::size_t bytes)
      : served_(FileProgram::sender(b.host(), {{}, 80}, random_file(bytes, 1))),
        fetched_(FileProgram::receiver(a.host(), {Endpoint{Platform::address(1), 80}, 0})),
        stored_(FileProgram::receiver(b.host(), {{}, 9})),
        sent_(FileProgram::sender(a.host(), {Endpoint{Platform::address(1), 9}, 0}, random_file(bytes, 2))) {
    b.add_task([this] {
      const bool any = served_.turn();
      return stored_.turn() || any;
    });
    a.add_task([this] {
      const bool any = fetched_.turn();
      return sent_.turn() || any;
    });
  }

  /// For at most so much simulated time, or until so many bytes of both files have arrived.
  void run(const sc_time& longest, std::size_t bytes = ~std::size_t{0}) {
    const sc_time end = sc_core::sc_time_stamp() + longest;
    while (!done() && sc_core::sc_time_stamp() < end && arrived() < bytes) {
      sc_core::sc_start(sc_time(50, sc_core::SC_US));
    }
  }
  std::size_t arrived() const { return fetched_.file().size() + stored_.file().size(); }
  bool done() const { return served_.done() && fetched_.done() && stored_.done() && sent_.done(); }
  void expect_equal() const {
    for (const FileProgram* program : {&served_, &fetched_, &stored_, &sent_}) EXPECT_EQ(program->failure(), "");
    ASSERT_TRUE(done()) << fetched_.file().size() << " and " << stored_.file().size() << " bytes arrived";
    EXPECT_TRUE(fetched_.file() == served_.file());
    EXPECT_TRUE(stored_.file() == sent_.file());
  }

 private:
  FileProgram served_, fetched_, stored_, sent_;
};

void carry(Platform& platform, std::size_t bytes) {
  Exchange exchange(platform.host_a, platform.host_b, bytes);
  exchange.run(sc_time(300, sc_core::SC_SEC));
  exchange.expect_equal();
  EXPECT_EQ(platform.host_a.failure(), "");
  EXPECT_EQ(platform.host_b.failure(), "");
  for (const auto* card : {&platform.card_a, &platform.card_b}) {
    EXPECT_EQ(card->window_counters().refused, 0U);
    EXPECT_EQ(card->counters().frames_out_bad, 0U);
    EXPECT_EQ(card->counters().frames_in_refused, 0U);
  }
}

TEST(TlmPlatform, CarriesFilesBothWaysAtOnce) {
  FrameCableSettings cable;
  cable.delay_ns = 10'000;
  Platform platform("platform", cable);
  carry(platform, 400'000);
  // No retransmission: what the receivers' cards have taken is what the senders' cards have sent.
  EXPECT_LT(platform.cable.counters(0).frames, 800U);
  EXPECT_LT(sc_core::sc_time_stamp(), sc_time(10, sc_core::SC_MS)) << "a wire of 10 us, and nothing else takes time";
}

TEST(TlmPlatform, CarriesFilesOverACableWithoutDelay) {
  Platform platform("platform", {});
  carry(platform, 400'000);
}

TEST(TlmPlatform, CarriesFilesOverACableThatLosesFrames) {
  FrameCableSettings cable;
  cable.delay_ns = 10'000;
  cable.loss = 0.03;
  cable.seed = 11;
  SCOPED_TRACE(cable.seed);
  Platform platform("platform", cable);
  carry(platform, 400'000);
  for (int end = 0; end < 2; ++end) EXPECT_GT(platform.cable.counters(end).lost, 5U);
}

TEST(TlmPlatform, OneLostFrameIsSentAgain) {
  FrameCableSettings cable;
  cable.delay_ns = 10'000;
  cable.lose_frame = 20;
  Platform platform("platform", cable);
  carry(platform, 100'000);
  for (int end = 0; end < 2; ++end) EXPECT_EQ(platform.cable.counters(end).lost, 1U);
}

// All that a card knows is gone; connections are the hosts' and go on, whichever card it was.
TEST(TlmPlatform, ConnectionsOutliveResetsOfTheirCards) {
  FrameCableSettings cable;
  cable.delay_ns = 100'000;
  Platform platform("platform", cable);
  Exchange exchange(platform.host_a, platform.host_b, 1'000'000);
  exchange.run(sc_time(100, sc_core::SC_SEC), 300'000);
  platform.card_a.reset();
  exchange.run(sc_time(100, sc_core::SC_SEC), 1'000'000);
  ASSERT_FALSE(exchange.done());
  platform.card_b.reset();
  exchange.run(sc_time(100, sc_core::SC_SEC));
  exchange.expect_equal();
  EXPECT_EQ(platform.card_a.counters().resets, 1U);
  EXPECT_EQ(platform.card_b.counters().resets, 1U);
  EXPECT_EQ(platform.host_a.port().driver().driver_counters().card_losses, 1U);
  EXPECT_EQ(platform.host_b.port().driver().driver_counters().card_losses, 1U);
  EXPECT_EQ(platform.host_a.port().driver().info().boot_id, 2U);
}

/// A program as most are written: its calls wait, here for as long as the thread does.
class EchoClient final : public sc_core::sc_module {
 public:
  SC_HAS_PROCESS(EchoClient);
  EchoClient(const sc_core::sc_module_name& name, Host& host) : sc_module(name), host_(host) { SC_THREAD(run); }

  std::string answer;
  std::string failure = "did not end";

 private:
  void run() {
    const int descriptor = *host_.socket();
    const auto connected = host_.connect(descriptor, {Platform::address(1), 7});
    if (!connected) return void(failure = connected.error().message);
    for (const std::string word : {"one", "two", "three"}) {
      sc_core::wait(1, sc_core::SC_MS);
      std::array<std::uint8_t, 16> bytes{};
      std::copy(word.begin(), word.end(), bytes.begin());
      static_cast<void>(host_.send(descriptor, std::span(bytes).first(word.size())));
      const auto got = host_.recv(descriptor, bytes);
      if (!got) return void(failure = got.error().message);
      answer.append(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(*got));
    }
    static_cast<void>(host_.close(descriptor));
    failure.clear();
  }
  Host& host_;
};

TEST(TlmPlatform, CallsWaitInAThread) {
  FrameCableSettings cable;
  cable.delay_ns = 10'000;
  cable.lose_frame = 6;
  Platform platform("platform", cable);
  EchoClient client("client", platform.host_a.host());
  Host& server = platform.host_b.host();
  const int listener = *server.socket();
  ASSERT_TRUE(server.set_nonblocking(listener, true));
  ASSERT_TRUE(server.bind(listener, {{}, 7}));
  ASSERT_TRUE(server.listen(listener, 1));
  int connection = -1;
  platform.host_b.add_task([&] {
    std::array<std::uint8_t, 16> bytes{};
    if (connection < 0) {
      const auto accepted = server.accept(listener);
      if (!accepted) return false;
      connection = *accepted;
      static_cast<void>(server.set_nonblocking(connection, true));
    }
    const auto got = server.recv(connection, bytes);
    return got && *got > 0 && server.send(connection, std::span(bytes).first(*got));
  });
  sc_core::sc_start(sc_time(5, sc_core::SC_SEC));
  EXPECT_EQ(client.failure, "");
  EXPECT_EQ(client.answer, "onetwothree");
  EXPECT_EQ(platform.cable.counters(0).lost, 1U);
}

/// Two hosts, each bound to its card's bus socket, and the cards to each other: no bus, no cable.
TEST(TlmPlatform, CardsAndHostsMayBeBoundDirectly) {
  struct End {
    End(const char* host_name, const char* card_name, std::uint8_t number)
        : card(card_name, sim::make_native_engine<1>, number), host(host_name, 0, config(number)) {
      host.bus.bind(card.bus);
      card.interrupt.bind(interrupt);
      host.interrupt.bind(interrupt);
    }
    static stack::Config config(std::uint8_t number) {
      stack::Config config;
      config.mac = MacAddress({0x02, 0, 0, 0, 0, number});
      config.ipv4 = {Platform::address(number - 1U), 24};
      return config;
    }
    sim::TlmCard<1> card;
    sim::TlmHost host;
    sc_core::sc_signal<bool> interrupt;
  };
  End a("host_a", "card_a", 1);
  End b("host_b", "card_b", 2);
  a.card.ethernet_out.bind(b.card.ethernet_in);
  b.card.ethernet_out.bind(a.card.ethernet_in);
  Exchange exchange(a.host, b.host, 50'000);
  exchange.run(sc_time(10, sc_core::SC_SEC));
  exchange.expect_equal();
}

// A processor's model behind the bus may write a command through a pointer; debuggers see through it too.
TEST(TlmPlatform, TheBusTranslatesDirectMemoryAndDebugAccesses) {
  constexpr std::uint64_t kBase = 0x2000'0000;
  sim::example::Bus bus("bus");
  sim::TlmCard<8> card("card", sim::make_native_engine<8>, 5);
  BusMaster master("master");
  master.bus.bind(bus.initiators);
  bus.map(card.bus, kBase, sim::tlm_map::kCardBytes);
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  tlm::tlm_dmi direct;
  Access access = write_of(kBase + sim::tlm_map::kCommandWindow.begin, 0);
  ASSERT_TRUE(master.bus->get_direct_mem_ptr(access.payload, direct));
  EXPECT_EQ(direct.get_start_address(), kBase + sim::tlm_map::kCommandWindow.begin);
  EXPECT_EQ(direct.get_end_address(), direct.get_start_address() + sim::tlm_map::kCommandWindow.bytes - 1);
  sim::CommandHeader header;
  header.epoch = 1;
  header.arg = card::layout_hash();
  const sim::Message hello = sim::command(header);
  std::copy(hello.begin(), hello.end(), direct.get_dmi_ptr());
  ASSERT_TRUE(master.write(kBase + sim::tlm_map::kCommandBytes, static_cast<std::uint32_t>(hello.size())));
  sc_core::sc_start(sc_time(1, sc_core::SC_NS));
  Access bytes = read_of(kBase + sim::tlm_map::kEventBytes);
  EXPECT_EQ(master.bus->transport_dbg(bytes.payload), 4U);
  EXPECT_EQ(sim::get_le(bytes.data, 0, 4), static_cast<std::uint64_t>(card::kHeaderBytes + card::hello::kBytes));
  Access nowhere = read_of(0);
  EXPECT_EQ(master.bus->transport_dbg(nowhere.payload), 0U);
  EXPECT_FALSE(master.bus->get_direct_mem_ptr(nowhere.payload, direct));
}

// Nothing is at that address, or the card begins elsewhere: the host says what the bus has answered, and lives on.
TEST(TlmPlatform, AHostSaysWhatTheBusHasAnswered) {
  sim::example::Bus bus("bus");
  sim::TlmCard<8> card("card", sim::make_native_engine<8>, 1);
  stack::Config config;
  config.mac = MacAddress({0x02, 0, 0, 0, 0, 1});
  sim::TlmHost lost("lost", 0x1000'0000, config);
  sim::TlmHost misled("misled", 0x2000'0002, config);
  sc_core::sc_signal<bool> interrupt;
  lost.bus.bind(bus.initiators);
  misled.bus.bind(bus.initiators);
  bus.map(card.bus, 0x2000'0000, sim::tlm_map::kCardBytes);
  card.interrupt.bind(interrupt);
  lost.interrupt.bind(interrupt);
  misled.interrupt.bind(interrupt);
  sc_core::sc_start(sc_time(10, sc_core::SC_SEC));
  EXPECT_EQ(lost.failure(), "the bus answers with TLM_ADDRESS_ERROR_RESPONSE");
  EXPECT_EQ(misled.failure(), "the bus answers with TLM_ADDRESS_ERROR_RESPONSE");
  EXPECT_FALSE(lost.ready());
  EXPECT_EQ(card.window_counters().refused, 1U);
}

}  // namespace
}  // namespace sockwire::test
