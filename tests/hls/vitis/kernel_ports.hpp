// SPDX-License-Identifier: Apache-2.0
// The ports of every kernel in their order, without its state and memories, as the tests drive them. Who includes this
// has said what an In (a stream that the kernel reads), Out, WireIn, WireOut and Strobes is.
#pragma once

#include <tuple>
#include <utility>
#include <vector>

#include "hls/card/event_writer.hpp"
#include "hls/card/registers.hpp"
#include "hls/checksum/checksum_insert.hpp"
#include "hls/checksum/receive_parser.hpp"
#include "hls/mac/mac_rx.hpp"
#include "hls/mac/mac_tx.hpp"
#include "hls/mac/packet_buffer.hpp"
#include "hls/segment/assembler.hpp"
#include "hls/segment/command_parser.hpp"
#include "hls/segment/priority_lane.hpp"
#include "hls/segment/segmenter.hpp"
#include "hls/segment/send_buffer.hpp"
#include "tests/hls/vitis/kernel_steps.hpp"
#include "tests/hls/vitis/random_fields.hpp"

namespace sockwire {

template <int kBytes>
using CommandParserPorts =
    std::tuple<In<Beat<kBytes>>, WireIn<ap_uint<queue_entries(kBytes)>>, WireIn<ap_uint<16>>, Out<SlotCommand<kBytes>>,
               Out<TemplateWrite<kBytes>>, Out<PayloadWrite<kBytes>>, Out<LaneFrame>, Out<LaneBeat<kBytes>>,
               Out<RegisterRequest>, Out<HelloRequest>, WireOut<ap_uint<8>>, WireOut<ap_uint<16>>,
               Strobes<kCommandCounters>, WireOut<bool>>;
template <int kBytes>
using SendBufferPorts = std::tuple<In<PayloadWrite<kBytes>>, In<PayloadRead<kBytes>>, Out<ap_uint<8 * kBytes>>>;
template <int kBytes>
using SegmenterPorts =
    std::tuple<In<SlotCommand<kBytes>>, WireIn<ap_uint<64>>, WireIn<SoftRequest>, Out<SegmentPlan<kBytes>>,
               WireOut<SoftState>, WireOut<bool>, WireOut<Deadline>, Strobes<kSegmenterCounters>>;
template <int kBytes>
using AssemblerPorts =
    std::tuple<In<TemplateWrite<kBytes>>, In<SegmentPlan<kBytes>>, WireIn<SoftState>, In<ap_uint<8 * kBytes>>,
               WireIn<ap_uint<64>>, Out<PayloadRead<kBytes>>, Out<Beat<kBytes>>, Out<TxFrame>, Out<Departure>,
               WireOut<SoftRequest>, WireOut<ap_uint<queue_entries(kBytes)>>, WireOut<bool>>;
template <int kBytes>
using PriorityLanePorts =
    std::tuple<In<LaneFrame>, In<LaneBeat<kBytes>>, In<Beat<kBytes>>, In<TxFrame>, Out<Beat<kBytes>>, Out<ChecksumPlan>,
               Out<FrameInfo>, WireOut<ap_uint<16>>, WireOut<bool>>;
template <int kBytes>
using ChecksumInsertPorts = std::tuple<In<Beat<kBytes>>, In<ChecksumPlan>, Out<Beat<kBytes>>, WireOut<bool>>;
template <int kBytes>
using MacTxPorts = std::tuple<In<Beat<kBytes>>, In<FrameInfo>, In<PauseRequest>, WireIn<ap_uint<64>>, WireIn<bool>,
                              WireOut<Line<kBytes>>, Out<Departure>, Strobes<kMacTxCounters>, WireOut<bool>>;
template <int kBytes>
using MacRxPorts = std::tuple<WireIn<Line<kBytes>>, WireIn<bool>, WireIn<MacConfig>, Out<RxBeat<kBytes>>,
                              Out<PauseRequest>, Strobes<kMacRxCounters>, WireOut<bool>>;
template <int kBytes>
using ReceiveParserPorts = std::tuple<In<RxBeat<kBytes>>, WireIn<ap_uint<64>>, Out<RxBeat<kBytes>>, Out<RxDescriptor>>;
template <int kBytes>
using PacketBufferPorts = std::tuple<In<RxBeat<kBytes>>, In<RxDescriptor>, Out<Beat<kBytes>>, Out<RxDescriptor>,
                                     Strobes<kPacketBufferCounters>, WireOut<bool>>;
using RegistersPorts = std::tuple<In<RegisterRequest>, WireIn<ap_uint<8>>, WireIn<ap_uint<card::kCounterCount>>,
                                  Out<RegisterReply>, WireOut<MacConfig>, WireOut<bool>>;
template <int kBytes>
using EventWriterPorts = std::tuple<In<Beat<kBytes>>, In<RxDescriptor>, In<Departure>, In<Departure>, In<HelloRequest>,
                                    In<RegisterReply>, WireIn<ap_uint<32>>, WireIn<ap_uint<16>>, WireIn<ap_uint<16>>,
                                    WireIn<ap_uint<64>>, Out<Beat<kBytes>>, WireOut<bool>>;

/// `count` cycles of the ports and what they belong to: step(index, arguments...) is a step, and says if it fired.
template <typename Ports, typename StepFunction>
std::vector<steps::Step> run_steps(std::uint32_t seed, int count, StepFunction step) {
  Ports ports;
  RandomFields random(seed);
  std::vector<steps::Step> out;
  for (int i = 0; i < count; ++i) {
    Digest digest;
    std::apply([&](auto&... port) { (port.before(random), ...); }, ports);
    const bool fired = std::apply([&](auto&... port) { return step(i, port.argument()...); }, ports);
    std::apply([&](auto&... port) { (port.after(fired, digest), ...); }, ports);
    out.push_back({fired, digest.value()});
  }
  return out;
}

}  // namespace sockwire
