// SPDX-License-Identifier: Apache-2.0
// DHCP and DNS against dnsmasq in the lab.
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "host/apps/lab.hpp"
#include "host/apps/names.hpp"
#include "host/apps/peers.hpp"
#include "host/apps/setup.hpp"
#include "host/socket/text.hpp"
#include "lab.hpp"

namespace sockwire::interop {
namespace {

using namespace std::chrono_literals;

apps::Options with_dhcp() {
  apps::Options options;
  options.card = apps::CardKind::kNative;
  options.wire = apps::WireKind::kTap;
  options.dhcp = true;
  return options;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// dnsmasq on whatever cards are plugged in: leases of two minutes from .100 to .150, renewed every five seconds; names
/// below lab.test. Ended with this object.
class Dnsmasq {
 public:
  explicit Dnsmasq(const std::string& folder) : log_(folder + "/log") {
    std::vector<std::string> command{"/usr/sbin/dnsmasq",
                                     "--keep-in-foreground",
                                     "--conf-file=/dev/null",
                                     "--no-resolv",
                                     "--no-hosts",
                                     "--user=root",
                                     "--pid-file=",
                                     "--interface=fpga*",
                                     "--bind-dynamic",
                                     "--no-ping",
                                     "--dhcp-authoritative",
                                     "--dhcp-range=10.18.0.100,10.18.0.150,255.255.255.0,120",
                                     "--dhcp-leasefile=" + folder + "/leases",
                                     "--dhcp-option=option:router,10.18.0.1",
                                     "--dhcp-option=option:T1,5",
                                     "--domain=lab.test",
                                     "--local=/lab.test/",
                                     "--dhcp-option=option:mtu,1400",
                                     "--host-record=server.lab.test,10.18.0.1,60",
                                     "--cname=www.lab.test,alias.lab.test",
                                     "--cname=alias.lab.test,server.lab.test",
                                     "--host-record=six.lab.test,2001:db8::6",
                                     "--log-queries",
                                     "--log-dhcp",
                                     "--log-facility=" + log_};
    // 60 addresses do not fit into 512 bytes.
    for (int i = 1; i <= 60; ++i) command.push_back("--host-record=big.lab.test,10.9.0." + std::to_string(i));
    const auto started = apps::start_program(command, true);
    if (started) pid_ = *started;
    for (int i = 0; i < 200 && log().find("started") == std::string::npos; ++i) ::poll(nullptr, 0, 10);
  }
  ~Dnsmasq() {
    if (pid_ > 0) apps::stop_program(pid_);
  }
  Dnsmasq(const Dnsmasq&) = delete;
  Dnsmasq& operator=(const Dnsmasq&) = delete;

  std::string log() const { return text_of(log_); }
  bool logged(const std::string& what) const { return log().find(what) != std::string::npos; }

 private:
  std::string log_;
  pid_t pid_ = 0;
};

bool installed() { return std::filesystem::exists("/usr/sbin/dnsmasq"); }

// RFC 2131 3.1, 4.4.5, 4.4.6: lease, renewal by unicast, release.
TEST(Dnsmasq, LendsRenewsAndTakesBackAnAddress) {
  if (!installed()) FAIL() << "dnsmasq is not installed: ./run installs it (dnsmasq-base)";
  in_lab([]() -> std::string {
    const apps::TemporaryFolder folder;
    const Dnsmasq dnsmasq(folder.path());
    auto setup = apps::Setup::make(with_dhcp());
    if (!setup) return setup.error() + "\n" + dnsmasq.log();
    Host& host = (*setup)->host();
    const auto lease = host.dhcp_lease();
    if (!lease) return "there is no lease";
    const auto last = lease->interface.address.value() & 0xff;
    if (last < 100 || last > 150 || lease->interface.prefix_bits != 24) return "another address than was to be lent";
    if (lease->server != apps::kLabAddress || lease->router != apps::kLabAddress) return "another server or router";
    if (lease->mtu != 1400 || host.stack().network().path_mtu(host.now(), apps::kLabAddress) != 1400)
      return "the MTU was not taken";
    if (lease->domain != "lab.test") return "the domain was not taken";
    if (!host.ping(apps::kLabAddress, 1, 56, 5s)) return "the address does not work";
    const TimePoint ends = host.stack().dhcp().client()->lease_ends();
    const auto renewed = [&] { return host.stack().dhcp().client()->lease_ends() > ends; };
    if (!(*setup)->loop().run_until(renewed, host.now() + 10s)) return "it was not renewed\n" + dnsmasq.log();
    if (!host.ping(apps::kLabAddress, 2, 56, 5s)) return "the address does not work any more";
    if (const auto finished = (*setup)->finish(); !finished) return finished.error();
    for (int i = 0; i < 100 && !dnsmasq.logged("DHCPRELEASE"); ++i) ::poll(nullptr, 0, 10);
    return dnsmasq.logged("DHCPRELEASE") ? "" : "it was not given back\n" + dnsmasq.log();
  });
}

TEST(Dnsmasq, TellsNames) {
  if (!installed()) FAIL() << "dnsmasq is not installed: ./run installs it (dnsmasq-base)";
  in_lab([]() -> std::string {
    const apps::TemporaryFolder folder;
    const Dnsmasq dnsmasq(folder.path());
    auto setup = apps::Setup::make(with_dhcp());
    if (!setup) return setup.error() + "\n" + dnsmasq.log();
    Host& host = (*setup)->host();
    const auto text = [&](const std::string& name) {
      const auto found = host.resolve(name, {}, 20s);
      if (!found) return found.error().message;
      std::string all = found.value().canonical;
      for (const IpAddress& address : found.value().addresses) all += " " + to_string(address);
      return all;
    };
    const std::pair<const char*, const char*> expected[] = {
        {"server.lab.test", "server.lab.test 10.18.0.1"},
        {"server", "server.lab.test 10.18.0.1"},  // the domain that DHCP told
        {"www.lab.test", "server.lab.test 10.18.0.1"},
        {"six.lab.test", "six.lab.test 2001:db8::6"},
        {"none.lab.test", "there is no name 'none.lab.test'"}};
    for (const auto& [name, wanted] : expected) {
      if (const auto got = text(name); got != wanted) return std::string(name) + ": " + got + "\n" + dnsmasq.log();
    }
    const auto hits = host.counters().dns_cache_hits;
    if (text("server.lab.test") != "server.lab.test 10.18.0.1") return "not from memory";
    return host.counters().dns_cache_hits > hits ? "" : "the server was asked again";
  });
}

// RFC 7766: what does not fit into a datagram comes over TCP.
TEST(Dnsmasq, LongAnswersComeOverTcp) {
  if (!installed()) FAIL() << "dnsmasq is not installed: ./run installs it (dnsmasq-base)";
  in_lab([]() -> std::string {
    const apps::TemporaryFolder folder;
    const Dnsmasq dnsmasq(folder.path());
    auto setup = apps::Setup::make(with_dhcp());
    if (!setup) return setup.error() + "\n" + dnsmasq.log();
    Host& host = (*setup)->host();
    const auto found = host.resolve("big.lab.test", {true, false}, 20s);
    if (!found) return found.error().message;
    if (host.counters().dns_truncated != 1) return "no answer was truncated";
    return found.value().addresses.size() == stack::dns::Answer::kMaxAddresses ? "" : "addresses are missing";
  });
}

TEST(Dnsmasq, WithoutAServerTheErrorSaysWhatToDo) {
  in_lab([]() -> std::string {
    apps::Options options = with_dhcp();
    options.patience = 300ms;
    const auto setup = apps::Setup::make(options);
    if (setup) return "there is an address without a server";
    return setup.error().find("no DHCP server gives an address; run one in the lab") == 0 ? "" : setup.error();
  });
}

}  // namespace
}  // namespace sockwire::interop
