// SPDX-License-Identifier: Apache-2.0
// Random values for what kernels exchange, and digests of them: the same for either type of integers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "hls/mac/mac_tx.hpp"
#include "hls/segment/command_checks.hpp"
#include "hls/segment/header_stamp.hpp"
#include "hls/segment/tx_types.hpp"
#include "hls/top/ports.hpp"

namespace sockwire {

// visit(field...) for every field of a struct.
template <typename Visitor, int kBytes>
void each_field(Visitor& visit, Ring<kBytes>& x) {
  visit(x.base, x.mask);
}
template <typename Visitor, int kBytes>
void each_field(Visitor& visit, Beat<kBytes>& x) {
  visit(x.data, x.keep, x.last);
}
template <typename Visitor, int kBytes>
void each_field(Visitor& visit, RxBeat<kBytes>& x) {
  visit(x.data, x.keep, x.last, x.bad);
}
template <typename Visitor, int kBytes>
void each_field(Visitor& visit, LaneBeat<kBytes>& x) {
  visit(x.data, x.keep, x.last, x.bad);
}
template <typename Visitor, int kBytes>
void each_field(Visitor& visit, TemplateWrite<kBytes>& x) {
  visit(x.row, x.data);
}
template <typename Visitor, int kBytes>
void each_field(Visitor& visit, PayloadWrite<kBytes>& x) {
  visit(x.ring, x.offset, x.data, x.keep);
}
template <typename Visitor>
void each_field(Visitor& visit, Line<1>& x) {
  visit(x.data, x.valid, x.error, x.dribble);
}
template <typename Visitor>
void each_field(Visitor& visit, Line<8>& x) {
  visit(x.data, x.control);
}
template <typename Visitor, int kBytes>
void each_field(Visitor& visit, SlotCommand<kBytes>& x) {
  visit(x.op, x.entry, x.flags, x.tag, x.seq, x.arg);
}
template <typename Visitor>
void each_field(Visitor& visit, LaneFrame& x) {
  visit(x.reset, x.flags, x.tag, x.l3_word, x.l4_word, x.checksum_word, x.pseudo_sum);
}
template <typename Visitor, int kBytes>
void each_field(Visitor& visit, SegmentPlan<kBytes>& x) {
  visit(x.skip, x.final, x.report, x.entry, x.flags, x.tag, x.seq, x.index, x.bytes, x.segments, x.ring);
}
template <typename Visitor>
void each_field(Visitor& visit, SoftState& x) {
  visit(x.rcv_nxt, x.window, x.tsecr);
}
template <typename Visitor>
void each_field(Visitor& visit, SoftRequest& x) {
  visit(x.hold, x.slot);
}
template <typename Visitor, int kBytes>
void each_field(Visitor& visit, PayloadRead<kBytes>& x) {
  visit(x.ring, x.offset, x.beats);
}
template <typename Visitor>
void each_field(Visitor& visit, Deadline& x) {
  visit(x.valid, x.time_ns);
}
template <typename Visitor>
void each_field(Visitor& visit, ChecksumPlan& x) {
  visit(x.insert_l3, x.insert_l4, x.udp_zero, x.l3_word, x.l4_word, x.checksum_word, x.pseudo_sum);
}
template <typename Visitor>
void each_field(Visitor& visit, FrameInfo& x) {
  visit(x.report, x.credit, x.tag, x.seq_end, x.segments, x.slot);
}
template <typename Visitor>
void each_field(Visitor& visit, TxFrame& x) {
  visit(x.info, x.checksum);
}
template <typename Visitor>
void each_field(Visitor& visit, Departure& x) {
  visit(x.time_ns, x.tag, x.seq_end, x.segments, x.slot);
}
template <typename Visitor>
void each_field(Visitor& visit, RxDescriptor& x) {
  visit(x.bytes, x.time_ns, x.status, x.l4_offset, x.payload_offset);
}
template <typename Visitor>
void each_field(Visitor& visit, RegisterRequest& x) {
  visit(x.write, x.address, x.tag, x.value);
}
template <typename Visitor>
void each_field(Visitor& visit, RegisterReply& x) {
  visit(x.address, x.tag, x.value);
}
template <typename Visitor>
void each_field(Visitor& visit, HelloRequest& x) {
  visit(x.epoch);
}
template <typename Visitor>
void each_field(Visitor& visit, PauseRequest& x) {
  visit(x.quanta);
}
template <typename Visitor>
void each_field(Visitor& visit, MacConfig& x) {
  visit(x.address, x.promiscuous, x.all_multicast, x.broadcast, x.pause);
}
template <typename Visitor>
void each_field(Visitor& visit, CommandHeader& x) {
  visit(x.type, x.epoch, x.body_bytes, x.slot, x.flags, x.tag, x.seq, x.arg);
}
template <typename Visitor>
void each_field(Visitor& visit, SendParameters& x) {
  visit(x.template_bytes, x.l3_offset, x.l4_offset, x.tsecr_offset);
}
template <typename Visitor>
void each_field(Visitor& visit, HeaderFields& x) {
  visit(x.template_bytes, x.l3_word, x.l4_word, x.tsecr_word, x.pseudo_sum, x.ip_id, x.first_flags, x.last_flags);
}
template <typename Visitor>
void each_field(Visitor& visit, SegmentStamp& x) {
  visit(x.ipv6, x.udp, x.soft, x.l3_length, x.ip_id, x.l4_length, x.seq, x.clear_flags);
}

/// Random values. Bytes are often zero or small, so that conditions hold now and then; all ones come up too.
class RandomFields {
 public:
  explicit RandomFields(std::uint32_t seed) : random_(seed) {}

  template <typename... Fields>
  void operator()(Fields&... fields) {
    (fill(fields), ...);
  }
  template <typename T>
  T value() {
    T out;
    fill(out);
    return out;
  }
  bool chance(unsigned eighths) { return random_() % 8 < eighths; }

 private:
  void new_message() {
    message_.clear();
    message_at_ = 0;
    const unsigned body = static_cast<unsigned>(random_() % 8 == 0 ? random_() % 120 : random_() % 3 * 40);
    const unsigned type = random_() % 4 == 0 ? static_cast<unsigned>(random_() % 12) : 2 + random_() % 3;
    const std::uint64_t low = type | (body << 16) | ((random_() % 9) << 32) | ((random_() % 16) << 40);
    const std::uint64_t high = bytes();
    for (unsigned i = 0; i < 8; ++i) message_.push_back(static_cast<unsigned>((low >> (8 * i)) & 0xFF));
    for (unsigned i = 0; i < 8; ++i) message_.push_back(static_cast<unsigned>((high >> (8 * i)) & 0xFF));
    if (random_() % 16 != 0) {
      for (unsigned i = 0; i < body; ++i) message_.push_back(static_cast<unsigned>(random_() % 256));
    }
  }

  std::uint64_t bytes() {
    if (random_() % 16 == 0) return ~0ULL;
    std::uint64_t out = 0;
    for (int i = 0; i < 8; ++i) {
      const unsigned dice = static_cast<unsigned>(random_() % 4);
      const unsigned byte = dice < 2 ? 0 : static_cast<unsigned>(random_() % (dice == 2 ? 16 : 256));
      out = (out << 8) | byte;
    }
    return out;
  }

  template <int kBits>
  void fill(ap_uint<kBits>& field) {
    field = ap_uint<kBits>(bytes());
  }
  /// Often what credits and queue entries are.
  void fill(ap_uint<16>& field) {
    const unsigned dice = static_cast<unsigned>(random_() % 8);
    if (dice < 6) field = dice < 4 ? 0u : static_cast<unsigned>((random_() % 4 << 8) | random_() % 4);
    if (dice >= 6) field = ap_uint<16>(bytes());
  }
  void fill(bool& field) { field = random_() % 2 == 0; }
  /// Beats make commands, which do as frames too: a header with a body of the length that it says, as a rule.
  template <int kBytes>
  void fill(Beat<kBytes>& beat) {
    if (message_at_ == message_.size()) new_message();
    beat = Beat<kBytes>();
    for (int i = 0; i < kBytes && message_at_ < message_.size(); ++i) {
      beat.data.range(8 * i + 7, 8 * i) = message_[message_at_++];
      beat.keep[i] = 1;
    }
    beat.last = message_at_ == message_.size();
  }
  /// Lines bring preambles and long frames.
  void fill(Line<1>& line) {
    const unsigned dice = static_cast<unsigned>(random_() % 8);
    line.data = dice < 2 ? 0x55 : dice == 2 ? 0xD5 : static_cast<unsigned>(random_() % 256);
    line.valid = random_() % 64 != 0;
    line.error = random_() % 256 == 0;
    line.dribble = random_() % 4 == 0;
  }
  void fill(Line<8>& line) {
    const unsigned dice = static_cast<unsigned>(random_() % 16);
    line.data = ap_uint<64>(bytes());
    line.control = 0;
    if (dice == 0) line.control = static_cast<unsigned>(random_() % 256);
    if (dice == 1 || dice == 2) {
      line.data = ap_uint<64>(xgmii::kPreambleBeat);
      line.control = 1;
    }
    if (dice == 3) {
      const unsigned end = static_cast<unsigned>(random_() % 8);
      line.data.range(8 * end + 7, 8 * end) = xgmii::kTerminate;
      line.control = (0xFFu << end) & 0xFF;
    }
  }
  void fill(SlotOp& field) { field = static_cast<SlotOp>(random_() % 7); }
  template <typename Struct>
  void fill(Struct& fields) {
    each_field(*this, fields);
  }

  std::mt19937_64 random_;
  std::vector<unsigned> message_;
  std::size_t message_at_ = 0;
};

/// A number that tells one sequence of values from another (FNV-1a over words).
class Digest {
 public:
  template <typename... Fields>
  void operator()(Fields&... fields) {
    (add(fields), ...);
  }
  template <typename T>
  void of(T value) {
    add(value);
  }
  std::uint64_t value() const { return value_; }

 private:
  void word(std::uint64_t bits) { value_ = (value_ ^ bits) * 0x100000001B3ULL; }

  template <int kBits>
  void add(ap_uint<kBits>& field) {
    word(static_cast<std::uint64_t>(field));
  }
  void add(bool& field) { word(field ? 1 : 0); }
  void add(SlotOp& field) { word(static_cast<std::uint64_t>(field)); }
  template <typename Struct>
  void add(Struct& fields) {
    each_field(*this, fields);
  }

  std::uint64_t value_ = 0xCBF29CE484222325ULL;
};

}  // namespace sockwire
