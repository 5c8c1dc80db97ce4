// SPDX-License-Identifier: Apache-2.0
// event_writer with its streams, and a reader of the event stream written from the contract's table.
#pragma once

#include <cstdint>
#include <vector>

#include "hls/base/process.hpp"
#include "hls/card/event_writer.hpp"
#include "tests/hls/mac/mac_bench.hpp"

namespace sockwire::test {

struct Event {
  Bytes bytes;
  std::uint64_t first_cycle = 0;
  std::uint64_t last_cycle = 0;

  std::uint64_t field(int offset, int width) const {
    std::uint64_t value = 0;
    for (int i = 0; i < width; ++i) value |= std::uint64_t(bytes.at(static_cast<std::size_t>(offset + i))) << (8 * i);
    return value;
  }
  card::Event type() const { return static_cast<card::Event>(bytes.at(0)); }
  std::uint64_t time() const { return field(card::event::kTime, card::event::kTimeBytes); }
  std::uint64_t body(int offset, int width) const { return field(card::kHeaderBytes + offset, width); }
  Bytes body() const { return Bytes(bytes.begin() + card::kHeaderBytes, bytes.end()); }
};

template <int kBytes>
struct EventBench {
  Process<EventWriterState<kBytes>> process;
  stream<Beat<kBytes>> frame{2};
  stream<RxDescriptor> descriptor{2};
  stream<Departure> sent{2};
  stream<Departure> released{2};
  stream<HelloRequest> hello{2};
  stream<RegisterReply> reply{2};
  wire<ap_uint<32>> boot_id{ap_uint<32>(0xB007B007u)};
  wire<ap_uint<16>> payload_credit;
  wire<ap_uint<16>> lane_credit;
  wire<ap_uint<64>> now_ns;
  stream<Beat<kBytes>> events{2};
  wire<bool> busy;

  std::vector<Event> seen;
  Event current;
  std::uint64_t cycle = 0;

  /// The writer's own step; the caller ticks what else is attached.
  void step(bool ready = true) {
    now_ns.drive(cycle * 10);
    if (ready && !events.empty()) take(events.pop());
    process.step(event_writer<kBytes>, frame, descriptor, sent, released, hello, reply, boot_id, payload_credit,
                 lane_credit, now_ns, events, busy);
    ++cycle;
  }
  void tick_all() {
    tick(frame, descriptor, sent, released, hello, reply, boot_id, payload_credit, lane_credit, now_ns, events, busy);
  }
  void run(int cycles) {
    for (int i = 0; i < cycles; ++i) {
      step();
      tick_all();
    }
  }

 private:
  void take(const Beat<kBytes>& beat) {
    if (current.bytes.empty()) current.first_cycle = cycle;
    append(current.bytes, beat, kBytes);
    if (!beat.last) return;
    current.last_cycle = cycle;
    seen.push_back(current);
    current = Event{};
  }
};

}  // namespace sockwire::test
