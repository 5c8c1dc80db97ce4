// SPDX-License-Identifier: Apache-2.0
// Questions on their way to servers: transmissions, time-outs, truncation, chains.
#include <algorithm>

#include "host/base/byte_order.hpp"
#include "host/stack/dns/dns_resolver.hpp"

namespace sockwire::stack::dns {

namespace {

/// Forged answers that are suffered on one port before another is taken (RFC 5452 7: each is a guess).
constexpr unsigned kMaxMismatches = 32;
/// Further questions when an answer ends in the middle of its chain.
constexpr unsigned kMaxRestarts = 8;
constexpr std::size_t kLengthBytes = 2;  // RFC 1035 4.2.2
constexpr std::uint16_t kFirstPort = 1024;

std::uint16_t random_port(KeyedRandom& random) {
  return static_cast<std::uint16_t>(kFirstPort + random.next32() % (65536U - kFirstPort));
}

}  // namespace

Question Resolver::asked_question(const Query& query) const { return {query.asked, query.question.type}; }

Resolver::Query* Resolver::find(TransportId transport) {
  for (auto& [question, query] : queries_) {
    if (query.transport == transport) return &query;
  }
  return nullptr;
}

void Resolver::ask(TimePoint now, const Question& question) {
  if (queries_.contains(question)) return;
  Query& query = queries_[question];
  query.question = question;
  query.asked = question.name;
  query.chain_ttl_s = config_.max_ttl_s;
  query.servers = config_.servers;
  transmit(now, query);
}

void Resolver::transmit(TimePoint now, Query& query) {
  const auto round = query.transmissions / query.servers.size();
  Request request;
  request.kind = Request::Kind::kSendDatagram;
  request.server = query.servers[query.transmissions % query.servers.size()];
  request.local_port = random_port(random_);
  query.stream = false;
  query.mismatches = 0;
  query.id = random_.next16();
  query.transport = request.transport = ++last_transport_;
  query.deadline = now + config_.first_timeout * (1U << std::min<std::size_t>(round, 5));
  ++query.transmissions;
  request.bytes = write_query(query.id, asked_question(query));
  ++counters_.dns_queries_out;
  requests_.push_back(std::move(request));
}

void Resolver::open_stream(TimePoint now, Query& query) {
  close_transport(query);
  Request request;
  request.kind = Request::Kind::kOpenStream;
  request.server = query.servers[(query.transmissions - 1) % query.servers.size()];
  query.stream = true;
  query.received.clear();
  query.id = random_.next16();
  query.transport = request.transport = ++last_transport_;
  query.deadline = now + config_.tcp_timeout;
  const auto message = write_query(query.id, asked_question(query));
  request.bytes.resize(kLengthBytes);
  store_be16(request.bytes.data(), static_cast<std::uint16_t>(message.size()));
  request.bytes.insert(request.bytes.end(), message.begin(), message.end());
  requests_.push_back(std::move(request));
}

void Resolver::close_transport(Query& query) {
  if (query.transport == 0) return;
  Request request;
  request.transport = query.transport;
  requests_.push_back(std::move(request));
  query.transport = 0;
}

void Resolver::next_server(TimePoint now, Query& query) {
  close_transport(query);
  if (query.transmissions < query.servers.size() * config_.rounds) {
    transmit(now, query);
    return;
  }
  Outcome outcome;
  outcome.error = query.server_failed ? LookupError::kServerFailure : LookupError::kTimedOut;
  deliver(query, outcome);
}

/// The query is gone after this.
void Resolver::deliver(Query& query, const Outcome& outcome) {
  close_transport(query);
  for (auto& [id, lookup] : lookups_) {
    for (Slot& slot : lookup.slots) {
      if (!slot.outcome && slot.question == query.question) slot.outcome = outcome;
    }
  }
  queries_.erase(Question(query.question));
}

void Resolver::on_timeout(TimePoint now) {
  std::vector<TransportId> due;
  for (const auto& [question, query] : queries_) {
    if (query.deadline <= now) due.push_back(query.transport);
  }
  for (const TransportId transport : due) {
    ++counters_.dns_timeouts;
    if (Query* query = find(transport)) next_server(now, *query);
  }
  settle(now);
}

void Resolver::on_failed(TimePoint now, TransportId transport) {
  Query* query = find(transport);
  if (query == nullptr) return;
  ++counters_.dns_server_failures;
  query->server_failed = true;
  next_server(now, *query);
  settle(now);
}

void Resolver::on_datagram(TimePoint now, TransportId transport, std::span<const std::uint8_t> message) {
  Query* query = find(transport);
  if (query == nullptr || query->stream) return;
  if (!answers(message, query->id, asked_question(*query))) {
    ++counters_.dns_mismatched;
    if (++query->mismatches >= kMaxMismatches) next_server(now, *query);
  } else {
    take_answer(now, *query, message);
  }
  settle(now);
}

void Resolver::on_stream(TimePoint now, TransportId transport, std::span<const std::uint8_t> bytes) {
  Query* query = find(transport);
  if (query == nullptr || !query->stream) return;
  // One answer is awaited: no more than its length is kept.
  auto& received = query->received;
  const auto take = [&](std::size_t wanted) {
    const std::size_t taken = std::min(bytes.size(), wanted - std::min(wanted, received.size()));
    received.insert(received.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    bytes = bytes.subspan(taken);
    return received.size() >= wanted;
  };
  if (!take(kLengthBytes)) return;
  if (!take(kLengthBytes + load_be16(received.data()))) return;
  const std::vector<std::uint8_t> whole = std::move(received);
  const auto message = std::span(whole).subspan(kLengthBytes);
  if (!answers(message, query->id, asked_question(*query))) {
    ++counters_.dns_mismatched;
    next_server(now, *query);
  } else {
    take_answer(now, *query, message);
  }
  settle(now);
}

void Resolver::take_answer(TimePoint now, Query& query, std::span<const std::uint8_t> message) {
  ++counters_.dns_answers_in;
  const auto answer = parse_answer(message, asked_question(query));
  if (!answer || (answer->truncated && query.stream)) {
    ++counters_.dns_malformed;
    query.server_failed = true;
    next_server(now, query);
    return;
  }
  if (answer->truncated) {
    ++counters_.dns_truncated;
    open_stream(now, query);
    return;
  }
  const bool definite = answer->code == ResponseCode::kNoError || answer->code == ResponseCode::kNameError;
  const bool lame = answer->addresses.empty() && answer->is_referral && !answer->recursion_available;
  if (!definite || lame) {
    ++counters_.dns_server_failures;
    query.server_failed = true;
    next_server(now, query);
    return;
  }
  conclude(now, query, *answer);
}

void Resolver::conclude(TimePoint now, Query& query, const Answer& answer) {
  const bool has_addresses = !answer.addresses.empty();
  query.chain_ttl_s = std::min(query.chain_ttl_s, answer.ttl_s);
  // RFC 1034 5.3.1: some servers leave the end of the chain to the asker. An SOA says that there is no more.
  const bool cut = !has_addresses && answer.code == ResponseCode::kNoError && answer.canonical != query.asked &&
                   answer.negative_ttl_s == 0;
  if (cut && query.restarts < kMaxRestarts) {
    ++query.restarts;
    close_transport(query);
    query.asked = answer.canonical;
    query.transmissions = 0;
    transmit(now, query);
    return;
  }
  Cache::Entry entry;
  entry.canonical = answer.canonical;
  entry.addresses = answer.addresses;
  entry.expires = now + std::chrono::seconds(query.chain_ttl_s);
  if (!has_addresses) {
    entry.kind = answer.code == ResponseCode::kNameError ? Cache::Kind::kNoName : Cache::Kind::kNoAddresses;
    const auto ttl_s = std::min({answer.negative_ttl_s, query.chain_ttl_s, config_.max_negative_ttl_s});
    entry.expires = now + std::chrono::seconds(ttl_s);
  }
  if (cache_.put(now, query.question, entry)) ++counters_.dns_cache_evicted;
  Outcome outcome;
  outcome.addresses = entry.addresses;
  outcome.canonical = entry.canonical;
  outcome.expires = entry.expires;
  if (entry.kind == Cache::Kind::kNoAddresses) outcome.error = LookupError::kNoAddress;
  if (entry.kind == Cache::Kind::kNoName) outcome.error = LookupError::kNoName;
  deliver(query, outcome);
}

}  // namespace sockwire::stack::dns
