// SPDX-License-Identifier: Apache-2.0
// What a packet is, which stage it belongs to, and why it was sent when it was sent. TCP does not say its reasons; they
// follow from what its host was given last, from its socket row before and after, and from the command to the card.
#include <algorithm>
#include <array>
#include <map>

#include "hls/wire/arp.hpp"
#include "hls/wire/ethernet.hpp"
#include "hls/wire/icmpv6.hpp"
#include "hls/wire/tcp.hpp"
#include "sim/journey/card_messages.hpp"
#include "sim/journey/packets.hpp"

namespace sockwire::journey {

namespace {

using wire::kTcpAckFlag;
using wire::kTcpFin;
using wire::kTcpRst;
using wire::kTcpSyn;

std::string bytes_text(std::size_t bytes) { return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes"); }
std::string number_text(PacketNumber number) { return "#" + std::to_string(number); }

/// What a host was given last before it gave a command.
struct Trigger {
  enum class Kind : std::uint8_t { kTimer, kCall, kPacket, kDeparture } kind = Kind::kTimer;
  std::size_t call = 0;  ///< Of kCall: its index.
  PacketNumber packet = 0;
};

/// Finds triggers. Built once, since it looks through everything.
class Triggers {
 public:
  Triggers(const Recording& recording, const std::vector<Packet>& packets) : recording_(recording) {
    for (const Packet& packet : packets) {
      if (packet.received) by_event_[*packet.received] = packet.number;
    }
  }

  /// Of what was decided at `at`. A host decides in no time, but a command may wait while the link is busy with those
  /// before it: a host that was given nothing since the link was free last acts because of a timer.
  Trigger before(End end, const Moment& at) const {
    Trigger trigger;
    std::uint64_t latest = 0;
    const std::uint64_t since_ns = link_free_ns(end, at);
    const auto first = first_message(since_ns);
    for (auto it = first; it != recording_.messages.end() && it->at.order < at.order; ++it) {
      if (it->end != end || it->command) continue;
      const auto index = static_cast<std::size_t>(it - recording_.messages.begin());
      const auto packet = by_event_.find(index);
      if (packet == by_event_.end() && read_event(*it).type != card::Event::kSent) continue;
      latest = it->at.order;
      trigger.kind = packet == by_event_.end() ? Trigger::Kind::kDeparture : Trigger::Kind::kPacket;
      trigger.packet = packet == by_event_.end() ? 0 : packet->second;
    }
    for (std::size_t i = 0; i < recording_.calls.size(); ++i) {
      const Call& call = recording_.calls[i];
      if (call.end != end || call.begin.time_ns < since_ns) continue;
      if (call.begin.order >= at.order || call.begin.order < latest) continue;
      latest = call.begin.order;
      trigger.kind = Trigger::Kind::kCall;
      trigger.call = i;
    }
    return trigger;
  }

 private:
  std::vector<CardMessage>::const_iterator first_message(std::uint64_t time_ns) const {
    return std::lower_bound(
        recording_.messages.begin(), recording_.messages.end(), time_ns,
        [](const CardMessage& message, std::uint64_t wanted_ns) { return message.at.time_ns < wanted_ns; });
  }

  std::uint64_t link_free_ns(End end, const Moment& at) const {
    constexpr std::uint64_t kBetweenCommandsNs = 100;
    std::uint64_t since_ns = at.time_ns;
    auto it = first_message(at.time_ns + 1);
    while (it != recording_.messages.begin()) {
      --it;
      if (it->end != end || !it->command || it->at.order >= at.order) continue;
      const std::uint64_t busy_ns = it->bytes.size() * recording_.signal.octet_ps / 1000;
      if (it->at.time_ns + busy_ns + kBetweenCommandsNs < since_ns) break;
      since_ns = it->at.time_ns;
    }
    return since_ns;
  }

  const Recording& recording_;
  std::map<std::size_t, PacketNumber> by_event_;
};

std::string trigger_text(const Recording& recording, const Trigger& trigger) {
  switch (trigger.kind) {
    case Trigger::Kind::kCall:
      return "the application called " + recording.calls[trigger.call].name + "()";
    case Trigger::Kind::kPacket:
      return number_text(trigger.packet) + " has arrived";
    case Trigger::Kind::kDeparture:
      return "what was on the card has left";
    case Trigger::Kind::kTimer:
      return "a timer has run out";
  }
  return {};
}

/// What the end's connection was like when it sent a segment before this one.
struct Before {
  std::optional<tcp::Info> info;
  std::optional<SeqNum> short_end;  ///< Of the last segment that was not full.
  PacketNumber last = 0;            ///< What took the highest sequence number so far; 0: nothing yet.
  SeqNum last_end;                  ///< After that number.
};

std::string retransmission_reason(const Packet& packet, const Before& before, const tcp::Info* now) {
  std::string text = "sent again: " + number_text(packet.retransmission_of) + " is taken for lost; ";
  if (now == nullptr) return text + "its timer has run out";
  const tcp::Info was = before.info.value_or(tcp::Info{});
  const auto rto_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now->rto).count();
  if (now->timeouts > was.timeouts) {
    return text + "the retransmission timer has run out (RFC 6298; it is now " + std::to_string(rto_ms) + " ms)";
  }
  if (now->tail_loss_probes > was.tail_loss_probes) {
    return text + "a probe of the tail, since no ACK came (RFC 8985 7.3)";
  }
  if (now->after_timeout) return text + "still recovering from a time-out";
  return text +
         "later segments were acknowledged before it (RACK, RFC 8985 6), so it is sent without waiting for the timer";
}

std::string limit_text(const tcp::Info* now) {
  if (now == nullptr || now->unsent_bytes == 0) return "; nothing more waits in the send buffer";
  const std::uint32_t flight = now->snd_nxt - now->snd_una;
  const std::string rest = "; " + bytes_text(now->unsent_bytes) + " more wait for ";
  if (now->in_flight_bytes + now->mss > now->cwnd_bytes) {
    return rest + "the congestion window (" + std::to_string(now->cwnd_bytes) + ")";
  }
  if (flight + now->mss > now->snd_wnd_bytes) {
    return rest + "the peer's window (" + std::to_string(now->snd_wnd_bytes) + ")";
  }
  return rest + "room on the card";
}

/// What Nagle's algorithm (RFC 9293 3.7.4) has to do with a segment that is not full.
std::string nagle_reason(const Packet& packet, const Before& before, const Trigger& trigger, const std::string& because,
                         const tcp::Info* now) {
  const bool acknowledged = before.short_end && now != nullptr && now->snd_una >= *before.short_end;
  switch (trigger.kind) {
    case Trigger::Kind::kCall:
      if (packet.headers.has(kTcpFin)) return because + ": nothing can follow that Nagle would wait for";
      if (!before.short_end) return because + ", and there is nothing before it that Nagle would wait for";
      if (acknowledged) return because + ", and nothing short is unacknowledged, so Nagle does not hold it";
      return because + ", though a short segment is unacknowledged";
    case Trigger::Kind::kPacket:
      if (acknowledged)
        return "Nagle held it until " + number_text(trigger.packet) +
               " came and acknowledged the short segment before it";
      return because;
    case Trigger::Kind::kDeparture:
      return "it had waited until the card had run dry (Nagle)";
    case Trigger::Kind::kTimer:
      return because;
  }
  return {};
}

std::string data_reason(const Recording& recording, const Packet& packet, const Command& command, const Before& before,
                        const Trigger& trigger, const tcp::Info* now) {
  const std::uint32_t mss = std::max<std::uint32_t>(command.send_mss(), 1);
  const std::string because = trigger_text(recording, trigger);
  if (packet.headers.payload_bytes >= mss) {
    std::string text = "MSS reached: the send buffer has a packet's worth (" + std::to_string(mss) + " bytes)";
    if (command.send_bytes() > mss) {
      const std::uint32_t part = (packet.headers.seq - SeqNum(command.seq)) / mss + 1;
      const std::uint32_t parts = (command.send_bytes() + mss - 1) / mss;
      text += "; the card cut it from a SEND of " + bytes_text(command.send_bytes()) + " (" + std::to_string(part) +
              " of " + std::to_string(parts) + ")";
    }
    return text + "; " + because + limit_text(now);
  }
  return "push: it is shorter than the MSS, and empties the send buffer; " +
         nagle_reason(packet, before, trigger, because, now);
}

std::string ack_reason(const Recording& recording, const Packet& packet, const Before& before, const Trigger& trigger) {
  if (before.last != 0 && packet.headers.seq < before.last_end) {
    return "was made before " + number_text(before.last) + ", which has gone ahead of it to the card";
  }
  switch (trigger.kind) {
    case Trigger::Kind::kPacket:
      return packet.acknowledges != 0
                 ? "acknowledges at once what " + number_text(trigger.packet) + " has brought (RFC 9293 3.8.6.3)"
                 : number_text(trigger.packet) + " has arrived out of place: the same ACK again tells so";
    case Trigger::Kind::kCall:
      return "the window has opened: " + trigger_text(recording, trigger);
    case Trigger::Kind::kTimer:
      return "the delayed ACK's timer has run out (RFC 9293 3.8.6.3)";
    case Trigger::Kind::kDeparture:
      return "the data on which the ACK would have ridden has left";
  }
  return {};
}

std::string first_line(std::span<const std::uint8_t> bytes, std::size_t most) {
  std::string text;
  for (const std::uint8_t byte : bytes.first(std::min(bytes.size(), most))) {
    if (byte < 32 || byte > 126) break;
    text += static_cast<char>(byte);
  }
  return text;
}

std::string tcp_title(const Packet& packet, std::span<const std::uint8_t> frame, Errand errand) {
  const Headers& headers = packet.headers;
  const std::string again = packet.retransmission_of != 0 ? " again" : "";
  if (headers.has(kTcpSyn) || headers.has(kTcpRst) || (headers.has(kTcpFin) && headers.payload_bytes == 0)) {
    return flag_names(headers.flags) + again;
  }
  if (headers.payload_bytes == 0) return "ACK";
  const std::string fin = headers.has(kTcpFin) ? ", FIN" : "";
  const auto payload = frame.subspan(headers.payload, headers.payload_bytes);
  if (errand == Errand::kFetch) {
    const std::string line = first_line(payload, 60);
    if (line.rfind("GET ", 0) == 0 || line.rfind("HTTP/", 0) == 0) return line + again + fin;
    return bytes_text(headers.payload_bytes) + again + fin;
  }
  constexpr std::size_t kAtLeast = 4;  // fewer letters in a row are chance
  const std::string line = first_line(payload, 28);
  return bytes_text(headers.payload_bytes) + (line.size() >= kAtLeast ? " \"" + line + "\"" : "") + again + fin;
}

/// The sender's row when the command was given; nullptr if it had none.
const tcp::Info* info_of(const Recording& recording, const Packet& packet) {
  if (!packet.row) return nullptr;
  const std::optional<tcp::Info>& info = recording.rows[*packet.row].row.info;
  return info ? &*info : nullptr;
}

void describe_tcp(const Recording& recording, Packet& packet, Before& before, const Trigger& trigger, bool closes) {
  const Headers& headers = packet.headers;
  const tcp::Info* const now = info_of(recording, packet);
  packet.title = tcp_title(packet, frame_of(recording.bursts[packet.sent]), recording.errand);
  packet.stage = headers.has(kTcpSyn) ? Stage::kConnect : closes ? Stage::kDisconnect : Stage::kTransfer;
  if (!packet.command) {
    packet.why = "no command to the card was found for it";
    return;
  }
  const Command command = read_command(recording.messages[*packet.command]);
  if (headers.has(kTcpRst)) {
    packet.why = "the connection is reset: " + trigger_text(recording, trigger);
  } else if (packet.retransmission_of != 0) {
    packet.why = retransmission_reason(packet, before, now);
  } else if (headers.has(kTcpSyn)) {
    packet.why =
        (headers.has(kTcpAckFlag) ? "answers the SYN: " : "begins the handshake: ") + trigger_text(recording, trigger);
  } else if (headers.payload_bytes > 0) {
    packet.why = data_reason(recording, packet, command, before, trigger, now);
    if (headers.has(kTcpFin))
      packet.why += "; FIN: the application has ended its side, and this is the last of its data";
  } else if (headers.has(kTcpFin)) {
    packet.why =
        "the application has ended its side, and all data before it has been sent: " + trigger_text(recording, trigger);
  } else {
    packet.why = ack_reason(recording, packet, before, trigger);
  }
  if (now != nullptr && headers.length() > 0) before.info = *now;
  if (headers.length() > 0 && (before.last == 0 || headers.seq_end() > before.last_end)) {
    before.last = packet.number;
    before.last_end = headers.seq_end();
  }
  if (headers.payload_bytes > 0 && headers.payload_bytes < command.send_mss()) before.short_end = headers.seq_end();
}

/// " is at 10.18.0.1": of an answer that ends with its one address, as those of the journey's server do.
std::string address_text(std::span<const std::uint8_t> message) {
  constexpr std::size_t kAnswers = 6;
  if (message.size() < kDnsHeaderBytes + 16 || read16(message, kAnswers) != 1) return " has no such address";
  const bool ipv4 = read16(message, message.size() - 6) == 4;
  return " is at " +
         (ipv4 ? ipv4_text(read32(message, message.size() - 4)) : to_string(ipv6_at(message, message.size() - 16)));
}

std::string question_reason(const Packet& packet, const std::string& target, const std::string& because) {
  if (packet.retransmission_of != 0) {
    return "sent again: no answer to " + number_text(packet.retransmission_of) + " came; " + because;
  }
  return "a packet for " + target + " waits, and the cache has no MAC address for it: " + because;
}

void describe_other(const Recording& recording, Packet& packet, const Trigger& trigger) {
  const Headers& headers = packet.headers;
  const auto frame = frame_of(recording.bursts[packet.sent]);
  const std::string because = trigger_text(recording, trigger);
  if (headers.arp) {
    packet.stage = Stage::kLink;
    const bool request = read16(frame, headers.l3 + wire::kArpOperation) == wire::kArpRequest;
    const std::uint32_t target = read32(frame, headers.l3 + wire::kArpTargetIp);
    const std::uint32_t sender = read32(frame, headers.l3 + wire::kArpSenderIp);
    packet.title =
        request ? "ARP: who has " + ipv4_text(target) + "?"
                : "ARP: " + ipv4_text(sender) + " is at " + mac_text(frame.subspan(headers.l3 + wire::kArpSenderMac));
    packet.why =
        request ? question_reason(packet, ipv4_text(target), because) : "answers " + number_text(packet.answers);
  } else if (headers.tells_mac(frame)) {
    packet.stage = Stage::kLink;
    const std::string target = to_string(ipv6_at(frame, headers.l4 + wire::kNdpTarget));
    const bool question = headers.neighbour_solicitation(frame);
    const auto mac = std::span(frame).subspan(wire::kEthernetSource);
    packet.title = question ? "NDP: who has " + target + "?" : "NDP: " + target + " is at " + mac_text(mac);
    packet.why = question ? question_reason(packet, target, because) : "answers " + number_text(packet.answers);
  } else if (headers.icmpv6 && frame[headers.l4] == wire::kMldReport) {
    packet.stage = Stage::kLink;
    packet.title = "MLD: listens to " + to_string(headers.destination);
    packet.why =
        "the interface has been given an address, and with it the group in which neighbours ask for it (RFC 4291 "
        "2.8); routers and switches are told";
  } else if (headers.udp) {
    packet.stage = Stage::kDatagram;
    const bool answer = packet.answers != 0;
    const auto message = frame.subspan(headers.payload, headers.payload_bytes);
    packet.title = (answer ? "DNS answer: " : "DNS question: ") + dns_name(message, kDnsHeaderBytes) +
                   (answer ? address_text(message) : "?");
    packet.why =
        answer ? "the name server answers " + number_text(packet.answers) + " at once: UDP has no buffer to wait in"
               : "the resolver asks for the name at once: UDP has no buffer to wait in";
  } else {
    packet.stage = Stage::kLink;
    packet.title = headers.icmp ? "ICMP" : headers.icmpv6 ? "ICMPv6" : "frame";
    packet.why = because;
  }
}

/// When it was decided to send a packet: of new data when snd_nxt passed it, else when the command was given.
Moment decision_of(const Recording& recording, const Packet& packet, std::size_t command) {
  Moment decided = recording.messages[command].at;
  if (!packet.row || packet.headers.payload_bytes == 0 || packet.retransmission_of != 0) return decided;
  const RowChange& row = recording.rows[*packet.row];
  for (std::size_t i = *packet.row + 1; i-- > 0;) {
    const RowChange& change = recording.rows[i];
    const std::optional<tcp::Info>& info = change.row.info;
    if (change.end != row.end || change.row.remote != row.row.remote || !info) continue;
    if (info->snd_nxt < packet.headers.seq_end()) break;
    decided = change.at;
  }
  return decided;
}

}  // namespace

void find_reasons(const Recording& recording, std::vector<Packet>& packets) {
  const Triggers triggers(recording, packets);
  std::array<Before, kEnds> before;
  for (Packet& packet : packets) {
    const End end = recording.bursts[packet.sent].end;
    Trigger trigger;
    if (packet.command) trigger = triggers.before(end, decision_of(recording, packet, *packet.command));
    if (trigger.kind == Trigger::Kind::kPacket) packet.caused_by = trigger.packet;
    if (trigger.kind == Trigger::Kind::kCall) packet.call = trigger.call;
    if (!packet.headers.tcp) {
      describe_other(recording, packet, trigger);
      continue;
    }
    const bool of_fin = packet.acknowledges != 0 && packets[packet.acknowledges - 1].headers.has(kTcpFin);
    const bool closes = packet.headers.payload_bytes == 0 && (packet.headers.has(kTcpFin) || of_fin);
    if (packet.headers.has(kTcpSyn) && packet.headers.has(kTcpAckFlag)) packet.answers = packet.caused_by;
    describe_tcp(recording, packet, before.at(static_cast<std::size_t>(end)), trigger, closes);
    const bool third = !packet.headers.has(kTcpSyn) && packet.headers.payload_bytes == 0 && packet.acknowledges != 0 &&
                       packets[packet.acknowledges - 1].headers.has(kTcpSyn);
    if (third) {
      packet.stage = Stage::kConnect;
      packet.why = "completes the handshake: " + packet.why;
    }
  }
}

}  // namespace sockwire::journey
