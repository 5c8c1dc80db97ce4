// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/pragmas.hpp"

#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Function.h>

#include <charconv>
#include <fstream>
#include <set>
#include <sstream>

namespace hlsc {
namespace {

struct Pragma {
  std::string name;
  std::map<std::string, std::string> values;
  SourceLocation where;

  const std::string& value(const std::string& key) const {
    const auto found = values.find(key);
    if (found == values.end()) throw Refusal(where, "pragma " + name + " needs " + key + "=");
    return found->second;
  }
};

Storage storage_of(const Pragma& pragma) {
  const std::string& name = pragma.value("impl");
  if (name == "lutram") return Storage::kLutram;
  if (name == "bram") return Storage::kBlock;
  if (name == "register") return Storage::kRegisters;
  throw Refusal(pragma.where, "impl=" + name + " is not one of lutram, bram and register");
}

double period_of(const Pragma& pragma) {
  const std::string& text = pragma.value("ns");
  double period = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), period);
  if (error != std::errc() || end != text.data() + text.size() || !(period > 0))
    throw Refusal(pragma.where, "a period is a number of nanoseconds, not " + text);
  return period;
}

/// reset variable=state.held off
void apply_reset(const Pragma& pragma, Pragmas& result) {
  if (pragma.values.count("off") == 0) return;
  const std::string& variable = pragma.value("variable");
  result.without_reset[variable.substr(variable.find('.') + 1)] = pragma.where;
}

void apply(const Pragma& pragma, bool ours, Pragmas& result) {
  static const std::set<std::string> passed_over = {"interface", "pipeline", "inline", "unroll", "dataflow", "stream"};
  if (ours && pragma.name == "period")
    result.period_ns = period_of(pragma);
  else if (ours && pragma.name == "share_xors")
    result.shares_xors = true;
  else if (!ours && pragma.name == "bind_storage")
    result.storage[pragma.value("variable")] = {storage_of(pragma), pragma.where};
  else if (!ours && pragma.name == "reset")
    apply_reset(pragma, result);
  else if (ours || passed_over.count(pragma.name) == 0)
    throw Refusal(pragma.where, "unknown pragma " + pragma.name);
}

/// "a=b c = d e": with or without spaces.
std::map<std::string, std::string> values_of(std::string text) {
  for (std::size_t at = 0; (at = text.find('=', at)) != std::string::npos; at += 3) text.replace(at, 1, " = ");
  std::istringstream words(text);
  std::map<std::string, std::string> values;
  std::string key;
  for (std::string word; words >> word;) {
    if (word == "=")
      words >> values[key];
    else
      values[key = word];
  }
  return values;
}

/// How many braces a line opens more than it closes, without its comment.
int depth_change(const std::string& line) {
  int change = 0;
  for (const char letter : line.substr(0, line.find("//"))) change += letter == '{' ? 1 : letter == '}' ? -1 : 0;
  return change;
}

}  // namespace

Pragmas parse_pragmas(const std::string& body, const SourceLocation& where) {
  Pragmas result;
  std::istringstream lines(body);
  SourceLocation at = where;
  int depth = 0;
  bool entered = false;
  for (std::string line; std::getline(lines, line) && (!entered || depth > 0); ++at.line) {
    depth += depth_change(line);
    entered = entered || depth > 0;
    std::istringstream words(line);
    std::string hash;
    std::string family;
    Pragma pragma;
    words >> hash >> family >> pragma.name;
    if (hash != "#pragma" || (family != "HLS" && family != "hlsc")) continue;
    pragma.where = at;
    pragma.where.column = static_cast<unsigned>(line.find('#')) + 1;
    std::string rest;
    std::getline(words, rest);
    pragma.values = values_of(rest.substr(0, rest.find("//")));
    apply(pragma, family == "hlsc", result);
  }
  return result;
}

Pragmas pragmas_of(const llvm::Function& kernel) {
  SourceLocation where = location_of(kernel);
  const llvm::DISubprogram* program = kernel.getSubprogram();
  std::string path = where.file;
  if (program != nullptr && !path.empty() && path[0] != '/') path = program->getDirectory().str() + "/" + path;
  std::ifstream file(path);
  std::string body;
  unsigned number = 0;
  for (std::string line; std::getline(file, line);)
    if (++number >= where.line) body += line + "\n";
  return parse_pragmas(body, where);
}

}  // namespace hlsc
