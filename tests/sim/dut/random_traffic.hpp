// SPDX-License-Identifier: Apache-2.0
// Random messages from the host and random frames from the wire, valid and not, for the lockstep test.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <random>

#include "tests/sim/dut/line_frames.hpp"
#include "tests/sim/dut/messages.hpp"

namespace sockwire::sim {

/// A host that mostly means well: slots with rings, WRITEs before or after the SENDs that need them, RELEASEs; and now
/// and then something malformed, overrun, of another epoch or of no type at all.
class RandomHost {
 public:
  RandomHost(std::uint32_t seed, int send_buffer_bytes) : random_(seed), send_buffer_bytes_(send_buffer_bytes) {}

  Message next() {
    if (count_++ == 0) return hello();
    const unsigned dice = pick(1000);
    if (dice < 4) return hello();
    if (dice < 40) return open(pick(card::kSlots));
    Message message = well_formed(pick(100));
    if (pick(25) == 0) spoil(message);
    return message;
  }

 private:
  struct Slot {
    bool open = false;
    unsigned ring_log2 = 0;
    std::uint32_t written = 0;
    std::uint32_t sent = 0;
    std::uint32_t released = 0;
  };

  unsigned pick(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

  CommandHeader header(card::Command type, unsigned slot = 0) {
    CommandHeader out;
    out.type = type;
    out.epoch = epoch_;
    out.slot = slot;
    out.tag = pick(65536);
    return out;
  }

  Message hello() {
    epoch_ = (epoch_ + 1 + pick(3)) % 256;
    slots_ = {};
    CommandHeader out = header(card::Command::kHello);
    out.arg = card::layout_hash();
    return command(out);
  }

  Message open(unsigned slot) {
    Slot& state = slots_[slot];
    state.open = true;
    const auto largest = static_cast<unsigned>(std::bit_width(static_cast<unsigned>(send_buffer_bytes_)) - 1);
    state.ring_log2 = card::kRingLog2Min + pick(largest - card::kRingLog2Min + 1);
    const unsigned places = static_cast<unsigned>(send_buffer_bytes_) >> state.ring_log2;
    state.written = state.sent = state.released = static_cast<std::uint32_t>(random_());
    CommandHeader out = header(card::Command::kSlot, slot);
    out.arg = pick(places) << state.ring_log2;
    out.tag = state.ring_log2;
    out.seq = state.written;
    return command(out);
  }

  Message well_formed(unsigned dice) {
    const unsigned slot = pick(card::kSlots);
    if (dice < 30) return write(slot);
    if (dice < 55) return send(slot);
    if (dice < 70) return frame();
    if (dice < 80) return release(slot);
    if (dice < 88) return update(slot);
    if (dice < 94) return set_register();
    CommandHeader out = header(card::Command::kReadRegister);
    out.seq = pick(4) == 0 ? pick(4) : static_cast<unsigned>(card::Register::kCounterBase) + pick(26);
    return command(out);
  }

  Message write(unsigned slot) {
    Slot& state = slots_[slot];
    if (!state.open) return open(slot);
    CommandHeader out = header(card::Command::kWrite, slot);
    const unsigned bytes = 1 + pick(pick(4) == 0 ? 3000 : 700);
    out.seq = state.written;
    if (pick(8) == 0) {
      out.flags = static_cast<unsigned>(card::WriteFlag::kRewrite);
      out.seq -= pick(2000);
    } else {
      state.written += bytes;
    }
    return command(out, random_bytes(bytes));
  }

  Message send(unsigned slot) {
    Slot& state = slots_[slot];
    if (!state.open) return open(slot);
    CommandHeader out = header(card::Command::kSend, slot);
    const bool udp = pick(10) == 0;
    const unsigned mss = pick(6) == 0 ? 1 + pick(100) : 300 + pick(1100);
    std::uint32_t bytes = pick(10) == 0 ? 0 : 1 + pick(udp ? mss : 4000);
    if (pick(3) != 0) bytes = std::min(bytes, state.written - state.sent);
    out.seq = pick(6) == 0 ? state.released : state.sent;
    out.arg = bytes | (mss << 16);
    out.flags = pick(16);
    if (udp) out.flags |= static_cast<unsigned>(card::SendFlag::kUdp);
    if (!udp) out.flags &= ~static_cast<unsigned>(card::SendFlag::kUdp);
    SendParameters parameters;
    parameters.pseudo_sum = pick(65536);
    parameters.ip_id = pick(65536);
    parameters.first_flags = pick(4) == 0 ? 0x80 : 0;
    parameters.last_flags = pick(2) == 0 ? 0x09 : 0;
    parameters.pacing_gap_ns = pick(6) == 0 ? pick(20000) : 0;
    Message header_template = tcp_template(0x90 | pick(2), 4 * pick(11));
    if (pick(2) == 0 && header_template.size() >= 54 + 12) parameters.tsecr_offset = 54 + 6;
    if ((out.flags & static_cast<unsigned>(card::SendFlag::kIpv6)) != 0) {
      header_template.insert(header_template.begin() + 14, 20, 0x60);
      parameters.l4_offset += 20;
      parameters.tsecr_offset += parameters.tsecr_offset != 0 ? 20 : 0;
    }
    if (pick(5) == 0) {  // a VLAN tag
      header_template.insert(header_template.begin() + 12, {0x81, 0x00, 0x00, 0x05});
      parameters.l3_offset += 4;
      parameters.l4_offset += 4;
      parameters.tsecr_offset += parameters.tsecr_offset != 0 ? 4 : 0;
    }
    state.sent = out.seq + bytes;
    return command(out, send_body(parameters, header_template));
  }

  Message frame() {
    CommandHeader out = header(card::Command::kFrame);
    const bool ack = pick(2) == 0;
    out.flags = pick(32) & ~static_cast<unsigned>(card::FrameFlag::kAck);
    if (ack) out.flags |= static_cast<unsigned>(card::FrameFlag::kAck);
    out.seq = 14 | (34 << 8) | (50u << 16);
    out.arg = pick(65536);
    const unsigned bytes = ack ? 54 + pick(70) : 14 + pick(pick(4) == 0 ? 1500 : 200);
    Message body = random_bytes(bytes);
    if (body.size() > 14) body[14] = static_cast<std::uint8_t>(0x45 + pick(3));
    return command(out, body);
  }

  Message release(unsigned slot) {
    Slot& state = slots_[slot];
    if (!state.open) return open(slot);
    CommandHeader out = header(card::Command::kRelease, slot);
    state.released += pick(1 + std::min<std::uint32_t>(4000, state.sent - state.released));
    out.seq = state.released;
    return command(out);
  }

  Message update(unsigned slot) {
    CommandHeader out = header(card::Command::kUpdate, slot);
    out.seq = static_cast<std::uint32_t>(random_());
    out.arg = static_cast<std::uint32_t>(random_());
    return command(out);
  }

  // The address stays 02:00:00:00:00:01 mostly, so that frames for it come through.
  Message set_register() {
    CommandHeader out = header(card::Command::kWriteRegister);
    out.seq = pick(5);
    switch (out.seq) {
      case 0:
        out.arg = 0x00000002;
        break;
      case 1:
        out.arg = 0x0100;
        break;
      case 2:
        out.arg = pick(8);
        break;
      default:
        out.arg = pick(4) != 0;
        break;
    }
    return command(out);
  }

  void spoil(Message& message) {
    switch (pick(6)) {
      case 0:  // any byte of the header or what follows it
        message[pick(std::min<unsigned>(40, static_cast<unsigned>(message.size())))] ^=
            static_cast<std::uint8_t>(1 + pick(255));
        break;
      case 1:  // shorter than it says
        message.resize(1 + pick(static_cast<unsigned>(message.size())));
        break;
      case 2: {  // longer than it says
        const Message more = random_bytes(1 + pick(64));
        message.insert(message.end(), more.begin(), more.end());
        break;
      }
      case 3:
        message[card::command::kEpoch] ^= 0x55;
        break;
      case 4:
        message[card::command::kType] = static_cast<std::uint8_t>(random_());
        break;
      default:
        message[card::command::kSlot] = static_cast<std::uint8_t>(random_());
        break;
    }
  }

  Message random_bytes(unsigned count) {
    Message bytes(count);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random_());
    return bytes;
  }

  std::mt19937 random_;
  int send_buffer_bytes_;
  unsigned epoch_ = 0;
  std::uint64_t count_ = 0;
  std::array<Slot, card::kSlots> slots_{};
};

/// Frames for 02:00:00:00:00:01 and others: TCP, UDP, fragments, VLAN, PAUSE, noise; whole and broken.
template <int kBytes>
class RandomPeer {
 public:
  explicit RandomPeer(std::uint32_t seed) : random_(seed) {}

  Line<kBytes> next() {
    if (writer_.empty()) add();
    return writer_.next();
  }

 private:
  unsigned pick(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

  void add() {
    Bytes frame = packet();
    const unsigned fault = pick(30);
    if (fault == 0) frame.resize(1 + pick(std::min<unsigned>(80, static_cast<unsigned>(frame.size()))));
    if (fault == 1) frame.resize(1500 + pick(100));
    frame = with_fcs(frame);
    if (fault == 2) frame[pick(static_cast<unsigned>(frame.size()))] ^= static_cast<std::uint8_t>(1 << pick(8));
    const int error_at = fault == 3 ? static_cast<int>(pick(static_cast<unsigned>(frame.size()))) : -1;
    const bool dribble = fault == 4 || (fault == 2 && pick(2) == 0);
    const unsigned gap = pick(4) == 0 ? 5 + pick(12) : 12 + pick(pick(6) == 0 ? 3000 : 60);
    writer_.add(frame, static_cast<int>(gap), error_at, dribble);
  }

  Bytes packet() {
    const unsigned kind = pick(20);
    const unsigned payload = pick(4) == 0 ? pick(1460) : pick(60);
    Bytes frame = {0x02, 0, 0, 0, 0, 1, 0x02, 0, 0, 0, 0, 2};
    if (kind == 0) frame[5] = 9;  // for another
    if (kind == 1) frame.assign(12, 0xFF);
    if (kind == 2) frame[0] = 0x01;  // group
    if (kind == 3) return pause();
    if (pick(6) == 0) frame.insert(frame.end(), {0x81, 0x00, 0x00, static_cast<std::uint8_t>(pick(256))});
    if (kind == 4) return noise(frame, 46 + payload);
    return ip(frame, kind, payload);
  }

  Bytes noise(Bytes frame, unsigned count) {
    for (unsigned i = 0; i < count && frame.size() < 1518; ++i) frame.push_back(static_cast<std::uint8_t>(random_()));
    return frame;
  }

  // IEEE 802.3 annex 31B.
  Bytes pause() {
    Bytes frame = {0x01, 0x80, 0xC2, 0, 0, 0x01, 0x02, 0, 0, 0, 0, 2, 0x88, 0x08, 0x00, 0x01};
    frame.push_back(0);
    frame.push_back(static_cast<std::uint8_t>(pick(8)));
    frame.resize(60);
    return frame;
  }

  Bytes ip(Bytes frame, unsigned kind, unsigned payload) {
    const bool udp = kind >= 14;
    const unsigned options = pick(8) == 0 ? pick(10) : 0;
    const unsigned header = 20 + 4 * options;
    const unsigned transport = udp ? 8 : 20;
    payload = std::min(payload, 1500 - header - transport);
    const std::size_t l3 = frame.size() + 2;
    const std::size_t l4 = l3 + header;
    const unsigned total = header + transport + payload;
    frame.insert(frame.end(), {0x08,
                               0x00,
                               static_cast<std::uint8_t>(0x45 + options),
                               0,
                               static_cast<std::uint8_t>(total >> 8),
                               static_cast<std::uint8_t>(total),
                               0,
                               1,
                               0,
                               0,
                               64,
                               static_cast<std::uint8_t>(udp ? 17 : 6),
                               0,
                               0,
                               10,
                               0,
                               0,
                               2,
                               10,
                               0,
                               0,
                               1});
    frame.insert(frame.end(), 4 * options, 1);
    for (unsigned i = 0; i < transport + payload; ++i) frame.push_back(static_cast<std::uint8_t>(random_()));
    if (!udp) frame[l4 + 12] = static_cast<std::uint8_t>(0x50 + (pick(6) == 0 ? pick(11) << 4 : 0));
    if (udp) set16(frame, l4 + 4, transport + payload);
    if (kind == 5) frame[l3 + 6] = 0x20;                                    // a fragment
    if (kind == 6) frame[l3 + 9] = static_cast<std::uint8_t>(random_());    // any protocol
    if (kind == 7) set16(frame, l3 + 2, pick(1600));                        // any length
    if (kind == 8) frame[l3] = static_cast<std::uint8_t>(0x40 + pick(16));  // any header length
    set16(frame, l3 + 10, ~ones_sum(frame, l3, l4));
    const std::size_t sum_at = l4 + (udp ? 6 : 16);
    set16(frame, sum_at, 0);
    const std::uint32_t pseudo = ones_sum(frame, l3 + 12, l3 + 20, frame[l3 + 9] + transport + payload);
    set16(frame, sum_at, ~ones_sum(frame, l4, frame.size(), pseudo));
    if (kind == 14) set16(frame, sum_at, 0);  // UDP without a checksum
    if (kind == 9) frame[l3 + 1 + pick(19)] ^= 0x10;
    if (kind == 10) frame[l4 + pick(transport + payload)] ^= 0x10;
    if (pick(10) == 0) frame.resize(frame.size() + pick(20));  // a trailer
    if (frame.size() < 60) frame.resize(60);
    return frame;
  }

  static void set16(Bytes& frame, std::size_t at, std::uint32_t value) {
    frame[at] = static_cast<std::uint8_t>(value >> 8);
    frame[at + 1] = static_cast<std::uint8_t>(value);
  }

  std::mt19937 random_;
  LineWriter<kBytes> writer_;
};

}  // namespace sockwire::sim
