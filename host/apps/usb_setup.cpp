// SPDX-License-Identifier: Apache-2.0
#include "host/apps/usb_setup.hpp"

#include <sys/random.h>

#include "host/apps/card_question.hpp"
#include "host/apps/interrupt.hpp"
#include "host/apps/lease.hpp"
#include "host/socket/card_port.hpp"
#include "host/socket/link_world.hpp"
#include "host/transport/usb/usb_byte_link.hpp"

namespace sockwire::apps {

namespace {

/// From the reset of the card to its HELLO: two returns to 1 Mbaud at most.
constexpr Duration kHelloPatience = std::chrono::seconds(10);
constexpr const char* kNoLink = "the card has no link: is its network cable plugged in?";
/// The PHY negotiates for two to three seconds when it has been reset.
constexpr Duration kLinkPatience = std::chrono::seconds(4);
constexpr Duration kClaimPatience = std::chrono::seconds(15);
constexpr Duration kFarewell = std::chrono::milliseconds(20);
/// What a card has said of itself if it was asked for its counters.
constexpr Duration kCountersPatience = std::chrono::seconds(2);

/// A locally administered address of the card's own: its serial number, hashed (FNV-1a).
MacAddress address_of(const std::string& serial) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char letter : serial) hash = (hash ^ static_cast<std::uint8_t>(letter)) * 0x100000001B3ULL;
  std::array<std::uint8_t, 6> bytes{0x02, 0x53, 0x57};
  for (std::size_t i = 3; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(hash >> (8 * i));
  return MacAddress(bytes);
}

std::array<std::uint8_t, 16> random_secret() {
  std::array<std::uint8_t, 16> secret{};
  static_cast<void>(getrandom(secret.data(), secret.size(), 0));
  return secret;
}

stack::Config config_of(const Options& options, const MacAddress& mac) {
  stack::Config config;
  config.mac = mac;
  config.probe_ipv4 = true;  // a real network: somebody else may have the address
  std::vector<IpPrefix> ipv6;
  for (const IpPrefix& address : options.addresses) {
    if (address.is_ipv4()) {
      config.ipv4 = {Ipv4Address(address.address), address.bits};
    } else {
      ipv6.push_back(address);
    }
  }
  config.ipv6.enabled = true;
  config.ipv6.addresses = ipv6;
  for (const IpAddress& gateway : options.gateways) {
    if (gateway.is_ipv4()) {
      config.gateway = Ipv4Address(gateway);
    } else {
      config.ipv6.gateway = gateway;
    }
  }
  config.dns.servers = options.dns_servers;
  config.dns.hosts = options.hosts;
  config.secret = random_secret();
  return config;
}

class UsbSetup final : public Setup {
 public:
  UsbSetup(const Options& options, std::unique_ptr<transport::UsbByteLink> bytes)
      : options_(options),
        bytes_(std::move(bytes)),
        link_(*bytes_, link_config(options), session_seed()),
        world_(link_),
        loop_(world_),
        mac_(address_of(bytes_->card().serial)),
        port_(link_, mac_),
        host_(config_of(options, mac_), port_, loop_) {
    loop_.add_task([this] { return watch_card(); });
  }

  Result<void, std::string> begin() {
    port_.start(loop_.now(), session_seed());
    loop_.run_until([this] { return port_.ready() || port_.failure() || interrupted(); }, loop_.now() + kHelloPatience);
    if (const auto& failure = port_.failure()) return Failure{*failure};
    if (!port_.ready() && interrupted()) return Failure<std::string>{"interrupted"};
    if (!port_.ready()) {
      return Failure<std::string>{
          "the card on USB does not answer: is the bitstream loaded? (`sockwire cards` lists what is there)"};
    }
    loop_.run_until([this] { return !without_link() || interrupted(); }, loop_.now() + kLinkPatience);
    if (interrupted()) return Failure<std::string>{"interrupted"};
    if (without_link())
      return Failure<std::string>{"the card has no link: plug in its network cable (LD4 then lights)"};
    return options_.dhcp ? obtain_lease(*this, random_secret()) : claim_addresses();
  }

  Host& host() override { return host_; }
  Host* far_host() override { return nullptr; }
  Loop& loop() override { return loop_; }
  const Options& options() const override { return options_; }

  Measures measure() override {
    const auto before = port_.counters_reads();
    port_.driver().read_counters();
    loop_.run_until([&] { return port_.counters_reads() > before; }, loop_.now() + kCountersPatience);
    return glance();
  }

  Measures glance() override {
    port_.driver().read_counters();  // for the next one
    Measures measures;
    measures.now = world_.now();
    measures.card = port_.driver().counters();
    measures.driver = port_.driver().driver_counters();
    return measures;
  }

  void on_card_change(const std::function<void(const std::string&)>& tell) override {
    tell_ = tell;
    if (tell_ && there_ && !linked_) tell_(kNoLink);
  }

  std::string missing_card() const override {
    if (card_there()) return {};
    return bytes_->trouble().empty() ? "the card on USB does not answer any more" : bytes_->trouble();
  }

  Result<void, std::string> finish() override {
    if (host_.dhcp_lease()) {
      host_.release_dhcp();
      loop_.run_until([] { return false; }, loop_.now() + kFarewell);
    }
    return {};
  }

 private:
  bool card_there() const { return port_.ready() && !link_.lost(); }

  /// The PHY has said that there is no link. One that says nothing is no reason to give up.
  bool without_link() const {
    const auto phy = link_.phy();
    return phy && phy->present && !phy->link;
  }

  /// Tells of a card that was lost, and of one that takes commands again; likewise of its link. Gets nothing done.
  bool watch_card() {
    const bool there = card_there();
    const bool linked = !without_link();
    const bool news = there != there_ || (there && linked != linked_);
    const bool was_there = there_;
    there_ = there;
    if (there) linked_ = linked;
    if (!news || !tell_) return false;
    if (!there) {
      tell_("card lost" + (bytes_->trouble().empty() ? std::string() : ": " + bytes_->trouble()));
    } else if (!linked) {
      tell_(kNoLink);
    } else {
      tell_(was_there ? link_text(link_.phy().value_or(PhyStatus())) : "card back");
    }
    return false;
  }

  /// Waits until nobody has claimed our addresses (RFC 5227 2.1, RFC 4862 5.4), which takes some seconds.
  Result<void, std::string> claim_addresses() {
    const stack::Interface& interface = host_.stack().network().interface();
    for (const IpPrefix& asked : options_.addresses) {
      const auto tentative = [&] {
        const stack::InterfaceAddress* known = interface.find(asked.address);
        return known != nullptr && known->state == stack::AddressState::kTentative;
      };
      loop_.run_until([&] { return !tentative() || interrupted(); }, loop_.now() + kClaimPatience);
      if (interrupted()) return Failure<std::string>{"interrupted"};
      if (interface.find(asked.address) == nullptr) {
        return Failure<std::string>{"somebody else on the network has " + to_string(asked.address) +
                                    "; choose another --address"};
      }
    }
    return {};
  }

  static transport::LinkConfig link_config(const Options& options) {
    transport::LinkConfig config;
    config.baud_max = options.baud_max;
    return config;
  }

  Options options_;
  std::unique_ptr<transport::UsbByteLink> bytes_;
  transport::SerialTransport link_;
  LinkWorld world_;
  Loop loop_;
  MacAddress mac_;
  CardPort port_;
  Host host_;
  bool there_ = false;
  bool linked_ = true;
  std::function<void(const std::string&)> tell_;
};

}  // namespace

Result<std::unique_ptr<Setup>, std::string> make_usb_setup(const Options& options) {
  if (options.addresses.empty() && !options.dhcp) {
    return Failure<std::string>{"a card on a real network needs an address: --dhcp, or --address 192.168.1.50/24"};
  }
  transport::UsbLinkSettings settings;
  settings.serial = options.usb_serial;
  auto bytes = transport::UsbByteLink::open(settings);
  if (!bytes) return Failure{bytes.error().message};
  auto setup = std::make_unique<UsbSetup>(options, std::move(bytes).value());
  if (const auto begun = setup->begin(); !begun) return Failure{begun.error()};
  return std::unique_ptr<Setup>(std::move(setup));
}

}  // namespace sockwire::apps
