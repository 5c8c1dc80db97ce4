// SPDX-License-Identifier: Apache-2.0
#include "clause_map.hpp"

#include <algorithm>
#include <array>
#include <sstream>

namespace sockwire::conformance {

namespace {

constexpr std::array kLevels{"MUST", "MUST NOT", "SHOULD", "SHOULD NOT"};

std::string where(const std::string& rfc, int line) { return rfc + ".txt:" + std::to_string(line) + ": "; }

/// The rest of a stream, without the blanks around it.
std::string rest_of(std::istringstream& words) {
  std::string rest;
  std::getline(words >> std::ws, rest);
  rest.erase(rest.find_last_not_of(" \t\r") + 1);
  return rest;
}

/// `ID SECTION LEVEL | TEXT`; its mistakes become errors.
Clause read_head(const std::string& line, const std::string& rfc, int number, ClauseMap& map) {
  Clause clause;
  clause.rfc = rfc;
  const std::size_t bar = line.find(" | ");
  std::istringstream words(line.substr(0, bar));
  words >> clause.id >> clause.section;
  clause.level = rest_of(words);
  if (bar != std::string::npos) clause.text = line.substr(bar + 3);
  if (clause.text.empty() || std::find(kLevels.begin(), kLevels.end(), clause.level) == kLevels.end()) {
    map.errors.push_back(where(rfc, number) + "not ID SECTION LEVEL | TEXT");
  }
  const auto same = [&](const Clause& other) { return other.rfc == rfc && other.id == clause.id; };
  if (std::any_of(map.clauses.begin(), map.clauses.end(), same)) {
    map.errors.push_back(where(rfc, number) + clause.id + " is there twice");
  }
  return clause;
}

/// The line below a clause. Returns what is wrong with it, or nothing.
std::string read_standing(const std::string& line, Clause& clause) {
  std::istringstream words(line);
  std::string kind;
  words >> kind;
  if (clause.standing != Standing::kOpen) return clause.id + " stands in two ways";
  if (kind == "shown") {
    clause.standing = Standing::kShown;
    for (std::string test; words >> test;) clause.tests.push_back(test);
    return clause.tests.empty() ? clause.id + " is shown by no test" : "";
  }
  if (kind != "inapplicable" && kind != "deviation") return "neither shown, inapplicable nor deviation";
  clause.standing = kind == "deviation" ? Standing::kDeviation : Standing::kInapplicable;
  clause.reason = rest_of(words);
  return clause.reason.empty() ? clause.id + " has no reason" : "";
}

bool exists(const std::set<std::string>& known, const std::string& test) {
  if (test.back() != '*') return known.count(test) != 0;
  const std::string prefix = test.substr(0, test.size() - 1);
  const auto first = known.lower_bound(prefix);
  return first != known.end() && first->rfind(prefix, 0) == 0;
}

std::string standing_text(const Clause& clause) {
  switch (clause.standing) {
    case Standing::kShown: {
      std::string text;
      for (const std::string& test : clause.tests) text += (text.empty() ? "`" : ", `") + test + "`";
      return text;
    }
    case Standing::kInapplicable:
      return "not applicable: " + clause.reason;
    case Standing::kDeviation:
      return "**deviation**: " + clause.reason;
    case Standing::kOpen:
      return "**open**";
  }
  return "";
}

void totals_row(std::ostringstream& out, const std::string& name, const std::vector<Clause>& clauses,
                const std::string& rfc) {
  out << "| " << name << " |";
  for (const bool must : {true, false}) {
    const Totals sum = totals(clauses, rfc, must);
    out << ' ' << sum.total << " | " << sum.shown << " | " << sum.inapplicable << " | " << sum.deviation << " | "
        << sum.open << " |";
  }
  out << '\n';
}

}  // namespace

void read_clauses(std::istream& in, const std::string& rfc, ClauseMap& map) {
  int number = 0;
  bool has_clause = false;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos || line[0] == '#') continue;
    if (line[0] != ' ') {
      Clause clause = read_head(line, rfc, number, map);
      map.clauses.push_back(std::move(clause));
      has_clause = true;
    } else {
      const std::string trouble = has_clause ? read_standing(line, map.clauses.back()) : "no clause to belong to";
      if (!trouble.empty()) map.errors.push_back(where(rfc, number) + trouble);
    }
  }
}

void check_tests(const std::set<std::string>& known, ClauseMap& map) {
  for (const Clause& clause : map.clauses) {
    for (const std::string& test : clause.tests) {
      if (!exists(known, test)) map.errors.push_back(clause.rfc + " " + clause.id + ": there is no test " + test);
    }
  }
}

std::set<std::string> parse_test_list(std::istream& in) {
  std::set<std::string> tests;
  std::string suite;
  for (std::string line; std::getline(in, line);) {
    line.erase(std::min(line.find("  # "), line.size()));
    if (line.empty()) continue;
    if (line[0] == ' ') {
      tests.insert(suite + line.substr(line.find_first_not_of(' ')));
    } else {
      suite = line;
    }
  }
  return tests;
}

Totals totals(const std::vector<Clause>& clauses, const std::string& rfc, bool must) {
  Totals sum;
  for (const Clause& clause : clauses) {
    if (clause.must() != must || (!rfc.empty() && clause.rfc != rfc)) continue;
    ++sum.total;
    sum.shown += clause.standing == Standing::kShown ? 1 : 0;
    sum.inapplicable += clause.standing == Standing::kInapplicable ? 1 : 0;
    sum.deviation += clause.standing == Standing::kDeviation ? 1 : 0;
    sum.open += clause.standing == Standing::kOpen ? 1 : 0;
  }
  return sum;
}

std::string page(const std::vector<Clause>& clauses) {
  std::vector<std::string> rfcs;
  for (const Clause& clause : clauses) {
    if (std::find(rfcs.begin(), rfcs.end(), clause.rfc) == rfcs.end()) rfcs.push_back(clause.rfc);
  }
  std::ostringstream out;
  out << "# What TCP's RFCs ask for, and which test shows it\n\nGenerated by clause_report from "
         "tests/conformance/clauses.\n\n"
         "| | MUST | shown | n/a | deviation | open | SHOULD | shown | n/a | deviation | open |\n"
         "|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const std::string& rfc : rfcs) totals_row(out, "RFC " + rfc.substr(3), clauses, rfc);
  totals_row(out, "all", clauses, "");
  for (const std::string& rfc : rfcs) {
    out << "\n## RFC " << rfc.substr(3) << "\n\n| clause | section | level | what it asks for | shown by |\n"
        << "|---|---|---|---|---|\n";
    for (const Clause& clause : clauses) {
      if (clause.rfc != rfc) continue;
      out << "| " << clause.id << " | " << clause.section << " | " << clause.level << " | " << clause.text << " | "
          << standing_text(clause) << " |\n";
    }
  }
  return out.str();
}

}  // namespace sockwire::conformance
