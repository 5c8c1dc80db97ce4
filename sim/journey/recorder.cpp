// SPDX-License-Identifier: Apache-2.0
#include "sim/journey/recorder.hpp"

#include <tuple>

#include "host/socket/text.hpp"

namespace sockwire::journey {

namespace {

/// Whether two looks at a row tell the same. What only counts bytes and segments changes with these.
bool same(const SocketRow& a, const SocketRow& b) {
  if (a.state != b.state || a.local != b.local || a.remote != b.remote || a.descriptor != b.descriptor) return false;
  if (a.receive_queue != b.receive_queue || a.send_queue != b.send_queue) return false;
  if (a.info.has_value() != b.info.has_value()) return false;
  if (!a.info) return true;
  const auto tie = [](const tcp::Info& info) {
    return std::make_tuple(info.snd_una, info.snd_nxt, info.rcv_nxt, info.snd_wnd_bytes, info.rcv_wnd_bytes,
                           info.cwnd_bytes, info.ssthresh_bytes, info.rto, info.backoff, info.in_recovery,
                           info.lost_bytes, info.sacked_bytes, info.unsent_bytes, info.retransmissions, info.timeouts,
                           info.tail_loss_probes);
  };
  return tie(*a.info) == tie(*b.info);
}

}  // namespace

std::size_t Recorder::on_call(End end, Stage stage, std::uint64_t now_ns, std::string name, std::string arguments) {
  Call call;
  call.end = end;
  call.stage = stage;
  call.begin = call.returned = moment(now_ns);
  call.name = std::move(name);
  call.arguments = std::move(arguments);
  if (listener_) listener_(std::string(end == 0 ? "A: " : "B: ") + call.name + "(" + call.arguments + ")");
  recording_.calls.push_back(std::move(call));
  return recording_.calls.size() - 1;
}

void Recorder::on_return(std::size_t call, std::uint64_t now_ns, std::string result) {
  Call& one = recording_.calls.at(call);
  one.returned = moment(now_ns);
  one.result = std::move(result);
  look_at_rows(one.end, now_ns);
}

void Recorder::on_done_call(End end, Stage stage, std::uint64_t now_ns, std::string name, std::string arguments,
                            std::string result) {
  on_return(on_call(end, stage, now_ns, std::move(name), std::move(arguments)), now_ns, std::move(result));
}

void Recorder::on_message(End end, bool command, std::uint64_t now_ns, std::span<const std::uint8_t> bytes) {
  // What the stack did before is in the table already when its command leaves, and what an event will bring is not yet.
  look_at_rows(end, now_ns);
  recording_.messages.push_back({end, moment(now_ns), command, {bytes.begin(), bytes.end()}});
}

Recorder::RowKey Recorder::key_of(const SocketRow& row) {
  if (row.datagram || !row.info) return "descriptor " + std::to_string(row.descriptor);
  return tcp::to_string(row.local) + " " + tcp::to_string(row.remote);
}

void Recorder::look_at_rows(End end, std::uint64_t now_ns) {
  const Host* const host = hosts_.at(static_cast<std::size_t>(end));
  if (host == nullptr) return;
  auto& seen = seen_.at(static_cast<std::size_t>(end));
  std::map<RowKey, SocketRow> now;
  for (const SocketRow& row : host->list()) now.insert_or_assign(key_of(row), row);
  for (const auto& [key, row] : seen) {
    if (!now.contains(key)) recording_.rows.push_back({end, moment(now_ns), row, true});
  }
  for (const auto& [key, row] : now) {
    const auto before = seen.find(key);
    if (before != seen.end() && same(before->second, row)) continue;
    recording_.rows.push_back({end, moment(now_ns), row, false});
  }
  seen = std::move(now);
}

}  // namespace sockwire::journey
