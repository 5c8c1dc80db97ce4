// SPDX-License-Identifier: Apache-2.0
#include "host/apps/journey/journey_options.hpp"

#include <algorithm>

#include "host/apps/text.hpp"
#include "host/apps/validators.hpp"

namespace sockwire::apps {

namespace {

/// What both errands take.
void add_shared(CLI::App& command, JourneyTexts& texts) {
  JourneyOptions& journey = texts.journey;
  Options& options = texts.options;
  command.add_option("-o,--output", journey.html, "the page: one HTML file, no network needed")->type_name("FILE.html");
  command.add_option("--json", journey.json, "everything that was recorded")->type_name("FILE.json");
  command.add_flag("-6,--ipv6", journey.ipv6, "the name has an IPv6 address, and no other");
  command.add_flag("--text", journey.text, "tell it here, too; without a file it is told here anyway");
  command
      .add_option("--packet", journey.packets,
                  "tell all of this packet instead: each field and where it came from; may be given again")
      ->type_name("N")
      ->allow_extra_args(false);
  command.add_option("--card", texts.card, "native or verilator")
      ->check(CLI::IsMember({"native", "verilator"}))
      ->capture_default_str();
  command.add_option("--width", options.width, "bytes per beat: 1 (1 Gb/s line) or 8 (10 Gb/s line)")
      ->check(CLI::IsMember({1, 8}))
      ->capture_default_str();
  command.add_option("--pcap", options.pcap, "capture with a comment on each packet, for Wireshark")
      ->type_name("FILE.pcapng");
  command
      .add_option(
          "--wave", options.wave,
          "waveform for GTKWave (FST): of the line, with calls and packet numbers as markers; of host A's card, too, "
          "if it is a verilator one: then the line's is FILE.line.fst")
      ->type_name("FILE.fst");
  add_line_options(command, options, texts.line);
  command.add_option("--loss", texts.loss, "of --line mii: probability that a frame is lost")->check(probability());
  command.add_option("--ber", texts.ber, "bit error rate; a copper line has --noise instead")->check(probability());
  command.add_option("--delay", texts.delay, "of --line mii: of the wire, one way")
      ->check(duration())
      ->default_str("20us");
  command.add_option("--seed", options.seed, "of everything")->capture_default_str();
}

/// The rest of what they mean. Throws CLI::ValidationError.
void settle_shared(JourneyTexts& texts) {
  Options& options = texts.options;
  const bool coded = texts.line.code != "mii";
  options.wire = WireKind::kLoop;
  options.card = texts.card == "native" ? CardKind::kNative : CardKind::kVerilator;
  options.loss = parse_probability(texts.loss).value_or(0);
  options.bit_error_rate = parse_probability(texts.ber).value_or(0);
  if (coded && (options.loss != 0 || !texts.delay.empty())) {
    throw CLI::ValidationError("--line",
                               "only --line mii has --loss and --delay; a code's cable has --cable, and "
                               "--noise or --ber to lose frames by");
  }
  if (!coded) options.delay = parse_duration(texts.delay.empty() ? "20us" : texts.delay).value_or(Duration(0));
  settle_line(options, texts.line);
}

void add_get(CLI::App& journey, JourneyTexts& texts, std::function<int()>& run) {
  auto* get = journey.add_subcommand("get", "fetch http://HOST[:PORT]/PATH from a second host, in virtual time");
  get->add_option("URL", texts.url, "a name, or the second host's address; /1000 or /4MB asks for so many bytes")
      ->required();
  get->add_option("--serve", texts.journey.file, "a file to answer with, whatever the path")->type_name("FILE");
  add_shared(*get, texts);
  get->callback([&texts, &run] {
    const auto url = Url::parse(texts.url);
    if (!url) throw CLI::ValidationError("URL", url.error());
    texts.journey.errand = journey::Errand::kFetch;
    texts.journey.url = *url;
    settle_shared(texts);
    run = [&texts] { return run_journey(texts.options, texts.journey); };
  });
}

void add_send(CLI::App& journey, JourneyTexts& texts, std::function<int()>& run) {
  auto* send = journey.add_subcommand("send", "send a message to a second host, as nc would, in virtual time");
  send->add_option("HOST:PORT", texts.target, "to whom: a name, or the second host's address, such as 10.18.0.1:7")
      ->required();
  send->add_option("FILE", texts.journey.file, "what to send; - or nothing for standard input")->type_name("FILE");
  send->add_option("--write", texts.journey.writes.bytes, "bytes that each send() gives, at most")
      ->check(CLI::Range(1, 1 << 30))
      ->capture_default_str();
  send->add_option("--pause", texts.pause, "after each send(); with a small --write it shows Nagle's algorithm")
      ->check(duration())
      ->capture_default_str();
  add_shared(*send, texts);
  send->callback([&texts, &run] {
    const auto to = HostPort::parse(texts.target);
    if (!to && HostPort::parse(texts.journey.file)) {
      throw CLI::ValidationError("HOST:PORT", "comes first: journey send " + texts.journey.file + " " + texts.target);
    }
    if (!to) throw CLI::ValidationError("HOST:PORT", to.error());
    texts.journey.errand = journey::Errand::kSend;
    texts.journey.to = *to;
    if (texts.journey.file.empty()) texts.journey.file = "-";
    texts.journey.writes.pause = parse_duration(texts.pause).value_or(Duration(0));
    settle_shared(texts);
    run = [&texts] { return run_journey(texts.options, texts.journey); };
  });
}

}  // namespace

void add_journey(CLI::App& app, JourneyTexts& texts, std::function<int()>& run) {
  auto* journey = app.add_subcommand("journey", "follow one message from the application's call to the line and back");
  journey->require_subcommand(1);
  journey->footer(
      "Try:  sockwire journey get http://www.example.org/3000\n"
      "or:   echo 'hello, wire' | sockwire journey send www.example.org:7 --line 100base-tx -o journey.html");
  add_get(*journey, texts, run);
  add_send(*journey, texts, run);
}

}  // namespace sockwire::apps
