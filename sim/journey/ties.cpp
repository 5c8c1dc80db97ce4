// SPDX-License-Identifier: Apache-2.0
// Ties packets to the messages between driver and card, to rows, and to one another.
#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "hls/wire/arp.hpp"
#include "hls/wire/ipv4.hpp"
#include "hls/wire/tcp.hpp"
#include "sim/journey/card_messages.hpp"
#include "sim/journey/packets.hpp"

namespace sockwire::journey {

namespace {

bool equal_but_checksums(std::span<const std::uint8_t> frame, const Command& command) {
  if (frame.size() < command.body.size()) return false;
  // FRAME's offsets lie in the words that are `seq` elsewhere.
  const std::size_t l3 = (command.seq & 0xFF) + wire::kIpv4Checksum;
  const std::size_t l4 = command.seq >> 16 & 0xFF;
  for (std::size_t i = 0; i < command.body.size(); ++i) {
    if (command.has(card::FrameFlag::kInsertL3) && (i == l3 || i == l3 + 1)) continue;
    if (command.has(card::FrameFlag::kInsertL4) && (i == l4 || i == l4 + 1)) continue;
    if (frame[i] != command.body[i]) return false;
  }
  return std::all_of(frame.begin() + static_cast<std::ptrdiff_t>(command.body.size()), frame.end(),
                     [](std::uint8_t byte) { return byte == 0; });
}

/// Whether a SEND, cut, has this segment.
bool sends(const Command& command, std::span<const std::uint8_t> frame, const Headers& headers) {
  const auto header = command.header_template();
  if (!headers.tcp || header.size() != headers.payload || command.send_bytes() == 0) return false;
  const std::uint32_t offset = static_cast<std::uint32_t>(headers.seq - SeqNum(command.seq));
  if (offset >= command.send_bytes() || headers.payload_bytes == 0) return false;
  return std::equal(header.begin() + headers.l4, header.begin() + headers.l4 + 4, frame.begin() + headers.l4);
}

/// What an end's host has told its card, and been told.
struct Link {
  std::vector<std::size_t> frames;  ///< FRAME commands, not yet tied.
  std::vector<std::size_t> sends;
  std::vector<std::size_t> writes;
  std::vector<std::size_t> sent;
  std::vector<std::size_t> received;
};

Link link_of(const Recording& recording, End end) {
  Link link;
  for (std::size_t i = 0; i < recording.messages.size(); ++i) {
    const CardMessage& message = recording.messages[i];
    if (message.end != end) continue;
    if (message.command) {
      const card::Command type = read_command(message).type;
      if (type == card::Command::kFrame) link.frames.push_back(i);
      if (type == card::Command::kSend) link.sends.push_back(i);
      if (type == card::Command::kWrite) link.writes.push_back(i);
    } else {
      const card::Event type = read_event(message).type;
      if (type == card::Event::kSent) link.sent.push_back(i);
      if (type == card::Event::kReceive) link.received.push_back(i);
    }
  }
  return link;
}

void tie_command(const Recording& recording, Link& link, Packet& packet) {
  const LineBurst& burst = recording.bursts[packet.sent];
  const auto frame = frame_of(burst);
  // The latest SEND before it left that has it: a range that was lost is sent again by another one.
  for (auto send = link.sends.rbegin(); send != link.sends.rend() && packet.headers.tcp; ++send) {
    const CardMessage& message = recording.messages[*send];
    if (message.at.time_ns > burst.start_ns) continue;
    if (!sends(read_command(message), frame, packet.headers)) continue;
    packet.command = *send;
    break;
  }
  if (!packet.command) {
    const auto found = std::find_if(link.frames.begin(), link.frames.end(), [&](std::size_t index) {
      const CardMessage& message = recording.messages[index];
      return message.at.time_ns <= burst.start_ns && equal_but_checksums(frame, read_command(message));
    });
    if (found == link.frames.end()) return;
    packet.command = *found;
    link.frames.erase(found);
  }
}

void tie_payload(const Recording& recording, const Link& link, std::size_t command_index, Packet& packet) {
  const Command command = read_command(recording.messages[command_index]);
  if (command.type == card::Command::kSend) {
    for (const std::size_t index : link.writes) {
      const Command write = read_command(recording.messages[index]);
      const auto offset = static_cast<std::uint32_t>(packet.headers.seq - SeqNum(write.seq));
      if (write.slot == command.slot && offset < write.body.size()) packet.write = index;
    }
  }
  const bool reported = command.type == card::Command::kFrame ? command.has(card::FrameFlag::kReportFrame)
                                                              : command.has(card::SendFlag::kReport);
  if (!reported) return;
  for (const std::size_t index : link.sent) {
    const CardEvent event = read_event(recording.messages[index]);
    if (event.body.size() < card::sent::kBytes) continue;
    const auto tag = static_cast<std::uint16_t>(event.body[card::sent::kTag] | event.body[card::sent::kTag + 1] << 8);
    const std::uint8_t slot = event.body[card::sent::kSlot];
    const bool same =
        tag == command.tag && (command.type == card::Command::kFrame ? slot == 0xFF : slot == command.slot);
    if (!same || recording.messages[index].at.order < recording.messages[command_index].at.order) continue;
    packet.departed = index;
    return;
  }
}

/// RECEIVE events come in the order of the arrivals, without those that the card has dropped.
void tie_received(const Recording& recording, const std::array<Link, kEnds>& links, std::vector<Packet>& packets) {
  std::array<std::map<std::size_t, Packet*>, kEnds> by_arrival;  // bursts are recorded in the order in which they end
  for (Packet& packet : packets) {
    const End to = 1 - recording.bursts[packet.sent].end;
    for (const std::size_t arrival : packet.arrivals)
      by_arrival.at(static_cast<std::size_t>(to)).emplace(arrival, &packet);
  }
  for (std::size_t end = 0; end < kEnds; ++end) {
    auto next = links.at(end).received.begin();
    for (auto& [arrival, packet] : by_arrival.at(end)) {
      if (next == links.at(end).received.end()) break;
      const auto body = read_event(recording.messages[*next]).body;
      const auto frame = frame_of(recording.bursts[arrival]);
      if (!std::equal(body.begin(), body.end(), frame.begin(), frame.end())) continue;
      if (!packet->received) packet->received = *next;
      ++next;
    }
  }
}

bool is_row_of(const SocketRow& row, const Headers& headers, bool sender) {
  const std::uint16_t local = sender ? headers.source_port : headers.destination_port;
  const std::uint16_t remote = sender ? headers.destination_port : headers.source_port;
  return headers.tcp && row.info && row.local.port == local && row.remote.port == remote;
}

void tie_rows(const Recording& recording, Packet& packet) {
  const End from = recording.bursts[packet.sent].end;
  const auto latest = [&](End end, bool sender, std::uint64_t order) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < recording.rows.size() && recording.rows[i].at.order < order; ++i) {
      const RowChange& change = recording.rows[i];
      if (change.end == end && !change.gone && is_row_of(change.row, packet.headers, sender)) found = i;
    }
    return found;
  };
  if (packet.command) packet.row = latest(from, true, recording.messages[*packet.command].at.order);
  if (packet.received) {
    // Up to the next thing that its host was told.
    std::uint64_t until = ~std::uint64_t{0};
    for (std::size_t i = *packet.received + 1; i < recording.messages.size(); ++i) {
      const CardMessage& message = recording.messages[i];
      if (message.end == from || message.command) continue;
      until = message.at.order;
      break;
    }
    packet.row_after = latest(1 - from, false, until);
  }
}

}  // namespace

void tie_to_messages(const Recording& recording, std::vector<Packet>& packets) {
  std::array<Link, kEnds> links{link_of(recording, 0), link_of(recording, 1)};
  for (Packet& packet : packets) {
    Link& link = links.at(static_cast<std::size_t>(recording.bursts[packet.sent].end));
    tie_command(recording, link, packet);
    if (packet.command) tie_payload(recording, link, *packet.command, packet);
  }
  tie_received(recording, links, packets);
  for (Packet& packet : packets) tie_rows(recording, packet);
}

namespace {

/// `packet` is another transmission of `before`.
void repeat(Packet& before, Packet& packet) {
  packet.retransmission_of = before.retransmission_of != 0 ? before.retransmission_of : before.number;
  before.sent_again_as = packet.number;
}

}  // namespace

void tie_to_each_other(std::vector<Packet>& packets, const Recording& recording) {
  struct Way {
    std::vector<Packet*> waiting;  ///< Segments whose end is not acknowledged yet.
    std::map<std::uint32_t, Packet*> by_seq;
    std::optional<SeqNum> acknowledged;
  };
  std::map<std::tuple<End, std::uint16_t, std::uint16_t>, Way> ways;
  std::array<Packet*, kEnds> asked_for_mac{};
  std::map<std::uint16_t, Packet*> questions;
  for (Packet& packet : packets) {
    const Headers& headers = packet.headers;
    const End end = recording.bursts[packet.sent].end;
    const auto frame = frame_of(recording.bursts[packet.sent]);
    if (headers.tells_mac(frame)) {
      const bool request = headers.arp ? read16(frame, headers.l3 + wire::kArpOperation) == wire::kArpRequest
                                       : headers.neighbour_solicitation(frame);
      if (request) {
        Packet*& before = asked_for_mac.at(static_cast<std::size_t>(end));
        const bool same = before != nullptr && std::ranges::equal(frame, frame_of(recording.bursts[before->sent]));
        if (same) repeat(*before, packet);
        before = &packet;
      }
      Packet* const asked = asked_for_mac.at(static_cast<std::size_t>(1 - end));
      if (!request && asked != nullptr) packet.answers = asked->number;
    }
    if (headers.udp && headers.payload_bytes >= 2) {
      const std::uint16_t id = read16(frame, headers.payload);
      const auto question = questions.find(id);
      if (question == questions.end() || recording.bursts[question->second->sent].end == end) {
        questions[id] = &packet;
      } else {
        packet.answers = question->second->number;
      }
    }
    if (!headers.tcp) continue;
    Way& way = ways[{end, headers.source_port, headers.destination_port}];
    Way& back = ways[{1 - end, headers.destination_port, headers.source_port}];
    if (headers.length() > 0) {
      const auto before = way.by_seq.find(headers.seq.value());
      if (before != way.by_seq.end()) {
        repeat(*before->second, packet);
      }
      way.by_seq[headers.seq.value()] = &packet;
      way.waiting.push_back(&packet);
    }
    if (!headers.has(wire::kTcpAckFlag) || (back.acknowledged && headers.ack <= *back.acknowledged)) continue;
    back.acknowledged = headers.ack;
    std::erase_if(back.waiting, [&](Packet* segment) {
      if (segment->headers.seq_end() > headers.ack) return false;
      segment->acknowledged_by = packet.number;
      packet.acknowledges = segment->number;
      return true;
    });
  }
}

}  // namespace sockwire::journey
