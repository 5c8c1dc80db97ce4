// SPDX-License-Identifier: Apache-2.0
#include "host/api/tap_instance.hpp"

#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>

#include "host/api/instance_config.hpp"
#include "sim/dut/engine.hpp"

namespace sockwire::api {

namespace {

/// Cycles between two looks at the clock, the device and the stack.
constexpr int kCyclesPerTurn = 256;

/// Reads an address that may be left out. Returns false if it is none.
bool read_optional(const char* text, std::optional<IpAddress>& address) {
  if (text == nullptr) return true;
  address = IpAddress::parse(text);
  return address.has_value();
}

/// Nothing: the options make no sense.
std::optional<stack::Config> config_of(const sockwire_tap_options& options) {
  auto addresses = addressed(options.ipv4, options.ipv6, options.mtu);
  if (!addresses) return std::nullopt;
  stack::Config& config = *addresses;
  config.mac = MacAddress::from_bytes(options.mac);
  if (config.mac.is_group()) return std::nullopt;
  std::optional<IpAddress> gateway;
  std::optional<IpAddress> name_server;
  if (!read_optional(options.gateway, gateway) || !read_optional(options.name_server, name_server)) return std::nullopt;
  if (gateway && gateway->is_ipv4()) config.gateway = Ipv4Address(*gateway);
  if (gateway && !gateway->is_ipv4()) config.ipv6.gateway = gateway;
  constexpr std::uint16_t kDnsPort = 53;
  if (name_server) config.dns.servers = {{*name_server, kDnsPort}};
  return addresses;
}

}  // namespace

std::unique_ptr<TapInstance> TapInstance::open(const sockwire_tap_options& options) {
  auto config = config_of(options);
  const bool sound = options.first_descriptor >= 0 && options.first_descriptor <= 1 << 24 && options.max_sockets > 0 &&
                     options.max_sockets <= 1 << 24 && (options.tap_fd >= 0 || options.tap_name != nullptr);
  if (!config || !sound) return fail(EINVAL), nullptr;
  if (getrandom(config->secret.data(), config->secret.size(), 0) < 0) return nullptr;
  auto tap = options.tap_fd >= 0 ? sim::TapDevice::adopt(options.tap_fd) : sim::TapDevice::open(options.tap_name);
  if (!tap) {
    if (errno == 0) fail(EINVAL);
    return nullptr;
  }
  const int wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (wake < 0) return nullptr;
  return std::unique_ptr<TapInstance>(new TapInstance(options, *config, std::move(tap).value(), wake));
}

TapInstance::TapInstance(const sockwire_tap_options& options, const stack::Config& config,
                         std::unique_ptr<sim::TapDevice> tap, int wake)
    : sockwire_instance(options.first_descriptor, options.max_sockets),
      line_(std::move(tap), {}, {}, 1),
      card_(sim::make_native_engine<kBytes>(1), line_),
      port_(card_, config.mac),
      loop_(*this),
      host_(std::make_unique<Host>(config, port_, loop_, static_cast<std::size_t>(options.max_sockets))),
      wake_(wake) {
  port_.start(now(), 1);
  while (!port_.ready()) turn();
  thread_ = std::thread([this] { run(); });
}

TapInstance::~TapInstance() {
  {
    const Turn turn(*this);
    stopping_ = true;
    wake();
  }
  thread_.join();
  close(wake_);
}

void TapInstance::settle() {
  host_->service();
  wake();
  changed_.notify_all();
}

bool TapInstance::advance(TimePoint deadline) {
  wake();
  if (deadline == kNever) {
    changed_.wait(mutex());
  } else {
    changed_.wait_for(mutex(), deadline - now());
  }
  return true;
}

void TapInstance::run() {
  std::unique_lock lock(mutex());
  while (!stopping_) {
    const bool busy = turn();
    changed_.notify_all();
    if (busy && waiting() == 0) continue;
    const std::uint64_t deadline_ns = [&] {
      if (busy) return std::uint64_t{0};
      const TimePoint host = host_->next_deadline();
      const auto host_ns = host == kNever ? sim::kNeverNs : static_cast<std::uint64_t>(host.time_since_epoch().count());
      return std::min({host_ns, card_.deadline_ns(), line_.next_arrival_ns()});
    }();
    lock.unlock();
    if (busy) {
      std::this_thread::yield();  // to the calls that wait
    } else {
      sleep(deadline_ns);
    }
    lock.lock();
  }
}

bool TapInstance::turn() {
  bool busy = host_->service();
  std::uint64_t now_ns = clock_.now_ns();
  line_.poll_outside(now_ns);
  for (int cycle = 0; cycle < kCyclesPerTurn && !card_.news(); ++cycle) card_.step(now_ns);
  busy |= card_.take_news() || !card_.quiet();
  now_ns = clock_.now_ns();
  return busy || std::min(line_.next_arrival_ns(), card_.deadline_ns()) <= now_ns;
}

void TapInstance::sleep(std::uint64_t until_ns) {
  const std::array<int, 2> descriptors{wake_, line_.wait_fd()};
  static_cast<void>(clock_.wait(until_ns, descriptors));
  std::uint64_t count = 0;
  static_cast<void>(!read(wake_, &count, sizeof count));
}

void TapInstance::wake() {
  const std::uint64_t one = 1;
  static_cast<void>(!write(wake_, &one, sizeof one));
}

}  // namespace sockwire::api
