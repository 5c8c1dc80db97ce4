// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/view/pairing.hpp"

#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/InstIterator.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include "hls/compiler/diagnostics.hpp"

namespace hlsc {
namespace {

std::optional<FunctionSource> source_of(const llvm::Function& function) {
  const llvm::DISubprogram* program = function.getSubprogram();
  if (program == nullptr || program->getLine() == 0) return std::nullopt;
  FunctionSource source{file_of(program), program->getName().str(), program->getLine(), program->getLine()};
  if (source.file.find("hls/base/") != std::string::npos) return std::nullopt;
  for (const llvm::Instruction& instruction : llvm::instructions(function)) {
    const llvm::DILocation* at = instruction.getDebugLoc().get();
    if (at != nullptr && file_of(at->getScope()) == source.file) source.last = std::max(source.last, at->getLine());
  }
  return source;
}

bool lies_in(const FunctionSource& inner, const FunctionSource& outer) {
  return inner.file == outer.file && outer.first <= inner.first && inner.last <= outer.last;
}

/// Instances of a template are one source, and a lambda is part of the function around it.
void add(std::vector<FunctionSource>& sources, const FunctionSource& source) {
  for (FunctionSource& known : sources) {
    if (lies_in(source, known)) return;
    if (lies_in(known, source)) {
      known = source;
      return;
    }
  }
  sources.push_back(source);
}

void visit(const llvm::Function& function, std::set<const llvm::Function*>& seen,
           std::vector<FunctionSource>& sources) {
  if (function.isDeclaration() || !seen.insert(&function).second) return;
  if (const auto source = source_of(function)) add(sources, *source);
  for (const llvm::Instruction& instruction : llvm::instructions(function))
    if (const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction))
      if (const llvm::Function* callee = call->getCalledFunction()) visit(*callee, seen, sources);
}

std::string base_name(const std::string& file) { return file.substr(file.find_last_of('/') + 1); }

/// The place that a line's comment names, as "file.hpp:12".
std::string take_place(std::string& text) {
  static const std::regex comment(R"(\s*// (\S+:\d+)$)");
  std::smatch match;
  if (!std::regex_search(text, match, comment)) return "";
  std::string place = match[1];
  text.erase(static_cast<std::size_t>(match.position(0)));
  return place;
}

/// The name that a line declares, or that it gives its value to.
std::string name_in(const std::string& text, const std::regex& form) {
  std::smatch match;
  return std::regex_search(text, match, form) ? match[1].str() : "";
}

struct PlacedLine {
  SvLine line;
  std::string place;
};

bool is_frame(const std::string& text) {
  static const std::regex frame(R"(^\s*((\S+'\S+, )*\S+'\S+:|default:|end|else|begin|endcase|endmodule|\);|;|\s)*$)");
  return std::regex_match(text, frame);
}

std::vector<PlacedLine> placed_lines(const std::string& module) {
  static const std::regex declaration(R"(^\s*logic (?:\[\d+:0\] )?(\w+);$)");
  static const std::regex assignment(R"(^\s*(?:(?:assign|else|default:|if \(.*\)|\S+'\S+:) )*(\w+) = )");
  std::vector<PlacedLine> lines;
  std::map<std::string, std::string> made_at;
  std::istringstream text(module);
  for (std::string line; std::getline(text, line);) {
    const std::string place = take_place(line);
    if (!place.empty()) made_at.emplace(name_in(line, assignment), place);
    lines.push_back({{static_cast<unsigned>(lines.size()) + 1, line, is_frame(line)}, place});
  }
  for (PlacedLine& each : lines) {
    const auto made = made_at.find(name_in(each.line.text, declaration));
    if (!each.place.empty() || made == made_at.end() || made->first.empty()) continue;
    each.place = made->second;
    each.line.is_frame = true;
  }
  return lines;
}

std::vector<CppLine> lines_of(const FunctionSource& source) {
  std::ifstream file(source.file);
  if (!file) throw Refusal({}, "cannot read " + source.file);
  std::vector<CppLine> lines;
  unsigned number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (number >= source.first && number <= source.last) lines.push_back({number, line, {}});
  }
  return lines;
}

}  // namespace

std::vector<FunctionSource> functions_of(const FrontEnd& unit) {
  std::vector<FunctionSource> sources;
  std::set<const llvm::Function*> seen;
  visit(*unit.kernel, seen, sources);
  return sources;
}

Pairing pair_lines(const std::vector<FunctionSource>& functions, const std::string& module) {
  Pairing pairing;
  for (const FunctionSource& source : functions) pairing.functions.push_back({source, lines_of(source)});
  std::map<std::string, CppLine*> at;
  for (PairedFunction& function : pairing.functions)
    for (CppLine& line : function.lines)
      at.emplace(base_name(function.source.file) + ":" + std::to_string(line.number), &line);
  for (const PlacedLine& each : placed_lines(module)) {
    const auto from = at.find(each.place);
    if (from != at.end()) {
      from->second->became.push_back(each.line);
      continue;
    }
    pairing.rest.push_back(each.line);
    if (!each.place.empty() && !each.line.is_frame) pairing.rest.back().text += "  // " + each.place;
  }
  const auto is_kept = [&](const PairedFunction& function) {
    return &function == pairing.functions.data() ||
           std::any_of(function.lines.begin(), function.lines.end(),
                       [](const CppLine& line) { return !line.became.empty(); });
  };
  std::vector<PairedFunction> kept;
  for (const PairedFunction& function : pairing.functions)
    if (is_kept(function)) kept.push_back(function);
  pairing.functions = std::move(kept);
  return pairing;
}

}  // namespace hlsc
