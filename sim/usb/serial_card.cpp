// SPDX-License-Identifier: Apache-2.0
#include "sim/usb/serial_card.hpp"

#include <algorithm>

namespace sockwire::sim {

namespace {

/// Beats on their way between the two clocks.
constexpr std::size_t kCrossingBeats = 4;
constexpr std::uint64_t kEngineCycleNs = 80;
/// Between two looks at what is outside, behind a line that has one.
constexpr std::uint64_t kLookNs = 50'000;
/// The engine is quiet only after so many cycles that say so (CosimCard).
constexpr unsigned kQuietCycles = 4;

/// 25 ns are three cycles of 120 MHz.
constexpr std::uint64_t link_time_ns(std::uint64_t cycle) { return cycle * 25 / 3; }
constexpr std::uint64_t link_cycle_at(std::uint64_t time_ns) { return (time_ns * 3 + 24) / 25; }
static_assert(kLinkCardClockMhz == 120);

std::uint32_t baud_of(unsigned divisor) { return divisor == 0 ? 0 : kLinkCardClockMhz * 1'000'000u / divisor; }

}  // namespace

SerialCardParts native_card_parts(std::uint32_t first_boot_id) {
  return {make_native_link, [boot_id = first_boot_id]() mutable { return make_native_engine<1>(boot_id++); }};
}

SerialCard::SerialCard(SerialCardParts parts, LinePeer<1>& line, std::uint64_t clock_ns)
    : parts_(std::move(parts)), line_(line), clock_ns_(clock_ns) {
  reset();
}

void SerialCard::reset() {
  link_ = parts_.link();
  engine_ = parts_.engine();
  in_.clear();
  out_.clear();
  commands_.clear();
  events_.clear();
  engine_idle_ = 0;
  line_free_ns_ = 0;
  link_cycle_ = link_cycle_at(now_ns_);
  engine_cycle_ = now_ns_ / kEngineCycleNs + 1;
}

void SerialCard::on_power(bool on) {
  powered_ = on;
  if (on) reset();
}

void SerialCard::set_phy(const PhyStatus& phy) {
  phy_ = phy;
  phy_news_ = true;
}

std::uint32_t SerialCard::baud() const { return baud_of(link_->outputs().divisor); }

void SerialCard::advance(std::uint64_t now_ns) {
  if (now_ns >= outside_ns_ + kLookNs) {
    outside_ns_ = now_ns;
    line_.poll_outside(now_ns);
  }
  while (true) {
    const std::uint64_t link_ns = link_wakes_ns();
    const std::uint64_t engine_ns = engine_wakes_ns();
    const std::uint64_t next_ns = std::min(link_ns, engine_ns);
    if (!powered_ || next_ns > now_ns) break;
    now_ns_ = std::max(now_ns_, next_ns);
    if (engine_ns == next_ns) {
      engine_cycle_ = std::max(engine_cycle_, (next_ns + kEngineCycleNs - 1) / kEngineCycleNs);
      step_engine();
    } else {
      link_cycle_ = std::max(link_cycle_, link_cycle_at(next_ns));
      step_link();
    }
  }
  now_ns_ = now_ns;
}

/// When the link's next cycle is that does something.
std::uint64_t SerialCard::link_wakes_ns() const {
  const LinkOutputs& shown = link_->outputs();
  const std::uint64_t next_ns = std::max(link_time_ns(link_cycle_), now_ns_);  // it may have slept
  const bool event_goes = !events_.empty() && shown.event_ready;
  const bool command_goes = shown.command_valid && commands_.size() < kCrossingBeats;
  const bool byte_goes = shown.line_tx_valid && line_free_ns_ <= next_ns;
  if (!shown.settled || phy_news_ || event_goes || command_goes || byte_goes) return next_ns;
  std::uint64_t wakes_ns = shown.deadline_ns;
  if (!in_.empty()) wakes_ns = std::min(wakes_ns, in_.front().end_ns);
  if (line_free_ns_ > next_ns) wakes_ns = std::min(wakes_ns, line_free_ns_);
  return std::max(next_ns, wakes_ns);
}

void SerialCard::step_link() {
  const LinkOutputs& shown = link_->outputs();
  const std::uint64_t now_ns = link_time_ns(link_cycle_);
  LinkInputs inputs;
  inputs.now_ns = now_ns;
  inputs.phy = phy_;
  phy_news_ = false;
  inputs.line_tx_ready = line_free_ns_ <= now_ns && shown.divisor != 0;
  inputs.line_busy = !inputs.line_tx_ready || shown.line_tx_valid;  // as hls/link/uart_tx.hpp: one follows another
  if (inputs.line_tx_ready && shown.line_tx_valid) {
    const std::uint32_t baud = baud_of(shown.divisor);
    line_free_ns_ = pacer_.next_end_ns(now_ns, baud);
    out_.push_back({line_free_ns_, baud, shown.line_tx, true});
  }
  if (!in_.empty() && in_.front().end_ns <= now_ns && shown.line_rx_ready && shown.divisor != 0) {
    const SampledByte sampled = sample(in_.front(), baud_of(shown.divisor));
    inputs.line_rx.data = sampled.value;
    inputs.line_rx.error = sampled.framing_error;
    inputs.line_rx_valid = true;
    in_.pop_front();
  }
  if (!events_.empty() && shown.event_ready) {
    inputs.event = events_.front();
    inputs.event_valid = true;
    events_.pop_front();
  }
  inputs.command_ready = commands_.size() < kCrossingBeats;
  if (inputs.command_ready && shown.command_valid) commands_.push_back(shown.command);
  link_->step(inputs);
  ++link_cycle_;
  for (unsigned i = 0; i < kLinkCounters; ++i) counted_[i] += (link_->outputs().counted >> i) & 1;
  for (unsigned i = 0; i < kCoalescerCounters; ++i) receive_counted_[i] += (link_->outputs().receive_counted >> i) & 1;
}

std::uint64_t SerialCard::engine_wakes_ns() const {
  const EngineOutputs<1>& shown = engine_->outputs();
  const std::uint64_t next_ns = std::max(engine_cycle_ * kEngineCycleNs, now_ns_);
  if (engine_idle_ < kQuietCycles || !commands_.empty()) return next_ns;
  const std::uint64_t deadline_ns = shown.deadline_ns == kNeverNs ? kNeverNs : shown.deadline_ns - clock_ns_;
  return std::max(next_ns, std::min(line_.next_arrival_ns(), deadline_ns));
}

void SerialCard::step_engine() {
  const EngineOutputs<1>& shown = engine_->outputs();
  EngineInputs<1> inputs;
  const std::uint64_t now_ns = engine_cycle_ * kEngineCycleNs;
  inputs.now_ns = clock_ns_ + now_ns;
  inputs.event_ready = events_.size() < kCrossingBeats;
  if (shown.event_valid && inputs.event_ready) events_.push_back(shown.event);
  if (!commands_.empty()) {
    inputs.command_valid = true;
    inputs.command = commands_.front();
    if (shown.command_ready) commands_.pop_front();
  }
  const LineInputs<1> line = line_.exchange(now_ns, shown.line_tx);
  inputs.line_rx = line.rx;
  inputs.rx_enable = line.rx_enable;
  inputs.tx_enable = line.tx_enable;
  engine_idle_ = shown.idle ? engine_idle_ + 1 : 0;
  engine_->step(inputs);
  ++engine_cycle_;
}

std::optional<UartByte> SerialCard::take_byte() {
  if (out_.empty() || out_.front().end_ns > now_ns_) return std::nullopt;
  const UartByte byte = out_.front();
  out_.pop_front();
  return byte;
}

/// No later than a byte can end that has not begun.
std::uint64_t SerialCard::next_deadline_ns() const {
  if (!powered_) return kNeverNs;
  if (!out_.empty()) return out_.front().end_ns;
  const std::uint64_t wakes_ns = std::min(link_wakes_ns(), engine_wakes_ns());
  const std::uint32_t rate = baud();
  if (wakes_ns == kNeverNs || rate == 0) return wakes_ns;
  return wakes_ns + kUartBitsPerByte * 1'000'000'000ULL / rate;
}

}  // namespace sockwire::sim
