// SPDX-License-Identifier: Apache-2.0
// From bits to code-groups (IEEE 802.3 clauses 36.2.5.2.6 and 36.3.2): comma alignment and synchronisation, figure
// 36-9.
#pragma once

#include "hls/line/ordered_sets_1000base_x.hpp"

namespace sockwire {

/// Figure 36-9. kSynced is its SYNC_ACQUIRED_1 to 4A, by `BaseXSync::errors`.
enum class BaseXSyncState : std::uint8_t { kLoss, kComma1, kAcquire1, kComma2, kAcquire2, kComma3, kSynced };

/// A code-group on its way from the decoder to the state machine.
struct BaseXDecoded {
  DecodedGroup group;
  bool comma = false;
  bool carrier = false;  ///< see ReceivedGroup
};

struct BaseXSync {
  ap_uint<20> window = 0;  ///< the last bits of the line
  ap_uint<4> offset = 0;   ///< where a code-group begins in it, 0 to 9
  CodeGroup aligned = 0;
  bool signal = false;  ///< the bits of the line are not all alike
  BaseXSyncState state = BaseXSyncState::kLoss;
  ap_uint<2> errors = 0;  ///< bad code-groups that good ones have not made up for
  ap_uint<2> good = 0;    ///< good_cgs
  bool even = false;
  bool positive = false;  ///< running disparity
  BaseXDecoded decoded;
};

namespace detail {

/// The code-group of the clock before this; a comma in it says where it begins if `seek`.
inline CodeGroup base_x_align(BaseXSync& sync, bool seek, const CodeGroup& in) {
  CodeGroup out = 0;
  for (unsigned at = 0; at < 10; ++at) {
    if (sync.offset == at) out = sync.window >> at;
  }
  sync.window = ap_uint<20>((ap_uint<20>(in) << 10) | sync.window.range(19, 10));
  for (int at = 9; at >= 0 && seek; --at) {
    if (is_comma(sync.window.range(at + 6, at))) sync.offset = at;
  }
  return out;
}

/// Figure 36-9 behind the first comma: bad once is never bad when synchronised.
inline void base_x_sync_next(BaseXSync& sync, bool comma, bool data, bool bad) {
  switch (sync.state) {
    case BaseXSyncState::kLoss:
      if (comma) sync.state = BaseXSyncState::kComma1;
      break;
    case BaseXSyncState::kComma1:
      sync.state = data ? BaseXSyncState::kAcquire1 : BaseXSyncState::kLoss;
      break;
    case BaseXSyncState::kAcquire1:
      if (comma) sync.state = BaseXSyncState::kComma2;
      if (bad) sync.state = BaseXSyncState::kLoss;
      break;
    case BaseXSyncState::kComma2:
      sync.state = data ? BaseXSyncState::kAcquire2 : BaseXSyncState::kLoss;
      break;
    case BaseXSyncState::kAcquire2:
      if (comma) sync.state = BaseXSyncState::kComma3;
      if (bad) sync.state = BaseXSyncState::kLoss;
      break;
    case BaseXSyncState::kComma3:
      sync.state = data ? BaseXSyncState::kSynced : BaseXSyncState::kLoss;
      sync.errors = 0;
      sync.good = 0;
      break;
    case BaseXSyncState::kSynced:
      if (bad) {
        if (sync.errors == 3) sync.state = BaseXSyncState::kLoss;
        sync.errors += 1;
        sync.good = 0;
      } else if (sync.errors != 0) {
        if (sync.good == 3) sync.errors -= 1;
        sync.good += 1;
      }
      break;
  }
}

/// How many of ten bits are set.
inline ap_uint<4> ones_of(const CodeGroup& bits) {
  ap_uint<4> ones = 0;
  for (int i = 0; i < 10; ++i) ones += bits[i];
  return ones;
}

inline BaseXDecoded base_x_decode(const CodeGroup& group, bool& positive) {
  constexpr unsigned kNegativeK28_5 = 0b0101111100;  // 001111 1010, the first bit lowest
  // Bits that differ from the K28.5 that would come now.
  const CodeGroup expected = positive ? CodeGroup(~CodeGroup(kNegativeK28_5)) : CodeGroup(kNegativeK28_5);
  const ap_uint<4> differ = ones_of(group ^ expected);
  BaseXDecoded out;
  out.carrier = differ >= 2 && differ <= 9;
  out.comma = is_comma(group.range(6, 0));
  out.group = decode_8b10b(group, positive);
  return out;
}

/// Moves the state machine on by sync.decoded.
inline ReceivedGroup base_x_sync(BaseXSync& sync) {
  const BaseXDecoded& in = sync.decoded;
  const bool bad = !in.group.valid || (in.comma && sync.even);
  const bool loss = sync.state == BaseXSyncState::kLoss;
  base_x_sync_next(sync, in.comma, in.group.valid && !in.group.character.control, bad);
  if (!sync.signal) sync.state = BaseXSyncState::kLoss;
  sync.even = (loss && in.comma) || !sync.even;

  ReceivedGroup out;
  out.character = in.group.character;
  out.valid = in.group.valid;
  out.even = sync.even;
  out.carrier = in.carrier;
  out.synced = sync.state == BaseXSyncState::kSynced;
  return out;
}

}  // namespace detail

}  // namespace sockwire
