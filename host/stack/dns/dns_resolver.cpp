// SPDX-License-Identifier: Apache-2.0
// Lookups: from the application's names to questions, and back. The questions' way to servers: dns_query.cpp.
#include "host/stack/dns/dns_resolver.hpp"

#include <algorithm>

#include "host/base/ipv4_address.hpp"

namespace sockwire::stack::dns {

namespace {

LookupResult result_of(LookupId id, std::optional<LookupError> error) {
  LookupResult result;
  result.id = id;
  result.error = error;
  return result;
}

bool wanted(const IpAddress& address, Families families) { return address.is_ipv4() ? families.ipv4 : families.ipv6; }

IpAddress ipv6_loopback() {
  std::array<std::uint8_t, 16> bytes{};
  bytes[15] = 1;
  return IpAddress(bytes);
}

}  // namespace

Resolver::Resolver(ResolverConfig config, Counters& counters)
    : config_(std::move(config)), counters_(counters), random_(config_.secret, 'n'), cache_(config_.cache_entries) {
  set_servers(config_.servers, config_.search);
}

void Resolver::set_servers(std::vector<tcp::Endpoint> servers, std::vector<Name> search) {
  config_.servers = std::move(servers);
  config_.search = std::move(search);
  config_.servers.resize(std::min(config_.servers.size(), ResolverConfig::kMaxServers));
  config_.search.resize(std::min(config_.search.size(), ResolverConfig::kMaxSearch));
}

LookupId Resolver::start(TimePoint now, std::string_view text, Families families) {
  const LookupId id = ++last_lookup_;
  const auto name = Name::parse(text);
  if (auto local = answer_locally(text, name.value_or(Name()), families)) {
    local->id = id;
    results_.push_back(std::move(*local));
    return id;
  }
  if (!name || !name->can_be_host()) {
    results_.push_back(result_of(id, LookupError::kNotAName));
  } else if (config_.servers.empty()) {
    results_.push_back(result_of(id, LookupError::kNoServers));
  } else if (lookups_.size() >= config_.max_lookups) {
    ++counters_.dns_lookups_refused;
    results_.push_back(result_of(id, LookupError::kTooMany));
  } else {
    Lookup& lookup = lookups_[id];
    lookup.id = id;
    if (families.ipv4) lookup.types.push_back(RecordType::kA);
    if (families.ipv6) lookup.types.push_back(RecordType::kAaaa);
    lookup.candidates = candidates_for(*name, text.ends_with('.'));
    try_candidate(now, lookup);
    settle(now);
  }
  return id;
}

void Resolver::cancel(LookupId id) {
  lookups_.erase(id);
  // Questions that nobody waits for are not asked any longer.
  for (auto item = queries_.begin(); item != queries_.end();) {
    const bool awaited = std::any_of(lookups_.begin(), lookups_.end(), [&](const auto& other) {
      return std::any_of(other.second.slots.begin(), other.second.slots.end(),
                         [&](const Slot& slot) { return !slot.outcome && slot.question == item->first; });
    });
    if (!awaited) close_transport(item->second);
    item = awaited ? std::next(item) : queries_.erase(item);
  }
}

std::optional<LookupResult> Resolver::answer_locally(std::string_view text, const Name& name, Families families) const {
  LookupResult result;
  result.canonical = std::string(text);
  const auto add = [&](const IpAddress& address) {
    if (wanted(address, families)) result.addresses.push_back(address);
  };
  const auto literal = IpAddress::parse(text);
  const auto fixed = config_.hosts.find(name);
  if (literal) {
    add(*literal);
  } else if (!fixed.empty()) {
    for (const IpAddress& address : fixed) add(address);
  } else if (name.top() == "localhost") {  // RFC 6761 6.3, names below it too
    add(Ipv4Address(127, 0, 0, 1));
    add(ipv6_loopback());
  } else if (name.top() == "invalid") {  // RFC 6761 6.4
    return result_of(0, LookupError::kNoName);
  } else {
    return std::nullopt;
  }
  if (result.addresses.empty()) result.error = LookupError::kNoAddress;
  return result;
}

std::vector<Name> Resolver::candidates_for(const Name& name, bool absolute) const {
  std::vector<Name> candidates;
  if (!absolute) {
    for (const Name& domain : config_.search) {
      if (const auto below = name.below(domain)) candidates.push_back(*below);
    }
  }
  // RFC 1535 2: a name with dots in it is tried as it stands before anything is added to it.
  const bool first = name.labels() > config_.ndots;
  candidates.insert(first ? candidates.begin() : candidates.end(), name);
  return candidates;
}

void Resolver::try_candidate(TimePoint now, Lookup& lookup) {
  lookup.slots.clear();
  for (const RecordType type : lookup.types) {
    Slot slot;
    slot.question = {lookup.candidates[lookup.candidate], type};
    slot.outcome = from_cache(now, slot.question);
    if (!slot.outcome && config_.servers.empty()) slot.outcome = Outcome{LookupError::kNoServers, {}, {}, kNever};
    if (!slot.outcome) ask(now, slot.question);
    lookup.slots.push_back(std::move(slot));
  }
}

std::optional<Resolver::Outcome> Resolver::from_cache(TimePoint now, const Question& question) {
  const Cache::Entry* entry = cache_.find(now, question);
  if (entry == nullptr) return std::nullopt;
  ++counters_.dns_cache_hits;
  Outcome outcome;
  outcome.addresses = entry->addresses;
  outcome.canonical = entry->canonical;
  outcome.expires = entry->expires;
  if (entry->kind == Cache::Kind::kNoAddresses) outcome.error = LookupError::kNoAddress;
  if (entry->kind == Cache::Kind::kNoName) outcome.error = LookupError::kNoName;
  return outcome;
}

void Resolver::settle(TimePoint now) {
  for (auto item = lookups_.begin(); item != lookups_.end();) {
    if (advance(now, item->second)) {
      item = lookups_.erase(item);
    } else {
      ++item;
    }
  }
}

bool Resolver::advance(TimePoint now, Lookup& lookup) {
  while (true) {
    std::optional<LookupError> error = LookupError::kNoName;
    for (const Slot& slot : lookup.slots) {
      if (!slot.outcome) return false;
      if (!slot.outcome->error) {
        error.reset();
      } else if (error && *slot.outcome->error > *error) {
        error = slot.outcome->error;  // in the order of LookupError: the less is known, the worse
      }
    }
    if (!error) {
      finish(now, lookup, std::nullopt);
      return true;
    }
    if (!lookup.worst || *error > *lookup.worst) lookup.worst = error;
    // A name that the servers could not tell of may exist: then no other is taken for it.
    const bool unknown = *error >= LookupError::kNoServers;
    if (unknown || ++lookup.candidate >= lookup.candidates.size()) {
      finish(now, lookup, lookup.worst);
      return true;
    }
    try_candidate(now, lookup);
  }
}

void Resolver::finish(TimePoint now, const Lookup& lookup, std::optional<LookupError> error) {
  LookupResult result = result_of(lookup.id, error);
  TimePoint expires = kNever;
  for (const Slot& slot : lookup.slots) {
    if (error || !slot.outcome || slot.outcome->error) continue;
    const auto& addresses = slot.outcome->addresses;
    result.addresses.insert(result.addresses.end(), addresses.begin(), addresses.end());
    result.canonical = to_string(slot.outcome->canonical);
    expires = std::min(expires, slot.outcome->expires);
  }
  if (expires != kNever) result.ttl = std::max(Duration::zero(), expires - now);
  results_.push_back(std::move(result));
}

TimePoint Resolver::next_deadline() const {
  TimePoint deadline = kNever;
  for (const auto& item : queries_) deadline = std::min(deadline, item.second.deadline);
  return deadline;
}

std::optional<Request> Resolver::poll_request() {
  if (requests_.empty()) return std::nullopt;
  Request request = std::move(requests_.front());
  requests_.pop_front();
  return request;
}

std::optional<LookupResult> Resolver::poll_result() {
  if (results_.empty()) return std::nullopt;
  LookupResult result = std::move(results_.front());
  results_.pop_front();
  return result;
}

}  // namespace sockwire::stack::dns
