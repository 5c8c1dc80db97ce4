// SPDX-License-Identifier: Apache-2.0
// RACK by itself: the reordering window, and which acknowledgements tell the time (RFC 8985 section 6).
#include "host/tcp/rack.hpp"

#include <gtest/gtest.h>

namespace sockwire::tcp {
namespace {

using namespace std::chrono_literals;

constexpr Duration kMinRtt = 40ms;
constexpr SeqNum at(std::uint32_t segments) { return SeqNum(1000) + segments * 1000; }

/// Ten segments that left 1 ms after each other from 1 s on, and the fourth of which has been delivered 40 ms later:
/// those before it are suspect. Reordering has been seen.
class RackTest : public ::testing::Test {
 protected:
  RackTest() {
    for (std::uint32_t i = 0; i < 10; ++i) {
      board.add(at(i), at(i + 1), i, TimePoint{1s});
      board.on_departed(at(i), at(i + 1), i, left(i));
    }
    deliver(5);
    deliver(3);
  }
  static TimePoint left(std::uint32_t i) { return TimePoint{1s} + i * 1ms; }
  void deliver(std::uint32_t i, bool echo_is_older = false) {
    board.sack(at(i), at(i + 1), [&](const Scoreboard::Range& range) {
      rack.on_delivered(left(i) + kMinRtt, range, kMinRtt, echo_is_older);
    });
  }
  /// The patience beyond the round trip that the first segment is given.
  Duration window(Duration srtt) {
    const Rack::Ack ack{left(5) + kMinRtt, at(0), at(10), false, 2};
    return rack.detect(ack, kMinRtt, srtt, board) - left(0) - kMinRtt;
  }

  Scoreboard board;
  Rack rack;
};

// RFC 8985 3.3.2, 6.2.4: a quarter of the least round trip at first, a quarter more for each round trip with a DSACK,
TEST_F(RackTest, DsackWidensTheWindow) {
  ASSERT_TRUE(rack.reordering_seen());
  EXPECT_EQ(window(1s), kMinRtt / 4);
  rack.on_dsack(at(0), at(10));
  EXPECT_EQ(window(1s), 2 * kMinRtt / 4);
  rack.on_dsack(at(1), at(10));
  EXPECT_EQ(window(1s), 2 * kMinRtt / 4) << "once a round trip";
  rack.on_dsack(at(10), at(20));
  EXPECT_EQ(window(1s), 3 * kMinRtt / 4);
}

// but never more than SRTT,
TEST_F(RackTest, WindowIsAtMostSrtt) {
  for (std::uint32_t i = 0; i < 300; ++i) rack.on_dsack(at(10 * i), at(10 * i + 10));
  EXPECT_EQ(window(50ms), 50ms);
  EXPECT_EQ(window(45ms), 45ms);
}

// and after sixteen recoveries without one, as at first.
TEST_F(RackTest, WindowNarrowsAfterSixteenRecoveries) {
  rack.on_dsack(at(0), at(10));
  for (int i = 0; i < 15; ++i) rack.on_recovery_end();
  EXPECT_EQ(window(1s), 2 * kMinRtt / 4);
  rack.on_recovery_end();
  EXPECT_EQ(window(1s), kMinRtt / 4);
}

// RFC 8985 6.2 step 2: sooner than any round trip, or with the echo of an earlier one, it was the first transmission
// that arrived; so it tells nothing of what left before the second.
TEST_F(RackTest, AckOfAnEarlierTransmissionDoesNotCount) {
  for (const bool by_echo : {false, true}) {
    Scoreboard sent_again;
    Rack fresh;
    sent_again.add(at(0), at(1), 0, TimePoint{1s});
    sent_again.on_departed(at(0), at(1), 0, TimePoint{1s});
    sent_again.add(at(1), at(2), 1, TimePoint{1s});
    sent_again.on_departed(at(1), at(2), 1, TimePoint{1s} + 1ms);
    sent_again.resend(at(0), at(1), 2, TimePoint{2s});
    sent_again.on_departed(at(0), at(1), 2, TimePoint{2s});
    const TimePoint now = TimePoint{2s} + (by_echo ? kMinRtt : kMinRtt / 2);
    sent_again.acknowledge(
        at(1), [&](const Scoreboard::Range& range, bool) { fresh.on_delivered(now, range, kMinRtt, by_echo); });
    EXPECT_EQ(fresh.detect({now + 10s, at(1), at(2), true, 0}, kMinRtt, kMinRtt, sent_again), kNever);
    EXPECT_EQ(sent_again.lost_bytes(), 0u) << (by_echo ? "echo" : "time");
  }
}

// RFC 8985 6.3: as old as what an ACK would make lost.
TEST_F(RackTest, TimeoutTakesWhatIsOldEnough) {
  const Rack::Ack ack{left(4) + kMinRtt + kMinRtt / 4, at(0), at(10), false, 2};
  std::uint32_t old = 0;
  for (const Scoreboard::Range& range : board.ranges()) old += rack.old_enough(ack, range, kMinRtt, 1s) ? 1 : 0;
  EXPECT_EQ(old, 5u) << "those that left no later than the fifth";
}

}  // namespace
}  // namespace sockwire::tcp
