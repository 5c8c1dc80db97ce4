// SPDX-License-Identifier: Apache-2.0
// Waveforms that no RTL has: what is on a line, in volts and in the names of its symbols, for GTKWave (FST).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "host/base/result.hpp"

namespace sockwire::sim {

/// A file under way. Signals are declared before the first change.
class FstWriter {
 public:
  /// A signal of one writer.
  struct Signal {
    std::uint32_t handle = 0;
    unsigned bits = 0;
  };

  /// Times are in picoseconds. The error is one line for people.
  static Result<std::unique_ptr<FstWriter>, std::string> create(const std::string& path);
  ~FstWriter();
  FstWriter(const FstWriter&) = delete;
  FstWriter& operator=(const FstWriter&) = delete;

  /// What is declared until leave() is in this scope.
  void enter(const std::string& scope);
  void leave();
  /// bits: 1 to 64.
  Signal add_bits(const std::string& name, unsigned bits);
  /// Drawn as a curve by a viewer that can (GTKWave: Data Format, Analog).
  Signal add_real(const std::string& name);
  Signal add_text(const std::string& name);

  /// What follows happens at this time, or at the latest one if that was later.
  void at(std::uint64_t time_ps);
  void set(Signal signal, std::uint64_t value);
  void set_real(Signal signal, double value);
  void set_text(Signal signal, std::string_view text);

 private:
  explicit FstWriter(void* context) : context_(context) {}

  void* context_;
  std::uint64_t time_ps_ = 0;
};

}  // namespace sockwire::sim
