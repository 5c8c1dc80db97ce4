// SPDX-License-Identifier: Apache-2.0
// The contract between host and card. Host, kernels, the SystemVerilog package (rtl/top/card_pkg.sv) and the
// documentation (hls/card/contract.md) take every offset, width and number from here; the latter two are generated.
//
// Two packet streams and nothing else: commands go to the card, events come back. Each message is a 16-byte header and
// `body_bytes` bytes of body. Fields are little-endian; what is copied into or out of a frame (templates, payload,
// frames) is in wire order. A message whose epoch is not the current one is dropped and counted, except HELLO.
//
//   host                                                        card
//    | HELLO epoch=7                                        ->   |  forgets slots, queues and credits
//    |   <- HELLO epoch=7, boot id, layout hash, sizes           |
//    | SLOT 0 ring=[0,16K)  UPDATE 0 rcv_nxt window tsecr   ->   |
//    | SEND 0 tag=1 [seq, seq+n) template  WRITE 0 seq data ->   |  cuts, stamps, sums, frames; starts before all is
//    written |   <- SENT tag=1 seq_end time                              |  the last bit has left |   <- RECEIVE frame
//    + metadata                             | | RELEASE 0 snd_una                                    ->   |  what is
//    queued below snd_una is not sent any more
//
// Rules. The send buffer is a cache: the host owns every unacknowledged byte, gives each slot a ring in it, may
// overwrite any released or evicted range, and writes it again to send it again. A byte with sequence number s lies at
// ring_base + (s mod ring size). Order is promised within a slot only.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sockwire {
namespace card {

/// A field of a message: bytes [offset, offset + bytes) of its header or body.
struct Field {
  const char* name;
  int offset;
  int bytes;
  const char* meaning;
};

/// A named number: a message type, flag bit, register address or counter index.
struct Name {
  const char* name;
  std::uint32_t value;
  const char* meaning;
};

// A list macro L(F) is expanded twice: to constants (kField = offset, kFieldBytes = width) and to the table that the
// generator and the checks below read.
#define SOCKWIRE_FIELD_CONSTANT(id, offset, bytes, meaning) \
  constexpr int id = offset;                                \
  constexpr int id##Bytes = bytes;
#define SOCKWIRE_FIELD_ROW(id, offset, bytes, meaning) {#id, offset, bytes, meaning},
#define SOCKWIRE_NAME_CONSTANT(id, value, meaning) id = value,
#define SOCKWIRE_NAME_ROW(id, value, meaning) {#id, value, meaning},

// ---- sizes ----------------------------------------------------------------------------------------------------------

constexpr int kHeaderBytes = 16;        ///< of every command and event
constexpr int kTemplateBytesMax = 128;  ///< Ethernet, VLAN, IPv6 and TCP with all its options fit
constexpr int kWriteBytesMax = 32768;   ///< payload of one WRITE
constexpr int kSendBytesMax = 65535;    ///< payload of one SEND
constexpr int kFrameBytesMax = 1518;    ///< without FCS: 14 + 4 (VLAN) + 1500
constexpr int kFrameBytesMin = 60;      ///< without FCS; shorter ones are padded, IEEE 802.3 clause 4.2.3.3
constexpr int kSlots = 8;
constexpr int kRingLog2Min = 10;
constexpr int kRingLog2Max = 18;   ///< of a card of width 8, see ring_log2_max()
constexpr int kControlFrames = 2;  ///< control frames that the priority lane holds
constexpr int kAckFrames = 16;     ///< ACK frames that the priority lane holds
constexpr int kAckFrameBytesMax = 128;
constexpr int kPayloadCreditUnitBytes = 64;

/// log2 of the largest ring for a width: one slot can have all of the send buffer.
constexpr int ring_log2_max(int bytes_per_beat) { return bytes_per_beat == 1 ? 15 : kRingLog2Max; }

/// Bytes of the send buffer for a width.
constexpr int send_buffer_bytes(int bytes_per_beat) { return 1 << ring_log2_max(bytes_per_beat); }

/// log2 of the SENDs that a slot holds. Those of 64 kB last 50 us each at 10 Gb/s: with four of them the line stays
/// full if the host looks at the card every 100 us. At 1 Gb/s one lasts longer than that.
constexpr int slot_queue_log2(int bytes_per_beat) { return bytes_per_beat == 1 ? 1 : 2; }

/// SENDs that a slot holds.
constexpr int slot_queue_depth(int bytes_per_beat) { return 1 << slot_queue_log2(bytes_per_beat); }

/// WRITE payload that may be under way to the card. A serial link gets little, because an ACK waits behind all of it; a
/// ring in memory gets what the host can hand over at once: what it may not, costs it another turn.
constexpr int payload_window_bytes(int bytes_per_beat) { return bytes_per_beat == 1 ? 16384 : 262144; }

// ---- commands: host to card -----------------------------------------------------------------------------------------

#define SOCKWIRE_COMMANDS(F)                                                                                           \
  F(kHello, 0x01, "start epoch `epoch`; `arg` is the host's layout hash; answered by HELLO")                           \
  F(kWrite, 0x02, "store the body at sequence number `seq` of `slot`'s ring")                                          \
  F(kSend, 0x03, "queue `arg`[15:0] bytes from `seq` to be cut by `arg`[31:16] (the MSS); body: parameters, template") \
  F(kFrame, 0x04, "send the body, a frame without FCS, in the priority lane, after checksum insertion")                \
  F(kUpdate, 0x05, "soft state of `slot`: `seq` is rcv_nxt, `tag` the window field, `arg` tsecr")                      \
  F(kSlot, 0x06, "open `slot`: `arg` is the ring's base, `tag` the log2 of its bytes, `seq` where writing starts")     \
  F(kRelease, 0x07, "what ends at or before `seq` in `slot` needs no sending any more")                                \
  F(kReadRegister, 0x08, "`seq` is the register's address; answered by REGISTER with `tag`")                           \
  F(kWriteRegister, 0x09, "`seq` is the register's address, `arg` the value")
enum class Command : std::uint8_t { SOCKWIRE_COMMANDS(SOCKWIRE_NAME_CONSTANT) };
constexpr Name kCommands[] = {SOCKWIRE_COMMANDS(SOCKWIRE_NAME_ROW)};

#define SOCKWIRE_COMMAND_HEADER(F)                                                  \
  F(kType, 0, 1, "a Command")                                                       \
  F(kEpoch, 1, 1, "messages of other epochs are dropped and counted")               \
  F(kBodyBytes, 2, 2, "bytes that follow the header")                               \
  F(kSlot, 4, 1, "0 to kSlots-1")                                                   \
  F(kFlags, 5, 1, "SendFlag, FrameFlag or WriteFlag bits")                          \
  F(kTag, 6, 2, "comes back in the event that this command causes; UPDATE: window") \
  F(kSeq, 8, 4, "first sequence number")                                            \
  F(kArg, 12, 4, "by command")
namespace command {
SOCKWIRE_COMMAND_HEADER(SOCKWIRE_FIELD_CONSTANT)
constexpr Field kFields[] = {SOCKWIRE_COMMAND_HEADER(SOCKWIRE_FIELD_ROW)};
}  // namespace command

// SEND's body: 16 bytes of parameters, then the header template of `template_bytes` bytes.
#define SOCKWIRE_SEND_BODY(F)                                                                                     \
  F(kTemplateBytes, 0, 1, "14 to kTemplateBytesMax: everything before the payload")                               \
  F(kL3Offset, 1, 1, "even; of the IP header in the template")                                                    \
  F(kL4Offset, 2, 1, "even; of the TCP or UDP header")                                                            \
  F(kTsecrOffset, 3, 1, "even; where the timestamp echo is stamped (RFC 7323), 0 for nowhere")                    \
  F(kPseudoSum, 4, 2, "one's-complement sum of the pseudo header without its length (RFC 9293 3.1), as a number") \
  F(kIpId, 6, 2, "IPv4 identification of the first segment; one more for each that follows")                      \
  F(kFirstFlags, 8, 1, "TCP flags that only the first segment keeps (CWR, RFC 3168 6.1.2)")                       \
  F(kLastFlags, 9, 1, "TCP flags that only the last segment keeps (PSH, FIN)")                                    \
  F(kReserved, 10, 2, "zero")                                                                                     \
  F(kPacingGapNs, 12, 4, "least time from the start of a segment to the start of the slot's next, in ns")
namespace send {
SOCKWIRE_SEND_BODY(SOCKWIRE_FIELD_CONSTANT)
constexpr int kBytes = 16;
constexpr Field kFields[] = {SOCKWIRE_SEND_BODY(SOCKWIRE_FIELD_ROW)};
}  // namespace send

#define SOCKWIRE_SEND_FLAGS(F)                                                                 \
  F(kIpv6, 0x01, "the template's network header is IPv6, else IPv4")                           \
  F(kUdp, 0x02, "the transport header is UDP, else TCP; a UDP SEND is one segment")            \
  F(kStamp, 0x04, "stamp the slot's rcv_nxt, window and tsecr into each segment as it leaves") \
  F(kReport, 0x08, "answer with SENT when the last bit of the last segment has left")
enum class SendFlag : std::uint8_t { SOCKWIRE_SEND_FLAGS(SOCKWIRE_NAME_CONSTANT) };
constexpr Name kSendFlags[] = {SOCKWIRE_SEND_FLAGS(SOCKWIRE_NAME_ROW)};

// FRAME's view of the header from byte 8: offsets in the frame that follows.
#define SOCKWIRE_FRAME_HEADER(F)                                                          \
  F(kL3Offset, 8, 1, "even; of the IPv4 header, whose checksum is inserted on kInsertL3") \
  F(kL4Offset, 9, 1, "even; where the L4 sum starts, on kInsertL4")                       \
  F(kChecksumOffset, 10, 1, "even; of the L4 checksum field in the frame")                \
  F(kReserved, 11, 1, "zero")                                                             \
  F(kPseudoSum, 12, 2, "one's-complement sum of the whole pseudo header (with length)")   \
  F(kReserved2, 14, 2, "zero")
namespace frame {
SOCKWIRE_FRAME_HEADER(SOCKWIRE_FIELD_CONSTANT)
constexpr Field kFields[] = {SOCKWIRE_FRAME_HEADER(SOCKWIRE_FIELD_ROW)};
}  // namespace frame

#define SOCKWIRE_FRAME_FLAGS(F)                                                          \
  F(kInsertL3, 0x01, "insert the IPv4 header checksum")                                  \
  F(kInsertL4, 0x02, "insert the L4 checksum")                                           \
  F(kAck, 0x04, "uses an ACK credit (at most kAckFrameBytesMax), else a control credit") \
  F(kReportFrame, 0x08, "answer with SENT when the last bit has left")                   \
  F(kUdpZero, 0x10, "a checksum that comes out as 0 is sent as 0xFFFF (RFC 768)")
enum class FrameFlag : std::uint8_t { SOCKWIRE_FRAME_FLAGS(SOCKWIRE_NAME_CONSTANT) };
constexpr Name kFrameFlags[] = {SOCKWIRE_FRAME_FLAGS(SOCKWIRE_NAME_ROW)};

#define SOCKWIRE_WRITE_FLAGS(F) \
  F(kRewrite, 0x01, "an evicted range is written again: where writing has got to does not change")
enum class WriteFlag : std::uint8_t { SOCKWIRE_WRITE_FLAGS(SOCKWIRE_NAME_CONSTANT) };
constexpr Name kWriteFlags[] = {SOCKWIRE_WRITE_FLAGS(SOCKWIRE_NAME_ROW)};

// ---- events: card to host -------------------------------------------------------------------------------------------

#define SOCKWIRE_EVENTS(F)                                                                      \
  F(kHello, 0x81, "the card's identity, capabilities and sizes")                                \
  F(kSent, 0x82, "a SEND or FRAME left: its last bit at `time`")                                \
  F(kReceive, 0x83, "a frame came in: its last bit at `time`; body: the frame without its FCS") \
  F(kRegister, 0x84, "a register's value")                                                      \
  F(kCredit, 0x85, "no body: only the credits in the header")                                   \
  F(kCoalesced, 0x86,                                                                           \
    "segments that continue one another came in; body: the first with the payload of all, its IPv4 length theirs")
enum class Event : std::uint8_t { SOCKWIRE_EVENTS(SOCKWIRE_NAME_CONSTANT) };
constexpr Name kEvents[] = {SOCKWIRE_EVENTS(SOCKWIRE_NAME_ROW)};

#define SOCKWIRE_EVENT_HEADER(F)                                                                      \
  F(kType, 0, 1, "an Event")                                                                          \
  F(kEpoch, 1, 1, "the current epoch")                                                                \
  F(kBodyBytes, 2, 2, "bytes that follow the header")                                                 \
  F(kControlCredit, 4, 1, "control frames that have left the lane, absolute, modulo 2^8")             \
  F(kAckCredit, 5, 1, "ACK frames that have left the lane, absolute, modulo 2^8")                     \
  F(kPayloadCredit, 6, 2, "WRITE payload taken in, in units of 64 bytes, absolute, modulo 2^16")      \
  F(kTime, 8, 5, "card time of what the event tells, in ns, modulo 2^40")                             \
  F(kStatus, 13, 1, "RECEIVE: ReceiveStatus")                                                         \
  F(kL4Offset, 14, 1,                                                                                 \
    "RECEIVE: of the transport header in the frame, 0 if unknown; COALESCED: segments, TCP is at 34") \
  F(kPayloadOffset, 15, 1, "RECEIVE: of the TCP or UDP payload in the frame, 0 if unknown")
namespace event {
SOCKWIRE_EVENT_HEADER(SOCKWIRE_FIELD_CONSTANT)
constexpr Field kFields[] = {SOCKWIRE_EVENT_HEADER(SOCKWIRE_FIELD_ROW)};
}  // namespace event

// Two 2-bit verdicts (0 not verified, 1 good, 2 bad) and four flags.
#define SOCKWIRE_RECEIVE_STATUS(F)                                                \
  F(kL3Good, 0x01, "the IPv4 header checksum is right")                           \
  F(kL3Bad, 0x02, "the IPv4 header checksum or its lengths are wrong")            \
  F(kL4Good, 0x04, "the TCP or UDP checksum is right")                            \
  F(kL4Bad, 0x08, "the TCP or UDP checksum is wrong")                             \
  F(kFragment, 0x10, "an IPv4 fragment: its transport checksum was not verified") \
  F(kVlan, 0x20, "one 802.1Q tag: the network header starts at 18, else at 14")   \
  F(kTcp, 0x40, "the transport header is TCP")                                    \
  F(kUdp, 0x80, "the transport header is UDP; without kL4Good and kL4Bad: it carries no checksum")
enum class ReceiveStatus : std::uint8_t { SOCKWIRE_RECEIVE_STATUS(SOCKWIRE_NAME_CONSTANT) };
constexpr Name kReceiveStatus[] = {SOCKWIRE_RECEIVE_STATUS(SOCKWIRE_NAME_ROW)};

#define SOCKWIRE_SENT_BODY(F)                                                         \
  F(kSeqEnd, 0, 4, "SEND: the sequence number after the last byte")                   \
  F(kTag, 4, 2, "the command's")                                                      \
  F(kSegments, 6, 1, "segments that left; fewer than were cut if some were released") \
  F(kSlot, 7, 1, "SEND: the slot; FRAME: 0xFF")
namespace sent {
SOCKWIRE_SENT_BODY(SOCKWIRE_FIELD_CONSTANT)
constexpr int kBytes = 8;
constexpr Field kFields[] = {SOCKWIRE_SENT_BODY(SOCKWIRE_FIELD_ROW)};
}  // namespace sent

#define SOCKWIRE_HELLO_BODY(F)                                                         \
  F(kBootId, 0, 4, "changes when the card loses its state")                            \
  F(kLayoutHash, 4, 4, "layout_hash() of the card's contract; another one is refused") \
  F(kSendBufferBytes, 8, 4, "bytes of the send buffer")                                \
  F(kPayloadWindow, 12, 4, "payload that may be under way to the card, in bytes")      \
  F(kBytesPerBeat, 16, 1, "1 or 8")                                                    \
  F(kSlotCount, 17, 1, "slots")                                                        \
  F(kQueueDepth, 18, 1, "SENDs that a slot holds")                                     \
  F(kControlCredits, 19, 1, "control frames that the lane holds")                      \
  F(kAckCredits, 20, 1, "ACK frames that the lane holds")                              \
  F(kCapabilities, 21, 1, "Capability bits")                                           \
  F(kFrameBytes, 22, 2, "the longest frame, without FCS")
namespace hello {
SOCKWIRE_HELLO_BODY(SOCKWIRE_FIELD_CONSTANT)
constexpr int kBytes = 24;
constexpr Field kFields[] = {SOCKWIRE_HELLO_BODY(SOCKWIRE_FIELD_ROW)};
}  // namespace hello

#define SOCKWIRE_CAPABILITIES(F)               \
  F(kIpv6Send, 0x01, "IPv6 templates")         \
  F(kVlanSend, 0x02, "VLAN tags in templates") \
  F(kPacing, 0x04, "pacing gaps are kept")     \
  F(kPause, 0x08, "PAUSE frames are honoured")
enum class Capability : std::uint8_t { SOCKWIRE_CAPABILITIES(SOCKWIRE_NAME_CONSTANT) };
constexpr Name kCapabilities[] = {SOCKWIRE_CAPABILITIES(SOCKWIRE_NAME_ROW)};

#define SOCKWIRE_REGISTER_BODY(F)     \
  F(kAddress, 0, 2, "the register's") \
  F(kTag, 2, 2, "the command's")      \
  F(kValue, 4, 4, "what it held")
namespace register_value {
SOCKWIRE_REGISTER_BODY(SOCKWIRE_FIELD_CONSTANT)
constexpr int kBytes = 8;
constexpr Field kFields[] = {SOCKWIRE_REGISTER_BODY(SOCKWIRE_FIELD_ROW)};
}  // namespace register_value

// ---- registers: 32 bits each, one address each
// ------------------------------------------------------------------------

#define SOCKWIRE_REGISTERS(F)                                                                \
  F(kMacLow, 0x00, "own MAC address, first four bytes, first byte in bits 7:0")              \
  F(kMacHigh, 0x01, "own MAC address, last two bytes in bits 15:0")                          \
  F(kFilter, 0x02, "FilterBit bits; after HELLO: broadcast")                                 \
  F(kPauseEnable, 0x03, "bit 0: honour PAUSE frames (IEEE 802.3 annex 31B); after HELLO: 1") \
  F(kCounterBase, 0x40, "counter i is at kCounterBase + i; wraps at 2^32; read-only")
enum class Register : std::uint16_t { SOCKWIRE_REGISTERS(SOCKWIRE_NAME_CONSTANT) };
constexpr Name kRegisters[] = {SOCKWIRE_REGISTERS(SOCKWIRE_NAME_ROW)};

#define SOCKWIRE_FILTER_BITS(F)                       \
  F(kPromiscuous, 0x1, "accept every address")        \
  F(kAllMulticast, 0x2, "accept every group address") \
  F(kBroadcast, 0x4, "accept ff:ff:ff:ff:ff:ff")
enum class FilterBit : std::uint8_t { SOCKWIRE_FILTER_BITS(SOCKWIRE_NAME_CONSTANT) };
constexpr Name kFilterBits[] = {SOCKWIRE_FILTER_BITS(SOCKWIRE_NAME_ROW)};

// Every reason for which something is not passed on, and what is passed on. A kernel's pulse bits are a contiguous
// range of these.
#define SOCKWIRE_COUNTERS(F)                                                          \
  F(kRxFrames, 0, "frames delivered to the host")                                     \
  F(kRxOverflow, 1, "good frames dropped because the packet buffer was full")         \
  F(kRxL3Bad, 2, "frames with a bad IPv4 header, passed up so marked")                \
  F(kRxL4Bad, 3, "frames with a bad TCP or UDP checksum, passed up so marked")        \
  F(kRxFragment, 4, "IPv4 fragments, passed up unverified")                           \
  F(kRxUnknown, 5, "frames that are not IPv4 with TCP or UDP, passed up unverified")  \
  F(kRxFcs, 6, "frames dropped: wrong FCS")                                           \
  F(kRxAlignment, 7, "frames dropped: wrong FCS and a dribble nibble")                \
  F(kRxRunt, 8, "frames dropped: shorter than 64 bytes with FCS")                     \
  F(kRxGiant, 9, "frames dropped: longer than kFrameBytesMax")                        \
  F(kRxSymbol, 10, "frames dropped: the PHY signalled an error")                      \
  F(kRxFiltered, 11, "good frames for other addresses")                               \
  F(kRxPause, 12, "PAUSE frames, honoured or not; never passed up")                   \
  F(kRxNoSfd, 13, "carrier without start of frame")                                   \
  F(kRxLost, 14, "frames dropped because the receive path did not keep up")           \
  F(kTxFrames, 15, "frames sent")                                                     \
  F(kTxUnderflow, 16, "frames cut off by a late beat; the FCS is made wrong")         \
  F(kTxPaused, 17, "frames that waited for a PAUSE to end")                           \
  F(kTxSegments, 18, "segments cut from SENDs")                                       \
  F(kTxReleased, 19, "segments not sent because their range was released")            \
  F(kCommandEpoch, 20, "commands dropped: another epoch")                             \
  F(kCommandUnknown, 21, "commands dropped: unknown type")                            \
  F(kCommandMalformed, 22, "commands dropped: lengths, offsets or slot out of range") \
  F(kCommandOverrun, 23, "commands dropped: sent without credit")
enum class Counter : std::uint8_t { SOCKWIRE_COUNTERS(SOCKWIRE_NAME_CONSTANT) };
constexpr Name kCounters[] = {SOCKWIRE_COUNTERS(SOCKWIRE_NAME_ROW)};
constexpr int kCounterCount = static_cast<int>(sizeof(kCounters) / sizeof(kCounters[0]));

#undef SOCKWIRE_FIELD_CONSTANT
#undef SOCKWIRE_FIELD_ROW
#undef SOCKWIRE_NAME_CONSTANT
#undef SOCKWIRE_NAME_ROW

// ---- checks and the hash --------------------------------------------------------------------------------------------

namespace detail {

/// Fields are in order, do not overlap, leave no hole and end at `bytes`.
template <std::size_t kCount>
constexpr bool packed(const Field (&fields)[kCount], int first, int bytes) {
  int offset = first;
  for (std::size_t i = 0; i < kCount; ++i) {
    if (fields[i].offset != offset || fields[i].bytes < 1) return false;
    offset += fields[i].bytes;
  }
  return offset == bytes;
}

template <std::size_t kCount>
constexpr bool dense(const Name (&names)[kCount]) {
  for (std::size_t i = 0; i < kCount; ++i) {
    if (names[i].value != i) return false;
  }
  return true;
}

constexpr std::uint32_t fnv(std::uint32_t hash, std::uint32_t value) { return (hash ^ value) * 16777619u; }

constexpr std::uint32_t fnv(std::uint32_t hash, const char* text) {
  for (; *text != 0; ++text) hash = fnv(hash, static_cast<std::uint32_t>(*text));
  return hash;
}

template <std::size_t kCount>
constexpr std::uint32_t hash_of(const Field (&fields)[kCount], std::uint32_t hash) {
  for (std::size_t i = 0; i < kCount; ++i) {
    hash = fnv(fnv(fnv(hash, fields[i].name), static_cast<std::uint32_t>(fields[i].offset)),
               static_cast<std::uint32_t>(fields[i].bytes));
  }
  return hash;
}

template <std::size_t kCount>
constexpr std::uint32_t hash_of(const Name (&names)[kCount], std::uint32_t hash) {
  for (std::size_t i = 0; i < kCount; ++i) hash = fnv(fnv(hash, names[i].name), names[i].value);
  return hash;
}

}  // namespace detail

static_assert(detail::packed(command::kFields, 0, kHeaderBytes), "command header");
static_assert(detail::packed(frame::kFields, command::kSeq, kHeaderBytes), "FRAME header");
static_assert(detail::packed(send::kFields, 0, send::kBytes), "SEND body");
static_assert(detail::packed(event::kFields, 0, kHeaderBytes), "event header");
static_assert(detail::packed(sent::kFields, 0, sent::kBytes), "SENT body");
static_assert(detail::packed(hello::kFields, 0, hello::kBytes), "HELLO body");
static_assert(detail::packed(register_value::kFields, 0, register_value::kBytes), "REGISTER body");
static_assert(detail::dense(kCounters), "counters are numbered without holes");
static_assert(kSlots * (1 << kRingLog2Min) <= send_buffer_bytes(1), "every slot can have a ring");
static_assert(kSlots == 8, "slot numbers have 3 bits");
static_assert(kHeaderBytes % 8 == 0 && send::kBytes % 8 == 0, "bodies and templates start on a beat at every width");

/// A number that differs between contracts that do: over every name, offset and width, and the sizes that HELLO does
/// not tell.
constexpr std::uint32_t layout_hash() {
  std::uint32_t hash = 2166136261u;
  hash = detail::hash_of(kCommands, hash);
  hash = detail::hash_of(command::kFields, hash);
  hash = detail::hash_of(send::kFields, hash);
  hash = detail::hash_of(kSendFlags, hash);
  hash = detail::hash_of(frame::kFields, hash);
  hash = detail::hash_of(kFrameFlags, hash);
  hash = detail::hash_of(kWriteFlags, hash);
  hash = detail::hash_of(kEvents, hash);
  hash = detail::hash_of(event::kFields, hash);
  hash = detail::hash_of(kReceiveStatus, hash);
  hash = detail::hash_of(sent::kFields, hash);
  hash = detail::hash_of(hello::kFields, hash);
  hash = detail::hash_of(kCapabilities, hash);
  hash = detail::hash_of(register_value::kFields, hash);
  hash = detail::hash_of(kRegisters, hash);
  hash = detail::hash_of(kFilterBits, hash);
  hash = detail::hash_of(kCounters, hash);
  hash = detail::fnv(hash, static_cast<std::uint32_t>(kWriteBytesMax));
  hash = detail::fnv(hash, static_cast<std::uint32_t>(kRingLog2Max));
  return hash;
}

}  // namespace card
}  // namespace sockwire
