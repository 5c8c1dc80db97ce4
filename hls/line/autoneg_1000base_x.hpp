// SPDX-License-Identifier: Apache-2.0
// Auto-negotiation of 1000BASE-X (IEEE 802.3 clause 37): the state machine of figure 37-6, without next pages. Both
// ends send what they can, then that they have heard it, then idle; a link timer of 10 ms between.
#pragma once

#include "hls/line/ordered_sets_1000base_x.hpp"

namespace sockwire {

/// Figure 37-6.
enum class BaseXAnState : std::uint8_t {
  kEnable,
  kRestart,
  kAbilityDetect,
  kAcknowledgeDetect,
  kCompleteAcknowledge,
  kIdleDetect,
  kLinkOk
};

// Bits of a base page, figure 37-2.
constexpr unsigned kAnFullDuplex = 1u << 5;
constexpr unsigned kAnPause = 1u << 7;
constexpr unsigned kAnAsymmetricPause = 1u << 8;
constexpr unsigned kAnAcknowledge = 1u << 14;
/// What this end says: full duplex; it honours PAUSE (both bits, table 37-4).
constexpr unsigned kAnAbility = kAnFullDuplex | kAnPause | kAnAsymmetricPause;

struct BaseXAutoneg {
  BaseXAnState state = BaseXAnState::kEnable;
  ap_uint<21> timer = 0;     ///< clocks since it was started
  ap_uint<21> unsynced = 0;  ///< clocks without synchronisation
  ap_uint<16> heard = 0;     ///< the last rx_Config_Reg
  ap_uint<2> alike = 0;      ///< how often in a row, its acknowledge bit apart, up to 3
  ap_uint<2> acknowledged = 0;
  ap_uint<2> idles = 0;
  ap_uint<16> ability = 0;  ///< the partner's, as first heard three times
};

namespace detail {

/// ability_match, acknowledge_match and idle_match count to three.
inline void base_x_an_hear(BaseXAutoneg& an, const ReceivedSet& set) {
  if (set.config) {
    const ap_uint<16> change = an.heard ^ set.value;
    const bool alike = an.alike != 0 && (change & ~kAnAcknowledge & 0xFFFFu) == 0;
    const bool acknowledge = set.value[14];
    if (!alike || an.acknowledged == 0) {
      an.acknowledged = acknowledge;
    } else if (!acknowledge) {
      an.acknowledged = 0;
    } else if (an.acknowledged != 3) {
      an.acknowledged += 1;
    }
    if (!alike) {
      an.alike = 1;
    } else if (an.alike != 3) {
      an.alike += 1;
    }
    an.heard = set.value;
    an.idles = 0;
  }
  if (set.idle && an.idles != 3) an.idles += 1;
  if (set.idle || set.invalid) {
    an.alike = 0;
    an.acknowledged = 0;
  }
  if (set.invalid) an.idles = 0;
}

}  // namespace detail

/// A clock. short_timers: the link timer is of 10 us, for tests.
inline Negotiation base_x_autoneg(BaseXAutoneg& an, const ReceivedSet& set, bool synced, bool short_timers) {
  const ap_uint<21> link_timer = short_timers ? 1250 : 1250000;
  const bool done = an.timer == link_timer;
  const bool lost = an.unsynced == link_timer;  // an_sync_status=FAIL
  if (!done) an.timer += 1;
  if (synced) {
    an.unsynced = 0;
  } else if (!lost) {
    an.unsynced += 1;
  }
  detail::base_x_an_hear(an, set);
  const bool match = an.alike == 3;
  const bool zero = an.heard == 0;
  const bool consistent = ((an.heard ^ an.ability) & ~kAnAcknowledge & 0xFFFFu) == 0;
  BaseXAnState next = an.state;
  switch (an.state) {
    case BaseXAnState::kEnable:
      next = BaseXAnState::kRestart;
      break;
    case BaseXAnState::kRestart:
      if (done) next = BaseXAnState::kAbilityDetect;
      break;
    case BaseXAnState::kAbilityDetect:
      if (match && !zero) next = BaseXAnState::kAcknowledgeDetect;
      if (match && !zero) an.ability = an.heard;
      break;
    case BaseXAnState::kAcknowledgeDetect:
      if (an.acknowledged == 3) {
        next = consistent ? BaseXAnState::kCompleteAcknowledge : BaseXAnState::kEnable;
      } else if (match && zero) {
        next = BaseXAnState::kEnable;
      }
      break;
    case BaseXAnState::kCompleteAcknowledge:
      if (match && zero) {
        next = BaseXAnState::kEnable;
      } else if (done) {
        next = BaseXAnState::kIdleDetect;
      }
      break;
    case BaseXAnState::kIdleDetect:
      if (match && zero) {
        next = BaseXAnState::kEnable;
      } else if (done && an.idles == 3) {
        next = BaseXAnState::kLinkOk;
      }
      break;
    case BaseXAnState::kLinkOk:
      if (match) next = BaseXAnState::kEnable;
      break;
  }
  if (lost || set.invalid) next = BaseXAnState::kEnable;
  if (next != an.state) an.timer = 0;
  an.state = next;

  Negotiation out;
  const bool config = next != BaseXAnState::kIdleDetect && next != BaseXAnState::kLinkOk;
  if (!config) out.xmit = next == BaseXAnState::kLinkOk ? Xmit::kData : Xmit::kIdle;
  const bool silent = next == BaseXAnState::kEnable || next == BaseXAnState::kRestart;
  const bool heard = config && !silent && next != BaseXAnState::kAbilityDetect;
  out.config = silent ? 0 : heard ? kAnAbility | kAnAcknowledge : kAnAbility;
  return out;
}

}  // namespace sockwire
