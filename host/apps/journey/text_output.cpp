// SPDX-License-Identifier: Apache-2.0
#include "host/apps/journey/text_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "host/apps/journey/text_packet.hpp"

namespace sockwire::apps {

namespace {

using journey::Packet;
using journey::Recording;
using journey::Stage;

constexpr std::size_t kToldPackets = 60;

std::string introduction(const Recording& recording) {
  std::string text;
  for (const std::string& word : recording.command_line) text += (text.empty() ? "sockwire " : " ") + word;
  const bool sends = recording.errand == journey::Errand::kSend;
  const char* const roles[] = {sends ? "sends" : "asks", sends ? "takes" : "answers"};
  for (journey::End end = 0; end < journey::kEnds; ++end) {
    const journey::Station& station = recording.stations.at(static_cast<std::size_t>(end));
    text += fmt::format("\nhost {}, {} ({}), {}", station.name, to_string(station.address),
                        journey::mac_text(station.mac.bytes()), roles[end]);
  }
  text += fmt::format("\ncards: {}, a cycle is {:g} ns; line: {}, {}", recording.card,
                      static_cast<double>(recording.cycle_ps) / 1000, recording.signal.line, recording.signal.cable);
  if (recording.signal.coded) text += fmt::format("; the link was up after {} ns", recording.signal.up_ns);
  return text + "\n[stage] and simulated time, in order; stages overlap. Packets are numbered as in the capture.\n";
}

std::string summary(const Recording& recording, const std::vector<Packet>& packets, std::size_t told) {
  std::uint64_t end_ns = 0;
  std::size_t lost = 0;
  std::size_t again = 0;
  for (const Packet& packet : packets) {
    end_ns = std::max(end_ns, recording.bursts[packet.sent].end_ns);
    lost += packet.dropped() ? 1 : 0;
    again += packet.retransmission_of != 0 ? 1 : 0;
  }
  std::string text = fmt::format("{} packets until {} ns (cycle {}), {} lost, {} sent again.\n", packets.size(), end_ns,
                                 recording.cycle_at(end_ns), lost, again);
  if (told < packets.size()) {
    text += fmt::format(
        "{} of them are told of: the first and the last, losses and what repaired them, and a sample of the bulk.\n",
        told);
  }
  return text + "All of one packet, field by field: --packet N\n";
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
  if (packet.dropped()) {
    text += fmt::format("Left {} at {} ns; {}.", name_of(sent.end), sent.end_ns, journey::drop_text(recording, packet));
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
    const bool loss = packet.dropped() || packet.retransmission_of != 0;
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
  const journey::Surroundings run{recording, packets};
  const auto chosen = choose_packets(packets, kToldPackets);
  for (const std::size_t i : choose_calls(recording, packets, chosen, kToldPackets)) {
    const journey::Call& call = recording.calls[i];
    std::string text = fmt::format("{}  {} calls {}({}) -> {}", time_text(recording, call.begin.time_ns),
                                   name_of(call.end), call.name, call.arguments, call.result);
    if (call.returned.time_ns != call.begin.time_ns) text += fmt::format(", at {} ns", call.returned.time_ns);
    items.push_back({call.begin.time_ns, call.stage, text + "\n"});
  }
  for (const std::size_t i : chosen) {
    items.push_back({recording.bursts[packets[i].sent].start_ns, packets[i].stage, tell_packet(run, packets[i])});
  }
  std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.time_ns < b.time_ns; });
  std::string text = introduction(recording);
  std::set<Stage> seen;
  for (const Item& item : items) {
    // Stages overlap in time: each has its heading once, and every line its number.
    if (seen.insert(item.stage).second) text += fmt::format("\n== {} ==\n", stage_text(item.stage));
    text += fmt::format("[{}]", static_cast<int>(item.stage)) + item.text;
  }
  return text + "\n" + summary(recording, packets, chosen.size());
}

}  // namespace sockwire::apps
