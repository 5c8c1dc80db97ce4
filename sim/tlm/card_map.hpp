// SPDX-License-Identifier: Apache-2.0
// Where the messages of the contract (hls/card/layout.hpp) lie in the address space of a platform: the only place that
// says so. The contract knows nothing but messages; its registers and counters are read and written by command here as
// on every link. So a bus needs two windows, one for each direction, and five registers that say when.
//
//   a command:  write the message to the command window; write its bytes to kCommandBytes.
//   an event:   read kEventBytes; if it is not 0, read so many bytes of the event window; write 1 to kEventTake.
//   waiting:    the interrupt line is high while kStatus & kInterruptEnable is not 0.
//   a reset:    leaves kFresh in both; so whoever has sent commands before hears of it.
#pragma once

#include <cstdint>

#include "hls/card/layout.hpp"

namespace sockwire::sim::tlm_map {

/// Registers: 32 bits each, in the initiator's (and thus the contract's little-endian) order, accessed whole.
enum Register : std::uint32_t {
  kStatus = 0x00,           ///< read: StatusBit bits
  kInterruptEnable = 0x04,  ///< read, write: StatusBit bits that make the interrupt line high; kFresh after reset
  kCommandBytes = 0x08,     ///< write: the first so many bytes of the command window are a command. Precondition: room
  kEventBytes = 0x0C,       ///< read: bytes of the oldest event, which the event window holds; 0: there is none
  kEventTake = 0x10,        ///< write, any value: the oldest event has been read. Precondition: there is one
};
inline constexpr std::uint64_t kRegistersBytes = 0x14;

enum StatusBit : std::uint32_t {
  kCommandRoom = 1,   ///< kCommandBytes may be written
  kEventWaiting = 2,  ///< kEventBytes is not 0
  kFresh = 4,         ///< no command since the last reset: the card knows nothing of what was before
};

/// A stretch of the card's addresses that behaves as memory.
struct Window {
  std::uint64_t begin;
  std::uint64_t bytes;
  constexpr bool holds(std::uint64_t address) const { return address >= begin && address - begin < bytes; }
  constexpr bool holds(std::uint64_t address, std::uint64_t length) const {
    return holds(address) && length <= bytes - (address - begin);
  }
};

/// Read only. The longest event is a RECEIVE.
inline constexpr Window kEventWindow{0x1000, card::kHeaderBytes + card::kFrameBytesMax};
/// Read and write. The longest command is a WRITE.
inline constexpr Window kCommandWindow{0x8000, card::kHeaderBytes + card::kWriteBytesMax};

/// What a platform sets aside for a card, which begins at a multiple of it.
inline constexpr std::uint64_t kCardBytes = 0x20000;

static_assert(kRegistersBytes <= kEventWindow.begin);
static_assert(kEventWindow.begin + kEventWindow.bytes <= kCommandWindow.begin);
static_assert(kCommandWindow.begin + kCommandWindow.bytes <= kCardBytes);

}  // namespace sockwire::sim::tlm_map
