// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/identifiers.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>
#include <sstream>

namespace hlsc {
namespace {

// IEEE 1800-2017, annex B.
constexpr char kKeywords[] =
    "accept_on alias always always_comb always_ff always_latch and assert assign assume automatic before "
    "begin bind bins binsof bit break buf bufif0 bufif1 byte case casex casez cell chandle checker class "
    "clocking cmos config const constraint context continue cover covergroup coverpoint cross deassign "
    "default defparam design disable dist do edge else end endcase endchecker endclass endclocking "
    "endconfig endfunction endgenerate endgroup endinterface endmodule endpackage endprimitive "
    "endprogram endproperty endsequence endspecify endtable endtask enum event eventually expect export "
    "extends extern final first_match for force foreach forever fork forkjoin function generate genvar "
    "global highz0 highz1 if iff ifnone ignore_bins illegal_bins implements implies import incdir "
    "include initial inout input inside instance int integer interconnect interface intersect join "
    "join_any join_none large let liblist library local localparam logic longint macromodule matches "
    "medium modport module nand negedge nettype new nexttime nmos nor noshowcancelled not notif0 notif1 "
    "null or output package packed parameter pmos posedge primitive priority program property protected "
    "pull0 pull1 pulldown pullup pulsestyle_ondetect pulsestyle_onevent pure rand randc randcase "
    "randsequence rcmos real realtime ref reg reject_on release repeat restrict return rnmos rpmos rtran "
    "rtranif0 rtranif1 s_always s_eventually s_nexttime s_until s_until_with scalared sequence shortint "
    "shortreal showcancelled signed small soft solve specify specparam static string strong strong0 "
    "strong1 struct super supply0 supply1 sync_accept_on sync_reject_on table tagged task this "
    "throughout time timeprecision timeunit tran tranif0 tranif1 tri tri0 tri1 triand trior trireg type "
    "typedef union unique unique0 unsigned until until_with untyped use uwire var vectored virtual void "
    "wait wait_order wand weak weak0 weak1 while wildcard wire with within wor xnor xor ";

const std::set<std::string>& keywords() {
  static const std::set<std::string> words = [] {
    std::istringstream list(kKeywords);
    return std::set<std::string>{std::istream_iterator<std::string>(list), {}};
  }();
  return words;
}

}  // namespace

std::string identifier(const std::string& name) {
  std::string result;
  for (char c : name) {
    const bool good = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    if (good)
      result += c;
    else if (!result.empty() && result.back() != '_')
      result += '_';
  }
  while (result.size() > 1 && result.back() == '_') result.pop_back();
  if (result.empty() || std::isdigit(static_cast<unsigned char>(result[0])) != 0) result.insert(0, "v");
  return result;
}

std::string upper_camel(const std::string& name) {
  std::string result;
  bool upper = true;
  for (char c : identifier(name)) {
    if (c == '_') {
      upper = true;
      continue;
    }
    result += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = false;
  }
  return result;
}

std::string Identifiers::unique(const std::string& wanted) {
  std::string name = identifier(wanted);
  if (keywords().count(name) != 0) name += "_";
  if (taken_.emplace(name, 1).second) return name;
  std::string numbered;
  do {
    numbered = name + "_" + std::to_string(++taken_[name]);
  } while (taken_.count(numbered) != 0);
  taken_.emplace(numbered, 1);
  return numbered;
}

std::string Identifiers::stem(const std::string& wanted, const std::vector<std::string>& before,
                              const std::vector<std::string>& after) {
  const auto all_of = [&](const std::string& stem) {
    std::vector<std::string> names;
    for (const std::string& part : before) names.push_back(part + stem);
    for (const std::string& part : after) names.push_back(stem + part);
    return names;
  };
  const auto is_free = [&](const std::string& name) { return taken_.count(name) == 0 && keywords().count(name) == 0; };
  const std::string first = identifier(wanted);
  std::string stem = first;
  std::vector<std::string> names = all_of(stem);
  for (unsigned number = 2; !std::all_of(names.begin(), names.end(), is_free); ++number)
    names = all_of(stem = first + "_" + std::to_string(number));
  for (const std::string& name : names) taken_.emplace(name, 1);
  return stem;
}

}  // namespace hlsc
