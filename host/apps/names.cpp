// SPDX-License-Identifier: Apache-2.0
#include "host/apps/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "host/apps/interrupt.hpp"
#include "host/apps/session.hpp"
#include "host/socket/text.hpp"

namespace sockwire::apps {

CommandResult<Resolved> look_up(Setup& setup, const std::string& name, Duration patience) {
  Host& host = setup.host();
  const auto id = host.start_resolve(name);
  const TimePoint deadline = host.now() + patience;
  std::optional<SocketResult<Resolved>> answer;
  const auto done = [&] {
    answer = host.poll_resolve(id);
    return answer.has_value();
  };
  while (!setup.loop().run_until(done, std::min(deadline, host.now() + kInterruptSlice))) {
    if (!interrupted() && host.now() < deadline) continue;
    host.cancel_resolve(id);
    if (interrupted()) return Failure{CommandError{"", true}};
    return Failure{CommandError{"no name server answered about '" + name + "' in time; give --timeout more time"}};
  }
  if (!answer) return Failure{CommandError{"", true}};
  if (answer->ok()) return answer->value();
  const SocketError error = answer->error();
  const std::string advice =
      host.stack().dns().resolver().config().servers.empty() ? "; give --dns SERVER, --dhcp or --hosts FILE" : "";
  return Failure{CommandError{error.message + (error.code == SocketErrc::kNameFailure ? advice : "")}};
}

CommandResult<IpAddress> address_of(Setup& setup, const std::string& name, Duration patience) {
  if (const auto literal = IpAddress::parse(name)) return *literal;
  const auto resolved = look_up(setup, name, patience);
  if (!resolved) return Failure{resolved.error()};
  // The first that there is a way to, be it of either version.
  const std::vector<IpAddress>& found = resolved.value().addresses;
  const stack::Network& network = setup.host().stack().network();
  const auto reachable = std::find_if(found.begin(), found.end(), [&](const IpAddress& address) {
    return network.source_for(address) && network.next_hop(address);
  });
  return reachable == found.end() ? found.front() : *reachable;
}

int run_resolve(const Options& options, const std::string& name) {
  const auto session = Session::open(options, "resolve");
  if (!session) return 1;
  const TimePoint start = session->host().now();
  const auto resolved = look_up(session->setup(), name, options.patience);
  if (!resolved) return session->fail(resolved.error());
  const Resolved& found = resolved.value();
  const Duration took = session->host().now() - start;
  nlohmann::json json{{"name", name},
                      {"canonical", found.canonical},
                      {"addresses", nlohmann::json::array()},
                      {"lookup_ms", std::chrono::duration<double, std::milli>(took).count()},
                      {"servers", nlohmann::json::array()}};
  for (const IpAddress& address : found.addresses) {
    json["addresses"].push_back(to_string(address));
    if (!options.json) fmt::print("{}\n", to_string(address));
  }
  for (const Endpoint& server : session->host().stack().dns().resolver().config().servers) {
    json["servers"].push_back(to_string(server));
  }
  std::string summary = found.canonical == name ? name : name + " is " + found.canonical;
  if (found.ttl) {
    json["ttl_s"] = std::chrono::duration<double>(*found.ttl).count();
    summary += fmt::format(", for {} s", std::chrono::duration_cast<std::chrono::seconds>(*found.ttl).count());
  }
  std::fflush(stdout);
  return session->succeed(summary, json);
}

}  // namespace sockwire::apps
