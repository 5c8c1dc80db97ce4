// SPDX-License-Identifier: Apache-2.0
// Kernels as they run natively.
#include "hls/base/memory.hpp"
#include "hls/base/process.hpp"
#include "hls/base/stream.hpp"
#include "tests/hls/vitis/random_fields.hpp"

namespace sockwire {
namespace {

template <typename T>
class In {
 public:
  void before(RandomFields& random) {
    if (random.chance(6) && !stream_.full()) stream_.push(random.value<T>());
  }
  stream<T>& argument() { return stream_; }
  void after(bool, Digest&) { stream_.tick(); }

 private:
  stream<T> stream_;
};

template <typename T>
class Out {
 public:
  void before(RandomFields& random) {
    taken_ = random.chance(6) && !stream_.empty();
    if (taken_) value_ = stream_.pop();
  }
  stream<T>& argument() { return stream_; }
  void after(bool, Digest& digest) {
    digest.of(taken_);
    if (taken_) digest.of(value_);
    stream_.tick();
  }

 private:
  stream<T> stream_;
  bool taken_ = false;
  T value_{};
};

template <typename T>
class WireIn {
 public:
  void before(RandomFields& random) {
    if (random.chance(6)) wire_.drive(random.value<T>());
  }
  wire<T>& argument() { return wire_; }
  void after(bool, Digest&) { wire_.tick(); }

 private:
  wire<T> wire_;
};

template <typename T>
class WireOut {
 public:
  void before(RandomFields&) { shown_ = wire_.read(); }
  wire<T>& argument() { return wire_; }
  void after(bool fired, Digest& digest) {
    if (fired) digest.of(shown_);
    wire_.tick();
  }

 private:
  wire<T> wire_;
  T shown_{};
};

template <int kBits>
class Strobes {
 public:
  void before(RandomFields&) {}
  pulse<kBits>& argument() { return pulse_; }
  void after(bool, Digest& digest) {
    pulse_.tick();
    digest.of(pulse_.read());
  }

 private:
  pulse<kBits> pulse_;
};

}  // namespace
}  // namespace sockwire

#include "tests/hls/vitis/kernel_ports.hpp"

namespace sockwire {
namespace {

/// Runs a kernel with its state and memories.
template <typename Ports, typename State, typename... Memories, typename Kernel>
std::vector<steps::Step> run_kernel(Kernel kernel, std::uint32_t seed, int count) {
  Process<State> process;
  std::tuple<Memories...> memories;
  return run_steps<Ports>(seed, count, [&](int, auto&... ports) {
    return std::apply([&](auto&... memory) { return process.step(kernel, memory..., ports...); }, memories);
  });
}

template <int kBytes>
std::vector<steps::Step> steps_at(const std::string& name, std::uint32_t seed, int count) {
  if (name == "command_parser") {
    return run_kernel<CommandParserPorts<kBytes>, CommandParserState<kBytes>, mem<Ring<kBytes>, card::kSlots>>(
        command_parser<kBytes>, seed, count);
  }
  if (name == "segmenter") {
    return run_kernel<SegmenterPorts<kBytes>, SegmenterState<kBytes>, mem<QueuedSend, queue_entries(kBytes)>,
                      mem<QueuedPace, queue_entries(kBytes)>, mem<SendProgress, queue_entries(kBytes)>,
                      mem<Ring<kBytes>, card::kSlots>, mem<ap_uint<32>, card::kSlots>, mem<ap_uint<32>, card::kSlots>,
                      mem<SoftState, card::kSlots>, mem<ap_uint<64>, card::kSlots>>(segmenter<kBytes>, seed, count);
  }
  if (name == "send_buffer") {
    return run_kernel<SendBufferPorts<kBytes>, SendBufferState<kBytes>,
                      banked<ap_uint<8>, card::send_buffer_bytes(kBytes) / kBytes, kBytes>>(send_buffer<kBytes>, seed,
                                                                                            count);
  }
  if (name == "assembler") {
    return run_kernel<AssemblerPorts<kBytes>, AssemblerState<kBytes>, bram<ap_uint<8 * kBytes>, template_rows(kBytes)>>(
        assembler<kBytes>, seed, count);
  }
  if (name == "priority_lane") {
    return run_kernel<PriorityLanePorts<kBytes>, PriorityLaneState<kBytes>,
                      bram<PacketWord<kBytes>, kLaneBytes / kBytes>, mem<LaneFrame, kLaneQueue>>(priority_lane<kBytes>,
                                                                                                 seed, count);
  }
  if (name == "checksum_insert") {
    return run_kernel<ChecksumInsertPorts<kBytes>, ChecksumInsertState<kBytes>,
                      bram<PacketWord<kBytes>, kPacketBytes / kBytes>, mem<SummedFrame, kPacketQueue>>(
        checksum_insert<kBytes>, seed, count);
  }
  if (name == "mac_tx") return run_kernel<MacTxPorts<kBytes>, MacTxState<kBytes>>(mac_tx<kBytes>, seed, count);
  if (name == "mac_rx") return run_kernel<MacRxPorts<kBytes>, MacRxState<kBytes>>(mac_rx<kBytes>, seed, count);
  if (name == "receive_parser") {
    return run_kernel<ReceiveParserPorts<kBytes>, ReceiveParserState<kBytes>>(receive_parser<kBytes>, seed, count);
  }
  if (name == "packet_buffer") {
    return run_kernel<PacketBufferPorts<kBytes>, PacketBufferState<kBytes>,
                      bram<StoredBeat<kBytes>, packet_buffer_beats(kBytes)>, mem<RxDescriptor, kPacketBufferFrames>>(
        packet_buffer<kBytes>, seed, count);
  }
  if (name == "event_writer") {
    return run_kernel<EventWriterPorts<kBytes>, EventWriterState<kBytes>>(event_writer<kBytes>, seed, count);
  }
  return {};
}

}  // namespace
}  // namespace sockwire

std::vector<steps::Step> steps::native(const std::string& kernel, std::uint32_t seed, int count) {
  using namespace sockwire;
  if (kernel == "registers") {
    return run_kernel<RegistersPorts, RegistersState, mem<ap_uint<32>, 32>>(registers, seed, count);
  }
  const std::string name = kernel.substr(0, kernel.rfind("_w"));
  return kernel == name + "_w1" ? steps_at<1>(name, seed, count) : steps_at<8>(name, seed, count);
}
