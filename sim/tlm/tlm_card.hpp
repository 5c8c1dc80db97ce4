// SPDX-License-Identifier: Apache-2.0
// The card as a TLM-2.0 target for virtual platforms. It is the engine itself (the HLS functions, run directly, or any
// other Engine), without a clock: the base protocol, blocking transport, loosely timed.
//
//                     +--------------------------------------+
//   bus         ----> | MessageWindow -- engine -- FrameLine | ----> ethernet_out
//   interrupt   <---- |                                      | <---- ethernet_in
//                     +--------------------------------------+
//
// `bus` is what card_map.hpp says; message_window.hpp has the errors. There is no DMA: the contract's two streams of
// messages pass through windows of the card, of which direct memory access is granted.
//
// `ethernet_out` and `ethernet_in` carry a whole frame in each write: from the destination address, without preamble
// and FCS; the address means nothing. What the card sends is 60 to 1518 bytes; what it gets may be of 1 to 65535 bytes
// (too short: padded; too long: the engine drops and counts it). It does not wait: TLM_GENERIC_ERROR_RESPONSE says that
// kFramesWaiting of them wait already and that this one is lost. A target of `ethernet_out` must not call wait().
//
// Time. An access changes nothing but windows and registers, takes no time and leaves its annotated delay alone. What
// follows from it (and from a frame) is computed in the next delta cycle, by a method: the engine is stepped until it
// has nothing more to do, with SystemC's time as card time in every step. So everything that the card does takes no
// time, but for what a host has asked to be later (pacing gaps); a PAUSE frame holds nothing up. A platform where time
// shall pass between cards puts it into what lies between them. Two things end the stepping earlier: the host has left
// so many events where they are that there is no room (then frames wait, none is lost), and kCyclesPerTurn, after which
// other processes run first.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <systemc>
#include <tlm>
#include <vector>

#include "sim/cosim/cosim_card.hpp"
#include "sim/tlm/frame_line.hpp"
#include "sim/tlm/message_window.hpp"
#include "tlm_utils/simple_initiator_socket.h"
#include "tlm_utils/simple_target_socket.h"

namespace sockwire::sim {

struct TlmCardCounters {
  std::uint64_t turns = 0;                 ///< delta cycles in which the card ran
  std::uint64_t cycles = 0;                ///< of the engine in them
  std::uint64_t resets = 0;                ///< that have taken effect
  std::uint64_t frames_out = 0;            ///< given to `ethernet_out`
  std::uint64_t frames_out_refused = 0;    ///< of these: answered with an error
  std::uint64_t frames_out_unplugged = 0;  ///< not given: `ethernet_out` is not bound
  std::uint64_t frames_out_bad = 0;        ///< not given: what the engine drove was no good frame
  std::uint64_t frames_in = 0;             ///< taken from `ethernet_in`
  std::uint64_t frames_in_refused = 0;     ///< not taken: no room, or no frame
  std::uint64_t frames_in_reset = 0;       ///< taken, and lost to a reset before the engine had them
};

template <int kBytes>
class TlmCard final : public sc_core::sc_module {
 public:
  static constexpr std::size_t kFramesWaiting = 1024;         ///< that came and the engine has not had
  static constexpr unsigned kFrameInBytesMax = 65535;         ///< of one access to `ethernet_in`
  static constexpr std::uint64_t kCyclesPerTurn = 1'000'000;  ///< of the engine in a delta cycle

  tlm_utils::simple_target_socket<TlmCard> bus{"bus"};
  tlm_utils::simple_target_socket_optional<TlmCard> ethernet_in{"ethernet_in"};
  tlm_utils::simple_initiator_socket_optional<TlmCard> ethernet_out{"ethernet_out"};
  /// High while there is what the host has enabled; changes in the delta cycle after its cause. May stay unbound.
  sc_core::sc_port<sc_core::sc_signal_out_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> interrupt{"interrupt"};

  using MakeEngine = std::function<std::unique_ptr<Engine<kBytes>>(std::uint32_t boot_id)>;

  SC_HAS_PROCESS(TlmCard);
  /// make_engine: make_native_engine<kBytes>, or what makes another one; called now and for each reset, with boot ids
  /// that count up.
  TlmCard(const sc_core::sc_module_name& name, MakeEngine make_engine, std::uint32_t boot_id);

  /// In the next delta cycle the card loses its state: messages, frames, registers. Memory of the windows stays.
  void reset();

  const TlmCardCounters& counters() const { return counters_; }
  const MessageWindowCounters& window_counters() const { return window_.counters(); }

 private:
  void access(tlm::tlm_generic_payload& access, sc_core::sc_time& delay);
  unsigned debug_access(tlm::tlm_generic_payload& access);
  bool direct_memory(tlm::tlm_generic_payload& access, tlm::tlm_dmi& direct);
  void take_frame(tlm::tlm_generic_payload& access, sc_core::sc_time& delay);
  void run();
  bool at_rest(std::uint64_t now_ns) const;
  void give_frame(const ReceivedFrame& frame);

  struct Core {
    Core(std::unique_ptr<Engine<kBytes>> engine, TlmCard& card)
        : line([&card](const ReceivedFrame& frame) { card.give_frame(frame); }), link(std::move(engine), line) {}
    FrameLine<kBytes> line;
    CosimCard<kBytes> link;
  };

  MakeEngine make_engine_;
  std::uint32_t boot_id_;
  bool reset_due_ = false;
  std::unique_ptr<Core> core_;
  MessageWindow window_;
  std::deque<std::vector<std::uint8_t>> frames_;  // for the engine
  std::vector<std::uint8_t> frame_out_;
  tlm::tlm_generic_payload out_;
  sc_core::sc_event wake_;
  TlmCardCounters counters_;
};

extern template class TlmCard<1>;
extern template class TlmCard<8>;

}  // namespace sockwire::sim
