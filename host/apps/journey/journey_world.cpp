// SPDX-License-Identifier: Apache-2.0
#include "host/apps/journey/journey_world.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <optional>
#include <stdexcept>

#include "host/apps/card_options.hpp"
#include "host/apps/pattern.hpp"
#include "host/apps/setup.hpp"
#include "host/socket/card_port.hpp"
#include "sim/cosim/cosim_card.hpp"
#include "sim/cosim/cosim_world.hpp"
#include "sim/journey/line_recorder.hpp"
#include "sim/journey/link_recorder.hpp"
#include "sim/phy/cable.hpp"

namespace sockwire::apps {

namespace {

using journey::End;

/// The next address in the subnet; the first one after the last.
IpAddress after(const IpAddress& address) {
  auto bytes = address.bytes();
  bytes.back() = static_cast<std::uint8_t>(bytes.back() >= 254 ? 1 : bytes.back() + 1);
  return IpAddress(bytes);
}

stack::Config config_of(const Options& options, const IpAddress& peer, End end) {
  stack::Config config;
  const IpAddress own = end == 0 ? after(peer) : peer;
  config.mac = MacAddress({2, 0x53, 0x57, 0, 1, static_cast<std::uint8_t>(2 - end)});
  if (own.is_ipv4()) {
    config.ipv4 = {Ipv4Address(own), 24};
  } else {
    // The address is the host's since long before: it has asked by then whether anybody else has it, and no router is
    // here that could tell others.
    config.ipv6.enabled = true;
    config.ipv6.addresses = {{own, 64}};
    config.ipv6.link_local = false;
    config.ipv6.router_advertisements = false;
    config.ipv6.dad_transmits = 0;
  }
  config.dns.servers = {{peer, stack::dns::kServerPort}};
  fill_pattern(options.seed, 1000 * static_cast<std::uint64_t>(1 + end), config.secret);
  return config;
}

/// Of the cable: light and copper alike take about 5 ns for a metre.
std::uint64_t way_ps(const Options& options) { return static_cast<std::uint64_t>(options.line.length_m * 5500); }

/// What is between the cards, in words.
std::string cable_text(const Options& options) {
  if (!is_coded(options)) {
    std::string text = fmt::format("{} us one way", options.delay.count() / 1000);
    if (options.loss != 0) text += fmt::format(", loses {:g} of frames", options.loss);
    if (options.bit_error_rate != 0) text += fmt::format(", {:g} of bits are wrong", options.bit_error_rate);
    return text;
  }
  const sim::LineSettings& line = options.line;
  std::string text = fmt::format("{:g} m", line.length_m);
  if (line.noise_mv != 0) text += fmt::format(", noise {:g} mV", line.noise_mv);
  if (line.jitter_ps != 0) text += fmt::format(", jitter {:g} ns", line.jitter_ps / 1000);
  if (line.clock_ppm != 0) text += fmt::format(", B's clock {:+g} ppm", line.clock_ppm);
  if (line.swapped) text += ", pairs swapped";
  if (line.bit_error_rate != 0) text += fmt::format(", {:g} of bits are wrong", line.bit_error_rate);
  return text;
}

template <int kBytes>
class CosimJourney final : public JourneyWorld {
 public:
  CosimJourney(const Options& options, const IpAddress& peer)
      : cycle_ps_(cycle_ps_of<kBytes>(options)),
        octets_ps_(cycle_ps_ * sim::cycles_of(options.line.code)),
        cable_(impairments_of(options), impairments_of(options), options.seed),
        coded_(is_coded(options) ? sim::make_coded_line<kBytes>(options.line, nullptr) : nullptr),
        signal_(recorder_, octets_ps_ / kBytes, way_ps(options)),
        world_(sim::ClockKind::kVirtual, cycle_ps_),
        loop_(world_) {
    if (coded_) {
      coded_->watch(signal_);
      recorder_.tell_calls([this](const std::string& call) { coded_->mark(call); });
      signal_.tell_packets([this](const std::string& packet) { coded_->mark(packet); });
    }
    journey::Recording& recording = recorder_.recording();
    recording.seed = options.seed;
    recording.card = name_of(options.card);
    recording.cycle_ps = cycle_ps_;
    recording.delay_ns = impairments_of(options).delay_ns;
    recording.loss = options.loss;
    recording.signal.line = coded_ ? sim::name_of(options.line.code) : kBytes == 1 ? "mii" : "xgmii";
    recording.signal.coded = coded_ != nullptr;
    recording.signal.cable = cable_text(options);
    recording.signal.octet_ps = octets_ps_ / kBytes;
    for (End end = 0; end < journey::kEnds; ++end) {
      const auto config = config_of(options, peer, end);
      auto& station = stations_.at(static_cast<std::size_t>(end));
      station = std::make_unique<Station>(*this, options, end, config);
      world_.add(station->card);
      recorder_.watch(end, station->host);
      describe(recording.stations.at(static_cast<std::size_t>(end)), end, config);
    }
    loop_.add_task([this] {
      for (End end = 0; end < journey::kEnds; ++end) recorder_.look_at_rows(end, now_ns());
      return false;
    });
  }

  Result<void, std::string> start(const std::string& line_wave) {
    if (!line_wave.empty()) {
      if (auto recorded = coded_->record(line_wave); !recorded) return recorded;
    }
    for (auto& station : stations_) station->port.start(loop_.now(), 1);
    const auto ready = [this] { return stations_[0]->port.ready() && stations_[1]->port.ready(); };
    if (loop_.run_until(ready, loop_.now() + std::chrono::seconds(10))) return wait_for_link();
    for (const auto& station : stations_) {
      const std::optional<std::string>& failure = station->port.failure();
      if (failure) return Failure{*failure};
    }
    return Failure{std::string("a card does not answer")};
  }

  Host& host(End end) override { return stations_.at(static_cast<std::size_t>(end))->host; }
  Loop& loop() override { return loop_; }
  journey::Recorder& recorder() override { return recorder_; }

 private:
  struct Station {
    Station(CosimJourney& journey, const Options& options, End end, const stack::Config& config)
        : line(journey.line_of(end), journey.recorder_, end, journey.octets_ps_,
               journey.coded_ ? &journey.signal_ : nullptr),
          card(make_engine<kBytes>(options, static_cast<std::uint32_t>(kNearBootId + end)), line,
               journey.coded_ && end == 1 ? journey.coded_->far_clock_ppm() : 0),
          link(card, journey.world_, journey.recorder_, end),
          port(link, config.mac),
          host(config, port, journey.loop_) {}
    journey::LineRecorder<kBytes> line;
    sim::CosimCard<kBytes> card;
    journey::LinkRecorder link;
    CardPort port;
    Host host;
  };

  sim::LinePeer<kBytes>& line_of(End end) {
    if (coded_) return end == 0 ? coded_->near() : coded_->far();
    return end == 0 ? cable_.a() : cable_.b();
  }

  /// The journey begins when the receivers have locked.
  Result<void, std::string> wait_for_link() {
    const auto up = [this] { return !coded_ || coded_->up(); };
    const TimePoint patience = loop_.now() + std::chrono::seconds(2);
    while (!up() && loop_.now() < patience) loop_.run_until(up, loop_.now() + std::chrono::microseconds(10));
    recorder_.recording().signal.up_ns = now_ns();
    // What a host has sent until then (that it is in a group) went into a line that carried nothing.
    if (coded_) {
      recorder_.recording().bursts.clear();
      signal_.restart();
    }
    if (up()) return {};
    return Failure{std::string("the link does not come up; make the cable shorter or less noisy, or --ber smaller")};
  }

  void describe(journey::Station& station, End end, const stack::Config& config) {
    station.name = end == 0 ? "A" : "B";
    station.address = config.ipv6.enabled ? config.ipv6.addresses.front().address : IpAddress(config.ipv4.address);
    station.mac = config.mac;
    for (const stack::Route& route : host(end).stack().network().routes().routes()) {
      station.routes.push_back(
          {route.destination,
           to_string(route.destination) + (route.gateway ? " via " + to_string(*route.gateway) : " on the link")});
    }
  }

  std::uint64_t cycle_ps_;
  std::uint64_t octets_ps_;  ///< in which kBytes octets pass
  journey::Recorder recorder_;
  sim::Cable<kBytes> cable_;
  std::unique_ptr<sim::CodedLine<kBytes>> coded_;  ///< instead of the cable
  journey::SignalRecorder signal_;
  sim::CosimWorld<kBytes> world_;
  Loop loop_;
  std::array<std::unique_ptr<Station>, journey::kEnds> stations_;
};

template <int kBytes>
Result<std::unique_ptr<JourneyWorld>, std::string> make_world(const Options& options, const IpAddress& peer) {
  try {
    auto world = std::make_unique<CosimJourney<kBytes>>(options, peer);
    if (auto started = world->start(line_wave_path(options)); !started) return Failure{started.error()};
    return std::unique_ptr<JourneyWorld>(std::move(world));
  } catch (const std::runtime_error& error) {
    return Failure{std::string(error.what())};
  }
}

}  // namespace

Result<std::unique_ptr<JourneyWorld>, std::string> JourneyWorld::make(const Options& options, const IpAddress& peer) {
  return options.width == 1 ? make_world<1>(options, peer) : make_world<8>(options, peer);
}

}  // namespace sockwire::apps
