// SPDX-License-Identifier: Apache-2.0
// Registers and counters, read and written by command.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "host/card/driver.hpp"
#include "host/card/message.hpp"

namespace sockwire::card {

class RegisterAccess {
 public:
  RegisterAccess(DriverCounters& driver_counters, std::deque<Notice>& notices)
      : driver_counters_(driver_counters), notices_(notices) {}

  /// A new epoch. Settings are written again; counters that started over (another boot) are added to what they were.
  void start(bool same_boot);
  /// What was asked and not answered is asked again.
  void lose();

  void configure_mac(const MacSettings& settings);
  void read(std::uint16_t address) { requests_.push_back({.address = address}); }
  void write(std::uint16_t address, std::uint32_t value) {
    requests_.push_back({.write = true, .address = address, .value = value});
  }
  void read_counters();
  void on_register(std::uint16_t address, std::uint16_t tag, std::uint32_t value);
  bool poll(std::uint8_t epoch, Message& message);

  const std::array<std::uint64_t, kCounterCount>& counters() const { return counters_; }

 private:
  struct Request {
    bool write = false;
    std::uint16_t address = 0;
    std::uint32_t value = 0;
    int counter = -1;  // Of a snapshot, else -1.
    std::uint16_t tag = 0;
  };

  void queue_mac_settings(const MacSettings& settings);

  DriverCounters& driver_counters_;
  std::deque<Notice>& notices_;
  std::deque<Request> requests_;
  std::deque<Request> asked_;  // Reads under way, in order.
  std::optional<MacSettings> mac_;
  std::uint16_t next_tag_ = 0;
  bool started_ = false;
  bool reading_counters_ = false;
  std::array<std::uint32_t, kCounterCount> last_raw_{};
  std::array<std::uint64_t, kCounterCount> counters_{};
};

}  // namespace sockwire::card
