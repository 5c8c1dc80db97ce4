// SPDX-License-Identifier: Apache-2.0
#include "host/api/virtual_instance.hpp"

#include <algorithm>

#include "host/api/instance_config.hpp"
#include "sim/dut/engine.hpp"

namespace sockwire::api {

namespace {

constexpr MacAddress kOurs({0x02, 0, 0, 0, 0, 1});
constexpr MacAddress kEverybodyElse({0x02, 0, 0, 0, 0, 2});
constexpr std::uint64_t kBitsPerCycle = 64;

std::uint64_t in_ns(TimePoint time) {
  return time == kNever ? sim::kNeverNs : static_cast<std::uint64_t>(time.time_since_epoch().count());
}

/// What the stack begins with. Nothing: the options make no sense.
std::optional<stack::Config> config_of(const sockwire_virtual_options& options) {
  auto addresses = addressed(options.ipv4, options.ipv6, options.mtu);
  if (!addresses) return std::nullopt;
  stack::Config& config = *addresses;
  config.mac = kOurs;
  config.point_to_point = kEverybodyElse;
  config.ipv6.link_local = false;
  config.ipv6.router_advertisements = false;
  config.ipv6.dad_transmits = 0;
  for (std::size_t i = 0; i < config.secret.size(); ++i) {
    config.secret[i] = static_cast<std::uint8_t>((options.seed >> (8 * (i % 8))) + i);
  }
  return addresses;
}

}  // namespace

std::unique_ptr<VirtualInstance> VirtualInstance::open(const sockwire_virtual_options& options) {
  const auto config = config_of(options);
  const bool sound = options.clock <= SOCKWIRE_CLOCK_WAITS && options.first_descriptor >= 0 &&
                     options.max_sockets > 0 && options.max_sockets <= 1 << 24 && options.first_descriptor <= 1 << 24;
  if (!config || !sound) return nullptr;
  return std::unique_ptr<VirtualInstance>(new VirtualInstance(options, *config));
}

VirtualInstance::VirtualInstance(const sockwire_virtual_options& options, const stack::Config& config)
    : sockwire_instance(options.first_descriptor, options.max_sockets),
      options_(options),
      cycle_ps_(options.line_bits_per_s == 0 ? 0 : kBitsPerCycle * 1'000'000'000'000 / options.line_bits_per_s),
      line_(kOurs, kEverybodyElse),
      card_(sim::make_native_engine<kBytes>(1), line_),
      port_(card_, kOurs),
      loop_(*this),
      host_(std::make_unique<Host>(config, port_, loop_, static_cast<std::size_t>(options.max_sockets))) {
  port_.start(now(), 1);
  work();
  starting_ = false;
}

VirtualInstance::~VirtualInstance() {
  if (peer_ != nullptr) peer_->peer_ = nullptr;
}

bool VirtualInstance::join(VirtualInstance& other, std::uint64_t delay_ns) {
  for (const VirtualInstance* end : {this, &other}) {
    if (end->peer_ != nullptr || end->options_.on_packet != nullptr || end->cycle_ps_ != 0) return false;
  }
  if (now_ns_ != other.now_ns_) return false;
  other.share_mutex_of(*this);
  peer_ = &other;
  other.peer_ = this;
  cable_ns_ = other.cable_ns_ = delay_ns;
  settle();
  return true;
}

void VirtualInstance::work() {
  while (host_->service() || ((cycle_ps_ == 0 || starting_) && run_card(now_ns_))) {
  }
}

void VirtualInstance::work_at_both_ends() {
  bool again = true;
  while (again) {
    work();
    again = hand_out();
    if (peer_ == nullptr) return;
    peer_->work();
    again |= peer_->hand_out();
  }
}

void VirtualInstance::settle() {
  if (in_callback_) return;
  work_at_both_ends();
  changed_.notify_all();
  if (peer_ != nullptr) peer_->changed_.notify_all();
}

void VirtualInstance::set_now(std::uint64_t time_ns) {
  now_ns_ = std::max(now_ns_, time_ns);
  if (peer_ != nullptr) peer_->now_ns_ = now_ns_;
}

void VirtualInstance::wait_for_others() {
  const std::pair news(line_.departures(), next_deadline_ns());
  if (news != told_) changed_.notify_all();
  told_ = news;
  changed_.wait(mutex());
}

bool VirtualInstance::run_card(std::uint64_t until_ns) {
  while (!card_.take_news()) {
    const bool takes_time = cycle_ps_ != 0 && !starting_;
    if (takes_time && now_ns_ >= until_ns) return false;
    card_.step(now_ns_);
    if (takes_time) {
      fraction_ps_ += cycle_ps_;
      now_ns_ += fraction_ps_ / 1000;
      fraction_ps_ %= 1000;
    }
    if (card_.quiet() && std::min(line_.next_arrival_ns(), card_.deadline_ns()) > now_ns_) return card_.take_news();
  }
  return true;
}

bool VirtualInstance::hand_out() {
  if (peer_ != nullptr) {
    const bool any = line_.has_departed();
    while (const auto packet = line_.take_departed()) {
      peer_->line_.arrive(packet->time_ns + cable_ns_, packet->bytes);
    }
    return any && cable_ns_ == 0;
  }
  if (options_.on_packet == nullptr) return false;
  in_callback_ = true;
  while (const auto packet = line_.take_departed()) {
    options_.on_packet(options_.context, packet->bytes.data(), packet->bytes.size(), packet->time_ns);
  }
  in_callback_ = false;
  return false;
}

std::uint64_t VirtualInstance::next_deadline_ns() const {
  return peer_ == nullptr ? own_deadline_ns() : std::min(own_deadline_ns(), peer_->own_deadline_ns());
}

std::uint64_t VirtualInstance::own_deadline_ns() const {
  // While the card works, or a packet of this moment has yet to go in, the next cycle counts.
  const bool busy = !card_.quiet();
  const std::uint64_t card_ns = busy ? now_ns_ : std::min(line_.next_arrival_ns(), card_.deadline_ns());
  return std::max(now_ns_, std::min(card_ns, in_ns(host_->next_deadline())));
}

void VirtualInstance::advance_to(std::uint64_t time_ns) {
  settle();
  while (now_ns_ < time_ns) {
    if (cycle_ps_ != 0 && run_card(std::min(time_ns, in_ns(host_->next_deadline())))) {
      settle();
      continue;
    }
    set_now(std::min(next_deadline_ns(), time_ns));
    settle();
  }
}

bool VirtualInstance::advance(TimePoint deadline) {
  const std::uint64_t until_ns = in_ns(deadline);
  const bool news = run_card(until_ns);
  hand_out();
  if (peer_ != nullptr) peer_->work_at_both_ends();
  if (news) return true;
  if (options_.clock == SOCKWIRE_CLOCK_WAITS) {
    wait_for_others();
    return true;
  }
  std::uint64_t next_ns = std::min({until_ns, line_.next_arrival_ns(), card_.deadline_ns()});
  if (peer_ != nullptr) next_ns = std::min(next_ns, peer_->own_deadline_ns());
  if (next_ns == sim::kNeverNs) return false;
  set_now(next_ns);
  return true;
}

bool VirtualInstance::arrive(std::uint64_t time_ns, std::span<const std::uint8_t> packet) {
  const std::size_t bytes = sim::ip_packet_bytes(packet);
  if (bytes == 0 || bytes > options_.mtu) return false;
  line_.arrive(time_ns, packet.first(bytes));
  return true;
}

std::optional<sim::DepartedPacket> VirtualInstance::wait_departed(std::uint64_t until_ns) {
  settle();
  while (!line_.has_departed() && now_ns_ < until_ns) {
    const std::uint64_t next_ns = next_deadline_ns();
    if (next_ns != sim::kNeverNs || until_ns != sim::kNeverNs) {
      advance_to(std::min(std::max(next_ns, now_ns_ + 1), until_ns));
    } else if (options_.clock == SOCKWIRE_CLOCK_WAITS) {
      wait_for_others();
    } else {
      break;
    }
  }
  return line_.take_departed();
}

}  // namespace sockwire::api
