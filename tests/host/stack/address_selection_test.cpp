// SPDX-License-Identifier: Apache-2.0
// The examples of RFC 6724 10.1 that need no second interface and no mobility, rule by rule.
#include "host/stack/address_selection.hpp"

#include <gtest/gtest.h>

namespace sockwire::stack {
namespace {

InterfaceAddress own(const char* text, AddressState state = AddressState::kPreferred) {
  InterfaceAddress made;
  made.prefix = *IpPrefix::parse(text);
  made.state = state;
  return made;
}

std::string chosen(const std::vector<InterfaceAddress>& candidates, const char* destination) {
  const auto source = select_source(candidates, *IpAddress::parse(destination));
  return source ? to_string(*source) : "none";
}

/// In any order of the candidates.
std::string always(InterfaceAddress a, InterfaceAddress b, const char* destination) {
  const std::string one = chosen({a, b}, destination);
  return one == chosen({b, a}, destination) ? one : "it depends on the order";
}

// RFC 6724 10.1, first to fourth example.
TEST(AddressSelection, PrefersTheAppropriateScope) {
  EXPECT_EQ(always(own("2001:db8:3::1/64"), own("fe80::1/64"), "2001:db8:1::1"), "2001:db8:3::1");
  EXPECT_EQ(always(own("2001:db8:3::1/64"), own("fe80::1/64"), "ff05::1"), "2001:db8:3::1");
  EXPECT_EQ(always(own("2001:db8:3::1/64"), own("fe80::1/64"), "fe80::2"), "fe80::1");
  EXPECT_EQ(always(own("2001:db8:3::1/64"), own("fe80::1/64"), "ff02::1"), "fe80::1");
}

// Rule 1.
TEST(AddressSelection, PrefersTheDestinationItself) {
  EXPECT_EQ(always(own("2001:db8:1::1/64", AddressState::kDeprecated), own("2001:db8:2::1/64"), "2001:db8:1::1"),
            "2001:db8:1::1");
}

// Rule 3.
TEST(AddressSelection, AvoidsDeprecatedOnes) {
  EXPECT_EQ(always(own("2001:db8:1::3/64", AddressState::kDeprecated), own("2001:db8:2::1/64"), "2001:db8:1::1"),
            "2001:db8:2::1");
}

// Rule 6: RFC 6724 10.1, "2002:c633:6401::d5e3:7953:13eb:22e8 (temporary)" without its temporary address.
TEST(AddressSelection, PrefersTheSameLabel) {
  EXPECT_EQ(always(own("2002:c633:6401::2/64"), own("2001:db8:1::2/64"), "2002:c633:6401::1"), "2002:c633:6401::2");
  EXPECT_EQ(always(own("fd00:1::2/64"), own("2001:db8:1::2/64"), "fd99::1"), "fd00:1::2");
}

// Rule 8: RFC 6724 10.1, "longest matching prefix"; section 2.2: the interface identifier does not count.
TEST(AddressSelection, PrefersTheLongestPrefix) {
  EXPECT_EQ(always(own("2001:db8:1::2/64"), own("2001:db8:3::2/64"), "2001:db8:1::1"), "2001:db8:1::2");
  EXPECT_EQ(chosen({own("2001:db8:1::7/64"), own("2001:db8:1::2/64")}, "2001:db8:1::3"), "2001:db8:1::7");
}

TEST(AddressSelection, VersionsAreApartAndTentativeOnesAreNotUsed) {
  EXPECT_EQ(always(own("10.0.0.1/24"), own("2001:db8:1::2/64"), "192.0.2.1"), "10.0.0.1");
  EXPECT_EQ(always(own("10.0.0.1/24"), own("10.0.1.1/24"), "10.0.1.9"), "10.0.1.1");
  EXPECT_EQ(chosen({own("10.0.0.1/24")}, "2001:db8::1"), "none");
  EXPECT_EQ(chosen({own("2001:db8::1/64", AddressState::kTentative)}, "2001:db8::2"), "none");
}

}  // namespace
}  // namespace sockwire::stack
