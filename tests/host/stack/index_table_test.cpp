// SPDX-License-Identifier: Apache-2.0
#include "host/stack/index_table.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

#include "host/stack/slab.hpp"

namespace sockwire::stack {
namespace {

/// Rows with keys, found by a hash of which only a few values occur, so that they crowd.
struct Rows {
  std::vector<std::uint32_t> keys = std::vector<std::uint32_t>(300);
  IndexTable table;

  static std::size_t hash(std::uint32_t key) { return key % 7 == 0 ? ~std::size_t{0} : key * 5; }
  auto hash_of() const {
    return [this](IndexTable::Index index) { return hash(keys[index]); };
  }
  IndexTable::Index find(std::uint32_t key) const {
    return table.find(hash(key), [&](IndexTable::Index index) { return keys[index] == key; });
  }
};

TEST(IndexTable, FindsWhatIsInIt) {
  Rows rows;
  EXPECT_EQ(rows.find(7), IndexTable::kNone);
  rows.keys[3] = 7;
  rows.table.insert(3, rows.hash_of());
  EXPECT_EQ(rows.find(7), 3u);
  EXPECT_EQ(rows.find(14), IndexTable::kNone);
  rows.table.erase(3, rows.hash_of());
  EXPECT_EQ(rows.find(7), IndexTable::kNone);
  EXPECT_EQ(rows.table.size(), 0u);
}

TEST(IndexTable, IsWhatAMapIs) {
  const std::uint64_t seed = 20261127;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  Rows rows;
  std::map<std::uint32_t, IndexTable::Index> model;
  std::vector<IndexTable::Index> free;
  for (IndexTable::Index index = 0; index < rows.keys.size(); ++index) free.push_back(index);
  for (int turn = 0; turn < 20000; ++turn) {
    const auto key = static_cast<std::uint32_t>(random() % 400);
    const auto known = model.find(key);
    ASSERT_EQ(rows.find(key), known == model.end() ? IndexTable::kNone : known->second);
    if (known != model.end()) {
      rows.table.erase(known->second, rows.hash_of());
      free.push_back(known->second);
      model.erase(known);
    } else if (!free.empty()) {
      const IndexTable::Index index = free.back();
      free.pop_back();
      rows.keys[index] = key;
      rows.table.insert(index, rows.hash_of());
      model[key] = index;
    }
    ASSERT_EQ(rows.table.size(), model.size());
  }
}

TEST(Slab, RowsStayAndAreUsedAgain) {
  Slab<std::vector<int>> slab;
  const auto first = slab.take();
  slab[first] = {1, 2, 3};
  const std::vector<int>* at = &slab[first];
  for (int i = 0; i < 1000; ++i) slab.take();
  EXPECT_EQ(&slab[first], at);
  EXPECT_EQ(slab.size(), 1001u);
  slab.give_back(first);
  EXPECT_EQ(slab.take(), first);
  EXPECT_TRUE(slab[first].empty());
}

}  // namespace
}  // namespace sockwire::stack
