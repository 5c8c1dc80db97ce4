// SPDX-License-Identifier: Apache-2.0
#include "sim/board/phy_module.hpp"

namespace sockwire::sim {

namespace {

constexpr unsigned kBmsr = 1;      // IEEE 802.3 table 22-8
constexpr unsigned kPhysts = 16;   // DP83848
constexpr unsigned kAddress = 1;   // by the board's straps
constexpr std::size_t kAhead = 8;  // nibbles that wait before a frame begins: neither clock can catch up with the other
constexpr int kError = 0x10;
constexpr int kEnd = -1;
/// The line is let alone only after so many bytes of idle, more than the MAC's gap.
constexpr unsigned kIdleBytes = 16;

double now_ns() { return sc_core::sc_time_stamp().to_seconds() * 1e9; }

}  // namespace

PhyModule::PhyModule(const sc_core::sc_module_name& name, LinePeer<1>& line)
    : sc_module(name), line_(line), registers_(kAddress) {
  set_link(true);
  SC_METHOD(on_tx_clock);
  sensitive << tx_clk.pos();
  dont_initialize();
  SC_METHOD(on_rx_clock);
  sensitive << rx_clk.pos();
  dont_initialize();
}

void PhyModule::set_link(bool up, bool hundred, bool full_duplex) {
  registers_.registers[kBmsr] = up ? 0x786D : 0x7849;
  const unsigned physts =
      0x0011u | (hundred ? 0 : 0x0002u) | (full_duplex ? 0x0004u : 0);  // link, negotiated; 10; full
  registers_.registers[kPhysts] = static_cast<std::uint16_t>(up ? physts : 0);
}

// The first nibble with TX_EN is a byte's low one (clause 22.2.3).
void PhyModule::on_tx_clock() {
  const bool valid = tx_en.read() && rst_n.read();
  if (valid && !valid_) high_ = false;
  if (!high_) {
    low_ = static_cast<unsigned>(txd.read().value());
  } else {
    Line<1> sent;
    sent.valid = valid;
    sent.data = valid ? low_ | static_cast<unsigned>(txd.read().value()) << 4 : 0;
    exchange(sent);
  }
  high_ = !high_;
  valid_ = valid;
}

void PhyModule::exchange(const Line<1>& sent) {
  const auto now = static_cast<std::uint64_t>(now_ns());
  idle_ = sent.valid || receiving_ ? 0 : idle_ + 1;
  if (idle_ > kIdleBytes && line_.next_arrival_ns() > now) return;
  const LineInputs<1> inputs = line_.exchange(now, sent);
  if (!inputs.rx_enable) return;
  if (inputs.rx.valid && rst_n.read()) {
    const int error = inputs.rx.error ? kError : 0;
    received_.push_back(static_cast<int>(inputs.rx.data & 15) | error);
    received_.push_back(static_cast<int>(inputs.rx.data >> 4) | error);
  } else if (receiving_) {
    received_.push_back(kEnd);
    ++frames_;
  }
  receiving_ = inputs.rx.valid && rst_n.read();
}

void PhyModule::on_rx_clock() {
  mdio.write(registers_.pins(now_ns(), mdc.read(), mdio_driven.read(), mdio_by_card.read()));
  if (!rst_n.read()) registers_.hardware_reset();
  if (!playing_) playing_ = received_.size() >= kAhead || frames_ != 0;
  if (!playing_ || received_.empty()) return;
  const int nibble = received_.front();
  received_.pop_front();
  playing_ = nibble != kEnd;
  if (!playing_) --frames_;
  rxd.write(playing_ ? nibble & 15 : 0);
  rx_er.write(playing_ && (nibble & kError) != 0);
  rx_dv.write(playing_);
  crs.write(playing_);
}

}  // namespace sockwire::sim
