// SPDX-License-Identifier: Apache-2.0
#include "host/apps/snapshot.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "host/apps/text.hpp"
#include "host/socket/text.hpp"
#include "host/stack/counters.hpp"

namespace sockwire::apps {

namespace {

using nlohmann::json;

/// As ss spells the states.
std::string ss_state(tcp::State state) {
  switch (state) {
    case tcp::State::kClosed:
      return "UNCONN";
    case tcp::State::kEstablished:
      return "ESTAB";
    case tcp::State::kSynReceived:
      return "SYN-RECV";
    default:
      return std::string(tcp::to_string(state));
  }
}

double milliseconds(Duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

json info_json(const tcp::Info& info) {
  return {{"rtt_ms", milliseconds(info.srtt)},
          {"rttvar_ms", milliseconds(info.rttvar)},
          {"min_rtt_ms", milliseconds(info.min_rtt)},
          {"rto_ms", milliseconds(info.rto)},
          {"backoff", info.backoff},
          {"mss", info.mss},
          {"rcv_mss", info.rcv_mss},
          {"cwnd_bytes", info.cwnd_bytes},
          {"ssthresh_bytes", info.ssthresh_bytes},
          {"congestion", info.congestion},
          {"pacing_rate_bps", 8 * info.pacing_rate},
          {"in_recovery", info.in_recovery},
          {"sack", info.sack},
          {"ecn", info.ecn},
          {"in_flight", info.in_flight_bytes},
          {"sacked", info.sacked_bytes},
          {"lost", info.lost_bytes},
          {"snd_wnd", info.snd_wnd_bytes},
          {"rcv_wnd", info.rcv_wnd_bytes},
          {"snd_wscale", info.snd_wscale},
          {"rcv_wscale", info.rcv_wscale},
          {"timestamps", info.timestamps},
          {"unsent", info.unsent_bytes},
          {"in_card", info.undeparted_bytes},
          {"bytes_acked", info.bytes_acked},
          {"bytes_received", info.bytes_received},
          {"bytes_retrans", info.bytes_retransmitted},
          {"segs_out", info.segments_out},
          {"acks_out", info.pure_acks_out},
          {"segs_in", info.segments_in},
          {"retrans", info.retransmissions},
          {"fast_retransmits", info.fast_retransmits},
          {"timeouts", info.timeouts},
          {"spurious_timeouts", info.spurious_timeouts},
          {"spurious_recoveries", info.spurious_recoveries},
          {"tail_loss_probes", info.tail_loss_probes},
          {"ecn_reductions", info.ecn_reductions},
          {"keepalive_probes", info.keepalive_probes},
          {"zero_window_probes", info.zero_window_probes},
          {"dup_acks_in", info.dup_acks_in},
          {"out_of_order", info.counters.out_of_order_segments},
          {"duplicate_bytes", info.counters.duplicate_bytes}};
}

json wire_json(const sim::WireCounters& wire) {
  return {{"frames", wire.frames},         {"delivered", wire.delivered},    {"lost", wire.lost},
          {"duplicated", wire.duplicated}, {"reordered", wire.reordered},    {"queue_drops", wire.queue_drops},
          {"bit_errors", wire.bit_errors}, {"busy_cycles", wire.busy_cycles}};
}

json driver_json(const card::DriverCounters& driver) {
  return {{"commands", driver.commands},
          {"events", driver.events},
          {"events_other_epoch", driver.events_other_epoch},
          {"events_malformed", driver.events_malformed},
          {"events_unknown", driver.events_unknown},
          {"events_unexpected", driver.events_unexpected},
          {"writes", driver.writes},
          {"write_bytes", driver.write_bytes},
          {"rewrites", driver.rewrites},
          {"rewrite_bytes", driver.rewrite_bytes},
          {"sends", driver.sends},
          {"sends_skipped", driver.sends_skipped},
          {"frames", driver.frames},
          {"acks_superseded", driver.acks_superseded},
          {"frames_refused", driver.frames_refused},
          {"updates", driver.updates},
          {"releases", driver.releases},
          {"slots_opened", driver.slots_opened},
          {"slots_taken", driver.slots_taken},
          {"card_losses", driver.card_losses},
          {"payload_missing_bytes", driver.payload_missing_bytes}};
}

/// "kRxFrames" is RxFrames for people.
std::string card_counter_name(const card::Name& name) { return std::string(name.name).substr(1); }

std::string ms_text(double value) { return fmt::format("{:.4g}", value); }

std::string info_text(const json& info) {
  const auto number = [&](const char* key) { return info.value(key, std::uint64_t{0}); };
  const auto mss = std::max<std::uint64_t>(number("mss"), 1);
  std::string text = "\t ";
  if (info.value("timestamps", false)) text += "ts ";
  if (info.value("sack", false)) text += "sack ";
  if (info.value("ecn", false)) text += "ecn ";
  if (info.contains("congestion")) text += info.value("congestion", std::string()) + " ";
  text += fmt::format("wscale:{},{} rto:{}", number("snd_wscale"), number("rcv_wscale"),
                      ms_text(info.value("rto_ms", 0.0)));
  if (number("backoff") > 0) text += fmt::format(" backoff:{}", number("backoff"));
  if (info.value("rtt_ms", 0.0) > 0) {
    text += fmt::format(" rtt:{}/{}", ms_text(info.value("rtt_ms", 0.0)), ms_text(info.value("rttvar_ms", 0.0)));
  }
  text += fmt::format(" mss:{} rcvmss:{} cwnd:{}", number("mss"), number("rcv_mss"), number("cwnd_bytes") / mss);
  if (number("ssthresh_bytes") < 0xFFFFFFFF) text += fmt::format(" ssthresh:{}", number("ssthresh_bytes") / mss);
  const std::pair<const char*, const char*> counts[] = {{"bytes_acked", "bytes_acked"},
                                                        {"bytes_received", "bytes_received"},
                                                        {"bytes_retrans", "bytes_retrans"},
                                                        {"segs_out", "data_segs_out"},
                                                        {"acks_out", "acks_out"},
                                                        {"segs_in", "segs_in"},
                                                        {"retrans", "retrans"},
                                                        {"timeouts", "timeouts"},
                                                        {"tail_loss_probes", "tlp"},
                                                        {"in_flight", "in_flight"},
                                                        {"sacked", "sacked"},
                                                        {"lost", "lost"},
                                                        {"pacing_rate_bps", "pacing_bps"},
                                                        {"unsent", "notsent"},
                                                        {"in_card", "in_card"},
                                                        {"snd_wnd", "snd_wnd"},
                                                        {"rcv_wnd", "rcv_space"},
                                                        {"out_of_order", "rcv_ooopack"}};
  for (const auto& [key, name] : counts) {
    if (number(key) > 0) text += fmt::format(" {}:{}", name, number(key));
  }
  if (info.value("min_rtt_ms", 0.0) > 0) text += fmt::format(" minrtt:{}", ms_text(info.value("min_rtt_ms", 0.0)));
  return text;
}

json line_json(const sim::LineCounts& counts) {
  json out{{"clocks", counts.clocks}};
  for (int i = 0; i < kLineCounters; ++i) {
    out[kLineCounterNames[static_cast<std::size_t>(i)]] = counts.events[static_cast<std::size_t>(i)];
  }
  return out;
}

}  // namespace

json udp_json(const stack::UdpCounts& counts) {
  return {{"datagrams_in", counts.datagrams_in},
          {"bytes_in", counts.bytes_in},
          {"datagrams_out", counts.datagrams_out},
          {"bytes_out", counts.bytes_out},
          {"dropped_queue_full", counts.dropped_queue_full},
          {"errors_in", counts.errors_in}};
}

json snapshot(Setup& setup, const Options& options, const std::string& command) {
  const Measures measures = setup.glance();
  json sockets = json::array();
  for (const SocketRow& row : setup.host().list()) {
    const bool connected = row.remote.port != 0;
    const std::string state = row.datagram ? (connected ? "ESTAB" : "UNCONN") : ss_state(row.state);
    json socket{{"netid", row.datagram ? "udp" : "tcp"},
                {"fd", row.descriptor},
                {"state", state},
                {"local", to_string(row.local)},
                {"peer", row.remote.port == 0 ? "0.0.0.0:*" : to_string(row.remote)},
                {"recv_q", row.receive_queue},
                {"send_q", row.send_queue}};
    if (row.info) socket["info"] = info_json(*row.info);
    if (row.udp) socket["udp"] = udp_json(*row.udp);
    sockets.push_back(std::move(socket));
  }
  json card = json::object();
  for (const card::Name& name : card::kCounters) card[card_counter_name(name)] = measures.card[name.value];
  json stack = json::object();
  for (const auto& row : stack::kCounterRows) stack[row.name] = setup.host().counters().*row.value;
  json result{{"pid", getpid()},
              {"command", command},
              {"card", name_of(options.card)},
              {"width", options.width},
              {"wire", name_of(options.wire)},
              {"address", to_string(setup.host().stack().network().own_address())},
              {"time_s", std::chrono::duration<double>(measures.now.time_since_epoch()).count()},
              {"cycles", measures.cycles},
              {"sockets", std::move(sockets)},
              {"counters",
               {{"card", std::move(card)},
                {"driver", driver_json(measures.driver)},
                {"stack", std::move(stack)},
                {"wire_out", wire_json(measures.to_far)},
                {"wire_in", wire_json(measures.from_far)}}}};
  if (measures.tap) {
    result["counters"]["tap"] = {{"to_linux", measures.tap->to_linux},
                                 {"from_linux", measures.tap->from_linux},
                                 {"refused_by_linux", measures.tap->refused_by_linux}};
  }
  if (measures.line) {
    result["counters"]["line_near"] = line_json(measures.line->near_counts);
    result["counters"]["line_far"] = line_json(measures.line->far_counts);
  }
  return result;
}

std::string ss_text(const std::vector<json>& snapshots) {
  std::string text = fmt::format("{:<5} {:<11} {:>6} {:>7} {:>22} {:>22}  {}\n", "Netid", "State", "Recv-Q", "Send-Q",
                                 "Local Address:Port", "Peer Address:Port", "Process");
  for (const json& one : snapshots) {
    const json sockets = one.value("sockets", json::array());
    for (const json& socket : sockets) {
      const int descriptor = socket.value("fd", -1);
      const std::string fd = descriptor >= 0 ? fmt::format(",fd={}", descriptor) : "";
      text += fmt::format("{:<5} {:<11} {:>6} {:>7} {:>22} {:>22}  users:((\"sockwire {}\",pid={}{}))\n",
                          socket.value("netid", "tcp"), socket.value("state", "?"), socket.value("recv_q", 0),
                          socket.value("send_q", 0), socket.value("local", "?"), socket.value("peer", "?"),
                          one.value("command", "?"), one.value("pid", 0), fd);
      if (socket.contains("info")) text += info_text(socket["info"]) + "\n";
    }
  }
  return text;
}

std::string stats_text(const std::vector<json>& snapshots, bool all) {
  std::string text;
  for (const json& one : snapshots) {
    text += fmt::format("sockwire {} (pid {}): {} card, {} byte(s) a beat, --wire {}, {}; {} cycles\n",
                        one.value("command", "?"), one.value("pid", 0), one.value("card", "?"), one.value("width", 0),
                        one.value("wire", "?"), one.value("address", "?"),
                        with_separators(one.value("cycles", std::uint64_t{0})));
    const json groups = one.value("counters", json::object());
    for (const auto& [group, counters] : groups.items()) {
      text += fmt::format("  {}\n", group);
      std::size_t zeros = 0;
      for (const auto& [name, value] : counters.items()) {
        if (!all && value == 0) {
          ++zeros;
          continue;
        }
        text += fmt::format("    {:<28} {:>16}\n", name, with_separators(value.get<std::uint64_t>()));
      }
      if (zeros > 0) text += fmt::format("    ({} more at zero; --all shows them)\n", zeros);
    }
  }
  return text;
}

}  // namespace sockwire::apps
