// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/view/printing.hpp"

#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_os_ostream.h>

#include <algorithm>
#include <filesystem>
#include <iomanip>

namespace hlsc {
namespace {

constexpr const char* kBold = "\033[1m";
constexpr const char* kFaint = "\033[2m";
constexpr const char* kPlain = "\033[0m";
constexpr unsigned kLeastColumns = 60;
constexpr unsigned kNumber = 5;  // of a line, and a space

/// From the top of the tree, where the sources are read from.
std::string path_of(const FunctionSource& source) {
  return std::filesystem::path(source.file).lexically_proximate(std::filesystem::current_path()).string();
}

std::string heading(const FunctionSource& source) {
  return source.name + ", " + path_of(source) + ":" + std::to_string(source.first);
}

constexpr const char* kRestHeading = "From no line of the kernel: ports, registers, resets, FIFOs, memories";

std::vector<SvLine> shown(const std::vector<SvLine>& lines) {
  std::vector<SvLine> result;
  std::copy_if(lines.begin(), lines.end(), std::back_inserter(result),
               [](const SvLine& line) { return !line.is_frame; });
  return result;
}

/// How far a text is indented.
std::size_t indent_of(const std::string& text) { return std::min(text.find_first_not_of(' '), text.size()); }

/// The text in rows of so many columns, from its first letter on, cut at spaces where there are some.
std::vector<std::string> rows_of(const std::string& text, std::size_t columns) {
  std::vector<std::string> rows;
  std::string left = text;
  const std::string indent(std::min<std::size_t>(indent_of(text) + 4, columns / 2), ' ');
  while (left.size() > columns) {
    std::size_t cut = left.rfind(' ', columns);
    if (cut == std::string::npos || cut <= indent.size()) cut = columns;
    rows.push_back(left.substr(0, cut));
    left.erase(0, left[cut] == ' ' ? cut + 1 : cut);
    left.insert(0, indent);
  }
  rows.push_back(left);
  return rows;
}

/// One of the two columns: a line's number, and its text in rows.
struct Column {
  explicit Column(std::size_t columns, bool with_colour) : width(columns), in_colour(with_colour) {}

  void add(unsigned number, const std::string& text) {
    for (const std::string& row : rows_of(text, width - kNumber)) {
      numbers.push_back(numbers.size() == size_before ? std::to_string(number) : "");
      rows.push_back(row);
    }
    size_before = numbers.size();
  }

  void print(std::size_t row, bool to_full_width, std::ostream& out) const {
    const bool there = row < rows.size();
    if (!there && !to_full_width) return;
    out << (in_colour ? kFaint : "") << std::setw(kNumber - 1) << (there ? numbers[row] : "")
        << (in_colour ? kPlain : "") << " " << (there ? rows[row] : "");
    if (to_full_width) out << std::string(width - kNumber - (there ? rows[row].size() : 0), ' ');
  }

  std::size_t width;
  bool in_colour;
  std::vector<std::string> numbers;
  std::vector<std::string> rows;
  std::size_t size_before = 0;
};

/// SystemVerilog is indented by how deep it lies in the module, which means nothing beside the C++.
std::string without_indent(const std::string& text) { return text.substr(indent_of(text)); }

void print_row(const CppLine& line, std::size_t width, bool in_colour, std::ostream& out) {
  Column left(width, in_colour);
  Column right(width, in_colour);
  left.add(line.number, line.text);
  for (const SvLine& sv : shown(line.became)) right.add(sv.number, without_indent(sv.text));
  for (std::size_t row = 0; row < std::max(left.rows.size(), right.rows.size()); ++row) {
    const bool both = row < right.rows.size();
    left.print(row, both, out);
    if (both) out << " | ";
    right.print(row, false, out);
    out << "\n";
  }
}

llvm::json::Array json_of(const std::vector<SvLine>& lines) {
  llvm::json::Array array;
  for (const SvLine& line : lines)
    array.push_back(llvm::json::Object{{"line", line.number}, {"text", line.text}, {"frame", line.is_frame}});
  return array;
}

}  // namespace

void print_plain(const View& view, std::ostream& out) {
  out << view.module << ": " << view.function << "\n  " << view.head.text() << "\n";
  for (const PairedFunction& function : view.pairing.functions) {
    out << "\n" << heading(function.source) << "\n";
    for (const CppLine& line : function.lines) {
      out << std::setw(kNumber - 1) << line.number << " " << line.text << "\n";
      for (const SvLine& sv : shown(line.became))
        out << "        sv " << std::setw(kNumber - 1) << sv.number << " " << without_indent(sv.text) << "\n";
    }
  }
  out << "\n" << kRestHeading << "\n";
  for (const SvLine& sv : shown(view.pairing.rest))
    out << "        sv " << std::setw(4) << sv.number << " " << sv.text << "\n";
}

void print_side_by_side(const View& view, unsigned columns, bool in_colour, std::ostream& out) {
  const std::size_t width = (std::max(columns, kLeastColumns) - 3) / 2;
  const auto head = [&](const std::string& text) {
    out << (in_colour ? kBold : "") << text << (in_colour ? kPlain : "") << "\n";
  };
  head(view.module + ": " + view.function);
  out << "  " << view.head.text() << "\n";
  for (const PairedFunction& function : view.pairing.functions) {
    out << "\n";
    head(heading(function.source));
    for (const CppLine& line : function.lines) print_row(line, width, in_colour, out);
  }
  out << "\n";
  head(kRestHeading);
  Column rest(2 * width + 3, in_colour);
  for (const SvLine& sv : shown(view.pairing.rest)) rest.add(sv.number, sv.text);
  for (std::size_t row = 0; row < rest.rows.size(); ++row) {
    rest.print(row, false, out);
    out << "\n";
  }
}

void print_json(const View& view, std::ostream& out) {
  llvm::json::Array functions;
  for (const PairedFunction& function : view.pairing.functions) {
    llvm::json::Array lines;
    for (const CppLine& line : function.lines)
      lines.push_back(llvm::json::Object{{"line", line.number}, {"text", line.text}, {"sv", json_of(line.became)}});
    functions.push_back(llvm::json::Object{
        {"name", function.source.name}, {"file", path_of(function.source)}, {"lines", std::move(lines)}});
  }
  const ReportHead& head = view.head;
  llvm::json::Value value = llvm::json::Object{{"module", view.module},
                                               {"function", view.function},
                                               {"ii", head.initiation_interval},
                                               {"stages", head.stages},
                                               {"latency_cycles", head.latency_cycles},
                                               {"period_ns", head.period_ns},
                                               {"luts", head.luts},
                                               {"functions", std::move(functions)},
                                               {"rest", json_of(view.pairing.rest)}};
  llvm::raw_os_ostream stream(out);
  stream << llvm::formatv("{0:2}", value) << "\n";
}

}  // namespace hlsc
