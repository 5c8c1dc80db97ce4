// SPDX-License-Identifier: Apache-2.0
#include "sim/board/ten_base_t_station.hpp"

namespace sockwire::sim {

namespace {

constexpr std::size_t kAhead = 4;  // bytes that wait before a frame goes on: neither clock can catch up with the other
constexpr int kError = 0x100;
constexpr int kEnd = -1;
/// The line is let alone only after so many bytes of idle, more than the MAC's gap.
constexpr unsigned kIdleBytes = 16;

}  // namespace

TenBaseTStation::TenBaseTStation(const sc_core::sc_module_name& name, LinePeer<1>& line)
    : sc_module(name), line_(line), port_(make_native_line_port<Code10BaseT>()) {
  port_->shorten_timers();
  SC_METHOD(on_clock);
  sensitive << clk.pos();
  dont_initialize();
}

void TenBaseTStation::on_clock() {
  const auto& shown = port_->outputs();
  if (shown.rx_enable) hear(shown.mac_rx);
  LinePort<Code10BaseT>::Inputs inputs;
  inputs.line_rx = static_cast<unsigned>(rd.read().value());
  if (shown.tx_enable) inputs.mac_tx = exchange();
  port_->step(inputs);
  td.write(static_cast<unsigned>(port_->outputs().line_tx));
}

void TenBaseTStation::hear(const Line<1>& byte) {
  if (byte.valid) {
    heard_.push_back(static_cast<int>(byte.data) | (byte.error ? kError : 0));
  } else if (hearing_) {
    heard_.push_back(kEnd);
    ++frames_;
  }
  hearing_ = byte.valid;
}

Line<1> TenBaseTStation::next_heard() {
  Line<1> out;
  if (!playing_) playing_ = heard_.size() >= kAhead || frames_ != 0;
  if (!playing_ || heard_.empty()) return out;
  const int byte = heard_.front();
  heard_.pop_front();
  playing_ = byte != kEnd;
  if (!playing_) {
    --frames_;
    return out;
  }
  out.valid = true;
  out.data = static_cast<unsigned>(byte & 0xFF);
  out.error = (byte & kError) != 0;
  return out;
}

/// A byte each way.
Line<1> TenBaseTStation::exchange() {
  const auto now_ns = static_cast<std::uint64_t>(sc_core::sc_time_stamp().to_seconds() * 1e9);
  const Line<1> sent = next_heard();
  idle_ = sent.valid || answering_ ? 0 : idle_ + 1;
  if (idle_ > kIdleBytes && line_.next_arrival_ns() > now_ns) return {};
  const LineInputs<1> inputs = line_.exchange(now_ns, sent);
  answering_ = inputs.rx_enable && inputs.rx.valid;
  return answering_ ? inputs.rx : Line<1>();
}

}  // namespace sockwire::sim
