// SPDX-License-Identifier: Apache-2.0
#include "sim/net/pcapng.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>

namespace sockwire::sim {
namespace {

std::string temporary(const std::string& name) {
  return testing::TempDir() + "sockwire-" + std::to_string(getpid()) + "-" + name;
}

std::vector<std::uint8_t> content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::uint32_t word(const std::vector<std::uint8_t>& bytes, std::size_t at) {
  return static_cast<std::uint32_t>(bytes.at(at)) | static_cast<std::uint32_t>(bytes.at(at + 1)) << 8 |
         static_cast<std::uint32_t>(bytes.at(at + 2)) << 16 | static_cast<std::uint32_t>(bytes.at(at + 3)) << 24;
}

std::string output_of(const std::string& command) {
  std::string output;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  std::array<char, 256> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) output += buffer.data();
  pclose(pipe);
  return output;
}

// draft-ietf-opsawg-pcapng section 3.1: blocks have their length at both ends and are a multiple of four long.
TEST(Pcapng, BlocksAreWellFormed) {
  const auto path = temporary("blocks.pcapng");
  {
    auto writer = PcapngWriter::create(path);
    ASSERT_TRUE(writer) << writer.error();
    const auto interface = writer.value()->add_interface("card", "near the card");
    writer.value()->write(interface, 0x123456789ABCDEFULL, std::array<std::uint8_t, 5>{1, 2, 3, 4, 5},
                          PacketDirection::kOutbound);
    writer.value()->write(interface, 7, std::array<std::uint8_t, 4>{9, 9, 9, 9}, PacketDirection::kInbound,
                          FrameFault::kFcs, "wrong FCS");
    ASSERT_TRUE(writer.value()->flush());
  }
  const auto bytes = content(path);
  std::vector<std::uint32_t> types;
  std::vector<std::size_t> starts;
  for (std::size_t at = 0; at < bytes.size();) {
    types.push_back(word(bytes, at));
    starts.push_back(at);
    const auto total = word(bytes, at + 4);
    ASSERT_EQ(total % 4, 0u);
    ASSERT_EQ(word(bytes, at + total - 4), total);
    at += total;
  }
  EXPECT_EQ(types, (std::vector<std::uint32_t>{0x0A0D0D0A, 1, 6, 6}));
  EXPECT_EQ(word(bytes, 8), 0x1A2B3C4Du);
  const auto packet = starts.at(2);
  EXPECT_EQ(word(bytes, packet + 12), 0x01234567u);
  EXPECT_EQ(word(bytes, packet + 16), 0x89ABCDEFu);
  EXPECT_EQ(word(bytes, packet + 20), 5u);
  EXPECT_EQ(word(bytes, packet + 28), 0x04030201u);
  EXPECT_EQ(word(bytes, packet + 32), 0x00000005u);
  EXPECT_EQ(word(bytes, packet + 36), 0x00040002u) << "epb_flags, four bytes";
  EXPECT_EQ(word(bytes, packet + 40), 2u) << "outbound";
  EXPECT_EQ(word(bytes, starts.at(3) + 36), 1u | 1u << 24) << "inbound, CRC error";
  unlink(path.c_str());
}

TEST(Pcapng, TsharkReadsTimesDirectionsAndComments) {
  if (output_of("tshark --version 2>/dev/null").empty()) GTEST_SKIP() << "tshark is not installed";
  const auto path = temporary("tshark.pcapng");
  {
    auto writer = PcapngWriter::create(path);
    ASSERT_TRUE(writer) << writer.error();
    const auto interface = writer.value()->add_interface("card", "near the card");
    const std::vector<std::uint8_t> frame(60, 0xFF);
    writer.value()->write(interface, 1'000'000'001'234'567'891ULL, frame, PacketDirection::kOutbound);
    writer.value()->write(interface, 1'000'000'002'000'000'000ULL, frame, PacketDirection::kInbound, FrameFault::kRunt,
                          "runt");
  }
  EXPECT_EQ(output_of("tshark -r " + path +
                      " -T fields -e frame.time_epoch -e frame.interface_name -e frame.packet_flags_direction"
                      " -e frame.packet_flags_packet_too_short_error -e frame.comment 2>/dev/null"),
            "1000000001.234567891\tcard\t0x00000002\t0\t\n1000000002.000000000\tcard\t0x00000001\t1\trunt\n");
  unlink(path.c_str());
}

TEST(Pcapng, SaysWhyItCannotWrite) {
  const auto none = PcapngWriter::create("/nonexistent/folder/file.pcapng");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error(), "cannot write /nonexistent/folder/file.pcapng: No such file or directory");
  auto full = PcapngWriter::create("/dev/full");
  ASSERT_TRUE(full);
  const auto flushed = full.value()->flush();
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error(), "cannot write /dev/full: No space left on device");
}

}  // namespace
}  // namespace sockwire::sim
