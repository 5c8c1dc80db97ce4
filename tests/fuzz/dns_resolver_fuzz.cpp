// SPDX-License-Identifier: Apache-2.0
// A resolver against servers that the fuzzer plays: answers with the id and the question that were asked for, and
// records of any kind behind them; datagrams and streams, in pieces.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "host/base/byte_order.hpp"
#include "host/stack/dns/dns_resolver.hpp"
#include "tests/fuzz/fuzz_input.hpp"

namespace {

using namespace sockwire;
using namespace sockwire::stack;
using namespace std::chrono_literals;
using fuzz::Input;
using fuzz::require;
using Bytes = std::vector<std::uint8_t>;

class Harness {
 public:
  explicit Harness(Input& input) : input_(input), resolver_(config(input), counters_) {}

  void run() {
    for (int step = 0; step < 200 && !input_.done(); ++step) {
      one_step();
      drain();
    }
    // Without any server every lookup ends.
    for (int turns = 0; resolver_.next_deadline() != kNever && turns < 5000; ++turns) {
      now_ = std::max(now_, resolver_.next_deadline());
      resolver_.on_timeout(now_);
      drain();
      require(resolver_.next_deadline() > now_, "a timer that was served is not due again at once");
    }
    require(waiting_.empty(), "each lookup has its result");
    require(resolver_.queries() == 0, "no query is left over");
  }

 private:
  static dns::ResolverConfig config(Input& input) {
    dns::ResolverConfig config;
    config.servers = {{IpAddress::from_ipv4(0x0a000035), 53}, {IpAddress::from_ipv4(0x0a000036), 53}};
    config.servers.resize(input.below(3));
    config.search = {*dns::Name::parse("example.org")};
    return config;
  }

  void one_step() {
    switch (input_.byte() % 10) {
      case 0:
      case 1:
        start();
        break;
      case 2:
        pass(Duration(1ms) * input_.two());
        break;
      case 3:
        if (!open_.empty()) resolver_.on_failed(now_, choose().transport);
        break;
      case 4:
        if (!waiting_.empty() && input_.below(4) == 0) {
          resolver_.cancel(*waiting_.begin());
          waiting_.erase(waiting_.begin());
        }
        break;
      case 5:
        if (!open_.empty()) give(choose(), input_.take(input_.two() % 600));
        break;
      default:
        if (!open_.empty()) answer(choose());
    }
  }

  void start() {
    static const std::string kNames[] = {"a.example.org", "b",        "www.example.net.", "10.0.0.1", "2001:db8::1", "",
                                         "x.y.z",         "localhost"};
    std::string name = kNames[input_.below(8)];
    if (input_.below(8) == 0) {
      const Bytes bytes = input_.take(input_.byte());
      name.assign(bytes.begin(), bytes.end());
    }
    const std::uint8_t families = input_.byte();
    waiting_.insert(resolver_.start(now_, name, {(families & 1) == 0, (families & 2) == 0}));
  }

  dns::Request& choose() { return open_[input_.below(static_cast<std::uint32_t>(open_.size()))]; }

  /// Header and question of the query, and behind them records, whose names may point anywhere.
  void answer(dns::Request& request) {
    const bool stream = request.kind == dns::Request::Kind::kOpenStream;
    const std::size_t skip = stream ? 2 : 0;
    if (request.bytes.size() < skip + 12) return;
    Bytes reply(request.bytes.begin() + static_cast<std::ptrdiff_t>(skip), request.bytes.end());
    std::size_t end = 12;
    while (end < reply.size() && reply[end] != 0) end += reply[end] + 1u;
    end = std::min(end + 5, reply.size());
    reply.resize(end);
    reply[2] = static_cast<std::uint8_t>(0x80 | (input_.below(16) == 0 ? 0x02 : 0) | (reply[2] & 1));
    reply[3] = static_cast<std::uint8_t>(0x80 | (input_.below(8) == 0 ? input_.byte() & 15 : 0));
    store_be16(&reply[4], 1);
    const std::uint32_t records = input_.below(5);
    store_be16(&reply[6], static_cast<std::uint16_t>(records));
    store_be16(&reply[8], static_cast<std::uint16_t>(input_.byte() % 3));
    store_be16(&reply[10], 0);
    for (std::uint32_t i = 0; i < records; ++i) record(reply);
    const Bytes rest = input_.take(input_.byte());
    reply.insert(reply.end(), rest.begin(), rest.end());
    if (input_.below(16) == 0) reply[input_.two() % reply.size()] = input_.byte();
    if (stream) {
      Bytes framed(2);
      store_be16(framed.data(), static_cast<std::uint16_t>(reply.size() + (input_.below(16) == 0 ? input_.byte() : 0)));
      framed.insert(framed.end(), reply.begin(), reply.end());
      reply = framed;
    }
    give(request, reply);
  }

  void record(Bytes& reply) {
    const std::uint8_t choice = input_.byte();
    if (choice % 4 != 0) {
      reply.insert(reply.end(), {0xc0, static_cast<std::uint8_t>(choice % 4 == 1 ? 12 : input_.byte())});
    } else {
      const Bytes name = input_.take(input_.below(20));
      reply.insert(reply.end(), name.begin(), name.end());
      reply.push_back(0);
    }
    static constexpr std::uint8_t kTypes[] = {1, 28, 5, 6, 2, 41, 16};
    const std::uint8_t type = kTypes[input_.below(7)];
    const Bytes data = type == 5 && input_.flag() ? Bytes{0xc0, input_.byte()}
                                                  : input_.take(type == 1    ? 4
                                                                : type == 28 ? 16
                                                                             : input_.byte() % 40);
    reply.insert(reply.end(),
                 {0, type, 0, 1, 0, 0, input_.byte(), input_.byte(), 0, static_cast<std::uint8_t>(data.size())});
    reply.insert(reply.end(), data.begin(), data.end());
  }

  void give(const dns::Request& request, const Bytes& bytes) {
    const dns::TransportId transport = request.transport;
    if (request.kind == dns::Request::Kind::kSendDatagram) {
      resolver_.on_datagram(now_, transport, bytes);
      return;
    }
    const std::size_t first = bytes.empty() ? 0 : input_.byte() % bytes.size();
    resolver_.on_stream(now_, transport, std::span(bytes).first(first));
    resolver_.on_stream(now_, transport, std::span(bytes).subspan(first));
  }

  void pass(Duration time) {
    const TimePoint end = now_ + time;
    for (int turns = 0; resolver_.next_deadline() <= end && turns < 500; ++turns) {
      now_ = std::max(now_, resolver_.next_deadline());
      resolver_.on_timeout(now_);
      drain();
      require(resolver_.next_deadline() > now_, "a timer that was served is not due again at once");
    }
    now_ = end;
  }

  void drain() {
    int asked = 0;
    while (auto request = resolver_.poll_request()) {
      require(++asked < 1000, "requests are few");
      if (request->kind == dns::Request::Kind::kClose) {
        std::erase_if(open_, [&](const dns::Request& one) { return one.transport == request->transport; });
      } else {
        require(!request->bytes.empty() && request->bytes.size() <= 600, "a query is short");
        open_.push_back(std::move(*request));
      }
    }
    require(open_.size() <= 256, "open sockets are bounded");
    while (const auto result = resolver_.poll_result()) {
      require(waiting_.erase(result->id) == 1, "each lookup has one result");
      require(result->error.has_value() != !result->addresses.empty(), "there are addresses or an error");
      require(result->addresses.size() <= 256, "addresses are bounded");
    }
  }

  Input& input_;
  Counters counters_;
  TimePoint now_{1s};
  dns::Resolver resolver_;
  std::vector<dns::Request> open_;
  std::set<dns::LookupId> waiting_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  Harness(input).run();
  return 0;
}
