// SPDX-License-Identifier: Apache-2.0
// What the transmit kernels say to one another, from the command parser to the checksum insertion.
//
//   command --> command_parser --SlotCommand----> segmenter --SegmentPlan--> assembler --Beat, TxFrame--> priority_lane
//                  |  |  |                                                    |     ^                      ^      |
//                  |  |  +--TemplateWrite-------------------------------------|---->+ payload              |      v
//                  |  +-----PayloadWrite--> send_buffer <-----PayloadRead-----+     |          checksum_insert --> mac
//                  |                             +----------------------------------+                      |
//                  +--------LaneFrame, LaneBeat------------------------------------------------------------+
#pragma once

#include <cstdint>

#include "hls/base/ap_uint.hpp"
#include "hls/base/beat.hpp"
#include "hls/card/layout.hpp"
#include "hls/top/ports.hpp"

namespace sockwire {

/// The queue entry of a SEND: slot in the upper three bits, place in the slot's queue below them.
constexpr int place_bits(int bytes_per_beat) { return card::slot_queue_log2(bytes_per_beat); }
constexpr int entry_bits(int bytes_per_beat) { return 3 + place_bits(bytes_per_beat); }
constexpr unsigned queue_places(int bytes_per_beat) { return 1u << place_bits(bytes_per_beat); }  ///< of a slot
constexpr int queue_entries(int bytes_per_beat) { return 1 << entry_bits(bytes_per_beat); }

constexpr int kTemplateEntryBytes = 256;  ///< of the template memory, for each queue entry: parameters and template
constexpr int template_row_bits(int bytes_per_beat) { return bytes_per_beat == 1 ? 8 : 5; }  ///< of those
constexpr int template_rows(int bytes_per_beat) {
  return queue_entries(bytes_per_beat) << template_row_bits(bytes_per_beat);
}

template <int kBytes>
inline ap_uint<3> slot_of(const ap_uint<entry_bits(kBytes)>& entry) {
  return entry >> place_bits(kBytes);
}

template <int kBytes>
inline ap_uint<place_bits(kBytes)> place_of(const ap_uint<entry_bits(kBytes)>& entry) {
  return entry;
}

/// A place of each slot's queue; bit i of the places is in bits[i], a bit per slot.
template <int kBytes>
struct Places {
  ap_uint<8> bits[place_bits(kBytes)] = {};
};

/// The entry at `slot`'s place.
template <int kBytes>
inline ap_uint<entry_bits(kBytes)> entry_at(const Places<kBytes>& places, const ap_uint<3>& slot) {
  ap_uint<entry_bits(kBytes)> entry = ap_uint<entry_bits(kBytes)>(slot) << place_bits(kBytes);
  for (int i = 0; i < place_bits(kBytes); ++i) entry[i] = ((places.bits[i] >> slot) & 1) != 0 ? 1 : 0;
  return entry;
}

/// The slots in `moved` go on to their next places.
template <int kBytes>
inline void move_on(Places<kBytes>& places, const ap_uint<8>& moved) {
  ap_uint<8> carry = moved;
  for (int i = 0; i < place_bits(kBytes); ++i) {
    const ap_uint<8> before = places.bits[i];
    places.bits[i] = before ^ carry;
    carry = carry & before;
  }
}

/// A place in the send buffer, or in the sequence space modulo its size.
constexpr int offset_bits(int bytes_per_beat) { return card::ring_log2_max(bytes_per_beat); }
template <int kBytes>
using Offset = ap_uint<offset_bits(kBytes)>;
/// Likewise, in units of 2^kRingLog2Min bytes.
constexpr int unit_bits(int bytes_per_beat) { return offset_bits(bytes_per_beat) - card::kRingLog2Min; }

/// A slot's ring in the send buffer, in units of 2^kRingLog2Min bytes, to which rings are aligned. Byte s of the
/// sequence space lies at base + (s mod size): see ring_address().
template <int kBytes>
struct Ring {
  ap_uint<unit_bits(kBytes)> base = 0;
  ap_uint<unit_bits(kBytes)> mask = 0;  ///< (size - 1) / 2^kRingLog2Min
};

template <int kBytes>
inline Offset<kBytes> ring_address(const Ring<kBytes>& ring, const Offset<kBytes>& offset) {
  using Units = ap_uint<unit_bits(kBytes)>;
  const Units high = Units(ring.base + (offset.range(offset_bits(kBytes) - 1, card::kRingLog2Min) & ring.mask));
  return Offset<kBytes>((Offset<kBytes>(high) << card::kRingLog2Min) | offset.range(card::kRingLog2Min - 1, 0));
}

/// The ring that SLOT describes: `tag` is the log2 of its bytes, `arg` its base. Precondition: the RingFacts are valid.
template <int kBytes>
inline Ring<kBytes> ring_of(const ap_uint<16>& tag, const ap_uint<32>& arg) {
  Ring<kBytes> ring;
  ring.base = arg.range(offset_bits(kBytes) - 1, card::kRingLog2Min);
  const ap_uint<5> log2 = tag;
  ap_uint<unit_bits(kBytes)> mask = 0;
  for (int bit = 0; bit < unit_bits(kBytes); ++bit) {
    if (log2 > static_cast<unsigned>(card::kRingLog2Min + bit)) mask[bit] = 1;
  }
  ring.mask = mask;
  return ring;
}

// ---- from the command parser
// ------------------------------------------------------------------------------------------

enum class SlotOp : std::uint8_t {
  kReset = 0,    ///< HELLO: every queued SEND is dropped, without a report
  kOpen = 1,     ///< SLOT: seq, arg, tag as in the command; the slot's queued SENDs are dropped
  kUpdate = 2,   ///< UPDATE: seq is rcv_nxt, tag the window, arg tsecr
  kRelease = 3,  ///< RELEASE: seq
  kWritten = 4,  ///< the slot's stream is in the send buffer up to seq
  kSend = 5,     ///< a SEND's header: seq, arg, tag, flags into the queue entry `entry`, not yet valid
  kCommit = 6,   ///< the SEND in `entry` is well formed, its template stored; seq, arg: bytes 8 to 15 of its parameters
};

/// In the order of the commands. kUpdate can overtake queued SENDs of its own slot only, which is its purpose.
template <int kBytes>
struct SlotCommand {
  SlotOp op = SlotOp::kReset;
  ap_uint<entry_bits(kBytes)> entry = 0;  ///< of other operations than SENDs': the slot is what counts
  ap_uint<4> flags = 0;                   ///< card::SendFlag bits
  ap_uint<16> tag = 0;
  ap_uint<32> seq = 0;
  ap_uint<32> arg = 0;
};

/// A beat of a SEND's body: 16 bytes of parameters, then the template. Rows are beats; an entry has 256 bytes.
template <int kBytes>
struct TemplateWrite {
  ap_uint<entry_bits(kBytes) + template_row_bits(kBytes)> row = 0;  ///< {entry, beat in the entry}
  ap_uint<8 * kBytes> data = 0;
};

/// Up to kBytes bytes of payload, from byte `offset` of `ring`.
template <int kBytes>
struct PayloadWrite {
  Ring<kBytes> ring;
  Offset<kBytes> offset = 0;
  ap_uint<8 * kBytes> data = 0;
  ap_uint<kBytes> keep = 0;
};

/// A FRAME's header, before its beats. `reset` (HELLO) has none: the lane is empty, its credits start from 0 again.
struct LaneFrame {
  bool reset = false;
  ap_uint<5> flags = 0;  ///< card::FrameFlag bits
  ap_uint<16> tag = 0;
  ap_uint<7> l3_word = 0;  ///< offsets in 16-bit words
  ap_uint<7> l4_word = 0;
  ap_uint<7> checksum_word = 0;
  ap_uint<16> pseudo_sum = 0;
};

/// Beats of a FRAME; `bad` on the last one drops it.
template <int kBytes>
struct LaneBeat {
  ap_uint<8 * kBytes> data = 0;
  ap_uint<kBytes> keep = 0;
  bool last = false;
  bool bad = false;
};

/// A beat in a packet memory: of `keep` only how many bytes the last beat has, so that 64 bits fit a 72-bit block RAM.
template <int kBytes>
struct PacketWord {
  ap_uint<8 * kBytes> data = 0;
  bool last = false;
  ap_uint<3> spare_lanes = 0;
};

template <>
struct PacketWord<1> {
  ap_uint<8> data = 0;
  bool last = false;
};

/// `keep` with the lowest `bytes` ones.
template <int kBytes>
inline ap_uint<kBytes> keep_of(const ap_uint<4>& bytes) {
  ap_uint<kBytes> keep = 0;
  for (int i = 0; i < kBytes; ++i) {
    if (static_cast<unsigned>(i) < bytes) keep[i] = 1;
  }
  return keep;
}

/// How many bytes a contiguous `keep` has.
template <int kBytes>
inline ap_uint<4> bytes_of(const ap_uint<kBytes>& keep) {
  ap_uint<4> bytes = 0;
  for (int i = 0; i < kBytes; ++i) {
    if (keep[i]) bytes = static_cast<unsigned>(i + 1);
  }
  return bytes;
}

inline PacketWord<1> pack_beat(const ap_uint<8>& data, const ap_uint<1>&, bool last) {
  PacketWord<1> word;
  word.data = data;
  word.last = last;
  return word;
}

inline PacketWord<8> pack_beat(const ap_uint<64>& data, const ap_uint<8>& keep, bool last) {
  PacketWord<8> word;
  word.data = data;
  word.last = last;
  word.spare_lanes = 8 - bytes_of<8>(keep);
  return word;
}

inline Beat<1> unpack_beat(const PacketWord<1>& word) {
  Beat<1> beat;
  beat.data = word.data;
  beat.keep = 1;
  beat.last = word.last;
  return beat;
}

inline Beat<8> unpack_beat(const PacketWord<8>& word) {
  Beat<8> beat;
  beat.data = word.data;
  beat.keep = keep_of<8>(8 - word.spare_lanes);
  beat.last = word.last;
  return beat;
}

// ---- between segmenter, assembler and send buffer
// -----------------------------------------------------------------------

/// One segment to be assembled, or (skip) a queue entry to be given free.
template <int kBytes>
struct SegmentPlan {
  bool skip = false;
  bool final = false;                     ///< of its SEND: keeps the last-only flags, gives the entry free
  bool report = false;                    ///< SENT follows
  ap_uint<entry_bits(kBytes)> entry = 0;  ///< template and slot
  ap_uint<4> flags = 0;                   ///< card::SendFlag bits
  ap_uint<16> tag = 0;
  ap_uint<32> seq = 0;
  ap_uint<16> index = 0;    ///< of the segment in its SEND: added to the IP id; 0 keeps the first-only flags
  ap_uint<11> bytes = 0;    ///< payload
  ap_uint<8> segments = 0;  ///< of its SEND that left, with this one
  Ring<kBytes> ring;
};

/// Soft state of a slot (UPDATE), stamped as a segment leaves.
struct SoftState {
  ap_uint<32> rcv_nxt = 0;
  ap_uint<16> window = 0;
  ap_uint<32> tsecr = 0;
};

/// Which slot's soft state the assembler wants to see. While `hold` is set it does not change under its hands.
struct SoftRequest {
  bool hold = false;
  ap_uint<3> slot = 0;
};

/// `beats` beats from byte `offset` of `ring` on, whatever its alignment.
template <int kBytes>
struct PayloadRead {
  Ring<kBytes> ring;
  Offset<kBytes> offset = 0;
  ap_uint<11> beats = 0;
};

/// When a paced segment becomes due, if nothing else happens.
struct Deadline {
  bool valid = false;
  ap_uint<64> time_ns = 0;
};

// ---- to the checksum insertion
// ------------------------------------------------------------------------------------------

/// Where the checksums of a frame are. Offsets in 16-bit words. One for each frame, no later than its first beat.
struct ChecksumPlan {
  bool insert_l3 = false;
  bool insert_l4 = false;
  bool udp_zero = false;  ///< a checksum of 0 is sent as 0xFFFF (RFC 768)
  ap_uint<7> l3_word = 0;
  ap_uint<7> l4_word = 0;
  ap_uint<7> checksum_word = 0;
  ap_uint<17> pseudo_sum = 0;  ///< with the length
};

/// Goes beside a frame from the assembler to the priority lane.
struct TxFrame {
  FrameInfo info;
  ChecksumPlan checksum;
};

}  // namespace sockwire
