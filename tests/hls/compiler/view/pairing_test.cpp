// SPDX-License-Identifier: Apache-2.0
// Which lines of a module are paired with which lines of C++, and how rows are laid out.
#include "hls/compiler/view/pairing.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "hls/compiler/view/kernel_list.hpp"
#include "hls/compiler/view/printing.hpp"

namespace hlsc {
namespace {

/// A source of five lines, and where it is.
FunctionSource written_source() {
  const std::string path = testing::TempDir() + "pairing_test_source.hpp";
  std::ofstream(path) << "before\nvoid f() {\n  a = b;\n  c = d;\n}\nafter\n";
  return {path, "f", 2, 5};
}

std::vector<unsigned> numbers(const std::vector<SvLine>& lines) {
  std::vector<unsigned> result;
  for (const SvLine& line : lines) result.push_back(line.number);
  return result;
}

TEST(Pairing, ALineGoesToTheLineThatItNames) {
  const Pairing pairing = pair_lines({written_source()},
                                     "module m;\n"
                                     "  logic t1;\n"
                                     "  assign t1 = x;  // pairing_test_source.hpp:3\n"
                                     "  if (t1) begin  // pairing_test_source.hpp:4\n"
                                     "    c_q <= d;  // pairing_test_source.hpp:4\n"
                                     "  end\n"
                                     "  y <= 1;  // pairing_test_source.hpp:6\n"
                                     "  z <= 1;  // other.hpp:3\n");
  ASSERT_EQ(pairing.functions.size(), 1u);
  const std::vector<CppLine>& lines = pairing.functions[0].lines;
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0].text, "void f() {");
  EXPECT_EQ(numbers(lines[1].became), (std::vector<unsigned>{2, 3}));
  EXPECT_TRUE(lines[1].became[0].is_frame) << "the declaration of what the next line makes";
  EXPECT_EQ(lines[1].became[1].text, "  assign t1 = x;");
  EXPECT_EQ(numbers(lines[2].became), (std::vector<unsigned>{4, 5}));
  EXPECT_EQ(numbers(pairing.rest), (std::vector<unsigned>{1, 6, 7, 8}));
  EXPECT_TRUE(pairing.rest[1].is_frame);
}

TEST(Pairing, OfACalledFunctionNothingIsShownUnlessSomethingIsLeft) {
  FunctionSource other = written_source();
  other.name = "g";
  other.first = other.last = 1;
  EXPECT_EQ(pair_lines({written_source(), other}, "x <= 1;  // pairing_test_source.hpp:3\n").functions.size(), 1u);
  EXPECT_EQ(pair_lines({written_source(), other}, "x <= 1;  // pairing_test_source.hpp:1\n").functions.size(), 2u);
}

View view_of_long_lines() {
  View view{"m", "f", {}, {}};
  view.pairing.functions.push_back({{"f.hpp", "f", 1, 2}, {}});
  const std::string words = "  one two three four five six seven eight nine ten eleven twelve thirteen";
  view.pairing.functions[0].lines = {{1, words, {{7, words, false}, {8, std::string(90, '#'), false}}}, {2, "}", {}}};
  view.pairing.rest = {{9, words + words, false}, {10, "end", true}};
  return view;
}

TEST(Printing, RowsAreNotWiderThanTheTerminalAndLoseNothing) {
  std::ostringstream out;
  print_side_by_side(view_of_long_lines(), 80, false, out);
  const std::string text = out.str();
  std::istringstream rows(text);
  unsigned paired = 0;
  for (std::string row; std::getline(rows, row);) {
    EXPECT_LE(row.size(), 80u) << row;
    if (row.find(" | ") != std::string::npos) ++paired;
  }
  EXPECT_GE(paired, 4u);
  for (const char* word : {"one two", "thirteen", "   7 ", "   8 ", "   9 "})
    EXPECT_NE(text.find(word), std::string::npos) << word << "\n" << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '#'), 90);
  EXPECT_EQ(text.find("end"), std::string::npos) << "what only frames is left out";
  EXPECT_EQ(text.find('\033'), std::string::npos);
}

TEST(KernelList, NearNames) {
  std::istringstream list(
      "mac_tx_w1|h.hpp|mac_tx<1>||departure=4 line=8|\nmac_rx_w1|h.hpp|mac_rx<1>|6.4||\nsegmenter|s.hpp|segmenter|||"
      "TEST\n");
  const std::vector<ListedKernel> kernels = read_kernel_list(list);
  ASSERT_EQ(kernels.size(), 3u);
  EXPECT_EQ(kernels[0].options.depths[1], std::make_pair(std::string("line"), 8u));
  EXPECT_EQ(kernels[1].options.period_ns, 6.4);
  EXPECT_TRUE(kernels[2].is_test);
  EXPECT_EQ(near_names(kernels, "mac_tx"), (std::vector<std::string>{"mac_tx_w1"}));
  EXPECT_EQ(near_names(kernels, "mac_tx_w3"), (std::vector<std::string>{"mac_tx_w1", "mac_rx_w1"}));
  EXPECT_EQ(near_names(kernels, "segmentor"), (std::vector<std::string>{"segmenter"}));
  EXPECT_TRUE(near_names(kernels, "stack").empty());
  std::istringstream broken("mac_tx_w1|h.hpp\n");
  EXPECT_THROW(read_kernel_list(broken), std::runtime_error);
}

}  // namespace
}  // namespace hlsc
