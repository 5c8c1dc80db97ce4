// SPDX-License-Identifier: Apache-2.0
#include "sim/usb/host_controller.hpp"

#include <algorithm>
#include <utility>

namespace sockwire::sim {
namespace {

constexpr std::uint64_t kMicroframeNs = 125'000;
constexpr std::uint64_t kGranularityNs = 100'000;
constexpr std::uint64_t kIdleNs = 1'000'000'000;

}  // namespace

HostController::Queue* HostController::queue_of(std::uint8_t endpoint) {
  const auto* found = std::find(kEndpoints.begin(), kEndpoints.end(), endpoint);
  return found == kEndpoints.end() ? nullptr : &queues_[static_cast<std::size_t>(found - kEndpoints.begin())];
}

UsbControlReply HostController::control(const UsbSetup& setup, std::span<const std::uint8_t> data) {
  advance(time_ns_ + kMicroframeNs);
  UsbControlReply reply = chip_.control(time_ns_, setup, data);
  settle();
  return reply;
}

void HostController::submit_in(std::uint64_t id, std::uint8_t endpoint, std::size_t bytes) {
  const std::size_t whole_packets = std::max<std::size_t>(bytes / Ft2232h::kPacketBytes, 1);
  if (endpoint == Ft2232h::kUartIn) fetching_ = true;
  submit(endpoint, {id, std::vector<std::uint8_t>(whole_packets * Ft2232h::kPacketBytes), 0});
}

void HostController::submit_out(std::uint64_t id, std::uint8_t endpoint, std::vector<std::uint8_t> data) {
  submit(endpoint, {id, std::move(data), 0});
}

void HostController::submit(std::uint8_t endpoint, Pending pending) {
  Queue* queue = queue_of(endpoint);
  if (queue == nullptr || !chip_.plugged()) {
    completed_.push_back({pending.id, endpoint, chip_.plugged() ? UsbOutcome::kStall : UsbOutcome::kGone, {}, 0});
    return;
  }
  queue->push_back(std::move(pending));
  move_packets();
}

void HostController::complete(std::uint8_t endpoint, UsbOutcome outcome) {
  Queue& queue = *queue_of(endpoint);
  Pending done = std::move(queue.front());
  queue.pop_front();
  if (to_host(endpoint)) {
    done.data.resize(done.bytes);
  } else {
    done.data.clear();
  }
  completed_.push_back({done.id, endpoint, outcome, std::move(done.data), done.bytes});
}

std::optional<CompletedTransfer> HostController::cancel(std::uint64_t id) {
  for (std::size_t i = 0; i < kEndpoints.size(); ++i) {
    Queue& queue = queues_[i];
    const auto found = std::find_if(queue.begin(), queue.end(), [&](const Pending& one) { return one.id == id; });
    if (found == queue.end()) continue;
    Pending taken = std::move(*found);
    queue.erase(found);
    if (kEndpoints[i] == Ft2232h::kUartIn) fetching_ = false;  // it closes, and time must not wait for it any more
    taken.data.resize(to_host(kEndpoints[i]) ? taken.bytes : 0);
    return CompletedTransfer{id, kEndpoints[i], UsbOutcome::kDone, std::move(taken.data), taken.bytes};
  }
  return std::nullopt;
}

std::optional<CompletedTransfer> HostController::take_completed() {
  if (completed_.empty()) return std::nullopt;
  CompletedTransfer first = std::move(completed_.front());
  completed_.pop_front();
  return first;
}

void HostController::unplug() {
  chip_.unplug(time_ns_);
  peer_.on_power(false);
  fetching_ = false;
  for (const std::uint8_t endpoint : kEndpoints) {
    while (!queue_of(endpoint)->empty()) complete(endpoint, UsbOutcome::kGone);
  }
}

void HostController::plug() {
  chip_.plug(time_ns_);
  peer_.on_power(true);
}

bool HostController::held() const {
  return wait_for_host_ && fetching_ && queues_[2].empty() &&
         chip_.uart().receive_waiting() > UartChannel::kFifoBytes - Ft2232h::kPacketBytes;
}

std::uint64_t HostController::next_deadline_ns() const {
  std::uint64_t next = std::min(chip_.next_deadline_ns(), peer_.next_deadline_ns());
  if (!chip_.plugged()) return next;
  for (std::size_t i = 0; i < kEndpoints.size(); ++i) {
    if (to_host(kEndpoints[i]) && !queues_[i].empty()) next = std::min(next, chip_.in_ready_ns(kEndpoints[i]));
  }
  return next;
}

void HostController::advance(std::uint64_t now_ns) {
  while (time_ns_ < now_ns && !held()) {
    time_ns_ = std::min(now_ns, std::max(next_deadline_ns(), time_ns_ + 1));
    settle();
  }
}

std::uint64_t HostController::pass(std::uint64_t elapsed_ns) {
  const std::uint64_t until_ns = time_ns_ + elapsed_ns;
  advance(until_ns);
  if (time_ns_ < until_ns) return kIdleNs;  // only the host can make it go on
  const std::uint64_t next_ns = next_deadline_ns();
  return std::clamp(next_ns - std::min(next_ns, time_ns_), kGranularityNs, kIdleNs);
}

/// What is due at time_ns_ happens.
void HostController::settle() {
  chip_.advance(time_ns_);
  while (const auto sent = chip_.take_sent()) peer_.on_byte(*sent);
  peer_.advance(time_ns_);
  while (const auto byte = peer_.take_byte()) chip_.receive(*byte);
  move_packets();
}

void HostController::move_packets() {
  for (const std::uint8_t endpoint : kEndpoints) {
    while (!queue_of(endpoint)->empty() && move_packet(endpoint)) {
    }
  }
}

/// Returns whether it moved.
bool HostController::move_packet(std::uint8_t endpoint) {
  Pending& transfer = queue_of(endpoint)->front();
  const std::span<std::uint8_t> rest = std::span(transfer.data).subspan(transfer.bytes);
  const auto packet = rest.first(std::min(rest.size(), Ft2232h::kPacketBytes));
  const UsbPacketReply reply =
      to_host(endpoint) ? chip_.in_packet(time_ns_, endpoint, packet) : chip_.out_packet(time_ns_, endpoint, packet);
  if (reply.outcome == UsbOutcome::kNotReady) return false;
  if (reply.outcome != UsbOutcome::kDone) {
    complete(endpoint, reply.outcome);
    return true;
  }
  const std::size_t moved = to_host(endpoint) ? reply.bytes : packet.size();
  transfer.bytes += moved;
  if (moved < Ft2232h::kPacketBytes || transfer.bytes == transfer.data.size()) complete(endpoint, UsbOutcome::kDone);
  return true;
}

}  // namespace sockwire::sim
