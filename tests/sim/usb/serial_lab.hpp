// SPDX-License-Identifier: Apache-2.0
// Two hosts in virtual time: one has its card on a USB cable (the FT2232H's model, the serial link, the native engine),
// the other a card of its own at the far end of the line.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "host/socket/card_port.hpp"
#include "host/socket/host.hpp"
#include "sim/phy/cable.hpp"
#include "sim/usb/far_card.hpp"
#include "sim/usb/model_byte_link.hpp"
#include "sim/usb/serial_card.hpp"
#include "sim/usb/serial_world.hpp"

namespace sockwire::test {

class SerialLab;

struct SerialLabOptions {
  sim::Impairments to_far{};
  sim::Impairments from_far{};
  sim::UartFaults uart{};
  std::uint64_t seed = 1;
  std::uint32_t baud_max = 12'000'000;
  /// Of the near card; empty: the native ones.
  std::function<std::unique_ptr<sim::LinkPort>()> link{};
  /// Another card than SerialCard, on this line; card() is of no use then.
  std::function<std::unique_ptr<sim::UartPeer>(SerialLab&, sim::LinePeer<1>&)> make_card{};
};

class SerialLab {
 public:
  explicit SerialLab(const SerialLabOptions& options = {});

  /// Begins to shake hands with both cards.
  void begin();
  /// Shakes hands with both cards. Empty if all is well.
  std::string start();

  Host& near() { return near_; }
  Host& far() { return far_; }
  CardPort& near_port() { return near_port_; }
  CardPort& far_port() { return far_port_; }
  Loop& loop() { return loop_; }
  sim::HostController& usb() { return usb_; }
  sim::Ft2232h& chip() { return chip_; }
  sim::SerialCard& card() { return card_; }
  sim::Cable<1>& cable() { return cable_; }
  transport::SerialTransport& link() { return link_; }
  sim::ModelByteLink& bytes() { return bytes_; }

  static Ipv4Address near_address() { return Ipv4Address(0x0A000001u); }
  static Ipv4Address far_address() { return Ipv4Address(0x0A000002u); }

 private:
  sim::Cable<1> cable_;
  sim::CosimCard<1> far_card_;
  sim::FarCard line_;
  sim::SerialCard card_;
  std::unique_ptr<sim::UartPeer> other_card_;
  sim::Ft2232h chip_;
  sim::HostController usb_;
  sim::ModelByteLink bytes_;
  transport::SerialTransport link_;
  sim::SerialWorld world_;
  Loop loop_;
  CardPort near_port_;
  CardPort far_port_;
  Host near_;
  Host far_;
};

}  // namespace sockwire::test
