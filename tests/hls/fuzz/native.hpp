// SPDX-License-Identifier: Apache-2.0
// A kernel run natively, with its ports as packed words: what is the same for all types has no templates, since a batch
// has hundreds of them to compile.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hls/base/process.hpp"
#include "tests/hls/fuzz/bits.hpp"

namespace sockwire::fuzz {

using Words = std::vector<std::uint32_t>;

/// Where a port's signals lie in the packed words of its kernel in the model; nowhere if hlsc left the port out.
struct Position {
  int input = 0;
  int output = 0;
  bool present = true;
};

enum class Direction { kIn, kOut, kWireIn, kWireOut, kPulse, kMemory };

struct PortInfo {
  std::string name;
  Direction direction = Direction::kIn;
  int width = 0;
  Position at;
};

class NativePort : public PortInfo {
 public:
  explicit NativePort(PortInfo info) : PortInfo(std::move(info)) {}
  virtual ~NativePort() = default;
  NativePort(const NativePort&) = delete;
  NativePort& operator=(const NativePort&) = delete;

  /// A stream's next value is added to it or taken from it; a wire is driven, or read as a pulse is.
  virtual void put(const Words& value);
  virtual Words take();
  virtual Words look() const;
  virtual std::size_t held() const { return 0; }
  virtual bool full() const { return false; }
  virtual void tick() = 0;
};

template <typename T>
Words packed(T value) {
  Bits bits;
  leaves(bits, value);
  return bits.words();
}

template <typename T>
T unpacked(const Words& words) {
  Bits bits(words);
  T value{};
  leaves(bits, value);
  return value;
}

template <typename T>
class StreamPort final : public NativePort {
 public:
  StreamPort(PortInfo info, int depth) : NativePort(std::move(info)), port(static_cast<std::size_t>(depth)) {}
  void put(const Words& value) override { port.push(unpacked<T>(value)); }
  Words take() override { return packed(port.pop()); }
  Words look() const override { return packed(port.front()); }
  std::size_t held() const override { return port.size(); }
  bool full() const override { return port.full(); }
  void tick() override { port.tick(); }

  stream<T> port;
};

template <typename T>
class WirePort final : public NativePort {
 public:
  using NativePort::NativePort;
  void put(const Words& value) override { port.drive(unpacked<T>(value)); }
  Words look() const override { return packed(port.read()); }
  void tick() override { port.tick(); }

  wire<T> port{T{}};
};

template <int kBits>
class PulsePort final : public NativePort {
 public:
  using NativePort::NativePort;
  Words look() const override { return packed(port.read()); }
  void tick() override { port.tick(); }

  pulse<kBits> port;
};

template <typename Memory>
class MemoryPort final : public NativePort {
 public:
  using NativePort::NativePort;
  void tick() override { port.tick(); }

  Memory port;
};

class NativeKernel {
 public:
  NativeKernel(std::string kernel_name, bool only_streams, std::vector<NativePort*> all_ports)
      : name(std::move(kernel_name)), by_streams(only_streams), ports(std::move(all_ports)) {}
  virtual ~NativeKernel() = default;
  NativeKernel(const NativeKernel&) = delete;
  NativeKernel& operator=(const NativeKernel&) = delete;

  /// One step; whether it fired.
  virtual bool step() = 0;

  const std::string name;
  const bool by_streams;  ///< how it is compared, see comparison.hpp
  const std::vector<NativePort*> ports;
};

/// Generated for a batch.
std::vector<std::unique_ptr<NativeKernel>> native_kernels();

}  // namespace sockwire::fuzz
