// SPDX-License-Identifier: Apache-2.0
#include "host/stack/dns/dns_cache.hpp"

#include <algorithm>

namespace sockwire::stack::dns {

namespace {

/// Under which the absence of a name is kept.
Question any_of(const Question& question) { return {question.name, RecordType::kAny}; }

}  // namespace

bool Cache::put(TimePoint now, const Question& question, const Entry& entry) {
  if (entry.expires <= now || max_entries_ == 0) return false;
  const Question key = entry.kind == Kind::kNoName ? any_of(question) : question;
  if (entry.kind != Kind::kNoName) entries_.erase(any_of(question));
  bool evicted = false;
  if (!entries_.contains(key) && entries_.size() >= max_entries_) {
    std::erase_if(entries_, [&](const auto& item) { return item.second.expires <= now; });
    if (entries_.size() >= max_entries_) {
      entries_.erase(std::min_element(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
        return a.second.expires < b.second.expires;
      }));
      evicted = true;
    }
  }
  entries_[key] = entry;
  return evicted;
}

const Cache::Entry* Cache::find(TimePoint now, const Question& question) const {
  for (const Question& key : {question, any_of(question)}) {
    const auto found = entries_.find(key);
    if (found != entries_.end() && found->second.expires > now) return &found->second;
  }
  return nullptr;
}

}  // namespace sockwire::stack::dns
