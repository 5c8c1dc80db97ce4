// SPDX-License-Identifier: Apache-2.0
// The frame of the serial link: how the contract's messages (hls/card/layout.hpp) cross two wires that have no flow
// control, lose bytes and damage them. Host, kernels and documentation take every number from here.
//
//   0x00 | stuffed( type session number ack held(2) limit | 0 to 1024 bytes of messages | CRC-32 ) | 0x00
//
// Stuffing. A delimiter, 0x00, stands after each frame and nowhere else: who has lost its place waits for one. Zeros
// inside are taken out as in Consistent Overhead Byte Stuffing (Cheshire and Baker, 1999): a block of up to 254 bytes
// without zero has a code, its length plus one, and stands for itself and a zero; 0xFF stands for 254 bytes and no
// zero. To the card the code precedes its block; to the host it follows, so that the card need not look ahead:
//
//   data                 11 22 00 33
//   to the card     03   11 22   02   33   00
//   to the host          11 22   03   33   02   00
//
// Overhead: 11 bytes of header and CRC, at most one code in 254 bytes and one more, and the delimiter.
//
// Windows. DATA frames are numbered modulo 256. Each end has 16 slots for frames of 1024 bytes that came in, and says
// in every frame it sends what it has: all before `ack`; of ack to limit-1 those whose bit (number mod 16) is set in
// `held`; and that frames before `limit` find room. The wires keep order, so a frame is lost as soon as one that was
// sent after it has come; it alone is sent again. The last one is sent again after a time.
//
// Sessions. SYNC starts one: windows are empty, numbers start at 0. Frames of another session are not taken, but
// answered by LOST: the card that says so has lost its state.
//
// PHY. What the card's PHY says of its link comes with each STATUS; one is sent when a session begins and when it
// changes, so that the host knows it at once, and again from the next one if that was lost.
//
// Rates. Both ends start at 1 Mbaud, 8N1. RATE asks for another, by clocks of the card a bit; the answer leaves at the
// old rate, then both change. Who has seen no good frame for kLinkDeadNs goes back to 1 Mbaud.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sockwire {

enum class LinkType : std::uint8_t {
  kData = 1,    ///< both ways: bytes of messages, `number` counts
  kStatus = 2,  ///< both ways: nothing but the header; to the host with PhyStatus as `number`
  kPing = 3,    ///< to the card: answered by STATUS
  kSync = 4,    ///< to the card: begins `session`; answered by SYNC with the card's clock, in MHz, as `number`
  kRate = 5,    ///< to the card: `number` clocks a bit from now on; answered by RATE
  kLost = 6,    ///< to the host: what came is of no session that the card knows
};

/// Offsets in a frame before stuffing, in bytes.
namespace link_frame {
constexpr int kType = 0;
constexpr int kSession = 1;  ///< 1 to 255
constexpr int kNumber = 2;
constexpr int kAck = 3;
constexpr int kHeld = 4;  ///< two bytes, little-endian
constexpr int kLimit = 6;
constexpr int kHeaderBytes = 7;
constexpr int kCrcBytes = 4;  ///< IEEE 802.3's CRC-32 of all before it, as an FCS
constexpr int kPayloadMax = 1024;
constexpr int kBytesMax = kHeaderBytes + kPayloadMax + kCrcBytes;
/// With stuffing and delimiter.
constexpr int kLineBytesMax = kBytesMax + (kBytesMax + 253) / 254 + 1 + 1;
}  // namespace link_frame
static_assert(link_frame::kLineBytesMax <= 1536, "at most 1.5 KiB on the wires");

constexpr std::uint8_t kLinkDelimiter = 0;
constexpr std::uint8_t kLinkFullBlock = 0xFF;  ///< a code: 254 bytes, no zero
constexpr int kLinkSlots = 16;
constexpr int kLinkSlotsLog2 = 4;
constexpr int kLinkSlotLog2 = 10;
static_assert(1 << kLinkSlotsLog2 == kLinkSlots && 1 << kLinkSlotLog2 == link_frame::kPayloadMax, "");

/// What a card behind the link holds of what it has received and the link has not yet carried: events, with their
/// headers.
constexpr int kLinkReceiveBytes = 32768;

constexpr std::uint32_t kLinkStartBaud = 1000000;
constexpr int kLinkCardClockMhz = 120;  ///< of the Arty's top: whole numbers of clocks a bit at 12, 8, 6, ... Mbaud
constexpr int kLinkStartDivisor = kLinkCardClockMhz;
constexpr int kLinkDivisorMin = 8;    ///< clocks a bit: the receiver looks at the middle of one
constexpr int kUartBitsPerByte = 10;  ///< start, eight data bits, stop

constexpr std::uint64_t kLinkDeadNs = 1000000000;      ///< the card goes back to 1 Mbaud
constexpr std::uint64_t kLinkKeepAliveNs = 250000000;  ///< an end that has said nothing for so long sends STATUS
constexpr std::uint64_t kLinkRetryNs = 30000000;       ///< the oldest frame is sent again if nothing was heard of it
constexpr int kLinkLimitStep = 4;                      ///< frames of room that are worth a STATUS

}  // namespace sockwire
