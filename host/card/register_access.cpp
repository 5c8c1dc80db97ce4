// SPDX-License-Identifier: Apache-2.0
#include "host/card/register_access.hpp"

namespace sockwire::card {
namespace {

/// Reads that may be under way: an answer is an event, and the event stream has frames to carry.
constexpr std::size_t kReadsUnderWay = 4;

std::uint16_t address_of(Register name) { return static_cast<std::uint16_t>(name); }

}  // namespace

void RegisterAccess::start(bool same_boot) {
  if (!same_boot) last_raw_.fill(0);
  if (mac_) queue_mac_settings(*mac_);
  started_ = true;
}

void RegisterAccess::lose() {
  started_ = false;
  while (!asked_.empty()) {
    requests_.push_front(asked_.back());
    asked_.pop_back();
  }
}

void RegisterAccess::configure_mac(const MacSettings& settings) {
  mac_ = settings;
  if (started_) queue_mac_settings(settings);
}

void RegisterAccess::queue_mac_settings(const MacSettings& settings) {
  std::uint32_t filter = 0;
  if (settings.promiscuous) filter |= static_cast<std::uint32_t>(FilterBit::kPromiscuous);
  if (settings.all_multicast) filter |= static_cast<std::uint32_t>(FilterBit::kAllMulticast);
  if (settings.broadcast) filter |= static_cast<std::uint32_t>(FilterBit::kBroadcast);
  const auto& address = settings.address;
  // Pushed to the front, in reverse: what was asked for earlier may depend on them.
  const Request writes[] = {
      {.write = true, .address = address_of(Register::kPauseEnable), .value = settings.pause ? 1u : 0u},
      {.write = true, .address = address_of(Register::kFilter), .value = filter},
      {.write = true,
       .address = address_of(Register::kMacHigh),
       .value = static_cast<std::uint32_t>(address[4] | address[5] << 8)},
      {.write = true,
       .address = address_of(Register::kMacLow),
       .value = static_cast<std::uint32_t>(address[0]) | static_cast<std::uint32_t>(address[1]) << 8 |
                static_cast<std::uint32_t>(address[2]) << 16 | static_cast<std::uint32_t>(address[3]) << 24}};
  for (const Request& write : writes) requests_.push_front(write);
}

void RegisterAccess::read_counters() {
  if (reading_counters_) return;
  reading_counters_ = true;
  for (int i = 0; i < kCounterCount; ++i) {
    const int address = address_of(Register::kCounterBase) + i;
    requests_.push_back({.address = static_cast<std::uint16_t>(address), .counter = i});
  }
}

void RegisterAccess::on_register(std::uint16_t address, std::uint16_t tag, std::uint32_t value) {
  if (asked_.empty() || asked_.front().tag != tag || asked_.front().address != address) {
    ++driver_counters_.events_unexpected;
    return;
  }
  const Request request = asked_.front();
  asked_.pop_front();
  if (request.counter < 0) {
    notices_.push_back(RegisterValue{address, value});
    return;
  }
  const auto index = static_cast<std::size_t>(request.counter);
  counters_[index] += static_cast<std::uint32_t>(value - last_raw_[index]);
  last_raw_[index] = value;
  if (request.counter == kCounterCount - 1) {
    reading_counters_ = false;
    notices_.push_back(CountersRead{});
  }
}

bool RegisterAccess::poll(std::uint8_t epoch, Message& message) {
  if (requests_.empty()) return false;
  Request& request = requests_.front();
  if (!request.write && asked_.size() >= kReadsUnderWay) return false;
  request.tag = next_tag_++;
  begin_command(message,
                {.type = request.write ? Command::kWriteRegister : Command::kReadRegister,
                 .epoch = epoch,
                 .tag = request.tag,
                 .seq = request.address,
                 .arg = request.value},
                0);
  if (!request.write) asked_.push_back(request);
  requests_.pop_front();
  return true;
}

}  // namespace sockwire::card
