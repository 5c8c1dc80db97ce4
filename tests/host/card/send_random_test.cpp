// SPDX-License-Identifier: Apache-2.0
// Random connections, SENDs, retransmissions, acknowledgements, closings and losses of the card, against the software
// card, which checks every rule of the contract as it goes; and the wire is checked against what was asked for.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/host/card/harness.hpp"

namespace sockwire::test {
namespace {

struct Asked {
  std::uint32_t tag = 0;
  std::uint32_t seq = 0;
  std::uint32_t bytes = 0;
};

struct Model {
  std::uint32_t start = 0;
  std::uint32_t next = 0;  // New data begins here.
  std::uint32_t una = 0;
  std::uint32_t departed = 0;
  std::uint32_t next_tag = 0;
  std::deque<Asked> asked;
  std::map<std::uint32_t, std::uint32_t> left;  // Sequence number -> end, of segments since they were asked for.
};

class Campaign {
 public:
  Campaign(std::uint64_t seed, int bytes_per_beat) : random_(seed), rig_(bytes_per_beat, seed) { rig_.start(epoch_); }

  void run(int rounds) {
    for (int round = 0; round < rounds && !::testing::Test::HasFatalFailure(); ++round) {
      rig_.now_ns += below(3000);
      act();
      rig_.commands(static_cast<int>(below(6)));
      rig_.notices();
      for (auto steps = below(8); steps > 0; --steps) rig_.card.step(rig_.now_ns);
      if (below(3) != 0) rig_.events();
      check();
    }
    rig_.settle();
    check();
    for (const auto& [id, model] : models_)
      EXPECT_TRUE(model.asked.empty()) << "connection " << id << " was not served";
  }
  const card::DriverCounters& counters() const { return rig_.driver.driver_counters(); }

 private:
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  void act() {
    const auto choice = below(1000);
    if (choice < 2) return lose();
    if (choice < 12 || models_.empty()) return open();
    auto chosen = models_.begin();
    std::advance(chosen, below(models_.size()));
    auto& [id, model] = *chosen;
    if (choice < 15 && models_.size() > 3) {
      rig_.driver.close_connection(rig_.now(), id);
      models_.erase(chosen);
    } else if (choice < 500) {
      if (rig_.driver.send_room(id) > 0)
        ask(id, model, model.next, static_cast<std::uint32_t>(below(5) == 0 ? below(40000) : below(3000)));
    } else if (choice < 600) {
      // Something that has left and was not acknowledged.
      const std::uint32_t unacked = model.departed - model.una;
      if (unacked == 0) return;
      const auto offset = static_cast<std::uint32_t>(below(unacked));
      ask(id, model, model.una + offset,
          static_cast<std::uint32_t>(1 + below(std::min<std::uint32_t>(unacked - offset, 5000))));
    } else if (choice < 800) {
      model.una += static_cast<std::uint32_t>(below(model.departed - model.una + 1));
      rig_.driver.release(rig_.now(), id, model.una);
    } else if (choice < 900) {
      rig_.driver.update(id, {static_cast<std::uint32_t>(random_()), 1, 2});
    } else {
      const std::vector<std::uint8_t> bytes(60);
      static_cast<void>(rig_.driver.frame(rig_.now(), {.bytes = bytes, .ack = below(2) == 0}).ok());
    }
  }

  void open() {
    if (models_.size() >= 14) return;
    const auto id = rig_.driver.open_connection();
    Model& model = models_[id];
    model.start = model.next = model.una = model.departed = static_cast<std::uint32_t>(random_());
  }

  void ask(card::ConnectionId id, Model& model, std::uint32_t seq, std::uint32_t bytes) {
    if (bytes == 0) return;
    rig_.send(id, seq, bytes, model.next_tag);
    model.asked.push_back({model.next_tag++, seq, bytes});
    if (seq == model.next) model.next += bytes;
  }

  void lose() {
    rig_.driver.on_card_lost(rig_.now());
    const auto faults = rig_.card.faults();
    for (const auto& fault : faults) ADD_FAILURE() << fault;
    rig_.card =
        SoftCard(static_cast<std::uint32_t>(random_()), rig_.driver.info().bytes_per_beat == 1 ? 1 : 8, random_());
    rig_.driver.start(rig_.now(), ++epoch_);
  }

  // Every byte of a reported SEND that is not acknowledged has been on the wire, and was what the host meant.
  void check() {
    for (const WireFrame& frame : rig_.card.take_wire()) {
      if (frame.lane) continue;
      const card::ConnectionId id = owner(frame);
      if (id == card::kNoConnection) continue;
      models_[id].left[frame.seq] = std::max<std::uint32_t>(models_[id].left[frame.seq], frame.seq + payload(frame));
    }
    for (const auto& sent : rig_.take<card::Sent>()) {
      ASSERT_TRUE(models_.count(sent.connection) != 0);
      Model& model = models_[sent.connection];
      ASSERT_FALSE(model.asked.empty());
      const Asked asked = model.asked.front();
      model.asked.pop_front();
      ASSERT_EQ(sent.tag, asked.tag);
      EXPECT_EQ(sent.seq_end, asked.seq + asked.bytes);
      const std::uint32_t end = asked.seq + asked.bytes;
      if (static_cast<std::int32_t>(end - model.departed) > 0) model.departed = end;
      std::uint32_t at = static_cast<std::int32_t>(model.una - asked.seq) > 0 ? model.una : asked.seq;
      while (static_cast<std::int32_t>(end - at) > 0) {
        std::uint32_t reached = at;
        for (const auto& [begin, segment_end] : model.left) {
          if (static_cast<std::int32_t>(at - begin) >= 0 && static_cast<std::int32_t>(segment_end - reached) > 0)
            reached = segment_end;
        }
        ASSERT_NE(reached, at) << "seq " << at << " never left";
        at = reached;
      }
      std::erase_if(model.left,
                    [&model](const auto& one) { return static_cast<std::int32_t>(one.second - model.una) <= 0; });
    }
    for (const auto& fault : rig_.card.faults()) ASSERT_TRUE(false) << fault;
  }

  static std::uint32_t payload(const WireFrame& frame) {
    return static_cast<std::uint32_t>(frame.bytes.size() - frame.template_bytes);
  }

  // The connection whose pattern the payload is. Short segments may fit several: then the sequence number decides.
  card::ConnectionId owner(const WireFrame& frame) const {
    for (const auto& [id, model] : models_) {
      if (frame.seq - model.start >= model.next - model.start) continue;
      bool same = true;
      for (std::uint32_t i = 0; same && i < payload(frame); ++i) {
        same = frame.bytes[frame.template_bytes + i] == pattern(id, frame.seq + i);
      }
      if (same) return id;
    }
    return card::kNoConnection;  // Of one that was closed.
  }

  std::mt19937_64 random_;
  Rig rig_;
  std::uint8_t epoch_ = 1;
  std::map<card::ConnectionId, Model> models_;
};

class SendCampaign : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(SendCampaign, KeepsEveryRuleAndSendsEveryByte) {
  SCOPED_TRACE(GetParam());
  Campaign campaign(GetParam(), GetParam() % 2 == 0 ? 1 : 8);
  campaign.run(6000);
  EXPECT_GT(campaign.counters().rewrites, 10u);
  EXPECT_GT(campaign.counters().slots_taken, 10u);
  EXPECT_GT(campaign.counters().releases, 10u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SendCampaign, ::testing::Range<std::uint64_t>(1, 13));

}  // namespace
}  // namespace sockwire::test
