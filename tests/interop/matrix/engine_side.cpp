// SPDX-License-Identifier: Apache-2.0
#include "engine_side.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "host/apps/pattern.hpp"
#include "sim/net/net_namespace.hpp"

namespace sockwire::interop {

namespace {

constexpr int kCardMtu = 1500;
constexpr Duration kSlice = std::chrono::milliseconds(5);
/// Behind a TAP the simulated card is slower than the wall's clock: a larger window would only queue in Linux. More
/// than 64 KiB, so that window scaling matters.
constexpr std::size_t kBufferBytes = std::size_t{128} * 1024;

template <typename T>
T value_or_fail(const std::string& what, SocketResult<T> result) {
  if (!result) throw CellFailure(what + ": " + result.error().message);
  return std::move(result).value();
}

void check(const std::string& what, const SocketResult<void>& result) {
  if (!result) throw CellFailure(what + ": " + result.error().message);
}

void shell(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw CellFailure("this fails: " + command);
}

std::string output_of(const std::string& command) {
  std::string output;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw CellFailure("this cannot be run: " + command);
  for (int byte = 0; (byte = std::fgetc(pipe)) != EOF;) output += static_cast<char>(byte);
  pclose(pipe);
  return output;
}

void set(const std::string& name, bool on) {
  if (!sim::set_sysctl("ipv4/" + name, on ? "1" : "0")) throw CellFailure("this namespace has no " + name);
}

}  // namespace

Program::Program(const std::string& command) : command_(command) {
  const auto pid = apps::start_program({"sh", "-c", "exec " + command});
  if (!pid) throw CellFailure(pid.error());
  pid_ = *pid;
}

Program::~Program() {
  if (pid_ > 0) apps::stop_program(pid_);
}

bool Program::ended() {
  int status = 0;
  if (pid_ > 0 && waitpid(pid_, &status, WNOHANG) == 0) return false;
  pid_ = 0;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw CellFailure("status " + std::to_string(status) + " of " + command_);
  }
  return true;
}

EngineSide::EngineSide(const Setting& setting, std::uint64_t seed) : setting_(setting) {
  auto plugged = apps::plug_in();
  if (!plugged) throw CellFailure(plugged.error());
  if (setting.ipv6 && !plugged->ipv6) throw CellFailure("this kernel has no IPv6");
  ipv4_ = plugged->address;
  own_ = setting.ipv6 ? apps::lab_ipv6(plugged->address) : IpAddress(plugged->address);
  apply(plugged->tap->name());
  const stack::Config config = config_of(*plugged, seed);
  sim::Impairments impairments;
  impairments.loss = setting.loss;
  line_ = std::make_unique<sim::TapPeer<kBytes>>(std::move(plugged->tap), impairments, impairments, seed);
  card_ = std::make_unique<sim::CosimCard<kBytes>>(sim::make_native_engine<kBytes>(1), *line_);
  world_.add(*card_);
  port_ = std::make_unique<CardPort>(*card_, config.mac);
  host_ = std::make_unique<Host>(config, *port_, loop_);
  port_->start(loop_.now(), 1);
  wait_until("the card", [&] { return port_->ready(); });
}

void EngineSide::apply(const std::string& device) {
  set("tcp_sack", setting_.sack);
  set("tcp_timestamps", setting_.timestamps);
  set("tcp_window_scaling", setting_.window_scaling);
  set("tcp_ecn", setting_.ecn);
  shell("ip link set " + device + " mtu " + std::to_string(setting_.mtu));
  // Not by tcp_congestion_control: a namespace other than the first may only choose what tcp_allowed_congestion_control
  // of the whole machine has. A route may name any algorithm.
  const std::string route = setting_.ipv6 ? " metric 1"  // before the one that came with the address
                                          : " scope link src " + to_string(apps::kLabAddress);
  shell(std::string(setting_.ipv6 ? "ip -6" : "ip -4") + " route replace " + own_address() + " dev " + device + route +
        " congctl " + setting_.congestion);
}

stack::Config EngineSide::config_of(const apps::LabPort& port, std::uint64_t seed) const {
  stack::Config config;
  config.mac = port.mac;
  config.mtu = static_cast<std::uint16_t>(std::min(setting_.mtu, kCardMtu));
  config.ipv4 = {port.address, 24};
  config.gateway = apps::kLabAddress;
  config.ipv6.enabled = setting_.ipv6;
  config.ipv6.addresses = {IpPrefix(apps::lab_ipv6(port.address), 64)};
  config.ipv6.link_local = false;
  config.ipv6.router_advertisements = false;
  config.ipv6.dad_transmits = 0;
  apps::fill_pattern(seed, 0, config.secret);
  return config;
}

std::string EngineSide::linux_address() const {
  return setting_.ipv6 ? to_string(apps::lab_ipv6(apps::kLabAddress)) : to_string(apps::kLabAddress);
}

std::string EngineSide::own_address() const { return to_string(own_); }

int EngineSide::new_socket() {
  const int made = value_or_fail("socket", host_->socket());
  tcp::Config config = host_->config(made).value();
  config.congestion = *tcp::congestion_by_name(setting_.congestion);
  config.ecn = tcp::EcnMode::kOffer;
  check("settings", host_->set_config(made, config));
  check("buffers", host_->set_buffers(made, 2 * kBufferBytes, kBufferBytes));
  check("time-out", host_->set_timeout(made, kPatience));
  return made;
}

int EngineSide::connect(std::uint16_t port) {
  return connect(setting_.ipv6 ? apps::lab_ipv6(apps::kLabAddress) : IpAddress(apps::kLabAddress), port);
}

int EngineSide::connect(const IpAddress& to, std::uint16_t port) {
  const TimePoint limit = loop_.now() + kPatience;
  for (;;) {
    const int made = new_socket();
    const auto connected = host_->connect(made, {to, port});
    if (connected) {
      check_agreement(made);
      check_congestion(made);
      return made;
    }
    check("close", host_->close(made));
    if (connected.error().code != SocketErrc::kRefused || loop_.now() > limit) check("connect", connected);
    loop_.run_until([] { return false; }, loop_.now() + 2 * kSlice);
  }
}

int EngineSide::listen(std::uint16_t port) {
  const int made = new_socket();
  check("bind", host_->bind(made, {IpAddress{}, port}));
  check("listen", host_->listen(made, 4));
  return made;
}

int EngineSide::accept(int listener) {
  const int accepted = value_or_fail("accept", host_->accept(listener));
  check("time-out", host_->set_timeout(accepted, kPatience));
  check_agreement(accepted);
  check_congestion(accepted);
  return accepted;
}

void EngineSide::check_congestion(int descriptor) {
  const auto peer = value_or_fail("getpeername", host_->getpeername(descriptor));
  const auto own = value_or_fail("getsockname", host_->getsockname(descriptor));
  if (to_string(peer.address) != linux_address()) return;
  const std::string command =
      "ss -tinH state established sport = :" + std::to_string(peer.port) + " dport = :" + std::to_string(own.port);
  std::string said;
  // It has the connection when our last segment of the handshake has come.
  wait_until("Linux's connection", [&] { return !(said = output_of(command)).empty(); });
  if (said.find(" " + setting_.congestion + " ") == std::string::npos) {
    throw CellFailure("Linux does not use " + setting_.congestion + ": " + said);
  }
}

void EngineSide::check_agreement(int descriptor) {
  const auto info = value_or_fail("TCP_INFO", host_->tcp_info(descriptor));
  if (!info) throw CellFailure("there is no connection");
  const auto expect = [](const char* what, bool is, bool expected) {
    if (is != expected) throw CellFailure(std::string(what) + (is ? " is" : " is not") + " in use");
  };
  expect("SACK", info->sack, setting_.sack);
  expect("timestamps", info->timestamps, setting_.timestamps);
  expect("window scaling", info->rcv_wscale != 0, setting_.window_scaling);
  // A SYN that seems lost is sent again without (RFC 3168 6.1.1.1).
  if (setting_.loss == 0 || !setting_.ecn) expect("ECN", info->ecn, setting_.ecn);
}

void EngineSide::send(int descriptor, std::span<const std::uint8_t> data) {
  while (!data.empty()) data = data.subspan(value_or_fail("send", host_->send(descriptor, data)));
}

void EngineSide::send(int descriptor, const std::string& text) {
  send(descriptor, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

void EngineSide::finish(int descriptor) { check("shutdown", host_->shutdown(descriptor, Shutdown::kWrite)); }

std::vector<std::uint8_t> EngineSide::receive(int descriptor, std::size_t at_most) {
  std::vector<std::uint8_t> data(at_most);
  data.resize(value_or_fail("recv", host_->recv(descriptor, data)));
  return data;
}

std::vector<std::uint8_t> EngineSide::receive_exactly(int descriptor, std::size_t bytes) {
  std::vector<std::uint8_t> data(bytes);
  ReceiveOptions options;
  options.wait_all = true;
  if (value_or_fail("recv", host_->recv(descriptor, data, options)) != bytes) throw CellFailure("it ends too early");
  return data;
}

std::vector<std::uint8_t> EngineSide::receive_to_end(int descriptor) {
  std::vector<std::uint8_t> data;
  for (auto more = receive(descriptor); !more.empty(); more = receive(descriptor)) {
    data.insert(data.end(), more.begin(), more.end());
  }
  return data;
}

void EngineSide::close(int descriptor) {
  check("close", host_->close(descriptor));
  if (!host_->drain(kPatience)) throw CellFailure("close does not come to an end");
}

void EngineSide::wait_until(const std::string& what, const std::function<bool()>& done) {
  const TimePoint limit = loop_.now() + kPatience;
  while (!done()) {
    if (loop_.now() > limit) throw CellFailure("timed out: " + what);
    loop_.run_once(loop_.now() + kSlice);
  }
}

}  // namespace sockwire::interop
