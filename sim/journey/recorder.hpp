// SPDX-License-Identifier: Apache-2.0
// Writes down what happens while hosts run. It only looks: a run is the same with and without it.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "host/socket/host.hpp"
#include "sim/journey/recording.hpp"

namespace sockwire::journey {

class Recorder {
 public:
  /// The host whose socket table is looked at. It outlives the recorder.
  void watch(End end, const Host& host) { hosts_.at(static_cast<std::size_t>(end)) = &host; }

  /// Whoever wants to know of each call when it begins: "A: connect(3, 10.18.0.1:80)".
  void tell_calls(std::function<void(const std::string&)> listener) { listener_ = std::move(listener); }

  /// A call begins; its number goes to returned().
  std::size_t on_call(End end, Stage stage, std::uint64_t now_ns, std::string name, std::string arguments);
  void on_return(std::size_t call, std::uint64_t now_ns, std::string result);
  /// A call that takes no time and is worth telling only now that it has done something.
  void on_done_call(End end, Stage stage, std::uint64_t now_ns, std::string name, std::string arguments,
                    std::string result);

  void on_message(End end, bool command, std::uint64_t now_ns, std::span<const std::uint8_t> bytes);
  void on_burst(LineBurst burst) { recording_.bursts.push_back(std::move(burst)); }

  /// Looks at a host's socket table and writes down what has changed.
  void look_at_rows(End end, std::uint64_t now_ns);

  Recording& recording() { return recording_; }

 private:
  using RowKey = std::string;

  Moment moment(std::uint64_t now_ns) { return {now_ns, ++order_}; }
  static RowKey key_of(const SocketRow& row);

  Recording recording_;
  std::function<void(const std::string&)> listener_;
  std::array<const Host*, kEnds> hosts_{};
  std::array<std::map<RowKey, SocketRow>, kEnds> seen_;
  std::uint64_t order_ = 0;
};

}  // namespace sockwire::journey
