// SPDX-License-Identifier: Apache-2.0
// What host_cost.cpp runs under callgrind: one bulk transfer between two hosts with native cards, of which one host is
// counted. Callgrind is told to count in the turns of its loop and not behind CardBoundary, so what it counts is the
// application's socket calls, TCP, the stack and the driver of one end, and neither the cards nor the other end.
#include <valgrind/callgrind.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <deque>
#include <memory>
#include <vector>

#include "host/socket/card_port.hpp"
#include "host/socket/host.hpp"
#include "sim/cosim/cosim_card.hpp"
#include "sim/cosim/cosim_world.hpp"
#include "sim/dut/engine.hpp"
#include "sim/phy/cable.hpp"

namespace sockwire::bench {

/// Whether callgrind counts now.
class Gauge {
 public:
  void set(bool counting) {
    if (counting == counting_) return;
    counting_ = counting;
    CALLGRIND_TOGGLE_COLLECT;
  }
  bool counting() const { return counting_; }

 private:
  bool counting_ = false;  // --collect-atstart=no
};

/// Not counted while it lives.
class Uncounted {
 public:
  explicit Uncounted(Gauge& gauge) : gauge_(gauge), before_(gauge.counting()) { gauge_.set(false); }
  ~Uncounted() { gauge_.set(before_); }
  Uncounted(const Uncounted&) = delete;
  Uncounted& operator=(const Uncounted&) = delete;

 private:
  Gauge& gauge_;
  bool before_;
};

/// A link as DMA rings make it: it takes so many commands ahead of the card, and keeps events until the host looks.
/// Everything behind it is the card.
class CardBoundary final : public transport::Transport {
 public:
  CardBoundary(transport::Transport& card, Gauge& gauge) : card_(card), gauge_(gauge) {}

  bool can_send() override {
    const Uncounted here(gauge_);
    refused_ = commands_.size() >= kCommandsMax;
    return !refused_;
  }
  void send(std::span<const std::uint8_t> command) override {
    const Uncounted here(gauge_);
    commands_.emplace_back(command.begin(), command.end());
    carry();
  }
  std::span<const std::uint8_t> poll_event() override {
    const Uncounted here(gauge_);
    if (events_.empty()) return {};
    event_ = std::move(events_.front());
    events_.pop_front();
    return event_;
  }

  /// Moves what can be moved. The card asks for it when it has news.
  void carry() {
    while (!commands_.empty() && card_.can_send()) {
      card_.send(commands_.front());
      commands_.pop_front();
    }
    for (auto event = card_.poll_event(); !event.empty(); event = card_.poll_event()) {
      events_.emplace_back(event.begin(), event.end());
    }
  }
  /// The host has something to look at.
  bool wants_host() const { return !events_.empty() || (refused_ && commands_.size() < kCommandsMax); }

 private:
  static constexpr std::size_t kCommandsMax = 64;

  transport::Transport& card_;
  Gauge& gauge_;
  std::deque<std::vector<std::uint8_t>> commands_;
  std::deque<std::vector<std::uint8_t>> events_;
  std::vector<std::uint8_t> event_;  ///< Given out.
  bool refused_ = false;
};

namespace {

constexpr int kBytes = 8;
constexpr std::uint16_t kPort = 5001;
constexpr std::size_t kCallBytes = 65536;  // of one send() or recv()

Ipv4Address address_of(int end) { return Ipv4Address(10, 0, 0, static_cast<std::uint8_t>(1 + end)); }

stack::Config config_of(int end) {
  stack::Config config;
  config.mac = MacAddress({0x02, 0, 0, 0, 0, static_cast<std::uint8_t>(1 + end)});
  config.ipv4 = {address_of(end), 24};
  config.secret.fill(static_cast<std::uint8_t>(end));
  return config;
}

/// Lets no time pass itself: the loop of each end comes here when it has nothing more to do.
class Pause final : public World {
 public:
  explicit Pause(const World& clock) : clock_(clock) {}
  TimePoint now() const override { return clock_.now(); }
  bool advance(TimePoint deadline) override {
    until_ = deadline;
    reached_ = true;
    return true;
  }
  /// Whether the loop has nothing more to do before until().
  bool take_reached() { return std::exchange(reached_, false); }
  TimePoint until() const { return until_; }

 private:
  const World& clock_;
  TimePoint until_{};
  bool reached_ = false;
};

struct End {
  End(int number, sim::LinePeer<kBytes>& line, sim::CosimWorld<kBytes>& world, const card::DriverConfig& driver,
      Gauge& gauge)
      : card(sim::make_native_engine<kBytes>(static_cast<std::uint32_t>(1 + number)), line),
        boundary(card, gauge),
        port(boundary, config_of(number).mac, driver),
        pause(world),
        loop(pause),
        host(config_of(number), port, loop) {
    world.add(card);
  }
  sim::CosimCard<kBytes> card;
  CardBoundary boundary;
  CardPort port;
  Pause pause;
  Loop loop;
  Host host;
  TimePoint last_turn{};
};

struct Settings {
  bool receive = false;
  bool zero_copy = false;
  std::uint64_t bytes = 1'000'000;
  /// The card holds four SENDs of a connection, 64 kB each at most, which are 55 us each on the line, and tells when a
  /// whole one has left. So a host that looks leaves more than three whole ones there: enough for 165 us.
  std::uint64_t look_us = 100;
  std::size_t write_bytes = card::kWriteBytesMax;
};

/// The application of an end: sends all, or takes all. It does not look at the data.
class Application {
 public:
  Application(Host& host, std::uint64_t bytes, bool zero_copy)
      : host_(host), left_(bytes), zero_copy_(zero_copy), buffer_(kCallBytes, 0x5A) {}

  bool send_turn(int descriptor) {
    if (zero_copy_) return zero_copy_turn(descriptor);
    bool any = false;
    while (left_ > 0) {
      const auto taken = host_.send(descriptor, std::span(buffer_).first(std::min<std::uint64_t>(left_, kCallBytes)));
      if (!taken) break;
      left_ -= *taken;
      any = true;
    }
    return any;
  }
  bool receive_turn(int descriptor) {
    bool any = false;
    for (;;) {
      const auto taken = host_.recv(descriptor, buffer_);
      if (!taken || *taken == 0) return any;
      left_ -= *taken;
      any = true;
    }
  }
  bool done() const { return left_ == 0 && lent_ == 0; }

 private:
  /// Lends the same memory again and again, as much at once as a send buffer would hold.
  bool zero_copy_turn(int descriptor) {
    bool any = false;
    while (*host_.poll_completion(descriptor)) {
      --lent_;
      any = true;
    }
    while (left_ > 0 && lent_ < kLentMost) {
      const auto bytes = std::min<std::uint64_t>(left_, kCallBytes);
      if (!host_.send_zero_copy(descriptor, std::span(buffer_).first(bytes), left_)) break;
      left_ -= bytes;
      ++lent_;
      any = true;
    }
    return any;
  }

  static constexpr std::size_t kLentMost = 16;

  Host& host_;
  std::uint64_t left_;
  bool zero_copy_;
  std::size_t lent_ = 0;
  std::vector<std::uint8_t> buffer_;
};

class Probe {
 public:
  explicit Probe(const Settings& settings)
      : settings_(settings),
        driver_(driver_of(settings)),
        cable_({}, {}, 1),
        world_(sim::ClockKind::kVirtual),
        ends_{End(0, cable_.a(), world_, driver_, gauge_), End(1, cable_.b(), world_, driver_, gauge_)} {}

  /// Host 0 sends, host 1 receives. False if it comes to a halt.
  bool run() {
    const int counted = settings_.receive ? 1 : 0;
    for (End& end : ends_) end.port.start(end.loop.now(), 1);
    if (!until(-1, [this] { return ends_[0].port.ready() && ends_[1].port.ready(); })) return false;
    Host& near = ends_[0].host;
    Host& far = ends_[1].host;
    const int listener = *far.socket();
    const int client = *near.socket();
    const Endpoint server{address_of(1), kPort};
    if (!far.bind(listener, server) || !far.listen(listener, 1) || !near.set_nonblocking(client, true)) return false;
    static_cast<void>(far.set_nonblocking(listener, true));
    static_cast<void>(near.connect(client, server));
    int accepted = -1;
    const auto connected = [&] {
      const auto made = far.accept(listener);
      if (made) accepted = *made;
      return made.ok();
    };
    if (!until(-1, connected)) return false;
    static_cast<void>(far.set_nonblocking(accepted, true));
    Application sender(near, settings_.bytes, settings_.zero_copy);
    Application receiver(far, settings_.bytes, false);
    ends_[0].loop.add_task([&] { return sender.send_turn(client); });
    ends_[1].loop.add_task([&] { return receiver.receive_turn(accepted); });
    const TimePoint start = world_.now();
    const auto acknowledged = [&] {
      return sender.done() && receiver.done() && near.unacknowledged_bytes(client).value() == 0;
    };
    const bool done = until(counted, acknowledged);
    const double ms = std::chrono::duration<double, std::milli>(world_.now() - start).count();
    std::fprintf(stderr, "host_cost_probe: %llu bytes in %.3f ms, %llu turns\n",
                 static_cast<unsigned long long>(settings_.bytes), ms, static_cast<unsigned long long>(turns_));
    std::printf("%.6f\n", ms);  // for host_cost
    return done;
  }

 private:
  static card::DriverConfig driver_of(const Settings& settings) {
    card::DriverConfig driver;
    driver.write_bytes = settings.write_bytes;
    return driver;
  }

  template <typename Done>
  bool until(int counted, Done done) {
    for (End& end : ends_) turn(end, false);  // whatever was called since
    while (!done()) {
      if (world_.now() > TimePoint(std::chrono::minutes(10))) return false;
      TimePoint next = kNever;
      for (int i = 0; i < 2; ++i) {
        End& end = ends_[static_cast<std::size_t>(i)];
        end.boundary.carry();
        if (due(end) <= world_.now()) turn(end, i == counted);
        next = std::min(next, due(end));
      }
      if (!world_.advance(next)) return done();
    }
    return true;
  }
  /// When the host looks at its card: at its deadlines, and when there is something, but not all the time.
  TimePoint due(const End& end) const {
    const TimePoint look = end.last_turn + std::chrono::microseconds(settings_.look_us);
    return end.boundary.wants_host() ? std::min(look, end.pause.until()) : end.pause.until();
  }
  void turn(End& end, bool counted) {
    turns_ += counted ? 1 : 0;
    end.last_turn = world_.now();
    gauge_.set(counted);
    while (!end.pause.take_reached()) end.loop.run_once(kNever);
    gauge_.set(false);
  }

  Settings settings_;
  card::DriverConfig driver_;
  Gauge gauge_;
  sim::Cable<kBytes> cable_;
  sim::CosimWorld<kBytes> world_;
  std::array<End, 2> ends_;
  std::uint64_t turns_ = 0;
};

}  // namespace
}  // namespace sockwire::bench

int main(int argc, char** argv) {
  sockwire::bench::Settings settings;
  CLI::App app("A bulk transfer of which one end is counted under callgrind");
  app.add_flag("--receive", settings.receive, "count the receiving end, not the sending one");
  app.add_flag("--zero-copy", settings.zero_copy, "send without a copy");
  app.add_option("--bytes", settings.bytes, "of payload");
  app.add_option("--look", settings.look_us, "microseconds that a host lets pass between two looks at its card");
  app.add_option("--write", settings.write_bytes, "the driver's largest WRITE, in bytes");
  CLI11_PARSE(app, argc, argv);
  return sockwire::bench::Probe(settings).run() ? 0 : 1;
}
