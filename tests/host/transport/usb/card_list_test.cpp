// SPDX-License-Identifier: Apache-2.0
// The list of cards: what there is, and why it cannot be used.
#include <unistd.h>

#include "host/transport/usb/usb_card.hpp"
#include "tests/host/transport/usb/plugged.hpp"

namespace sockwire::test {
namespace {

using transport::CardState;

constexpr uid_t kNobody = 65534;

std::vector<transport::CardInfo> cards() {
  auto listed = transport::list_cards();
  if (!listed) {
    ADD_FAILURE() << listed.error().message;
    return {};
  }
  return std::move(listed).value();
}

/// Without root's privilege, for as long as it lives.
class AsNobody {
 public:
  AsNobody() : was_root_(geteuid() == 0) { EXPECT_EQ(was_root_ ? seteuid(kNobody) : 0, 0); }
  ~AsNobody() { EXPECT_EQ(was_root_ ? seteuid(0) : 0, 0); }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

 private:
  bool was_root_;
};

class CardList : public Plugged {};

TEST_F(CardList, IsEmptyWithoutAny) { EXPECT_TRUE(cards().empty()); }

TEST_F(CardList, NamesEachByPort) {
  add("210319A00001");
  add("210319A00002");
  const auto list = cards();
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].serial, "210319A00001");
  EXPECT_EQ(list[0].manufacturer, "Digilent");
  EXPECT_EQ(list[0].product, "Digilent USB Device");
  EXPECT_EQ(list[0].port, "1-1");
  EXPECT_EQ(list[0].bus, 1U);
  EXPECT_EQ(list[0].state, CardState::kReady) << list[0].reason;
  EXPECT_EQ(list[0].reason, "");
  EXPECT_EQ(list[1].port, "1-2");
}

TEST_F(CardList, LeavesTheKernelsDriverAlone) {
  const unsigned port = add("210319A00001");
  EXPECT_EQ(cards().size(), 1U);
  EXPECT_EQ(front_->driver(port, 1), "ftdi_sio");
}

TEST_F(CardList, TellsWhatIsInUse) {
  add("210319A00001");
  const auto link = open({});
  ASSERT_TRUE(link);
  const auto list = cards();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].state, CardState::kBusy);
  EXPECT_NE(list[0].reason.find("in use"), std::string::npos) << list[0].reason;
}

TEST_F(CardList, TellsAnotherBoard) {
  add("FT1ABCDE", "Somebody");
  const auto list = cards();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].state, CardState::kOtherBoard);
  EXPECT_NE(list[0].reason.find("by its serial number"), std::string::npos) << list[0].reason;
}

TEST_F(CardList, NamesTheUdevRuleWhereItIsMissing) {
  const unsigned port = add("210319A00001");
  front_->allow(port, false);
  {
    const AsNobody nobody;
    const auto list = cards();
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].serial, "210319A00001");  // sysfs tells everybody
    EXPECT_EQ(list[0].state, CardState::kNoPermission);
    EXPECT_NE(list[0].reason.find("70-sockwire-usb.rules"), std::string::npos) << list[0].reason;
    const auto link = transport::UsbByteLink::open({});
    ASSERT_FALSE(link);
    EXPECT_EQ(link.error().problem, transport::UsbProblem::kNoPermission);
    EXPECT_EQ(link.error().message, list[0].reason);
  }
  front_->allow(port, true);
  const AsNobody nobody;
  EXPECT_EQ(cards().at(0).state, CardState::kReady);
}

TEST_F(CardList, FollowsTheCable) {
  const unsigned port = add("210319A00001");
  const auto before = cards();
  ASSERT_EQ(before.size(), 1U);
  front_->unplug(port);
  EXPECT_TRUE(cards().empty());
  front_->plug(port);
  const auto after = cards();
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].port, before[0].port);
  EXPECT_NE(after[0].address, before[0].address);
}

}  // namespace
}  // namespace sockwire::test
