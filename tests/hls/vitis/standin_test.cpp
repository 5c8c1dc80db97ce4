// SPDX-License-Identifier: Apache-2.0
// The stand-ins themselves: what the manual of Vitis HLS (UG1399) says of its integers and streams.
#include <ap_int.h>
#include <gtest/gtest.h>
#include <hls_stream.h>

#include <fstream>
#include <ostream>
#include <string>
#include <type_traits>

#include "tests/command_outcome.hpp"

namespace {

template <typename T>
constexpr int kWidthOf = ap_standin::Operand<T>::kWidth;
template <typename T>
constexpr bool kSignedOf = ap_standin::Operand<T>::kSigned;

/// The width of a result, negative if it is signed.
template <typename T>
constexpr int shape(const T&) {
  return kSignedOf<T> ? -kWidthOf<T> : kWidthOf<T>;
}

const ap_uint<8> kByte = 200;
const ap_uint<16> kWord = 40000;
const ap_int<8> kSignedByte = -100;
const ap_int<16> kSignedWord = -30000;

// "Binary Arithmetic Operators"
TEST(ApIntStandIn, SumsAreAsWideAsTheyHaveToBe) {
  EXPECT_EQ(shape(kByte + kWord), 17);
  EXPECT_EQ(shape(kSignedByte + kSignedWord), -17);
  EXPECT_EQ(shape(kSignedByte + kWord), -18);  // the wider is unsigned, the narrower is not
  EXPECT_EQ(shape(kByte + kSignedWord), -17);
  EXPECT_EQ(shape(kByte + 1), -33);
  EXPECT_EQ(shape(kByte + 1u), 33);
  EXPECT_EQ(static_cast<int>(kByte + kByte), 400);
}

TEST(ApIntStandIn, DifferencesAreSigned) {
  EXPECT_EQ(shape(kByte - kByte), -9);
  EXPECT_EQ(static_cast<int>(ap_uint<8>(1) - ap_uint<8>(2)), -1);
  EXPECT_TRUE(ap_uint<8>(1) - ap_uint<8>(2) < ap_uint<4>(0));
  EXPECT_EQ(static_cast<unsigned>(ap_uint<16>(ap_uint<8>(1) - ap_uint<8>(2))), 0xFFFFu);  // extended by its sign
}

TEST(ApIntStandIn, ProductsQuotientsAndRemaindersHaveTheirWidths) {
  EXPECT_EQ(shape(kByte * kWord), 24);
  EXPECT_EQ(shape(kByte * kSignedWord), -24);
  EXPECT_EQ(static_cast<int>(kByte * kSignedByte), -20000);
  EXPECT_EQ(shape(kWord / kByte), 16);
  EXPECT_EQ(shape(kWord / kSignedByte), -17);
  EXPECT_EQ(shape(kWord % kByte), 8);
  EXPECT_EQ(shape(kSignedWord % kByte), -9);
  EXPECT_EQ(static_cast<int>(kSignedWord % kByte), 0);
  EXPECT_EQ(static_cast<int>(kWord / 7), 5714);
}

// "Bitwise Logical Operators", "Unary Operators"
TEST(ApIntStandIn, BitwiseResultsAreAsWideAsTheWiderOperand) {
  EXPECT_EQ(shape(kByte & kWord), 16);
  EXPECT_EQ(shape(kByte | kSignedWord), -16);
  EXPECT_EQ(shape(kByte ^ 0xFFu), 32);
  EXPECT_EQ(shape(~kByte), 8);
  EXPECT_EQ(static_cast<int>(~kByte), 55);
  EXPECT_EQ(shape(-kByte), -9);
  EXPECT_EQ(shape(-kSignedByte), -8);
  EXPECT_EQ(static_cast<int>(-kByte), -200);
}

// "Shift Operators"
TEST(ApIntStandIn, ShiftsKeepTheLeftOperandsWidth) {
  EXPECT_EQ(shape(kByte << 4), 8);
  EXPECT_EQ(static_cast<int>(kByte << 4), 0x80);
  EXPECT_EQ(static_cast<int>(ap_uint<16>(kByte << 4)), 0x80);
  EXPECT_EQ(static_cast<int>(ap_uint<16>(kByte) << 4), 0xC80);
  EXPECT_EQ(static_cast<int>(kByte << ap_int<4>(-3)), 25);  // the other way
  EXPECT_EQ(static_cast<int>(kByte >> -1), 0x90);
  EXPECT_EQ(static_cast<int>(kSignedByte >> 2), -25);
  EXPECT_EQ(static_cast<int>(kSignedByte >> 20), -1);
  EXPECT_EQ(static_cast<int>(kByte << 8), 0);
  EXPECT_TRUE((ap_uint<96>(1) << 95) == (ap_uint<96>(0x80000000u) << 64));
}

// "Zero- and Sign-Extension on Assignment", "Truncation on Assignment", with the manual's own values
TEST(ApIntStandIn, AssignmentExtendsByTheSourcesSign) {
  const ap_int<7> minus_one = 0x7f;
  const ap_uint<6> ones = 0x3f;
  EXPECT_EQ(static_cast<int>(ap_uint<10>(minus_one)), 0x3ff);
  EXPECT_EQ(static_cast<int>(ap_uint<10>(ones)), 0x03f);
  EXPECT_EQ(static_cast<int>(ap_uint<10>(ap_uint<7>(minus_one))), 0x07f);
  EXPECT_EQ(static_cast<int>(ap_uint<10>(ap_int<6>(ones))), 0x3ff);
  EXPECT_EQ(static_cast<int>(ap_int<4>(0x1f)), -1);
}

// "Conversion": to C types of at most 64 bits
TEST(ApIntStandIn, WideValuesLoseBitsOnTheWayToC) {
  const ap_uint<65> wide = ap_uint<65>(1) << 64;
  EXPECT_FALSE(static_cast<bool>(static_cast<unsigned long long>(wide)));
  EXPECT_TRUE(wide.to_bool());
}

// "Bit-Level Operations"
TEST(ApIntStandIn, RangesAndBitsAreReferences) {
  ap_uint<16> x = 0x1234;
  EXPECT_EQ(static_cast<int>(ap_uint<16>(x.range(11, 4))), 0x23);
  x.range(7, 0) = 0xFFF;
  EXPECT_EQ(static_cast<int>(x), 0x12FF);
  x.range(15, 8) = x.range(7, 0);
  x[0] = 0;
  x[15] = false;
  EXPECT_EQ(static_cast<int>(x), 0x7FFE);
  EXPECT_TRUE(x[14] && !x[15]);
  EXPECT_TRUE(x.range(3, 0) == 14u);
  EXPECT_EQ(static_cast<int>(x.range(15, 8) + x.range(7, 0)), 0x7F + 0xFE);
}

TEST(ApIntStandIn, CompoundAssignmentsComputeWideAndKeepTheWidth) {
  ap_uint<8> x = 250;
  x += 10;
  EXPECT_EQ(static_cast<int>(x), 4);
  x -= 5;
  EXPECT_EQ(static_cast<int>(x), 255);
  x <<= 4;
  EXPECT_EQ(static_cast<int>(x), 0xF0);
  x >>= 2;
  EXPECT_EQ(static_cast<int>(x), 0x3C);
  x ^= 0xFF;
  EXPECT_EQ(static_cast<int>(x), 0xC3);
  ++x;
  EXPECT_EQ(static_cast<int>(x), 0xC4);
}

// "Reading and Writing Streams"
TEST(StreamStandIn, IsAQueue) {
  hls::stream<int> stream("name");
  EXPECT_TRUE(stream.empty());
  stream.write(1);
  EXPECT_TRUE(stream.write_nb(2));
  EXPECT_EQ(stream.size(), 2u);
  EXPECT_EQ(stream.read(), 1);
  int value = 0;
  EXPECT_TRUE(stream.read_nb(value));
  EXPECT_EQ(value, 2);
  EXPECT_FALSE(stream.read_nb(value));
  EXPECT_FALSE(stream.full());
}

struct Refused {
  std::string name;
  std::string statement;  ///< with ap_uint<8> a, b; ap_uint<16> w; unsigned long n
  std::string message;    ///< nothing: it is not refused

  friend std::ostream& operator<<(std::ostream& out, const Refused& refused) { return out << refused.statement; }
};

class ApIntStandInCompile : public testing::TestWithParam<Refused> {};

TEST_P(ApIntStandInCompile, RefusesWhatTheManualLeavesOpen) {
  const Refused& refused = GetParam();
  const std::string file = testing::TempDir() + "standin_" + refused.name + ".cpp";
  std::ofstream(file) << "#include <ap_int.h>\n"
                         "ap_uint<16> f(ap_uint<8> a, ap_uint<8> b, ap_uint<16> w, unsigned long n) {\n"
                      << refused.statement << "\nreturn w; (void)a; (void)b; (void)n;\n}\n";
  const sockwire::test::CommandOutcome outcome =
      sockwire::test::run_command(CLANG " -std=c++14 -fsyntax-only -I " STANDIN " " + file);
  EXPECT_EQ(outcome.exit_code, refused.message.empty() ? 0 : 1) << outcome.output;
  EXPECT_NE(outcome.output.find(refused.message), std::string::npos) << outcome.output;
}

INSTANTIATE_TEST_SUITE_P(
    Vitis, ApIntStandInCompile,
    testing::Values(Refused{"named", "w = (ap_uint<16>(a.range(3, 0)) << 8) | (b > a ? ap_uint<16>(b) : w);", ""},
                    Refused{"long", "w = a + n;", "name a width"},
                    Refused{"range_shifted", "w = a.range(3, 0) << 8;", "name the width"},
                    Refused{"range_inverted", "w = ~a.range(3, 0);", "deleted"},
                    Refused{"c_shifted", "w = 0xFF >> a;", "name the width"},
                    Refused{"choice_of_widths", "w = n != 0 ? a : w;", "ambiguous"},
                    Refused{"choice_with_c", "w = n != 0 ? a + b : 0;", "ambiguous"},
                    Refused{"mixed_signs", "if (a - b < w) w = 1;", "is not said"},
                    Refused{"our_own_member", "w = a.value();", "no member named 'value'"}),
    [](const testing::TestParamInfo<Refused>& each) { return each.param.name; });

}  // namespace
