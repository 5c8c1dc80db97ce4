// SPDX-License-Identifier: Apache-2.0
// The clauses of the RFCs and what stands for each: tests, a reason, or nothing yet.
#pragma once

#include <istream>
#include <set>
#include <string>
#include <vector>

namespace sockwire::conformance {

enum class Standing { kShown, kInapplicable, kDeviation, kOpen };

struct Clause {
  std::string rfc;      ///< "rfc9293": the file's name without its ending.
  std::string id;       ///< Unique in the RFC: its own label, or section and counter.
  std::string section;  ///< "3.8.6.1"
  std::string level;    ///< MUST, MUST NOT, SHOULD or SHOULD NOT.
  std::string text;     ///< What it asks for, in our words.
  Standing standing = Standing::kOpen;
  std::vector<std::string> tests;  ///< Full names; a '*' at the end stands for any rest.
  std::string reason;              ///< Of an inapplicable clause or a deviation.

  bool must() const { return level.rfind("MUST", 0) == 0; }
};

struct ClauseMap {
  std::vector<Clause> clauses;
  std::vector<std::string> errors;  ///< What is wrong with the files, a line each.
};

/// Reads a file of clauses. A clause is a line `ID SECTION LEVEL | TEXT`; below it, indented, may stand one of
/// `shown TEST...`, `inapplicable REASON` and `deviation REASON`. '#' begins a comment, empty lines mean nothing.
void read_clauses(std::istream& in, const std::string& rfc, ClauseMap& map);

/// Adds an error for each test that a clause names and that is not among `known`.
void check_tests(const std::set<std::string>& known, ClauseMap& map);

/// The full names in what a GoogleTest program prints for --gtest_list_tests.
std::set<std::string> parse_test_list(std::istream& in);

/// How many clauses of a level stand how.
struct Totals {
  int total = 0;
  int shown = 0;
  int inapplicable = 0;
  int deviation = 0;
  int open = 0;
};
Totals totals(const std::vector<Clause>& clauses, const std::string& rfc, bool must);

/// The page for people: totals, then a table for each RFC.
std::string page(const std::vector<Clause>& clauses);

}  // namespace sockwire::conformance
