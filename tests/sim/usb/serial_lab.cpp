// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/usb/serial_lab.hpp"

namespace sockwire::test {

namespace {

stack::Config stack_config(unsigned end, Ipv4Address address, std::uint64_t seed) {
  stack::Config config;
  config.mac = MacAddress({0x02, 0, 0, 0, 0, static_cast<std::uint8_t>(1 + end)});
  config.ipv4 = {address, 24};
  for (std::size_t i = 0; i < config.secret.size(); ++i) {
    config.secret[i] = static_cast<std::uint8_t>((seed >> (8 * (i % 8))) + i + end);
  }
  return config;
}

sim::Ft2232hSettings chip_settings(const SerialLabOptions& options) {
  sim::Ft2232hSettings settings;
  settings.faults = options.uart;
  settings.seed = options.seed;
  return settings;
}

sim::SerialCardParts parts_of(const SerialLabOptions& options) {
  sim::SerialCardParts parts = sim::native_card_parts(1);
  if (options.link) parts.link = options.link;
  return parts;
}

transport::LinkConfig link_config(const SerialLabOptions& options) {
  transport::LinkConfig config;
  config.baud_max = options.baud_max;
  return config;
}

}  // namespace

SerialLab::SerialLab(const SerialLabOptions& options)
    : cable_(options.to_far, options.from_far, options.seed),
      far_card_(sim::make_native_engine<1>(1000), cable_.b()),
      line_(cable_.a(), far_card_),
      card_(parts_of(options), line_),
      other_card_(options.make_card ? options.make_card(*this, line_) : nullptr),
      chip_(chip_settings(options)),
      usb_(chip_, other_card_ ? *other_card_ : card_),
      bytes_(usb_, {}),
      link_(bytes_, link_config(options), static_cast<std::uint8_t>(options.seed % 255 + 1)),
      world_(usb_, link_, &far_card_),
      loop_(world_),
      near_port_(link_, stack_config(0, near_address(), options.seed).mac),
      far_port_(far_card_, stack_config(1, far_address(), options.seed).mac),
      near_(stack_config(0, near_address(), options.seed), near_port_, loop_),
      far_(stack_config(1, far_address(), options.seed), far_port_, loop_) {}

void SerialLab::begin() {
  near_port_.start(loop_.now(), 1);
  far_port_.start(loop_.now(), 1);
}

std::string SerialLab::start() {
  begin();
  const auto ready = [this] { return near_port_.ready() && far_port_.ready(); };
  if (loop_.run_until(ready, loop_.now() + std::chrono::seconds(10))) return {};
  for (const CardPort* port : {&near_port_, &far_port_}) {
    if (port->failure()) return *port->failure();
  }
  return "a card does not answer";
}

}  // namespace sockwire::test
