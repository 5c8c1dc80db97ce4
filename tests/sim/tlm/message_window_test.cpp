// SPDX-License-Identifier: Apache-2.0
// A card's windows and registers, access by access, before a link that the test holds the other end of.
#include "sim/tlm/message_window.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "tests/sim/tlm/bus_master.hpp"

namespace sockwire::test {
namespace {

using namespace sim::tlm_map;
using sim::Message;

class FakeLink final : public transport::Transport {
 public:
  bool can_send() override { return room; }
  void send(std::span<const std::uint8_t> command) override { commands.emplace_back(command.begin(), command.end()); }
  std::span<const std::uint8_t> poll_event() override {
    if (events.empty()) return {};
    current_ = events.front();
    events.pop_front();
    return current_;
  }

  bool room = true;
  std::vector<Message> commands;
  std::deque<Message> events;

 private:
  Message current_;
};

class MessageWindowTest : public ::testing::Test {
 protected:
  tlm::tlm_response_status perform(Access&& access) {
    touched = window.access(access.payload);
    data = access.data;
    return access.payload.get_response_status();
  }
  std::uint32_t read(std::uint64_t address) {
    EXPECT_EQ(perform(read_of(address)), tlm::TLM_OK_RESPONSE);
    return static_cast<std::uint32_t>(sim::get_le(data, 0, 4));
  }

  FakeLink link;
  sim::MessageWindow window{link};
  bool touched = false;
  Message data;
};

TEST_F(MessageWindowTest, ACommandIsTheFirstBytesOfItsWindow) {
  EXPECT_EQ(perform({kCommandWindow.begin, {1, 2, 3, 4}}), tlm::TLM_OK_RESPONSE);
  EXPECT_FALSE(touched);
  EXPECT_EQ(perform({kCommandWindow.begin + 3, {5, 6}}), tlm::TLM_OK_RESPONSE);
  EXPECT_TRUE(link.commands.empty());
  EXPECT_EQ(perform(write_of(kCommandBytes, 5)), tlm::TLM_OK_RESPONSE);
  EXPECT_TRUE(touched);
  ASSERT_EQ(link.commands.size(), 1U);
  EXPECT_EQ(link.commands[0], (Message{1, 2, 3, 5, 6}));
  EXPECT_EQ(window.counters().commands, 1U);
}

TEST_F(MessageWindowTest, AnEventStaysUntilItIsTaken) {
  link.events = {{1, 2, 3}, {4, 5}};
  EXPECT_EQ(read(kEventBytes), 0U);
  window.show_event();
  window.show_event();
  for (int look = 0; look < 2; ++look) {
    EXPECT_EQ(read(kEventBytes), 3U);
    EXPECT_EQ(perform(read_of(kEventWindow.begin, 3)), tlm::TLM_OK_RESPONSE);
    EXPECT_EQ(data, (Message{1, 2, 3}));
  }
  EXPECT_EQ(perform(write_of(kEventTake, 1)), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(read(kEventBytes), 2U);
  EXPECT_EQ(perform(write_of(kEventTake, 1)), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(read(kEventBytes), 0U);
  EXPECT_EQ(window.counters().events, 2U);
}

TEST_F(MessageWindowTest, TheInterruptIsHighForWhatIsEnabled) {
  EXPECT_EQ(read(kStatus), kCommandRoom | kFresh);
  EXPECT_TRUE(window.interrupt());
  EXPECT_EQ(perform(write_of(kInterruptEnable, 0xFFFFFFFA)), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(read(kInterruptEnable), kEventWaiting) << "other bits than those of the status are none";
  EXPECT_FALSE(window.interrupt());
  link.events = {{1}};
  window.show_event();
  EXPECT_EQ(read(kStatus), kCommandRoom | kEventWaiting | kFresh);
  EXPECT_TRUE(window.interrupt());
  EXPECT_EQ(perform(write_of(kEventTake, 1)), tlm::TLM_OK_RESPONSE);
  EXPECT_FALSE(window.interrupt());
  link.room = false;
  EXPECT_EQ(perform(write_of(kInterruptEnable, kCommandRoom)), tlm::TLM_OK_RESPONSE);
  EXPECT_FALSE(window.interrupt());
  link.room = true;
  EXPECT_TRUE(window.interrupt());
}

TEST_F(MessageWindowTest, FreshUntilACommandAndAgainAfterAReset) {
  link.events = {{1}, {2}};
  window.show_event();
  EXPECT_EQ(perform(write_of(kCommandBytes, 1)), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(read(kStatus), kCommandRoom | kEventWaiting);
  EXPECT_FALSE(window.interrupt());
  FakeLink other;
  window.reset(other);
  EXPECT_EQ(read(kStatus), kCommandRoom | kFresh);
  EXPECT_TRUE(window.interrupt());
  EXPECT_EQ(perform(write_of(kCommandBytes, 1)), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(other.commands.size(), 1U);
}

TEST_F(MessageWindowTest, AddressErrorBeyondAndBetweenTheWindows) {
  for (const std::uint64_t address :
       {kRegistersBytes, kEventWindow.begin - 4, kEventWindow.begin + kEventWindow.bytes - 3, kCommandWindow.begin - 2,
        kCommandWindow.begin + kCommandWindow.bytes - 3, kCardBytes, ~std::uint64_t{0}}) {
    EXPECT_EQ(perform(read_of(address)), tlm::TLM_ADDRESS_ERROR_RESPONSE) << address;
    EXPECT_EQ(perform(write_of(address, 0)), tlm::TLM_ADDRESS_ERROR_RESPONSE) << address;
  }
  EXPECT_EQ(perform(read_of(kCommandWindow.begin + kCommandWindow.bytes - 4)), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(window.counters().refused, 14U);
}

TEST_F(MessageWindowTest, AddressErrorForARegisterThatDoesNotBeginThere) {
  for (const std::uint64_t address : {1U, 2U, kEventTake + 3U}) {
    EXPECT_EQ(perform(read_of(address)), tlm::TLM_ADDRESS_ERROR_RESPONSE) << address;
  }
}

TEST_F(MessageWindowTest, BurstErrorForLengthsAndStreaming) {
  EXPECT_EQ(perform(read_of(kStatus, 8)), tlm::TLM_BURST_ERROR_RESPONSE);
  EXPECT_EQ(perform(read_of(kStatus, 2)), tlm::TLM_BURST_ERROR_RESPONSE);
  EXPECT_EQ(perform(read_of(kCommandWindow.begin, 0)), tlm::TLM_BURST_ERROR_RESPONSE);
  Access streaming(kCommandWindow.begin, {1, 2, 3, 4});
  streaming.payload.set_streaming_width(2);
  EXPECT_FALSE(window.access(streaming.payload));
  EXPECT_EQ(streaming.payload.get_response_status(), tlm::TLM_BURST_ERROR_RESPONSE);
}

TEST_F(MessageWindowTest, ByteEnableErrorForAnyByteEnables) {
  std::array<std::uint8_t, 4> enables{0xFF, 0xFF, 0xFF, 0xFF};
  for (const std::uint64_t address : {std::uint64_t{kInterruptEnable}, kCommandWindow.begin}) {
    Access access = write_of(address, 3);
    access.payload.set_byte_enable_ptr(enables.data());
    access.payload.set_byte_enable_length(4);
    EXPECT_FALSE(window.access(access.payload));
    EXPECT_EQ(access.payload.get_response_status(), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  }
  EXPECT_EQ(read(kInterruptEnable), std::uint32_t{kFresh});
}

TEST_F(MessageWindowTest, CommandErrorForTheWrongDirection) {
  for (const std::uint64_t address : {kCommandBytes, kEventTake}) {
    EXPECT_EQ(perform(read_of(address)), tlm::TLM_COMMAND_ERROR_RESPONSE) << address;
  }
  for (const std::uint64_t address : {std::uint64_t{kStatus}, std::uint64_t{kEventBytes}, kEventWindow.begin}) {
    EXPECT_EQ(perform(write_of(address, 1)), tlm::TLM_COMMAND_ERROR_RESPONSE) << address;
  }
  EXPECT_EQ(perform({tlm::TLM_IGNORE_COMMAND, kStatus, 4}), tlm::TLM_OK_RESPONSE);
}

TEST_F(MessageWindowTest, GenericErrorForWhatIsNotTheTimeOrSize) {
  EXPECT_EQ(perform(write_of(kEventTake, 1)), tlm::TLM_GENERIC_ERROR_RESPONSE);
  EXPECT_EQ(perform(write_of(kCommandBytes, 0)), tlm::TLM_GENERIC_ERROR_RESPONSE);
  EXPECT_EQ(perform(write_of(kCommandBytes, kCommandWindow.bytes + 1)), tlm::TLM_GENERIC_ERROR_RESPONSE);
  link.room = false;
  EXPECT_EQ(perform(write_of(kCommandBytes, 16)), tlm::TLM_GENERIC_ERROR_RESPONSE);
  EXPECT_TRUE(link.commands.empty());
  link.room = true;
  EXPECT_EQ(perform(write_of(kCommandBytes, kCommandWindow.bytes)), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(link.commands.at(0).size(), kCommandWindow.bytes);
}

TEST_F(MessageWindowTest, DebugAccessesHaveNoEffectOnMessages) {
  link.events = {{7, 8, 9}};
  window.show_event();
  Access registers = read_of(0, 32);  // beyond the last one
  EXPECT_EQ(window.debug_access(registers.payload), kRegistersBytes);
  EXPECT_EQ(sim::get_le(registers.data, kStatus, 4), kCommandRoom | kEventWaiting | kFresh);
  EXPECT_EQ(sim::get_le(registers.data, kEventBytes, 4), 3U);
  Access take = write_of(kEventTake, 1);
  EXPECT_EQ(window.debug_access(take.payload), 0U);
  EXPECT_EQ(read(kEventBytes), 3U);
  Access event = read_of(kEventWindow.begin, 3);
  EXPECT_EQ(window.debug_access(event.payload), 3U);
  EXPECT_EQ(event.data, (Message{7, 8, 9}));
  Access memory(kCommandWindow.begin + kCommandWindow.bytes - 2, {1, 2, 3});
  EXPECT_EQ(window.debug_access(memory.payload), 2U);
  EXPECT_EQ(window.counters().refused, 0U);
}

TEST_F(MessageWindowTest, DirectMemoryIsTheWindowsAlone) {
  tlm::tlm_dmi direct;
  Access command = write_of(kCommandWindow.begin + 100, 0);
  ASSERT_TRUE(window.direct_memory(command.payload, direct));
  EXPECT_TRUE(direct.is_read_write_allowed());
  EXPECT_EQ(direct.get_start_address(), kCommandWindow.begin);
  EXPECT_EQ(direct.get_end_address(), kCommandWindow.begin + kCommandWindow.bytes - 1);
  direct.get_dmi_ptr()[0] = 42;
  EXPECT_EQ(perform(write_of(kCommandBytes, 1)), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(link.commands.at(0), Message{42});

  Access event = read_of(kEventWindow.begin);
  ASSERT_TRUE(window.direct_memory(event.payload, direct));
  EXPECT_TRUE(direct.is_read_allowed());
  EXPECT_FALSE(direct.is_write_allowed());
  link.events = {{9, 8}};
  window.show_event();
  EXPECT_EQ(direct.get_dmi_ptr()[1], 8);
  Access other = write_of(kEventWindow.begin, 0);
  EXPECT_FALSE(window.direct_memory(other.payload, direct));

  Access status = read_of(kStatus);
  EXPECT_FALSE(window.direct_memory(status.payload, direct));
  EXPECT_LT(direct.get_end_address(), kEventWindow.begin);
}

}  // namespace
}  // namespace sockwire::test
