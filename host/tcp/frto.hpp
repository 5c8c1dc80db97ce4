// SPDX-License-Identifier: Apache-2.0
// F-RTO (RFC 5682): was the retransmission timer too fast? What the ACKs after it acknowledge tells.
#pragma once

#include <cstdint>

namespace sockwire::tcp {

class Frto {
 public:
  enum class Verdict : std::uint8_t {
    kOpen,      ///< Nothing is known yet.
    kSpurious,  ///< What had been sent before the time-out was not lost.
    kLoss,      ///< Or nobody knows: the time-out is taken for what it seems.
  };

  /// The timer expired, and the first segment is sent again. Not for data that timed out before (RFC 5682 2.1 step 1).
  void start() { step_ = Step::kRetransmitted; }
  void stop() { step_ = Step::kOff; }
  /// Step 2b is reached: new data goes out, in place of what seems lost.
  bool wants_new_data() const { return step_ == Step::kNewData; }

  struct Ack {
    bool advanced = false;    ///< It moved SND.UNA,
    bool covers_all = false;  ///< past all that had been sent at the time-out.
    bool sack = false;        ///< The connection has SACK,
    bool original = false;    ///< and it was for data that had never been retransmitted.
    bool has_new_data = false;
  };
  Verdict on_ack(const Ack& ack) {
    if (step_ == Step::kOff) return Verdict::kOpen;
    // With SACK, data that had arrived before the retransmission is known (RFC 5682 3.1): what is news now was on its
    // way.
    if (ack.sack && ack.original && !ack.covers_all) return conclude(Verdict::kSpurious);
    if (!ack.advanced || ack.covers_all) return conclude(Verdict::kLoss);
    if (step_ == Step::kNewData) return conclude(Verdict::kSpurious);
    if (!ack.has_new_data) return conclude(Verdict::kLoss);
    step_ = Step::kNewData;
    return Verdict::kOpen;
  }

 private:
  enum class Step : std::uint8_t { kOff, kRetransmitted, kNewData };

  Verdict conclude(Verdict verdict) {
    step_ = Step::kOff;
    return verdict;
  }

  Step step_ = Step::kOff;
};

}  // namespace sockwire::tcp
