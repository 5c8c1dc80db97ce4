// SPDX-License-Identifier: Apache-2.0
#include "host/apps/journey/text_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "hls/wire/tcp.hpp"
#include "sim/journey/card_messages.hpp"

namespace sockwire::apps {

namespace {

using journey::Packet;
using journey::Recording;
using journey::Stage;

constexpr std::size_t kToldPackets = 60;

const char* name_of(journey::End end) { return end == 0 ? "A" : "B"; }

std::string time_text(const Recording& recording, std::uint64_t time_ns) {
  return fmt::format("{:>12} ns  cycle {:>9}", time_ns, recording.cycle_at(time_ns));
}

std::string row_text(const journey::RowChange& change) {
  const SocketRow& row = change.row;
  std::string text = fmt::format("row of {}: {}", name_of(change.end), tcp::to_string(row.state));
  if (!row.info) return text;
  const tcp::Info& info = *row.info;
  text += fmt::format(", snd_una {}, snd_nxt {}, rcv_nxt {}, cwnd {}", info.snd_una.value(), info.snd_nxt.value(),
                      info.rcv_nxt.value(), info.cwnd_bytes);
  if (info.ssthresh_bytes != ~0u) text += fmt::format(", ssthresh {}", info.ssthresh_bytes);
  return text + fmt::format(", window {}/{}, rto {} ms", info.snd_wnd_bytes, info.rcv_wnd_bytes,
                            std::chrono::duration_cast<std::chrono::milliseconds>(info.rto).count());
}

std::string header_text(const Packet& packet) {
  const journey::Headers& headers = packet.headers;
  if (headers.tcp) {
    return fmt::format("TCP {} > {}, seq {}, ack {}, {}, window {}, {} bytes; {}", headers.source_port,
                       headers.destination_port, headers.seq.value(), headers.ack.value(),
                       journey::flag_names(headers.flags), headers.window, headers.payload_bytes,
                       journey::ip_text(headers));
  }
  if (headers.udp) {
    return fmt::format("UDP {} > {}, {} bytes; {}", headers.source_port, headers.destination_port,
                       headers.payload_bytes, journey::ip_text(headers));
  }
  if (headers.icmpv6) return "ICMPv6; " + journey::ip_text(headers);
  return headers.arp ? "ARP on Ethernet" : "Ethernet";
}

std::string tell_packet(const Recording& recording, const Packet& packet) {
  const journey::LineBurst& sent = recording.bursts[packet.sent];
  std::string text = fmt::format("{}  {} #{} {}\n", time_text(recording, sent.start_ns),
                                 sent.end == 0 ? "A -->" : "<-- B", packet.number, packet.title);
  const std::string indent(39, ' ');
  text += indent + "why now: " + packet.why + "\n";
  if (packet.row) text += indent + row_text(recording.rows[*packet.row]) + "\n";
  if (packet.write) text += indent + "card: " + journey::message_text(recording.messages[*packet.write]) + "\n";
  if (packet.command) text += indent + "card: " + journey::message_text(recording.messages[*packet.command]) + "\n";
  text += indent + header_text(packet) + "\n";
  text += indent + fmt::format("line: {} octets, preamble, SFD, {} of frame, FCS", sent.octets.size(),
                               journey::frame_of(sent).size());
  if (sent.gap_octets) text += fmt::format(", {} octet times after the frame before", *sent.gap_octets);
  text += "\n";
  if (packet.departed) text += indent + "card: " + journey::message_text(recording.messages[*packet.departed]) + "\n";
  if (packet.lost()) {
    text += indent + "LOST: it did not arrive\n";
  } else {
    text += indent + fmt::format("arrives {} ns", recording.bursts[packet.arrivals.front()].end_ns);
    if (packet.received) text += "; " + journey::message_text(recording.messages[*packet.received]);
    text += "\n";
  }
  if (packet.acknowledges != 0) text += indent + fmt::format("acknowledges up to #{}\n", packet.acknowledges);
  return text;
}

}  // namespace

std::string stage_text(Stage stage) {
  switch (stage) {
    case Stage::kSocket:
      return "1 Make a socket";
    case Stage::kConnect:
      return "2 Connect";
    case Stage::kTransfer:
      return "3 Send and receive";
    case Stage::kDisconnect:
      return "4 Disconnect";
    case Stage::kLink:
      return "5 IP and Ethernet";
    case Stage::kDatagram:
      return "6 UDP";
  }
  return {};
}

std::string comment_of(const Recording& recording, const Packet& packet) {
  const journey::LineBurst& sent = recording.bursts[packet.sent];
  std::string text =
      fmt::format("#{} stage {}: {}. Why now: {}. ", packet.number, stage_text(packet.stage), packet.title, packet.why);
  if (packet.lost()) {
    text += "Lost on the wire.";
  } else {
    text += fmt::format("Left {} at {} ns, arrived at {} ns.", name_of(sent.end), sent.end_ns,
                        recording.bursts[packet.arrivals.front()].end_ns);
  }
  if (packet.acknowledges != 0) text += fmt::format(" Acknowledges #{}.", packet.acknowledges);
  if (packet.acknowledged_by != 0) text += fmt::format(" Acknowledged by #{}.", packet.acknowledged_by);
  if (packet.retransmission_of != 0) text += fmt::format(" Retransmission of #{}.", packet.retransmission_of);
  return text;
}

std::vector<std::size_t> choose_packets(const std::vector<Packet>& packets, std::size_t most) {
  std::set<std::size_t> chosen;
  const std::size_t edge = most / 6;
  const auto tied = [&](journey::PacketNumber number) {
    if (number != 0) chosen.insert(number - 1);
  };
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const Packet& packet = packets[i];
    const bool at_an_end = i < edge || i + edge >= packets.size();
    const bool told = packets.size() <= most || at_an_end || packet.stage != Stage::kTransfer;
    if (told) chosen.insert(i);
    const bool loss = packet.lost() || packet.retransmission_of != 0;
    if (!loss || chosen.size() + 4 > most * 2 / 3) continue;
    chosen.insert(i);
    tied(packet.retransmission_of);
    tied(packet.sent_again_as);
    tied(packet.caused_by);
  }
  // The rest is spread evenly, each sample with what it is tied to.
  const std::size_t left = most > chosen.size() ? (most - chosen.size()) / 3 : 0;
  for (std::size_t k = 0; k < left && packets.size() > most; ++k) {
    const std::size_t i = (k + 1) * packets.size() / (left + 1);
    if (i >= packets.size()) continue;
    chosen.insert(i);
    tied(packets[i].acknowledged_by);
    tied(packets[i].caused_by);
  }
  return {chosen.begin(), chosen.end()};
}

std::vector<std::size_t> choose_calls(const Recording& recording, const std::vector<Packet>& packets,
                                      const std::vector<std::size_t>& chosen, std::size_t most) {
  std::set<std::size_t> calls;
  for (const std::size_t i : chosen) {
    const std::optional<std::size_t>& call = packets[i].call;
    if (call) calls.insert(*call);
  }
  const std::size_t edge = most / 12;
  const bool all = packets.size() == chosen.size();
  for (std::size_t i = 0; i < recording.calls.size(); ++i) {
    const bool at_an_end = i < edge || i + edge >= recording.calls.size();
    if (all || at_an_end || recording.calls[i].stage != Stage::kTransfer) calls.insert(i);
  }
  return {calls.begin(), calls.end()};
}

std::string tell(const Recording& recording, const std::vector<Packet>& packets) {
  struct Item {
    std::uint64_t time_ns;
    Stage stage;
    std::string text;
  };
  std::vector<Item> items;
  const auto chosen = choose_packets(packets, kToldPackets);
  for (const std::size_t i : choose_calls(recording, packets, chosen, kToldPackets)) {
    const journey::Call& call = recording.calls[i];
    std::string text = fmt::format("{}  {} calls {}({}) -> {}", time_text(recording, call.begin.time_ns),
                                   name_of(call.end), call.name, call.arguments, call.result);
    if (call.returned.time_ns != call.begin.time_ns) text += fmt::format(", at {} ns", call.returned.time_ns);
    items.push_back({call.begin.time_ns, call.stage, text + "\n"});
  }
  for (const std::size_t i : chosen) {
    items.push_back({recording.bursts[packets[i].sent].start_ns, packets[i].stage, tell_packet(recording, packets[i])});
  }
  std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.time_ns < b.time_ns; });
  std::string text;
  std::optional<Stage> stage;
  for (const Item& item : items) {
    if (stage != item.stage) text += fmt::format("\n== {} ==\n", stage_text(item.stage));
    stage = item.stage;
    text += item.text;
  }
  if (chosen.size() < packets.size()) {
    text += fmt::format("\n{} of {} packets are told of: the others of the bulk look like their neighbours.\n",
                        chosen.size(), packets.size());
  }
  return text;
}

}  // namespace sockwire::apps
