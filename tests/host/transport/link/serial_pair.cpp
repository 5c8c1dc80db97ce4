// SPDX-License-Identifier: Apache-2.0
#include "tests/host/transport/link/serial_pair.hpp"

#include "hls/card/layout.hpp"

namespace sockwire::test {

namespace {

/// How often the host looks, as a USB controller in good health would let it.
constexpr std::uint64_t kHostTurnNs = 50'000;
constexpr std::size_t kHostAheadBytes = 2048;  ///< that it hands to the UART before they leave

std::uint32_t baud_of(unsigned divisor) { return divisor == 0 ? 0 : kLinkCardClockMhz * 1'000'000u / divisor; }
std::uint64_t byte_ns(std::uint32_t baud) { return kUartBitsPerByte * 1'000'000'000ULL / baud; }

}  // namespace

Bytes message_of(std::size_t body_bytes, std::mt19937_64& random) {
  Bytes message(card::kHeaderBytes + body_bytes);
  for (std::uint8_t& byte : message) byte = static_cast<std::uint8_t>(random() % 4 == 0 ? 0 : random());
  // As an event: a frame of TCP, which is not dropped, with a tag, which is not merged; no credits.
  message[card::event::kType] = static_cast<std::uint8_t>(card::Event::kReceive);
  std::fill_n(message.begin() + card::event::kControlCredit, 4, std::uint8_t{0});
  message[card::event::kStatus] = static_cast<std::uint8_t>(static_cast<unsigned>(card::ReceiveStatus::kTcp) |
                                                            static_cast<unsigned>(card::ReceiveStatus::kVlan));
  message[card::command::kBodyBytes] = static_cast<std::uint8_t>(body_bytes);
  message[card::command::kBodyBytes + 1] = static_cast<std::uint8_t>(body_bytes >> 8);
  return message;
}

SerialPair::SerialPair(std::unique_ptr<sim::LinkPort> card, const transport::LinkConfig& config,
                       const WireFaults& faults, std::uint64_t seed)
    : host_(config, [](std::uint32_t baud) { return baud; }), card_(std::move(card)), faults_(faults), random_(seed) {}

void SerialPair::replace_card(std::unique_ptr<sim::LinkPort> card) {
  card_ = std::move(card);
  event_at_ = 0;
  command_.clear();
}

bool SerialPair::coin(double probability) {
  return probability > 0 && std::uniform_real_distribution<double>()(random_) < probability;
}

void SerialPair::inject_to_card(std::span<const std::uint8_t> bytes) {
  for (const std::uint8_t data : bytes) {
    host_line_free_ns_ = std::max(host_line_free_ns_, now_ns_) + byte_ns(host_.baud());
    to_card_.push_back({host_line_free_ns_, host_.baud(), data});
  }
}

/// What a receiver at `baud` makes of a byte.
SerialByte SerialPair::through(const LineByte& byte, std::uint32_t baud) {
  SerialByte out;
  out.data = byte.data;
  if (byte.baud != baud || byte.baud > baud_limit_) {
    out.data = static_cast<std::uint8_t>(random_());
    out.error = random_() % 2 == 0;
  } else if (coin(faults_.byte_error)) {
    out.data = static_cast<std::uint8_t>(byte.data ^ (1u << random_() % 8));
  }
  return out;
}

void SerialPair::host_turn() {
  Bytes in;
  while (!to_host_.empty() && to_host_.front().at_ns <= now_ns_) {
    if (!cut_ && !coin(faults_.byte_loss)) {
      in.push_back(static_cast<std::uint8_t>(through(to_host_.front(), host_.baud()).data));
    }
    to_host_.pop_front();
  }
  if (!in.empty()) host_.on_bytes(now(), in);
  if (host_.next_deadline() <= now()) host_.on_timeout(now());
  while (!commands_out_.empty() && host_.can_send()) {
    host_.send(commands_out_.front());
    commands_out_.pop_front();
  }
  while (to_card_.size() < kHostAheadBytes) {
    const auto line = host_.poll_line(now());
    if (line.empty()) break;
    inject_to_card(line);
  }
  for (auto message = host_.poll_message(); !message.empty(); message = host_.poll_message()) {
    events_.emplace_back(message.begin(), message.end());
  }
}

void SerialPair::card_inputs(sim::LinkInputs& inputs) {
  const sim::LinkOutputs& shown = card_->outputs();
  inputs.now_ns = now_ns_;
  inputs.phy = phy_;
  inputs.line_tx_ready = card_line_free_ns_ <= now_ns_ && shown.divisor != 0;
  inputs.line_busy = !inputs.line_tx_ready || shown.line_tx_valid;  // as hls/link/uart_tx.hpp: one follows another
  if (inputs.line_tx_ready && shown.line_tx_valid) {
    card_line_free_ns_ = now_ns_ + byte_ns(baud_of(shown.divisor));
    to_host_.push_back({card_line_free_ns_, baud_of(shown.divisor), shown.line_tx});
  }
  inputs.line_rx_valid = false;
  if (!to_card_.empty() && to_card_.front().at_ns <= now_ns_ && shown.line_rx_ready) {
    if (!cut_ && !coin(faults_.byte_loss)) {
      inputs.line_rx = through(to_card_.front(), baud_of(shown.divisor));
      inputs.line_rx_valid = true;
    }
    to_card_.pop_front();
  }
  if (shown.command_valid) {
    command_.push_back(static_cast<std::uint8_t>(shown.command.data));
    if (shown.command.last) {
      commands_.push_back(command_);
      command_.clear();
    }
  }
  inputs.event_valid = false;
  if (!events_out_.empty() && shown.event_ready) {
    const Bytes& message = events_out_.front();
    inputs.event_valid = true;
    inputs.event.data = message[event_at_];
    inputs.event.keep = 1;
    inputs.event.last = event_at_ + 1 == message.size();
    ++event_at_;
    if (inputs.event.last) {
      events_out_.pop_front();
      event_at_ = 0;
    }
  }
}

void SerialPair::step() {
  sim::LinkInputs inputs;
  card_inputs(inputs);
  card_->step(inputs);
  for (int i = 0; i < kLinkCounters; ++i) counted_[static_cast<unsigned>(i)] += (card_->outputs().counted >> i) & 1;
  const std::uint64_t next = card_->outputs().settled && !inputs.event_valid && !inputs.line_rx_valid ? skip_to() : 0;
  // 25 ns are three cycles.
  cycle_ = std::max(cycle_ + 1, next * 3 / 25);
  now_ns_ = cycle_ * 25 / 3;
}

/// When something happens next, if the card waits.
std::uint64_t SerialPair::skip_to() const {
  std::uint64_t next = std::min(card_->outputs().deadline_ns, next_host_turn_ns_);
  if (!to_card_.empty()) next = std::min(next, to_card_.front().at_ns);
  if (card_line_free_ns_ > now_ns_) next = std::min(next, card_line_free_ns_);
  return next;
}

bool SerialPair::run_until(const std::function<bool()>& done, Duration longest) {
  const std::uint64_t until_ns = now_ns_ + static_cast<std::uint64_t>(longest.count());
  while (now_ns_ < until_ns) {
    if (now_ns_ >= next_host_turn_ns_) {
      host_turn();
      if (done()) return true;
      next_host_turn_ns_ = now_ns_ + kHostTurnNs;
    }
    step();
  }
  return done();
}

}  // namespace sockwire::test
