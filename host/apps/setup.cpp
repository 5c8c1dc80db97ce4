// SPDX-License-Identifier: Apache-2.0
#include "host/apps/setup.hpp"

#include <sys/random.h>

#include <chrono>
#include <stdexcept>

#include "host/apps/card_options.hpp"
#include "host/apps/interrupt.hpp"
#include "host/apps/lab.hpp"
#include "host/apps/lease.hpp"
#include "host/apps/pattern.hpp"
#include "host/apps/usb_setup.hpp"
#include "host/apps/waiting.hpp"
#include "host/socket/card_port.hpp"
#include "sim/cosim/coded_line.hpp"
#include "sim/cosim/cosim_world.hpp"
#include "sim/net/net_namespace.hpp"
#include "sim/net/pcapng.hpp"
#include "sim/phy/cable.hpp"

namespace sockwire::apps {

namespace {

constexpr Ipv4Address kLoopNear{10, 18, 0, 2};
constexpr std::uint32_t kFarBootId = 2;
constexpr Duration kHandshakePatience = std::chrono::seconds(10);
/// For the last frame to leave.
constexpr Duration kFarewell = std::chrono::milliseconds(20);
/// Between two looks whether the link is up.
constexpr Duration kLinkSlice = std::chrono::milliseconds(1);

std::uint64_t wall_time_ns() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count());
}

/// In virtual time everything follows from the seed; on a real wire initial sequence numbers are nobody's to guess.
std::array<std::uint8_t, 16> secret_of(const Options& options, std::uint64_t salt) {
  std::array<std::uint8_t, 16> secret{};
  const bool random = options.wire == WireKind::kTap &&
                      getrandom(secret.data(), secret.size(), 0) == static_cast<ssize_t>(secret.size());
  if (!random) fill_pattern(options.seed, 1000 * salt, secret);
  return secret;
}

/// A card and the host that owns it.
template <int kBytes>
struct Station {
  Station(const Options& options, std::uint32_t boot_id, sim::LinePeer<kBytes>& line, const stack::Config& config,
          sim::CosimWorld<kBytes>& world, Loop& loop, double clock_ppm = 0)
      : card(make_engine<kBytes>(options, boot_id), line, clock_ppm), port(card, config.mac), host(config, port, loop) {
    world.add(card);
  }

  sim::CosimCard<kBytes> card;
  CardPort port;
  Host host;
};

template <int kBytes>
class CosimSetup final : public Setup {
 public:
  explicit CosimSetup(const Options& options)
      : options_(options),
        cycle_ps_(cycle_ps_of<kBytes>(options)),
        world_(options.wire == WireKind::kTap ? sim::ClockKind::kWall : sim::ClockKind::kVirtual, cycle_ps_),
        loop_(world_) {}

  Result<void, std::string> build() {
    if (options_.wire == WireKind::kTap) {
      auto port = plug_in();
      if (!port) return Failure{port.error()};
      plugged_address_ = port->address;
      const auto impairments = impairments_of(options_);
      tap_ = std::make_unique<sim::TapPeer<kBytes>>(std::move(port->tap), impairments, impairments, options_.seed);
      stack::Config config = config_of(port->address, port->mac, 1);
      config.gateway = kLabAddress;
      config.ipv6.enabled = port->ipv6;
      config.ipv6.gateway = lab_ipv6(kLabAddress);
      apply_addresses(config);
      if (options_.dhcp) {
        config.ipv4 = {Ipv4Address(), 32};
        config.gateway.reset();
      }
      if (is_coded(options_)) coded_ = sim::make_coded_line<kBytes>(options_.line, tap_.get());
      auto& line = coded_ ? coded_->near() : *tap_;
      near_ = std::make_unique<Station<kBytes>>(options_, kNearBootId, line, config, world_, loop_);
    } else {
      auto near = config_of(kLoopNear, MacAddress({2, 0x53, 0x57, 0, 1, 2}), 1);
      const auto far = config_of(kLabAddress, MacAddress({2, 0x53, 0x57, 0, 1, 1}), 2);
      apply_addresses(near);
      if (is_coded(options_)) {
        coded_ = sim::make_coded_line<kBytes>(options_.line, nullptr);
        near_ = std::make_unique<Station<kBytes>>(options_, kNearBootId, coded_->near(), near, world_, loop_);
        far_ = std::make_unique<Station<kBytes>>(options_, kFarBootId, coded_->far(), far, world_, loop_,
                                                 coded_->far_clock_ppm());
      } else {
        const auto impairments = impairments_of(options_);
        cable_ = std::make_unique<sim::Cable<kBytes>>(impairments, impairments, options_.seed);
        near_ = std::make_unique<Station<kBytes>>(options_, kNearBootId, cable_->a(), near, world_, loop_);
        far_ = std::make_unique<Station<kBytes>>(options_, kFarBootId, cable_->b(), far, world_, loop_);
      }
    }
    if (const auto capturing = start_capture(); !capturing) return capturing;
    if (const std::string wave = line_wave_path(options_); !wave.empty()) {
      if (const auto recording = coded_->record(wave); !recording) return recording;
    }
    if (const auto ready = shake_hands(); !ready) return ready;
    if (const auto linked = wait_for_link(); !linked) return linked;
    return options_.dhcp ? obtain_address() : Result<void, std::string>();
  }

  Host& host() override { return near_->host; }
  Host* far_host() override { return far_ ? &far_->host : nullptr; }
  Loop& loop() override { return loop_; }
  const Options& options() const override { return options_; }

  Measures measure() override {
    const auto before = near_->port.counters_reads();
    near_->port.driver().read_counters();
    loop_.run_until([&] { return near_->port.counters_reads() > before; }, loop_.now() + std::chrono::seconds(2));
    return glance();
  }

  Measures glance() override {
    near_->port.driver().read_counters();  // for the next one
    Measures measures;
    measures.cycles = world_.counters().cycles;
    measures.skipped_cycles = world_.counters().skipped_cycles;
    measures.cycle_ps = cycle_ps_;
    measures.now = world_.now();
    if (tap_) {
      measures.to_far = tap_->to_linux();
      measures.from_far = tap_->from_linux();
      measures.tap = tap_->counters();
    } else if (cable_) {
      measures.to_far = cable_->a_to_b();
      measures.from_far = cable_->b_to_a();
    }
    if (coded_) measures.line = coded_->report();
    measures.card = near_->port.driver().counters();
    measures.driver = near_->port.driver().driver_counters();
    return measures;
  }

  Result<void, std::string> finish() override {
    if (near_ && near_->host.dhcp_lease()) {
      near_->host.release_dhcp();
      loop_.run_until([] { return false; }, loop_.now() + kFarewell);
    }
    return capture_ ? capture_->flush() : Result<void, std::string>();
  }

 private:
  stack::Config config_of(Ipv4Address address, const MacAddress& mac, std::uint64_t salt) const {
    stack::Config config;
    config.mac = mac;
    config.ipv4 = {address, 24};
    config.secret = secret_of(options_, salt);
    // Nobody else is on this wire: addresses need no asking, and there are no routers to ask for.
    config.ipv6.enabled = true;
    config.ipv6.addresses = {IpPrefix(lab_ipv6(address), 64)};
    config.ipv6.link_local = false;
    config.ipv6.router_advertisements = false;
    config.ipv6.dad_transmits = 0;
    config.dns.servers = options_.dns_servers;
    config.dns.hosts = options_.hosts;
    return config;
  }

  /// Addresses and gateways that were asked for take the places of the usual ones of their version.
  void apply_addresses(stack::Config& config) const {
    std::vector<IpPrefix> ipv6;
    for (const IpPrefix& address : options_.addresses) {
      if (address.is_ipv4()) {
        config.ipv4 = {Ipv4Address(address.address), address.bits};
      } else {
        ipv6.push_back(address);
      }
    }
    if (!ipv6.empty()) config.ipv6.addresses = ipv6;
    for (const IpAddress& gateway : options_.gateways) {
      if (gateway.is_ipv4()) {
        config.gateway = Ipv4Address(gateway);
      } else {
        config.ipv6.gateway = gateway;
      }
    }
  }

  Result<void, std::string> start_capture() {
    if (options_.pcap.empty()) return {};
    auto writer = sim::PcapngWriter::create(options_.pcap);
    if (!writer) return Failure{writer.error()};
    capture_ = std::move(writer).value();
    const std::string description = std::string(name_of(options_.card)) + " card, " + std::to_string(options_.width) +
                                    " byte(s) a beat, --wire " + name_of(options_.wire);
    const auto interface = capture_->add_interface(tap_ ? tap_->device().name() : "loop", description);
    // Virtual time begins at zero; the wall's clock at the world's start, which was just now.
    const std::uint64_t offset_ns = tap_ ? wall_time_ns() : 0;
    observer_ = std::make_unique<sim::CaptureObserver>(*capture_, interface, offset_ns);
    if (coded_) {
      coded_->observe_near(observer_.get());
    } else if (tap_) {
      tap_->observe(observer_.get());
    } else {
      cable_->observe_a(observer_.get());
    }
    return {};
  }

  Result<void, std::string> shake_hands() {
    for (Station<kBytes>* station : {near_.get(), far_.get()}) {
      if (station == nullptr) continue;
      station->port.start(loop_.now(), 1);
      loop_.run_until([&] { return station->port.ready() || station->port.failure(); },
                      loop_.now() + kHandshakePatience);
      if (const auto& failure = station->port.failure()) return Failure{*failure};
      if (!station->port.ready()) return Failure<std::string>{"the card does not answer; this is a fault in sockwire"};
    }
    return {};
  }

  /// What is sent before a line's receivers have locked is lost.
  Result<void, std::string> wait_for_link() {
    if (!coded_) return {};
    const auto done = [&] { return coded_->up() || interrupted(); };
    const TimePoint deadline = loop_.now() + options_.patience;
    while (!done() && loop_.now() < deadline) loop_.run_until(done, std::min(deadline, loop_.now() + kLinkSlice));
    if (interrupted()) return Failure<std::string>{"interrupted"};
    if (coded_->up()) return {};
    return Failure<std::string>{"the link does not come up: " + std::string(name_of(options_.line.code)) +
                                " cannot be received over this cable; make it shorter or less noisy"};
  }

  /// Waits for a lease, and tells Linux where its address is.
  Result<void, std::string> obtain_address() {
    if (const auto obtained = obtain_lease(*this, secret_of(options_, 3)); !obtained) return obtained;
    const auto lease = near_->host.dhcp_lease();
    const Ipv4Address address = lease->interface.address;
    if (address == plugged_address_) return {};
    return sim::add_point_to_point(tap_->device().name(), kLabAddress, address);
  }

  Options options_;
  Ipv4Address plugged_address_;  ///< That Linux has a route to from the start.
  std::uint64_t cycle_ps_;
  sim::CosimWorld<kBytes> world_;
  Loop loop_;
  std::unique_ptr<sim::PcapngWriter> capture_;
  std::unique_ptr<sim::CaptureObserver> observer_;
  std::unique_ptr<sim::TapPeer<kBytes>> tap_;
  std::unique_ptr<sim::Cable<kBytes>> cable_;
  std::unique_ptr<sim::CodedLine<kBytes>> coded_;
  std::unique_ptr<Station<kBytes>> near_;
  std::unique_ptr<Station<kBytes>> far_;
};

template <int kBytes>
Result<std::unique_ptr<Setup>, std::string> make_setup(const Options& options) {
  try {
    auto setup = std::make_unique<CosimSetup<kBytes>>(options);
    if (const auto built = setup->build(); !built) return Failure{built.error()};
    return std::unique_ptr<Setup>(std::move(setup));
  } catch (const std::runtime_error& error) {  // a waveform that cannot be written
    return Failure<std::string>{error.what()};
  }
}

}  // namespace

Result<std::unique_ptr<Setup>, std::string> Setup::make(const Options& options) {
  if (options.card == CardKind::kUsb) return make_usb_setup(options);
  return options.width == 1 ? make_setup<1>(options) : make_setup<8>(options);
}

std::string line_wave_path(const Options& options) {
  if (options.wave.empty() || options.line.code == sim::LineCode::kMii) return {};
  if (options.card == CardKind::kNative) return options.wave;  // which has no other signals
  const std::size_t dot = options.wave.rfind(".fst");
  return options.wave.substr(0, dot) + ".line.fst";
}

SocketResult<int> Setup::new_socket() {
  constexpr std::size_t kTapBufferBytes = std::size_t{128} * 1024;
  auto descriptor = host().socket();
  if (!descriptor) return descriptor;
  static_cast<void>(host().set_nonblocking(*descriptor, true));
  tcp::Config config = host().config(*descriptor).value();
  config.congestion = options().congestion;
  if (options().ecn) config.ecn = tcp::EcnMode::kOffer;
  static_cast<void>(host().set_config(*descriptor, config));
  if (far_host() == nullptr) static_cast<void>(host().set_buffers(*descriptor, 2 * kTapBufferBytes, kTapBufferBytes));
  return descriptor;
}

}  // namespace sockwire::apps
