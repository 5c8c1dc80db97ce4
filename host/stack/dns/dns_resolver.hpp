// SPDX-License-Identifier: Apache-2.0
// A stub resolver (RFC 1034 5.3.1), sans-IO: names go in, addresses come out; it asks its caller for datagrams and
// connections to servers.
//
//   Lookup: what the application wants; goes through its candidate names (search list), each a question per family.
//   Query:  a question under way to a server. Lookups with the same question share it (RFC 5452 5). Each transmission
//           has an id and a port of its own, at random (RFC 5452 9.2).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/result.hpp"
#include "host/base/time.hpp"
#include "host/stack/counters.hpp"
#include "host/stack/dns/dns_cache.hpp"
#include "host/stack/dns/dns_hosts.hpp"
#include "host/stack/dns/dns_message.hpp"
#include "host/stack/keyed_random.hpp"
#include "host/tcp/endpoint.hpp"

namespace sockwire::stack::dns {

struct ResolverConfig {
  std::vector<tcp::Endpoint> servers;  ///< Asked in this order; at most kMaxServers.
  std::vector<Name> search;            ///< Domains that names with few dots are completed with; at most kMaxSearch.
  unsigned ndots = 1;                  ///< With fewer dots than this a name is first taken as relative.
  Hosts hosts;
  tcp::SipHashKey secret{};
  Duration first_timeout = std::chrono::seconds(2);  ///< Of the first round over the servers; then twice that.
  unsigned rounds = 3;
  Duration tcp_timeout = std::chrono::seconds(10);
  std::size_t max_lookups = 64;
  std::size_t cache_entries = 256;
  std::uint32_t max_ttl_s = 86400;
  std::uint32_t max_negative_ttl_s = 10800;  ///< RFC 2308 5.

  static constexpr std::size_t kMaxServers = 4;
  static constexpr std::size_t kMaxSearch = 6;
};

enum class LookupError : std::uint8_t {
  kNotAName,       ///< Nor an address.
  kNoName,         ///< There is no such name (NXDOMAIN).
  kNoAddress,      ///< The name has no address of a wanted family.
  kNoServers,      ///< None is known.
  kTimedOut,       ///< None answered.
  kServerFailure,  ///< Those that answered could not help.
  kTooMany,        ///< Lookups at once.
};

struct Families {
  bool ipv4 = true;
  bool ipv6 = true;
};

using LookupId = std::uint32_t;

struct LookupResult {
  LookupId id = 0;
  std::optional<LookupError> error;
  std::vector<IpAddress> addresses;  ///< IPv4 before IPv6; otherwise as the server gave them.
  std::string canonical;             ///< The name that has the addresses.
  std::optional<Duration> ttl;       ///< For which this holds; nothing for what does not come from a server.
};

/// Names a socket that the resolver has asked for.
using TransportId = std::uint32_t;

/// What the caller is to do.
struct Request {
  enum class Kind : std::uint8_t {
    kSendDatagram,  ///< On a new UDP socket, bound to local_port (or another, if it is taken), heard only by `server`.
    kOpenStream,    ///< A new TCP connection; `bytes` are sent as soon as it is there.
    kClose,         ///< Either.
  };
  Kind kind = Kind::kClose;
  TransportId transport = 0;
  tcp::Endpoint server;
  std::uint16_t local_port = 0;
  std::vector<std::uint8_t> bytes;
};

class Resolver {
 public:
  /// counters: outlives the resolver.
  Resolver(ResolverConfig config, Counters& counters);

  /// Other servers and domains from now on, as of a new lease. What is under way goes on with those before.
  void set_servers(std::vector<tcp::Endpoint> servers, std::vector<Name> search);
  const ResolverConfig& config() const { return config_; }

  /// Begins to look up a name; an address is its own answer. The result comes from poll_result(), perhaps at once.
  LookupId start(TimePoint now, std::string_view text, Families families = {});
  /// Nobody waits for it any more.
  void cancel(LookupId id);

  void on_datagram(TimePoint now, TransportId transport, std::span<const std::uint8_t> message);
  /// Bytes of a stream; the two-byte lengths (RFC 1035 4.2.2) are taken off here.
  void on_stream(TimePoint now, TransportId transport, std::span<const std::uint8_t> bytes);
  /// The socket could not be had, the server is unreachable or refuses, or the stream ended.
  void on_failed(TimePoint now, TransportId transport);
  void on_timeout(TimePoint now);
  TimePoint next_deadline() const;

  [[nodiscard]] std::optional<Request> poll_request();
  [[nodiscard]] std::optional<LookupResult> poll_result();

  const Cache& cache() const { return cache_; }
  std::size_t queries() const { return queries_.size(); }

 private:
  /// What became of a question.
  struct Outcome {
    std::optional<LookupError> error;
    std::vector<IpAddress> addresses;
    Name canonical;
    TimePoint expires = kNever;
  };
  struct Slot {
    Question question;
    std::optional<Outcome> outcome;
  };
  struct Lookup {
    LookupId id = 0;
    std::vector<RecordType> types;
    std::vector<Name> candidates;
    std::size_t candidate = 0;
    std::vector<Slot> slots;  ///< Of this candidate, one for each type.
    std::optional<LookupError> worst;
  };
  struct Query {
    Question question;              ///< Of the lookups.
    Name asked;                     ///< Where its chain has led: what the server is asked for.
    std::uint32_t chain_ttl_s = 0;  ///< The least so far.
    unsigned restarts = 0;          ///< Further questions along the chain.
    std::vector<tcp::Endpoint> servers;
    unsigned transmissions = 0;
    TransportId transport = 0;
    std::uint16_t id = 0;
    bool stream = false;
    std::vector<std::uint8_t> received;  ///< Of the stream.
    unsigned mismatches = 0;
    bool server_failed = false;
    TimePoint deadline = kNever;
  };

  // resolver: lookups
  std::vector<Name> candidates_for(const Name& name, bool absolute) const;
  std::optional<LookupResult> answer_locally(std::string_view text, const Name& name, Families families) const;
  void try_candidate(TimePoint now, Lookup& lookup);
  void settle(TimePoint now);
  bool advance(TimePoint now, Lookup& lookup);
  void finish(TimePoint now, const Lookup& lookup, std::optional<LookupError> error);
  std::optional<Outcome> from_cache(TimePoint now, const Question& question);

  // resolver_query: questions to servers
  void ask(TimePoint now, const Question& question);
  void transmit(TimePoint now, Query& query);
  void open_stream(TimePoint now, Query& query);
  void next_server(TimePoint now, Query& query);
  void close_transport(Query& query);
  Query* find(TransportId transport);
  Question asked_question(const Query& query) const;
  void take_answer(TimePoint now, Query& query, std::span<const std::uint8_t> message);
  void conclude(TimePoint now, Query& query, const Answer& answer);
  void deliver(Query& query, const Outcome& outcome);

  ResolverConfig config_;
  Counters& counters_;
  KeyedRandom random_;
  Cache cache_;
  std::map<LookupId, Lookup> lookups_;
  std::map<Question, Query> queries_;
  LookupId last_lookup_ = 0;
  TransportId last_transport_ = 0;
  std::deque<Request> requests_;
  std::deque<LookupResult> results_;
};

}  // namespace sockwire::stack::dns
