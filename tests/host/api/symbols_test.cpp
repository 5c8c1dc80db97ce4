// SPDX-License-Identifier: Apache-2.0
// The ABI: the library shows what sockwire.map lists, that is what sockwire.h declares, and nothing that was there is
// gone.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <set>
#include <string>

#include "host/api/sockwire.h"

namespace {

using Names = std::set<std::string>;

std::string read(const std::string& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

Names find_all(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  Names names;
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) names.insert((*at)[1]);
  return names;
}

Names shown_by_the_library() {
  const std::string command = "nm -D --defined-only " SOCKWIRE_LIBRARY;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 4096> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe.get()) != nullptr) text += buffer.data();
  return find_all(text, R"( [A-Z] ([^@\s]+)@@SOCKWIRE)");
}

const std::string kFolder = SOCKWIRE_SOURCE_DIR "/host/api/";

TEST(Symbols, TheLibraryShowsWhatTheMapLists) {
  EXPECT_EQ(shown_by_the_library(), find_all(read(kFolder + "sockwire.map"), R"(\b(sockwire_\w+);)"));
}

TEST(Symbols, TheMapListsWhatTheHeaderDeclares) {
  const std::string header = std::regex_replace(read(kFolder + "sockwire.h"), std::regex(R"(/\*[^]*?\*/)"), "");
  EXPECT_EQ(find_all(read(kFolder + "sockwire.map"), R"(\b(sockwire_\w+);)"),
            find_all(header, R"(\b(sockwire_\w+)\()"));
}

// What a program that was built against an older library relies on: these numbers never change.
TEST(Symbols, TheLayoutOfTheOptionsIsFrozen) {
  EXPECT_EQ(offsetof(sockwire_virtual_options, ipv4), 8u);
  EXPECT_EQ(offsetof(sockwire_virtual_options, ipv6), 16u);
  EXPECT_EQ(offsetof(sockwire_virtual_options, seed), 24u);
  EXPECT_EQ(offsetof(sockwire_virtual_options, line_bits_per_s), 32u);
  EXPECT_EQ(offsetof(sockwire_virtual_options, mtu), 40u);
  EXPECT_EQ(offsetof(sockwire_virtual_options, clock), 44u);
  EXPECT_EQ(offsetof(sockwire_virtual_options, first_descriptor), 48u);
  EXPECT_EQ(offsetof(sockwire_virtual_options, max_sockets), 52u);
  EXPECT_EQ(offsetof(sockwire_virtual_options, on_packet), 56u);
  EXPECT_EQ(offsetof(sockwire_virtual_options, context), 64u);
  EXPECT_GE(sizeof(sockwire_virtual_options), 72u);
}

}  // namespace
