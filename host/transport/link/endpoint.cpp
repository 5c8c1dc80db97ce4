// SPDX-License-Identifier: Apache-2.0
#include "host/transport/link/endpoint.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace sockwire::transport {

namespace {

/// Rates that are tried, the best first. Above 6 Mbaud an FT2232H makes no others.
constexpr std::array<std::uint32_t, 7> kBauds = {12'000'000, 8'000'000, 6'000'000,     4'000'000,
                                                 3'000'000,  2'000'000, kLinkStartBaud};
/// Bytes of commands that wait while a frame is on its way: an urgent message waits for no more.
constexpr std::size_t kQueueBytes = link_frame::kPayloadMax;
/// What may be on the wires ahead of an answer: both ends' frames, and the FIFO of the chip.
constexpr std::uint64_t kWireBytes = 2 * link_frame::kLineBytesMax + 4096;
/// Frames between two judgements of the rate, and how many damaged ones are too many.
constexpr unsigned kJudgedFrames = 64;
constexpr unsigned kJudgedBadMax = 16;

}  // namespace

LinkEndpoint::LinkEndpoint(const LinkConfig& config, std::function<std::uint32_t(std::uint32_t)> can_baud)
    : config_(config), can_baud_(std::move(can_baud)), baud_ceiling_(config.baud_max + 1) {
  queue_.reserve(2 * kQueueBytes);
  line_.reserve(link_frame::kLineBytesMax + 1);
}

void LinkEndpoint::start(TimePoint now, std::uint8_t session_seed) {
  if (session_ == 0) session_ = session_seed;
  baud_ = kLinkStartBaud;
  baud_ceiling_ = config_.baud_max + 1;
  enter(now, LinkPhase::kSyncing);
}

void LinkEndpoint::stop() { phase_ = LinkPhase::kDown; }

void LinkEndpoint::enter(TimePoint now, LinkPhase phase) {
  phase_ = phase;
  phase_began_ = now;
  attempts_ = 0;
  control_due_ = phase != LinkPhase::kUp && phase != LinkPhase::kDown;
  heard_ = now;
  said_ = now;
  judged_ = judged_bad_ = 0;
}

// ---- in -------------------------------------------------------------------------------------------------------------

void LinkEndpoint::on_bytes(TimePoint now, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const auto end = std::ranges::find(bytes, kLinkDelimiter);
    const auto count = static_cast<std::size_t>(end - bytes.begin());
    // More than a frame without a delimiter is rubbish: a byte too many stands for all of it.
    const std::size_t room =
        link_frame::kLineBytesMax + 1 - std::min<std::size_t>(in_.size(), link_frame::kLineBytesMax + 1);
    in_.insert(in_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(count, room)));
    if (end == bytes.end()) return;
    if (!in_.empty()) on_line(now, in_);
    in_.clear();
    bytes = bytes.subspan(count + 1);
  }
}

void LinkEndpoint::on_line(TimePoint now, std::span<const std::uint8_t> line) {
  const auto frame = line.size() > link_frame::kLineBytesMax ? std::nullopt : read_frame(line, scratch_);
  if (phase_ == LinkPhase::kDown) return;
  if (!frame) {
    ++counters_.frames_bad;
    judge_rate(now, false);
    return;
  }
  ++counters_.frames_in;
  if (frame->type == LinkType::kLost) {
    if (phase_ != LinkPhase::kSyncing) phase_ = LinkPhase::kDown;
  } else if (frame->session != session_) {
    ++counters_.frames_stale;
  } else {
    judge_rate(now, true);
    on_frame(now, *frame);
  }
}

void LinkEndpoint::on_frame(TimePoint now, const LinkFrame& frame) {
  heard_ = now;
  if (frame.type == LinkType::kSync || frame.type == LinkType::kRate || phase_ != LinkPhase::kUp) on_answer(now, frame);
  if (phase_ == LinkPhase::kSyncing) return;
  if (send_.on_held(frame.held) > 0) moved_ = now;
  if (frame.type == LinkType::kStatus) phy_ = phy_status_of(frame.number);
  if (frame.type != LinkType::kData) return;
  if (receive_.on_data(frame.number, frame.payload)) {
    counters_.message_bytes_in += frame.payload.size();
  } else {
    ++counters_.frames_repeated;
  }
  status_due_ = true;
}

void LinkEndpoint::on_answer(TimePoint now, const LinkFrame& frame) {
  switch (phase_) {
    case LinkPhase::kSyncing:
      if (frame.type != LinkType::kSync) return;
      clock_mhz_ = frame.number;
      phy_.reset();
      send_.restart();
      receive_.restart();
      said_held_ = receive_.held();
      queue_.clear();
      ++counters_.sessions;
      ask_rate_or_up(now);
      return;
    case LinkPhase::kAskingRate:
      if (frame.type != LinkType::kRate || frame.number != divisor_) return;
      baud_ = clock_mhz_ * 1'000'000 / divisor_;
      ++counters_.rate_changes;
      in_.clear();
      enter(now, LinkPhase::kProbing);
      return;
    case LinkPhase::kProbing:
      if (baud_ != kLinkStartBaud) {
        enter(now, LinkPhase::kUp);
        moved_ = now;
        return;
      }
      [[fallthrough]];  // it came down from a rate that was too bad: to the next one
    case LinkPhase::kSeeking:
      ask_rate_or_up(now);
      return;
    case LinkPhase::kUp:
    case LinkPhase::kDown:
      return;
  }
}

unsigned LinkEndpoint::divisor_below(std::uint32_t below) const {
  for (const std::uint32_t baud : kBauds) {
    if (baud >= below || baud <= baud_ || clock_mhz_ * 1'000'000 % baud != 0) continue;
    const unsigned divisor = clock_mhz_ * 1'000'000 / baud;
    if (divisor >= kLinkDivisorMin && can_baud_(baud) == baud) return divisor;
  }
  return 0;
}

void LinkEndpoint::ask_rate_or_up(TimePoint now) {
  divisor_ = divisor_below(baud_ceiling_);
  enter(now, divisor_ != 0 ? LinkPhase::kAskingRate : LinkPhase::kUp);
  moved_ = now;
}

/// Too many damaged frames: both ends go back to 1 Mbaud and try a lower rate from there.
void LinkEndpoint::judge_rate(TimePoint now, bool good) {
  if (phase_ != LinkPhase::kUp || baud_ == kLinkStartBaud) return;
  ++judged_;
  judged_bad_ += good ? 0 : 1;
  if (judged_bad_ > kJudgedBadMax) {
    baud_ceiling_ = baud_;
    divisor_ = clock_mhz_;  // 1 Mbaud
    enter(now, LinkPhase::kAskingRate);
  } else if (judged_ == kJudgedFrames) {
    judged_ = judged_bad_ = 0;
  }
}

// ---- out ------------------------------------------------------------------------------------------------------------

bool LinkEndpoint::can_send() const { return phase_ == LinkPhase::kUp && queue_.size() < kQueueBytes; }

void LinkEndpoint::send(std::span<const std::uint8_t> message) {
  assert(can_send());
  queue_.insert(queue_.end(), message.begin(), message.end());
}

std::span<const std::uint8_t> LinkEndpoint::poll_line(TimePoint now) {
  line_.clear();
  if (!compose(now)) return {};
  said_ = now;
  ++counters_.frames_out;
  counters_.bytes_out += line_.size();
  return line_;
}

bool LinkEndpoint::compose(TimePoint now) {
  if (control_due_) {
    control_due_ = false;
    ++attempts_;
    if (phase_ == LinkPhase::kSyncing) {
      // Each SYNC has a session of its own: the answer to an earlier one must not pass for its answer.
      session_ = session_ == 255 ? 1 : static_cast<std::uint8_t>(session_ + 1);
      compose_control(LinkType::kSync, 0);
    } else if (phase_ == LinkPhase::kAskingRate) {
      compose_control(LinkType::kRate, static_cast<std::uint8_t>(divisor_));
    } else {
      compose_control(LinkType::kPing, 0);
    }
    return true;
  }
  if (phase_ != LinkPhase::kUp) return false;
  if (const auto lost = send_.next_lost()) {
    ++counters_.frames_again;
    moved_ = now;
    compose_data(*lost);
    return true;
  }
  if (!queue_.empty() && send_.room()) {
    const std::size_t bytes = std::min<std::size_t>(queue_.size(), link_frame::kPayloadMax);
    moved_ = now;
    counters_.message_bytes_out += bytes;
    compose_data(send_.add(std::span(queue_).first(bytes)));
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(bytes));
    return true;
  }
  if (!status_due_) return false;
  compose_control(LinkType::kStatus, 0);
  return true;
}

void LinkEndpoint::compose_control(LinkType type, std::uint8_t number) {
  // Behind a delimiter of its own: what a change of rate left on the wires must not swallow it.
  line_.push_back(kLinkDelimiter);
  said_held_ = receive_.held();
  status_due_ = false;
  write_frame({type, session_, number, said_held_, {}}, scratch_, line_);
}

void LinkEndpoint::compose_data(const SendWindow::Outgoing& frame) {
  said_held_ = receive_.held();
  status_due_ = false;
  write_frame({LinkType::kData, session_, frame.number, said_held_, frame.payload}, scratch_, line_);
}

// ---- time -----------------------------------------------------------------------------------------------------------

Duration LinkEndpoint::wire_time() const { return Duration(kWireBytes * kUartBitsPerByte * 1'000'000'000ULL / baud_); }

void LinkEndpoint::on_timeout(TimePoint now) {
  if (phase_ == LinkPhase::kDown) return;
  if (phase_ == LinkPhase::kUp) {
    if (now - heard_ >= config_.dead) {
      ++counters_.deaths;
      baud_ = kLinkStartBaud;
      in_.clear();
      enter(now, LinkPhase::kSeeking);
    } else {
      if (send_.under_way() && now - moved_ >= config_.retry + wire_time()) {
        send_.on_timeout();
        moved_ = now;
      }
      if (now - said_ >= config_.keep_alive) {
        control_due_ = true;
        said_ = now;
      }
    }
    return;
  }
  if (phase_ == LinkPhase::kSeeking && now - phase_began_ >= config_.seek_time) {
    phase_ = LinkPhase::kDown;
    return;
  }
  if (control_due_ || now - said_ < config_.answer) return;
  if (attempts_ < config_.attempts || phase_ == LinkPhase::kSyncing || phase_ == LinkPhase::kSeeking) {
    control_due_ = true;
    return;
  }
  // The rate was not taken up, or nothing passes at it.
  const std::uint32_t asked = clock_mhz_ * 1'000'000 / divisor_;
  if (asked != kLinkStartBaud) baud_ceiling_ = std::min(baud_ceiling_, asked);
  baud_ = kLinkStartBaud;
  in_.clear();
  enter(now, LinkPhase::kSeeking);
}

TimePoint LinkEndpoint::next_deadline() const {
  switch (phase_) {
    case LinkPhase::kDown:
      return kNever;
    case LinkPhase::kUp: {
      const TimePoint alive = std::min(heard_ + config_.dead, said_ + config_.keep_alive);
      return send_.under_way() ? std::min(alive, moved_ + config_.retry + wire_time()) : alive;
    }
    default: {
      const TimePoint answer = control_due_ ? kNever : said_ + config_.answer;
      return phase_ == LinkPhase::kSeeking ? std::min(answer, phase_began_ + config_.seek_time) : answer;
    }
  }
}

}  // namespace sockwire::transport
