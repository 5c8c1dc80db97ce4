// SPDX-License-Identifier: Apache-2.0
#include "host/apps/journey/document.hpp"

#include <algorithm>
#include <cmath>

#include "host/apps/journey/document_signal.hpp"
#include "host/apps/journey/text_output.hpp"
#include "host/socket/text.hpp"
#include "sim/journey/card_messages.hpp"
#include "sim/journey/dissection.hpp"

namespace sockwire::apps {

namespace {

using Json = nlohmann::ordered_json;
using journey::Packet;
using journey::Recording;

constexpr std::size_t kSeriesPoints = 400;

Json row_json(const journey::RowChange& change) {
  const SocketRow& row = change.row;
  Json out{{"state", std::string(tcp::to_string(row.state))},
           {"local", tcp::to_string(row.local)},
           {"remote", tcp::to_string(row.remote)}};
  if (row.descriptor >= 0) out["descriptor"] = row.descriptor;
  out["receive queue"] = row.receive_queue;
  out["send queue"] = row.send_queue;
  if (!row.info) return out;
  const tcp::Info& info = *row.info;
  const auto us = [](Duration time) { return std::to_string(time.count() / 1000) + " µs"; };
  out["snd_una"] = info.snd_una.value();
  out["snd_nxt"] = info.snd_nxt.value();
  out["rcv_nxt"] = info.rcv_nxt.value();
  out["snd_wnd"] = info.snd_wnd_bytes;
  out["rcv_wnd"] = info.rcv_wnd_bytes;
  out["unsent"] = info.unsent_bytes;
  out["in flight"] = info.in_flight_bytes;
  out["mss"] = info.mss;
  out["cwnd"] = info.cwnd_bytes;
  out["ssthresh"] = info.ssthresh_bytes == ~0u ? Json("not yet set") : Json(info.ssthresh_bytes);
  out["srtt"] = us(info.srtt);
  out["rto"] = us(info.rto);
  out["retransmissions"] = info.retransmissions;
  out["timeouts"] = info.timeouts;
  return out;
}

Json message_json(const Recording& recording, std::size_t index) {
  const journey::CardMessage& message = recording.messages[index];
  Json fields = Json::array();
  for (const journey::MessageField& field : journey::message_fields(message)) {
    fields.push_back({field.name, field.value, field.meaning});
  }
  return {{"name", journey::message_name(message)},
          {"text", journey::message_text(message)},
          {"t", message.at.time_ns},
          {"command", message.command},
          {"fields", fields}};
}

Json layers_json(const journey::Surroundings& run, const Packet& packet) {
  Json layers = Json::array();
  for (const journey::Layer& layer : journey::dissect(run, packet)) {
    Json fields = Json::array();
    for (const journey::PacketField& field : layer.fields) {
      fields.push_back({field.offset, field.bytes, field.name, field.value, field.meaning, field.origin});
    }
    Json workings = Json::array();
    for (const journey::Working& working : layer.workings) {
      workings.push_back(
          {{"rule", working.rule}, {"steps", working.steps}, {"result", working.result}, {"holds", working.holds}});
    }
    layers.push_back({{"name", layer.name}, {"o", layer.offset}, {"b", layer.bytes}, {"f", fields}, {"w", workings}});
  }
  return layers;
}

Json packet_json(const journey::Surroundings& run, const Packet& packet) {
  const Recording& recording = run.recording;
  const journey::LineBurst& sent = recording.bursts[packet.sent];
  Json out{
      {"n", packet.number},    {"from", sent.end},      {"start", sent.start_ns}, {"end", sent.end_ns},
      {"stage", packet.stage}, {"title", packet.title}, {"why", packet.why},      {"copies", packet.arrivals.size()}};
  if (packet.dropped()) out["dropped"] = journey::drop_text(recording, packet);
  if (packet.damage) {
    out["came"] = {{"octets", base64(recording.bursts[packet.arrivals.front()].octets)},
                   {"missing", packet.damage->missing_preamble}};
  }
  if (!packet.lost()) {
    const journey::LineBurst& arrival = recording.bursts[packet.arrivals.front()];
    out["arrive"] = arrival.start_ns;
    out["arrived"] = arrival.end_ns;
  }
  const std::pair<const char*, journey::PacketNumber> links[] = {{"caused by", packet.caused_by},
                                                                 {"answers", packet.answers},
                                                                 {"acknowledges", packet.acknowledges},
                                                                 {"acknowledged by", packet.acknowledged_by},
                                                                 {"retransmission of", packet.retransmission_of},
                                                                 {"sent again as", packet.sent_again_as}};
  Json ties = Json::object();
  for (const auto& [name, number] : links) {
    if (number != 0) ties[name] = number;
  }
  out["ties"] = ties;
  if (packet.call) out["call"] = *packet.call;
  if (packet.command) out["command"] = *packet.command;
  if (packet.headers.tcp) out["tcp"] = {{"seq", packet.headers.seq.value()}, {"bytes", packet.headers.payload_bytes}};
  Json card = Json::array();
  for (const auto& index : {packet.write, packet.command, packet.departed}) {
    if (index) card.push_back(message_json(recording, *index));
  }
  out["card"] = card;
  if (packet.received) out["received"] = message_json(recording, *packet.received);
  if (packet.row) out["row"] = row_json(recording.rows[*packet.row]);
  if (packet.row_after) out["row_after"] = row_json(recording.rows[*packet.row_after]);
  out["octets"] = base64(sent.octets);
  out["layers"] = layers_json(run, packet);
  return out;
}

/// What the sender of the payload has had acknowledged, and its congestion window.
Json series_json(const Recording& recording) {
  std::vector<Json> points;
  for (const journey::RowChange& change : recording.rows) {
    if (change.end != recording.source() || !change.row.info || change.gone) continue;
    const tcp::Info& info = *change.row.info;
    points.push_back({change.at.time_ns, info.bytes_acked, info.cwnd_bytes, info.retransmissions});
  }
  Json series = Json::array();
  const std::size_t step = points.size() / kSeriesPoints + 1;
  for (std::size_t i = 0; i < points.size(); i += step) series.push_back(points[i]);
  if (!points.empty()) series.push_back(points.back());
  return series;
}

Json run_json(const Recording& recording, const std::vector<Packet>& packets, std::size_t shown) {
  Json stations = Json::array();
  for (const journey::Station& station : recording.stations) {
    const auto mac = station.mac.bytes();
    Json routes = Json::array();
    for (const journey::StationRoute& route : station.routes) routes.push_back(route.text);
    stations.push_back({{"name", station.name},
                        {"address", to_string(station.address)},
                        {"mac", journey::mac_text(mac)},
                        {"routes", routes}});
  }
  std::size_t payload = 0;
  std::size_t lost = 0;
  std::size_t damaged = 0;
  std::size_t again = 0;
  std::uint64_t end_ns = 0;
  for (const Packet& packet : packets) {
    if (packet.headers.tcp && packet.retransmission_of == 0) payload += packet.headers.payload_bytes;
    lost += packet.lost() ? 1 : 0;
    damaged += packet.damage ? 1 : 0;
    again += packet.retransmission_of != 0 ? 1 : 0;
    end_ns = std::max(end_ns, recording.bursts[packet.sent].end_ns);
  }
  return {{"command", recording.command_line},
          {"errand", recording.errand == journey::Errand::kSend ? "send" : "get"},
          {"seed", recording.seed},
          {"card", recording.card},
          {"cycle_ps", recording.cycle_ps},
          {"delay_ns", recording.delay_ns},
          {"loss", recording.loss},
          {"cable", recording.signal.cable},
          {"up_ns", recording.signal.up_ns},
          {"stations", stations},
          {"end_ns", end_ns},
          {"packets", packets.size()},
          {"shown", shown},
          {"payload", payload},
          {"lost", lost},
          {"damaged", damaged},
          {"again", again}};
}

}  // namespace

Json document_of(const Recording& recording, const std::vector<Packet>& packets, std::size_t most) {
  const auto chosen = choose_packets(packets, most);
  const journey::Surroundings run{recording, packets};
  Json document{{"run", run_json(recording, packets, chosen.size())}};
  Json stages = Json::array();
  for (int stage = 1; stage <= 6; ++stage) stages.push_back(stage_text(static_cast<journey::Stage>(stage)));
  document["stages"] = stages;
  // Calls keep their numbers; those that are left out of a long run are not there.
  Json calls = Json::object();
  for (const std::size_t i : choose_calls(recording, packets, chosen, most)) {
    const journey::Call& call = recording.calls[i];
    calls[std::to_string(i)] = Json({{"end", call.end},
                                     {"stage", call.stage},
                                     {"t", call.begin.time_ns},
                                     {"until", call.returned.time_ns},
                                     {"name", call.name},
                                     {"arguments", call.arguments},
                                     {"result", call.result}});
  }
  document["calls"] = calls;
  Json shown = Json::array();
  for (const std::size_t i : chosen) shown.push_back(packet_json(run, packets[i]));
  document["packets"] = shown;
  document["series"] = series_json(recording);
  document["signal"] = signal_json(recording, packets, chosen);
  return document;
}

}  // namespace sockwire::apps
