// SPDX-License-Identifier: Apache-2.0
#include "host/apps/lease.hpp"

#include <algorithm>

#include "host/apps/interrupt.hpp"
#include "host/apps/waiting.hpp"

namespace sockwire::apps {

Result<void, std::string> obtain_lease(Setup& setup, const std::array<std::uint8_t, 16>& secret) {
  Host& host = setup.host();
  Loop& loop = setup.loop();
  stack::dhcp::ClientConfig config;
  config.mac = host.stack().config().mac;
  config.host_name = "sockwire";
  config.secret = secret;
  // RFC 2131 4.4.1 spreads hosts that are switched on together. Here somebody waits for one.
  config.max_start_delay = Duration::zero();
  if (const auto started = host.start_dhcp(config); !started) return Failure{started.error().message};
  const auto done = [&] { return host.dhcp_lease().has_value() || interrupted(); };
  const TimePoint deadline = loop.now() + setup.options().patience;
  while (!done() && loop.now() < deadline) loop.run_until(done, std::min(deadline, loop.now() + kInterruptSlice));
  if (interrupted()) return Failure<std::string>{"interrupted"};
  if (host.dhcp_lease()) return {};
  return Failure<std::string>{
      "no DHCP server gives an address; run one in the lab, such as dnsmasq, or leave --dhcp out"};
}

}  // namespace sockwire::apps
