// SPDX-License-Identifier: Apache-2.0
// Kernels as the tops for Vitis HLS, with its integers and streams. Compiled once for each SOCKWIRE_WIDTH.
#include "hls/top/vitis_tops.cpp"
#include "tests/hls/vitis/random_fields.hpp"

namespace sockwire {
namespace {

/// Static objects start as zeros, where no constructor says otherwise.
template <typename T>
T first_value() {
  static T value;
  return value;
}

// What native streams do by themselves: what comes or goes does so at the end of a cycle, and there is room for two.

template <typename T>
class In {
 public:
  void before(RandomFields& random) {
    comes_ = random.chance(6) && stream_.size() < 2;
    if (comes_) value_ = random.value<T>();
  }
  stream<T>& argument() { return stream_; }
  void after(bool, Digest&) {
    if (comes_) stream_.write(value_);
  }

 private:
  stream<T> stream_;
  bool comes_ = false;
  T value_;
};

template <typename T>
class Out {
 public:
  Out() { stream_.standin_bound = 2; }

  void before(RandomFields& random) { taken_ = random.chance(6) && !stream_.empty(); }
  stream<T>& argument() { return stream_; }
  void after(bool, Digest& digest) {
    digest.of(taken_);
    if (taken_) digest.of(stream_.read());
  }

 private:
  stream<T> stream_;
  bool taken_ = false;
};

template <typename T>
class WireIn {
 public:
  void before(RandomFields& random) {
    if (random.chance(6)) value_ = random.value<T>();
  }
  const T& argument() { return value_; }
  void after(bool, Digest&) {}

 private:
  T value_ = first_value<T>();
};

template <typename T>
class WireOut {
 public:
  void before(RandomFields&) {}
  T& argument() { return port_; }
  void after(bool fired, Digest& digest) {
    if (fired) digest.of(port_);
  }

 private:
  T port_;
};

template <int kBits>
class Strobes {
 public:
  void before(RandomFields&) { port_ = 0; }
  ap_uint<kBits>& argument() { return port_; }
  void after(bool, Digest& digest) { digest.of(port_); }

 private:
  ap_uint<kBits> port_;
};

}  // namespace
}  // namespace sockwire

#include "tests/hls/vitis/kernel_ports.hpp"

namespace {

template <typename Ports, typename Top>
std::vector<steps::Step> run_top(Top top, std::uint32_t seed, const std::vector<steps::Step>& natively) {
  return run_steps<Ports>(seed, static_cast<int>(natively.size()), [&](int index, auto&... ports) {
    const bool fires = natively[static_cast<std::size_t>(index)].fired;
    if (fires) top(ports...);
    return fires;
  });
}

std::vector<steps::Step> steps_of(const std::string& kernel, std::uint32_t seed,
                                  const std::vector<steps::Step>& natively) {
#define SOCKWIRE_RUN(name, Ports) \
  if (kernel == #name "_w" + std::to_string(kBytes)) return run_top<Ports<kBytes>>(SOCKWIRE_TOP(name), seed, natively)
  SOCKWIRE_RUN(command_parser, CommandParserPorts);
  SOCKWIRE_RUN(segmenter, SegmenterPorts);
  SOCKWIRE_RUN(send_buffer, SendBufferPorts);
  SOCKWIRE_RUN(assembler, AssemblerPorts);
  SOCKWIRE_RUN(priority_lane, PriorityLanePorts);
  SOCKWIRE_RUN(checksum_insert, ChecksumInsertPorts);
  SOCKWIRE_RUN(mac_tx, MacTxPorts);
  SOCKWIRE_RUN(mac_rx, MacRxPorts);
  SOCKWIRE_RUN(receive_parser, ReceiveParserPorts);
  SOCKWIRE_RUN(packet_buffer, PacketBufferPorts);
  SOCKWIRE_RUN(event_writer, EventWriterPorts);
#undef SOCKWIRE_RUN
#if SOCKWIRE_WIDTH == 1
  if (kernel == "registers") return run_top<RegistersPorts>(::registers, seed, natively);
#endif
  return {};
}

}  // namespace

std::vector<steps::Step> steps::SOCKWIRE_TOP(vitis)(const std::string& kernel, std::uint32_t seed,
                                                    const std::vector<Step>& natively) {
  return steps_of(kernel, seed, natively);
}
