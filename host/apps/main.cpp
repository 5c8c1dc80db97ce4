// SPDX-License-Identifier: Apache-2.0
// The command line: `sockwire SUBCOMMAND`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "host/apps/cards.hpp"
#include "host/apps/commands.hpp"
#include "host/apps/demo.hpp"
#include "host/apps/journey/journey_options.hpp"
#include "host/apps/lab.hpp"
#include "host/apps/line_options.hpp"
#include "host/apps/names.hpp"
#include "host/apps/session.hpp"
#include "host/apps/text.hpp"
#include "host/apps/udp.hpp"
#include "host/apps/validators.hpp"

namespace sockwire::apps {
namespace {

constexpr int kUsageError = 2;

/// What CLI11 parses as text, and what is made of it.
struct Texts {
  std::string card = "verilator";
  std::string wire = "tap";
  std::string congestion = "cubic";
  std::string loss = "0";
  std::string ber = "0";
  std::string reorder = "0";
  std::string dup = "0";
  std::string delay = "0";
  std::string timeout = "30s";
  std::vector<std::string> addresses;
  std::vector<std::string> gateways;
  std::vector<std::string> dns;
  std::string hosts;
  LineTexts line;
};

void add_faults(CLI::App& command, Options& options, Texts& texts) {
  const std::string faults = "Faults of the wire, both directions";
  command.add_option("--loss", texts.loss, "probability that a frame is lost")->check(probability())->group(faults);
  command.add_option("--ber", texts.ber, "bit error rate, data and control bits")->check(probability())->group(faults);
  command.add_option("--reorder", texts.reorder, "probability that a frame is overtaken")
      ->check(probability())
      ->group(faults);
  command.add_option("--dup", texts.dup, "probability that a frame arrives twice")->check(probability())->group(faults);
  command.add_option("--delay", texts.delay, "one way; a number alone is in ms")->check(duration())->group(faults);
  command.add_option("--seed", options.seed, "of all of these")->capture_default_str()->group(faults);
}

void add_common(CLI::App& command, Options& options, Texts& texts) {
  const std::string card_group = "Card and wire";
  command
      .add_option("--card", texts.card,
                  "native (the HLS C++ run directly), verilator (the RTL made from it), or usb[:SERIAL] (a board)")
      ->check(card_name())
      ->capture_default_str()
      ->group(card_group);
  command.add_option("--baud", options.baud_max, "of --card usb: no faster than this, whatever both ends can do")
      ->check(CLI::IsMember({1'000'000, 2'000'000, 3'000'000, 4'000'000, 6'000'000, 8'000'000, 12'000'000}))
      ->capture_default_str()
      ->group(card_group);
  command.add_option("--width", options.width, "bytes per beat: 1 (1 Gb/s line) or 8 (10 Gb/s line)")
      ->check(CLI::IsMember({1, 8}))
      ->capture_default_str()
      ->group(card_group);
  command
      .add_option("--wire", texts.wire, "tap (Linux in a lab) or loop (a second card, in virtual time, no privilege)")
      ->check(CLI::IsMember({"tap", "loop"}))
      ->capture_default_str()
      ->group(card_group);
  command.add_option("--lab", options.lab, "the process number of the lab to join, instead of the newest")
      ->type_name("PID")
      ->group(card_group);
  command
      .add_option("--address", texts.addresses,
                  "of this end, instead of the usual one of that IP version; IPv6 may have several")
      ->type_name("ADDRESS/BITS")
      ->allow_extra_args(false)
      ->check(prefix())
      ->group(card_group);
  command.add_option("--gateway", texts.gateways, "for what is not in the subnet, one of each IP version")
      ->type_name("ADDRESS")
      ->allow_extra_args(false)
      ->check(address())
      ->group(card_group);
  const std::string names = "Names and addresses";
  command.add_option("--congestion", texts.congestion, "what sets the sending rate: cubic, reno or bbr (paced)")
      ->check(CLI::IsMember({"cubic", "reno", "bbr"}))
      ->capture_default_str()
      ->group(card_group);
  command.add_flag("--ecn", options.ecn, "ask for explicit congestion notification")->group(card_group);
  command.add_flag("--dhcp", options.dhcp, "take the card's address from a DHCP server behind the wire")->group(names);
  command.add_option("--dns", texts.dns, "a name server to ask, instead of those that DHCP tells; may be given again")
      ->type_name("ADDRESS[:PORT]")
      ->allow_extra_args(false)
      ->group(names);
  command.add_option("--hosts", texts.hosts, "names with fixed addresses, a file like /etc/hosts")
      ->type_name("FILE")
      ->group(names);
  add_line_options(command, options, texts.line);
  add_faults(command, options, texts);
  const std::string seeing = "Seeing";
  command.add_option("--pcap", options.pcap, "capture at the card, for Wireshark (pcapng)")
      ->type_name("FILE")
      ->group(seeing);
  command
      .add_option("--wave", options.wave,
                  "waveform for GTKWave (FST): of the card, if it is a verilator one, and of the --line")
      ->type_name("FILE")
      ->group(seeing);
  command.add_flag("--json", options.json, "print the result as JSON on standard output")->group(seeing);
  command.add_option("--timeout", texts.timeout, "without progress until it is given up")
      ->check(duration())
      ->capture_default_str()
      ->group(seeing);
}

/// What --dhcp, --dns and --hosts mean. Throws CLI::ValidationError.
void settle_names(Options& options, const Texts& texts) {
  if (options.dhcp && options.wire == WireKind::kLoop) {
    throw CLI::ValidationError("--dhcp", "there is no DHCP server behind --wire loop");
  }
  const bool fixed =
      std::any_of(options.addresses.begin(), options.addresses.end(),
                  [](const IpPrefix& one) { return one.is_ipv4(); }) ||
      std::any_of(options.gateways.begin(), options.gateways.end(), [](const IpAddress& one) { return one.is_ipv4(); });
  if (options.dhcp && fixed) {
    throw CLI::ValidationError("--dhcp",
                               "tells the IPv4 address and gateway: leave them out of --address and --gateway");
  }
  for (const std::string& text : texts.dns) {
    const auto alone = IpAddress::parse(text);
    const auto with_port = HostPort::parse(text);
    const auto address = alone ? alone : with_port ? IpAddress::parse(with_port.value().host) : std::nullopt;
    if (!address) throw CLI::ValidationError("--dns", "'" + text + "' is no address such as 10.18.0.1");
    options.dns_servers.push_back({*address, alone ? stack::dns::kServerPort : with_port.value().port});
  }
  if (texts.hosts.empty()) return;
  std::ifstream file(texts.hosts);
  if (!file) throw CLI::ValidationError("--hosts", "cannot read " + texts.hosts);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  auto hosts = stack::dns::Hosts::parse(content);
  if (!hosts) throw CLI::ValidationError("--hosts", texts.hosts + ", " + hosts.error());
  options.hosts = std::move(hosts).value();
}

/// --card usb[:SERIAL]: a board has its own wire, and none of what is simulated.
void settle_usb(Options& options, const Texts& texts) {
  if (texts.card.rfind("usb", 0) != 0) {
    if (options.baud_max != Options().baud_max) throw CLI::ValidationError("--baud", "is for --card usb");
    return;
  }
  options.card = CardKind::kUsb;
  options.wire = WireKind::kNetwork;
  if (texts.card.size() > 4) options.usb_serial = texts.card.substr(4);
  const bool simulated = texts.wire != "tap" || options.width != 1 || options.lab || !options.wave.empty() ||
                         texts.loss != "0" || texts.ber != "0" || texts.reorder != "0" || texts.dup != "0" ||
                         texts.delay != "0" || texts.line.code != "mii";
  if (simulated) {
    throw CLI::ValidationError("--card usb",
                               "a board has a wire of its own: leave out --wire, --lab, --width, --line, "
                               "--wave, and the faults");
  }
  if (!options.pcap.empty()) {
    throw CLI::ValidationError("--pcap",
                               "a board makes the frames that it sends, and merges those that it receives: this end "
                               "does not see the wire; capture at its peer, with tcpdump");
  }
}

/// The rest of what the options mean. Throws CLI::ValidationError.
void settle(Options& options, const Texts& texts) {
  options.card = texts.card == "native" ? CardKind::kNative : CardKind::kVerilator;
  options.wire = texts.wire == "tap" ? WireKind::kTap : WireKind::kLoop;
  settle_usb(options, texts);
  options.congestion = tcp::congestion_by_name(texts.congestion).value_or(options.congestion);
  options.loss = parse_probability(texts.loss).value_or(0);
  options.bit_error_rate = parse_probability(texts.ber).value_or(0);
  options.reordering = parse_probability(texts.reorder).value_or(0);
  options.duplication = parse_probability(texts.dup).value_or(0);
  options.delay = parse_duration(texts.delay).value_or(Duration(0));
  for (const std::string& text : texts.addresses) {
    if (const auto address = IpPrefix::parse(text)) options.addresses.push_back(*address);
  }
  for (const std::string& text : texts.gateways) {
    if (const auto address = IpAddress::parse(text)) options.gateways.push_back(*address);
  }
  options.patience = parse_duration(texts.timeout).value_or(options.patience);
  settle_names(options, texts);
  settle_line(options, texts.line);
  if (!options.wave.empty() && options.card == CardKind::kNative && options.line.code == sim::LineCode::kMii) {
    throw CLI::ValidationError("--wave", "the native card has no signals to record; use --card verilator, or a --line");
  }
}

template <typename T>
T value_or_throw(const char* name, Result<T, std::string> result) {
  if (!result) throw CLI::ValidationError(name, result.error());
  return std::move(result).value();
}

/// What `udp` and `resolve` parse.
struct DatagramTexts {
  UdpOptions udp;
  std::vector<std::string> target;
  bool listen = false;
  std::string idle;
  std::string name;
};

CLI::App* add_udp(CLI::App& app, const Options& options, DatagramTexts& texts, std::function<int()>& run) {
  auto* udp = app.add_subcommand("udp", "datagrams from standard input and to standard output, as nc -u");
  udp->add_option("TARGET", texts.target, "HOST PORT; with -l PORT alone")->required()->expected(1, 2);
  udp->add_flag("-l,--listen", texts.listen, "wait for whoever sends first, and talk to that one");
  udp->add_option("-w,--wait", texts.idle, "end when nothing has come or gone for so long (1 s after the input's end)")
      ->check(duration());
  udp->add_option("-o,--output", texts.udp.output, "where to (standard output if not given)")->type_name("FILE");
  udp->callback([&] {
    if (texts.target.size() != (texts.listen ? 1U : 2U)) {
      throw CLI::ValidationError("TARGET", texts.listen ? "-l takes a port alone" : "HOST and PORT are needed, or -l");
    }
    if (!texts.listen) texts.udp.host = texts.target.front();
    if (!texts.listen && !is_host(texts.udp.host)) {
      throw CLI::ValidationError("TARGET", "'" + texts.udp.host + "' is neither a name nor an address");
    }
    texts.udp.port = value_or_throw("TARGET", HostPort::parse("port:" + texts.target.back())).port;
    if (!texts.idle.empty()) texts.udp.idle = parse_duration(texts.idle);
    run = [&] { return run_udp(options, texts.udp); };
  });
  return udp;
}

CLI::App* add_resolve(CLI::App& app, const Options& options, DatagramTexts& texts, std::function<int()>& run) {
  auto* resolve = app.add_subcommand("resolve", "the addresses of a name, from DNS");
  resolve->add_option("NAME", texts.name, "the name")->required()->check(host_name());
  resolve->callback([&] { run = [&] { return run_resolve(options, texts.name); }; });
  return resolve;
}

/// CLI11 would only say that a subcommand is missing.
void refuse_unknown_command(const CLI::App& app, int argc, char** argv) {
  const auto known = [&](const CLI::App* command) { return command->get_name() == argv[1]; };
  const auto commands = app.get_subcommands(nullptr);
  if (argc > 1 && argv[1][0] != '-' && std::none_of(commands.begin(), commands.end(), known)) {
    throw CLI::ParseError("'" + std::string(argv[1]) + "' is no subcommand", CLI::ExitCodes::ExtrasError);
  }
}

/// Those that look at what is there: cards and other processes. `all`: outlives the parsing.
void add_watchers(CLI::App& app, Options& options, bool& all, std::function<int()>& run) {
  auto* cards = app.add_subcommand("cards", "the cards that are plugged in, their link, and why one cannot be used");
  cards->add_flag("--json", options.json, "as JSON");
  cards->callback([&] { run = [&] { return run_cards(options.json); }; });

  auto* ss = app.add_subcommand("ss", "the sockets of every running sockwire, like 'ss -tin'");
  ss->add_flag("--json", options.json, "as JSON");
  ss->callback([&] { run = [&] { return run_ss(options.json); }; });

  auto* stats = app.add_subcommand("stats", "every counter of every running sockwire");
  stats->add_flag("--json", options.json, "as JSON");
  stats->add_flag("--all", all, "those at zero too");
  stats->callback([&] { run = [&] { return run_stats(options.json, all); }; });
}

/// Throws CLI::ParseError; else the exit code.
int parse_and_run(int argc, char** argv) {
  CLI::App app{"Sockwire: TCP from socket to signal, through a simulated network card whose RTL is made from C++.",
               "sockwire"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "sockwire 0.1.0");
  app.footer(
      "Try:  sockwire get --wire loop http://10.18.0.1/4M -o /tmp/file\n"
      "or:   sockwire lab -- nginx -g 'daemon off;'      and, in another terminal,\n"
      "      sockwire get http://10.18.0.1/ -o -");
  Options options;
  Texts texts;
  std::string file;
  std::string target;
  std::uint16_t port = 0;
  std::uint64_t far_bytes = 1'000'000;
  unsigned count = 4;
  unsigned data_bytes = 56;
  std::vector<std::string> program;
  std::function<int()> run;

  auto* get = app.add_subcommand("get", "fetch a file over HTTP");
  get->add_option("URL", target, "http://HOST[:PORT]/PATH; with --wire loop /SIZE, such as /4M")->required();
  get->add_option("-o,--output", file, "where to (standard output if not given); FILE.part until it is complete")
      ->type_name("FILE");
  get->callback(
      [&] { run = [&, url = value_or_throw("URL", Url::parse(target))] { return run_get(options, url, file); }; });

  auto* send = app.add_subcommand("send", "send a file to a TCP server, as nc would");
  send->add_option("FILE", file, "what to send; - for standard input")->required();
  send->add_option("HOST:PORT", target, "to whom, such as 10.18.0.1:5001")->required();
  send->callback([&] {
    run = [&, to = value_or_throw("HOST:PORT", HostPort::parse(target))] { return run_send(options, file, to); };
  });

  auto* listen = app.add_subcommand("listen", "wait for one connection and take what it sends");
  listen->add_option("PORT", port, "the port to listen on")->required()->check(CLI::Range(1, 65535));
  listen->add_option("-o,--output", file, "where to (standard output if not given); FILE.part until it is complete")
      ->type_name("FILE");
  listen->add_option("--bytes", far_bytes, "what the far end of --wire loop sends")->capture_default_str();
  listen->callback([&] { run = [&] { return run_listen(options, port, file, far_bytes); }; });

  auto* ping = app.add_subcommand("ping", "ICMP echo");
  ping->add_option("HOST", target, "a name or an address")->required()->check(host_name());
  ping->add_option("-c,--count", count, "how many")->check(CLI::Range(1u, 65535u))->capture_default_str();
  ping->add_option("-s,--size", data_bytes, "bytes of data in each")
      ->check(CLI::Range(0u, 1472u))
      ->capture_default_str();
  ping->callback([&] { run = [&] { return run_ping(options, target, count, data_bytes); }; });

  auto* demo = app.add_subcommand("demo", "nginx and a TCP sink on Linux, files both ways, clean and with loss");
  DemoOptions demo_options;
  demo->add_option("--bytes", demo_options.bytes, "of each file")->capture_default_str();
  demo->add_option("--out", demo_options.folder, "where the captures are left")->capture_default_str();
  demo->callback([&] { run = [&] { return run_demo(options, demo_options); }; });

  DatagramTexts datagram_texts;
  auto* udp = add_udp(app, options, datagram_texts, run);
  auto* resolve = add_resolve(app, options, datagram_texts, run);

  for (auto* command : {get, send, listen, ping, udp, resolve, demo}) add_common(*command, options, texts);

  JourneyTexts journey_texts;
  journey_texts.journey.command_line.assign(argv + 1, argv + argc);
  add_journey(app, journey_texts, run);

  auto* lab = app.add_subcommand("lab", "run a program on Linux's own TCP, in a namespace that cards are plugged into");
  lab->add_option("CMD", program, "the program and its arguments, after --")->required()->expected(-1);
  lab->positionals_at_end();
  lab->callback([&] { run = [&] { return run_lab(program); }; });

  bool all = false;
  add_watchers(app, options, all, run);

  EyeTexts eye;
  add_eye(app, eye, run);
  refuse_unknown_command(app, argc, argv);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {  // --help, --version
    return app.exit(help);
  }
  settle(options, texts);
  if (udp->parsed()) {
    file = datagram_texts.udp.output;
    if (datagram_texts.listen && options.wire == WireKind::kLoop) {
      throw CLI::ValidationError("-l", "nobody sends datagrams behind --wire loop");
    }
  }
  if (get->parsed() || listen->parsed() || udp->parsed()) {
    if (options.json && (file.empty() || file == "-")) {
      throw CLI::ValidationError("--json", "needs -o FILE, since both would go to standard output");
    }
  }
  return run();
}

/// The first line only, without the trailing full stop that some messages have.
std::string one_line(std::string text) {
  text = text.substr(0, text.find('\n'));
  return text;
}

}  // namespace
}  // namespace sockwire::apps

int main(int argc, char** argv) {
  try {
    return sockwire::apps::parse_and_run(argc, argv);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "sockwire: {} (sockwire --help)\n", sockwire::apps::one_line(error.what()));
    return sockwire::apps::kUsageError;
  } catch (const std::exception& error) {
    fmt::print(stderr, "sockwire: {}\n", error.what());
    return 1;
  }
}
