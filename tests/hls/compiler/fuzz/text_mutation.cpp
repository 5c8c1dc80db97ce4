// SPDX-License-Identifier: Apache-2.0
// What FuzzMutate does not reach: debug information, types, attributes, initialisers. One word of the text becomes
// another of its kind, or one field of a node of debug information goes away.
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/Support/raw_ostream.h>

#include <array>
#include <cctype>
#include <map>
#include <random>

#include "tests/hls/compiler/fuzz/mutations.hpp"

namespace hlsc::test {
namespace {

constexpr std::array<const char*, 12> kNumbers = {"0",  "1",   "2",     "3",  "7",          "8",
                                                  "64", "128", "65536", "-1", "2147483648", "18446744073709551615"};
constexpr std::array<const char*, 8> kTypes = {"i1", "i7", "i16", "i64", "i128", "i200", "ptr", "float"};
constexpr std::array<const char*, 8> kTags = {"DW_TAG_typedef",        "DW_TAG_member",          "DW_TAG_inheritance",
                                              "DW_TAG_reference_type", "DW_TAG_array_type",      "DW_TAG_union_type",
                                              "DW_TAG_structure_type", "DW_TAG_enumeration_type"};
constexpr std::array<const char*, 4> kEncodings = {"DW_ATE_float", "DW_ATE_unsigned", "DW_ATE_boolean", "DW_ATE_UTF"};

enum class Kind { kNode, kLocal, kGlobal, kNumber, kType, kTag, kEncoding, kField, kOther };

struct Word {
  std::size_t at;
  std::string text;
};

using Words = std::map<Kind, std::vector<Word>>;

bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.'; }

bool is_number(const std::string& word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
}

Kind kind_of(char before, const std::string& word, char after) {
  if (before == '!') return is_number(word) ? Kind::kNode : Kind::kOther;
  if (before == '%') return Kind::kLocal;
  if (before == '@') return Kind::kGlobal;
  if (word.rfind("DW_TAG_", 0) == 0) return Kind::kTag;
  if (word.rfind("DW_ATE_", 0) == 0) return Kind::kEncoding;
  if (after == ':') return Kind::kField;
  if (word == "ptr" || (word[0] == 'i' && is_number(word.substr(1)))) return Kind::kType;
  return is_number(word) ? Kind::kNumber : Kind::kOther;
}

Words words_of(const std::string& text) {
  Words words;
  for (std::size_t at = 1; at + 1 < text.size();) {
    std::size_t end = at;
    while (end + 1 < text.size() && in_word(text[end])) ++end;
    if (end > at) {
      const std::string word = text.substr(at, end - at);
      words[kind_of(text[at - 1], word, text[end])].push_back({at, word});
    }
    at = std::max(end, at + 1);
  }
  return words;
}

template <std::size_t kCount>
std::string any_of(const std::array<const char*, kCount>& from, std::mt19937& random) {
  return from[random() % kCount];
}

std::string replacement(Kind kind, const std::vector<Word>& others, std::mt19937& random) {
  switch (kind) {
    case Kind::kNumber:
      return any_of(kNumbers, random);
    case Kind::kType:
      return any_of(kTypes, random);
    case Kind::kTag:
      return any_of(kTags, random);
    case Kind::kEncoding:
      return any_of(kEncodings, random);
    default:
      return others[random() % others.size()].text;
  }
}

/// "name: value, " of a node; the rest of the line as well if it is the last.
std::string without_field(const std::string& text, std::size_t at) {
  const std::size_t end = text.find_first_of(",\n", at);
  if (end == std::string::npos || text[end] == '\n') return text;
  return text.substr(0, at) + text.substr(end + 2);
}

}  // namespace

std::string text_mutated(llvm::Module& module, std::uint32_t seed) {
  std::mt19937 random(seed);
  // LLVM's reader believes what it finds in these nodes.
  for (llvm::Function& function : module)
    for (llvm::Instruction& instruction : llvm::instructions(function)) instruction.setAAMetadata(llvm::AAMDNodes());
  std::string text;
  llvm::raw_string_ostream(text) << module;
  Words words = words_of(text);
  words.erase(Kind::kOther);
  if (words.empty()) return text;
  const auto& [kind, of_kind] = *std::next(words.begin(), static_cast<std::ptrdiff_t>(random() % words.size()));
  const Word& word = of_kind[random() % of_kind.size()];
  if (kind == Kind::kField) return without_field(text, word.at);
  const std::string other = replacement(kind, of_kind, random);
  return text.replace(word.at, word.text.size(), other);
}

}  // namespace hlsc::test
