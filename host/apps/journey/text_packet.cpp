// SPDX-License-Identifier: Apache-2.0
#include "host/apps/journey/text_packet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <vector>

#include "hls/wire/tcp.hpp"
#include "host/apps/journey/text_output.hpp"
#include "sim/journey/card_messages.hpp"

namespace sockwire::apps {

namespace {

using journey::Layer;
using journey::Packet;
using journey::Recording;

constexpr std::size_t kIndent = 42;
constexpr std::size_t kWide = 120;

std::string indented(const std::string& text) { return std::string(kIndent, ' ') + text + "\n"; }

std::string row_text(const journey::RowChange& change) {
  const SocketRow& row = change.row;
  std::string text = fmt::format("row of {}: ", name_of(change.end));
  if (row.descriptor >= 0) text += fmt::format("descriptor {}, ", row.descriptor);
  text += tcp::to_string(row.state);
  if (!row.info) return text;
  const tcp::Info& info = *row.info;
  text += fmt::format(", snd_una {}, snd_nxt {}, rcv_nxt {}, cwnd {}", info.snd_una.value(), info.snd_nxt.value(),
                      info.rcv_nxt.value(), info.cwnd_bytes);
  if (info.ssthresh_bytes != ~0u) text += fmt::format(", ssthresh {}", info.ssthresh_bytes);
  return text + fmt::format(", window {}/{}, rto {} ms", info.snd_wnd_bytes, info.rcv_wnd_bytes,
                            std::chrono::duration_cast<std::chrono::milliseconds>(info.rto).count());
}

std::string buffer_text(const tcp::Info& info) {
  return fmt::format("send buffer: {} bytes, {} of them in flight, {} not yet given to the card", info.send_queue_bytes,
                     info.in_flight_bytes, info.unsent_bytes);
}

/// "checksum 0x24af, inserted by the card: right"
std::string checksum_text(const std::vector<Layer>& layers) {
  for (const Layer& layer : layers) {
    for (const journey::PacketField& field : layer.fields) {
      if (field.name != "Checksum" || layer.workings.empty()) continue;
      return fmt::format("checksum {}, {}: {}", field.value, field.origin,
                         layer.workings.front().holds ? "right" : "wrong");
    }
  }
  return {};
}

/// What a SYN offers, and what has come beyond a hole.
std::string options_text(const std::vector<Layer>& layers, bool syn) {
  std::string text;
  for (const Layer& layer : layers) {
    if (layer.name != "TCP") continue;
    for (const char* const name : {"MSS", "Window scale", "SACK permitted", "SACK", "TSval"}) {
      if (!syn && std::string_view(name) != "SACK") continue;
      const auto field = std::ranges::find(layer.fields, name, &journey::PacketField::name);
      if (field == layer.fields.end()) continue;
      text += ", " + field->name + (field->value == "yes" ? "" : " " + field->value);
    }
  }
  return text;
}

std::string header_text(const Packet& packet, const std::vector<Layer>& layers) {
  const journey::Headers& headers = packet.headers;
  if (headers.tcp) {
    return fmt::format("TCP {} > {}, seq {}, ack {}, {}, window {}, {} bytes{}; {}; {}", headers.source_port,
                       headers.destination_port, headers.seq.value(), headers.ack.value(),
                       journey::flag_names(headers.flags), headers.window, headers.payload_bytes,
                       options_text(layers, headers.has(wire::kTcpSyn)), checksum_text(layers),
                       journey::ip_text(headers));
  }
  if (headers.udp) {
    return fmt::format("UDP {} > {}, {} bytes; {}; {}", headers.source_port, headers.destination_port,
                       headers.payload_bytes, checksum_text(layers), journey::ip_text(headers));
  }
  if (headers.icmpv6) return fmt::format("ICMPv6; {}; {}", checksum_text(layers), journey::ip_text(headers));
  return headers.arp ? "ARP on Ethernet" : "Ethernet";
}

std::string line_text(const journey::LineBurst& sent, const std::vector<Layer>& layers) {
  std::string text = fmt::format("line: {} octets: 8 of preamble and SFD, {} of frame, FCS", sent.octets.size(),
                                 journey::frame_of(sent).size());
  for (const journey::PacketField& field : layers.back().fields) {
    if (field.name == "FCS") text += " " + field.value;
  }
  for (const journey::Working& working : layers.back().workings) text += working.holds ? ", right" : ", wrong";
  if (sent.gap_octets) text += fmt::format("; {} octet times after the frame before", *sent.gap_octets);
  return text;
}

std::vector<std::string> symbol_names(const Recording& recording, std::size_t burst) {
  std::vector<std::string> names;
  for (const journey::SignalSpan& span : recording.signal.spans) {
    if (span.burst != burst) continue;
    for (const journey::LineSymbol& symbol : span.symbols) names.push_back(symbol.name);
  }
  return names;
}

/// The first symbols, and how many there are.
std::string symbols_text(const Recording& recording, const Packet& packet) {
  constexpr std::size_t kShown = 24;
  const auto names = symbol_names(recording, packet.sent);
  if (names.empty()) return {};
  std::string text = recording.signal.line + ":";
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i) text += " " + names[i];
  if (names.size() > kShown) text += fmt::format(" ... {} more symbols are recorded", names.size() - kShown);
  return text;
}

std::string way_up(const Recording& recording, const Packet& packet) {
  if (packet.dropped()) {
    std::string text = journey::drop_text(recording, packet);
    for (char& c : text) {
      if (c == ' ') break;
      c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return indented(text);
  }
  std::string text = fmt::format("arrives {} ns", recording.bursts[packet.arrivals.front()].end_ns);
  if (packet.received) text += "; " + journey::message_text(recording.messages[*packet.received]);
  return indented(text);
}

std::string tell_layer(const Layer& layer) {
  std::string text = fmt::format("\n{}, {} {}\n", layer.name, layer.bytes, layer.name == "Line" ? "octets" : "bytes");
  for (const journey::PacketField& field : layer.fields) {
    const std::string octets = field.bytes == 0   ? ""
                               : field.bytes == 1 ? fmt::format("{}", field.offset)
                                                  : fmt::format("{}-{}", field.offset, field.offset + field.bytes - 1);
    text += fmt::format("  {:>9}  {}: {}\n", octets, field.name, field.value);
    if (!field.meaning.empty()) text += fmt::format("  {:>9}    {}\n", "", field.meaning);
    if (!field.origin.empty()) text += fmt::format("  {:>9}    from: {}\n", "", field.origin);
  }
  for (const journey::Working& working : layer.workings) {
    text += "\n  " + working.rule + ".\n";
    for (const std::string& step : working.steps) text += "    " + step + "\n";
    text += "  " + working.result + "\n";
  }
  return text;
}

}  // namespace

const char* name_of(journey::End end) { return end == 0 ? "A" : "B"; }

std::string time_text(const Recording& recording, std::uint64_t time_ns) {
  return fmt::format("{:>12} ns  cycle {:>9}", time_ns, recording.cycle_at(time_ns));
}

std::string tell_packet(const journey::Surroundings& run, const Packet& packet) {
  const Recording& recording = run.recording;
  const journey::LineBurst& sent = recording.bursts[packet.sent];
  const std::vector<Layer> layers = journey::dissect(run, packet);
  std::string text = fmt::format("{}  {} #{} {}\n", time_text(recording, sent.start_ns),
                                 sent.end == 0 ? "A -->" : "<-- B", packet.number, packet.title);
  text += indented("why now: " + packet.why);
  if (packet.row) {
    const std::optional<tcp::Info>& info = recording.rows[*packet.row].row.info;
    text += indented(row_text(recording.rows[*packet.row]));
    if (info && packet.headers.payload_bytes > 0) text += indented(buffer_text(*info));
  }
  for (const auto& message : {packet.write, packet.command}) {
    if (message) text += indented("card: " + journey::message_text(recording.messages[*message]));
  }
  text += indented(header_text(packet, layers));
  text += indented(line_text(sent, layers));
  if (const std::string symbols = symbols_text(recording, packet); !symbols.empty()) text += indented(symbols);
  if (packet.departed) text += indented("card: " + journey::message_text(recording.messages[*packet.departed]));
  text += way_up(recording, packet);
  if (packet.acknowledges != 0) text += indented(fmt::format("acknowledges up to #{}", packet.acknowledges));
  if (packet.sent_again_as != 0) text += indented(fmt::format("sent again as #{}", packet.sent_again_as));
  return text;
}

std::string tell_packet_in_full(const journey::Surroundings& run, const Packet& packet) {
  std::string text = fmt::format("== {} ==\n[{}]", stage_text(packet.stage), static_cast<int>(packet.stage)) +
                     tell_packet(run, packet);
  text += "\nOctets count from the first of the preamble, which is 0.\n";
  for (const Layer& layer : journey::dissect(run, packet)) text += tell_layer(layer);
  const auto names = symbol_names(run.recording, packet.sent);
  if (names.empty()) return text;
  text += fmt::format("\n{}, {} symbols as the card drives them\n ", run.recording.signal.line, names.size());
  std::size_t column = 1;
  for (const std::string& name : names) {
    if (column + name.size() >= kWide) {
      text += "\n ";
      column = 1;
    }
    text += " " + name;
    column += name.size() + 1;
  }
  return text + "\n";
}

}  // namespace sockwire::apps
