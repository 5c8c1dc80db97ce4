// SPDX-License-Identifier: Apache-2.0
// A connection against a peer, a network, a card and an application that the fuzzer plays: segments whose fields lie
// near the valid ones, calls, departures and time, in any order. The bytes of both streams are functions of their
// place, so that whatever is sent or delivered can be checked.
#include <algorithm>
#include <array>
#include <bit>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "host/tcp/connection.hpp"
#include "tests/fuzz/fuzz_input.hpp"

namespace {

using namespace sockwire;
using namespace sockwire::tcp;
using namespace std::chrono_literals;
using fuzz::Input;
using fuzz::require;

constexpr SeqNum kIss{0xfffff000u};   // wraps soon
constexpr SeqNum kPeer{0x7ffff000u};  // passes the sign
constexpr std::size_t kMaxSegment = 4096;

std::uint8_t ours(std::uint32_t offset) { return static_cast<std::uint8_t>(offset * 7 + (offset >> 8)); }
std::uint8_t theirs(std::uint32_t offset) { return static_cast<std::uint8_t>(offset * 5 + (offset >> 7) + 1); }

Config choose_config(Input& input) {
  Config config;
  const std::uint8_t bits = input.byte();
  config.timestamps = (bits & 1) != 0;
  config.window_scale = (bits & 2) != 0;
  config.sack = (bits & 4) != 0;
  config.nodelay = (bits & 8) != 0;
  config.ecn = (bits & 16) != 0 ? EcnMode::kOffer : EcnMode::kAccept;
  config.congestion = static_cast<CongestionAlgorithm>((bits >> 5) % 3);
  const std::uint8_t more = input.byte();
  config.send_buffer_bytes = std::size_t{4096} << (more & 7);
  config.receive_buffer_bytes = std::size_t{2048} << (more >> 3 & 7);
  config.keepalive.enabled = (more & 64) != 0;
  config.user_timeout = (more & 128) != 0 ? Duration(20s) : Duration(0);
  config.mss = static_cast<std::uint16_t>(64 + input.two() % 9000);
  return config;
}

class Harness {
 public:
  explicit Harness(Input& input) : input_(input), config_(choose_config(input)) {
    const Endpoint local{IpAddress::from_ipv4(0x0a000001), 1111};
    const Endpoint remote{IpAddress::from_ipv4(0x0a000002), 80};
    if (input.flag()) {
      connection_ = Connection::connect(config_, local, remote, kIss, now_);
    } else {
      Segment syn;
      syn.seq = kPeer;
      syn.flags = wire::kTcpSyn;
      if (input.flag()) syn.flags |= wire::kTcpEce | wire::kTcpCwr;
      syn.window = input.two();
      syn.options = syn_options();
      connection_ = Connection::accept(config_, local, remote, kIss, syn, now_);
      note_window(syn);
    }
    drain();
  }

  void run() {
    for (int step = 0; step < 400 && !input_.done(); ++step) {
      one_step();
      drain();
      check();
    }
    finish();
  }

 private:
  Connection& connection() { return *connection_; }

  Options syn_options() {
    Options options;
    const std::uint8_t bits = input_.byte();
    if ((bits & 1) != 0) options.mss = static_cast<std::uint16_t>(input_.two() % 10000);
    if ((bits & 2) != 0) options.window_scale = static_cast<std::uint8_t>(bits >> 4 & 14);
    if ((bits & 4) != 0) options.timestamps = Timestamps{tsval_, 0};
    options.sack_permitted = (bits & 8) != 0;
    return options;
  }

  void one_step() {
    switch (input_.byte() % 16) {
      case 0:
        handshake();
        break;
      case 1:
      case 2:
      case 3:
      case 4:
        segment();
        break;
      case 5:
        plain_ack();
        break;
      case 6:
      case 7:
        send();
        break;
      case 8:
        receive();
        break;
      case 9:
        pass_to_deadline();
        break;
      case 10:
        pass(input_.below(4) == 0 ? Duration(1s) * input_.byte() : Duration(1ms) * input_.byte());
        break;
      case 11:
        depart(1 + input_.below(4));
        break;
      case 12:
        depart(card_.size());
        break;
      case 13:
        finish_somehow();
        break;
      case 14:
        settings();
        break;
      default:
        trouble();
    }
  }

  /// The peer's SYN-ACK, or SYN, or the ACK of ours.
  void handshake() {
    Segment segment;
    segment.window = input_.two();
    segment.ack = kIss + 1;
    if (connection().state() == State::kSynSent) {
      segment.seq = kPeer;
      segment.flags = wire::kTcpSyn;
      if (input_.below(4) != 0) segment.flags |= wire::kTcpAckFlag;
      if (input_.flag()) segment.flags |= wire::kTcpEce;
      segment.options = syn_options();
    } else {
      segment.seq = kPeer + 1;
      segment.flags = wire::kTcpAckFlag;
      add_timestamps(segment);
    }
    deliver(segment, {});
  }

  void plain_ack() {
    Segment segment;
    segment.seq = connection().rcv_nxt();
    segment.ack = connection().snd_nxt();
    segment.flags = wire::kTcpAckFlag;
    segment.window = input_.flag() ? 65535 : input_.two();
    add_timestamps(segment);
    deliver(segment, {});
  }

  void segment() {
    Segment segment;
    const std::uint32_t flight = connection().snd_nxt() - connection().snd_una();
    segment.seq = connection().rcv_nxt() + near(input_.byte());
    segment.ack = input_.flag() ? connection().snd_una() + (flight == 0 ? 0 : input_.two() % (flight + 1))
                                : connection().snd_una() + near(input_.byte());
    const std::uint8_t flags = input_.byte();
    segment.flags = input_.below(4) == 0 ? flags : static_cast<std::uint8_t>(wire::kTcpAckFlag | (flags & 0xe9));
    if (connection().state() == State::kSynSent) segment.seq = kPeer;  // the stream's numbers begin there
    segment.window = input_.two();
    segment.urgent = (segment.flags & wire::kTcpUrg) != 0 ? input_.two() : std::uint16_t{0};
    segment.ecn = static_cast<EcnCodepoint>(input_.byte() & 3);
    segment.merged_segments = 1 + input_.below(8);
    add_timestamps(segment);
    add_sack(segment, flight);
    const std::uint32_t bytes = input_.flag() ? input_.two() % kMaxSegment : input_.below(3);
    std::vector<std::uint8_t> payload(bytes);
    const std::uint32_t first = segment.seq - (kPeer + 1) + ((segment.flags & wire::kTcpSyn) != 0 ? 1 : 0);
    for (std::uint32_t i = 0; i < bytes; ++i) payload[i] = theirs(first + i);
    deliver(segment, payload);
  }

  /// A distance that is small more often than not.
  static std::uint32_t near(std::uint8_t choice) {
    const auto sign = static_cast<std::uint32_t>((choice & 1) != 0 ? 1 : -1);
    constexpr std::uint32_t kSteps[] = {0, 0, 0, 1, 2, 100, 536, 1460, 3000, 65535, 1u << 20, 0x7fffffff};
    return sign * kSteps[(choice >> 1) % std::size(kSteps)];
  }

  void add_timestamps(Segment& segment) {
    if (!connection().info().timestamps) return;
    const std::uint8_t choice = input_.byte();
    if (choice % 16 == 15) return;
    tsval_ += choice % 8;
    segment.options.timestamps = Timestamps{choice % 16 == 14 ? tsval_ - 1000 : tsval_, last_tsval_ - choice / 64};
  }

  void add_sack(Segment& segment, std::uint32_t flight) {
    for (std::uint32_t blocks = input_.byte() % 5; blocks > 0 && blocks <= SackBlocks::kMost; --blocks) {
      const std::uint32_t begin = input_.two() % (flight + 2);
      const std::uint32_t bytes = input_.two() % (flight + 2);
      segment.options.sack.at[segment.options.sack.count++] = {connection().snd_una() + begin,
                                                               connection().snd_una() + begin + bytes};
    }
  }

  /// The highest number that the peer has ever let us send.
  void note_window(const Segment& segment) {
    if (segment.has_ack() && (segment.ack > sent_ || segment.ack < una_)) return;  // not believed
    const SeqNum base = segment.has_ack() ? segment.ack : kIss + 1;
    const SeqNum edge = base + (std::uint32_t{segment.window} << (segment.syn() ? 0 : connection().info().snd_wscale));
    allowed_ = seq_max(allowed_, edge);
  }

  void deliver(Segment segment, const std::vector<std::uint8_t>& payload) {
    segment.payload = payload;
    for (std::size_t i = 0; i < segment.options.sack.count; ++i) {
      for (const Transmit& waits : card_) lied_ |= segment.options.sack.at[i].end > waits.seq;
    }
    connection().on_segment(now_, segment);
    note_window(segment);
  }

  void send() {
    std::vector<std::uint8_t> data(input_.flag() ? input_.two() % 20000 : input_.below(100));
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = ours(appended_ + static_cast<std::uint32_t>(i));
    const std::size_t taken =
        input_.below(8) == 0 ? connection().send_urgent(now_, data) : connection().send(now_, data);
    require(taken <= data.size(), "no more is taken than was given");
    require(taken == 0 || !shut_, "nothing is taken after the end");
    appended_ += static_cast<std::uint32_t>(taken);
  }

  void receive() {
    std::vector<std::uint8_t> data(input_.flag() ? 1 << 16 : input_.byte());
    const std::size_t bytes = connection().recv(now_, data);
    for (std::size_t i = 0; i < bytes; ++i) {
      require(data[i] == theirs(read_++), "what is delivered is what the peer sent, in its order");
    }
  }

  void pass(Duration time) {
    const TimePoint end = now_ + time;
    for (int turns = 0; connection().next_deadline() <= end && turns < 2000; ++turns) {
      now_ = std::max(now_, connection().next_deadline());
      connection().on_timeout(now_);
      drain();
      require(connection().next_deadline() > now_ || room_ < 10000, "a timer that was served is not due again at once");
    }
    now_ = end;
  }
  void pass_to_deadline() {
    const TimePoint next = connection().next_deadline();
    if (next != kNever && next - now_ < std::chrono::hours(3)) pass(std::max(next - now_, Duration(0)));
  }

  void depart(std::size_t count) {
    for (; count > 0 && !card_.empty(); --count) {
      const std::uint32_t tag = card_.front().tag;
      card_.pop_front();
      connection().on_sent(now_, tag, now_);
    }
  }

  void finish_somehow() {
    switch (input_.byte() % 8) {
      case 0:
        connection().abort(now_);
        shut_ = true;
        break;
      case 1:
      case 2:
        connection().close(now_);
        shut_ = true;
        break;
      case 3:
      case 4:
        connection().shutdown_write(now_);
        shut_ = true;
        break;
      default:
        break;
    }
  }

  void settings() {
    const std::uint8_t value = input_.byte();
    switch (value % 8) {
      case 0:
        connection().set_nodelay(now_, (value & 8) != 0);
        break;
      case 1:
        connection().set_cork(now_, (value & 8) != 0);
        break;
      case 2:
        connection().set_quick_acks(value >> 3);
        break;
      case 3:
        connection().set_keepalive(now_, {(value & 8) != 0, 10s, 1s, 3});
        break;
      case 4:
        connection().set_user_timeout(now_, Duration(1s) * (value >> 3));
        break;
      case 5:
        connection().on_path_mss(now_, input_.two());
        break;
      case 6:
        connection().set_dscp(value >> 3);
        break;
      default:
        std::array<std::uint8_t, 64> seen{};
        const std::size_t bytes = connection().peek(seen);
        for (std::size_t i = 0; i < bytes; ++i) {
          require(seen[i] == theirs(read_ + static_cast<std::uint32_t>(i)), "a peek sees what will be read");
        }
    }
  }

  void trouble() {
    switch (input_.byte() % 8) {
      case 0:
        card_.clear();
        connection().on_card_lost(now_);
        break;
      case 1:
        connection().on_unreachable(now_);
        break;
      case 2:
        connection().on_soft_error(now_);
        break;
      case 3:
        connection().on_sent(now_, input_.four(), now_);
        card_.clear();  // an unknown tag means nothing; a later one means that all before have left
        connection().on_card_lost(now_);
        break;
      default:
        room_ = input_.flag() ? kMaxTransmitBytes : input_.two();
    }
  }

  /// Takes out all that the connection has to say, and looks at it.
  void drain() {
    int polled = 0;
    while (const auto transmit = connection().poll_transmit(now_, room_)) {
      require(++polled < 3000, "a connection does not talk for ever");
      check_transmit(*transmit);
      if (transmit->kind == TransmitKind::kSegment) card_.push_back(*transmit);
      if (transmit->options.timestamps) last_tsval_ = transmit->options.timestamps->tsval;
    }
    int told = 0;
    while (const auto event = connection().poll_event()) {
      require(++told < 64, "events are few");
      require(!closed_, "kClosed is the last event");
      closed_ = *event == Event::kClosed;
    }
  }

  void check_transmit(const Transmit& transmit) {
    require(transmit.payload_bytes <= std::min(room_, kMaxTransmitBytes), "no more is sent than there is room for");
    if (transmit.rst()) {
      require(transmit.payload_bytes == 0, "a RST has no data");
      return;
    }
    require(!closed_, "nothing but a RST is sent after the end");
    const SeqNum first = kIss + 1;
    sent_ = seq_max(sent_, transmit.seq_end());
    if (transmit.payload_bytes > 0) {
      require(transmit.seq_end() <= first + appended_ + (transmit.fin() ? 1 : 0), "only what was given is sent");
      require(transmit.seq + transmit.payload_bytes <= allowed_ + 1, "the peer's window is heeded");
      check_payload(transmit, transmit.seq - first);
    }
    if (transmit.fin()) {
      require(shut_ && transmit.seq_end() == first + appended_ + 1, "the FIN follows the last byte");
    }
    if (transmit.kind == TransmitKind::kSegment && transmit.retransmission && !transmit.syn() && !lied_) {
      for (const Transmit& waits : card_) {
        require(transmit.seq_end() <= waits.seq || waits.seq_end() <= transmit.seq,
                "nothing is sent again that has not left");
      }
    }
    check_window(transmit);
  }

  void check_payload(const Transmit& transmit, std::uint32_t offset) {
    std::vector<std::uint8_t> sent(transmit.payload_bytes);
    require(connection().copy_payload(transmit.seq, sent) == sent.size(), "what is sent is still there");
    for (const std::uint8_t byte : sent) require(byte == ours(offset++), "what is sent is what was given");
  }

  /// RFC 9293 3.8.6: the right edge does not move back, but for the bits that scaling takes off (RFC 7323 2.4).
  void check_window(const Transmit& transmit) {
    if ((transmit.flags() & wire::kTcpAckFlag) == 0) return;
    const std::uint8_t shift = transmit.syn() ? 0 : connection().info().rcv_wscale;
    const SeqNum edge = transmit.ack + (std::uint32_t{transmit.window} << shift);
    if (has_edge_) require(edge + (1u << shift) > edge_, "the window does not shrink");
    edge_ = has_edge_ ? seq_max(edge_, edge) : edge;
    has_edge_ = true;
  }

  void check() {
    const Info info = connection().info();
    require(una_ <= info.snd_una, "SND.UNA does not move back");
    require(info.snd_una <= info.snd_nxt, "SND.UNA is not beyond SND.NXT");
    una_ = info.snd_una;
    if (info.state != State::kSynSent && info.state != State::kClosed) {
      if (has_rcv_nxt_) require(rcv_nxt_ <= info.rcv_nxt, "RCV.NXT does not move back");
      rcv_nxt_ = info.rcv_nxt;
      has_rcv_nxt_ = true;
    }
    const std::uint32_t flight = info.snd_nxt - info.snd_una;
    require(info.sacked_bytes + info.lost_bytes <= flight, "what is sacked and lost is in flight");
    require(info.in_flight_bytes <= flight, "pipe is not more than the flight");
    require(info.send_queue_bytes <= std::bit_ceil(config_.send_buffer_bytes), "the send buffer is bounded");
    require(info.receive_queue_bytes <= std::bit_ceil(config_.receive_buffer_bytes), "the receive buffer is bounded");
    require((info.cwnd_bytes > 0 || info.in_recovery) && info.mss > 0, "something may be sent at all");
    require(!closed_ || connection().is_closed(), "what was told as closed is closed");
    require(!connection().is_closed() || connection().next_deadline() == kNever, "a closed connection has no timer");
  }

  /// Left alone with a peer that is gone, a connection that the application has aborted or closed comes to its end.
  void finish() {
    room_ = kMaxTransmitBytes;
    connection().close(now_);
    shut_ = true;
    for (int turns = 0; turns < 400 && !connection().is_closed(); ++turns) {
      drain();
      depart(card_.size());
      drain();
      if (connection().is_closed()) break;
      if (!card_.empty()) continue;  // what has not left needs no timer
      require(connection().next_deadline() != kNever, "a connection that waits has a timer");
      pass(std::max(connection().next_deadline() - now_, Duration(0)));
    }
    require(connection().is_closed(), "a connection without a peer ends");
  }

  Input& input_;
  const Config config_;
  TimePoint now_{1s};
  std::unique_ptr<Connection> connection_;
  std::size_t room_ = kMaxTransmitBytes;
  std::deque<Transmit> card_;  ///< Polled and not reported as sent.
  std::uint32_t appended_ = 0;
  std::uint32_t read_ = 0;
  bool shut_ = false;
  bool closed_ = false;
  bool lied_ = false;  ///< The peer has said that it has what did not leave.
  SeqNum allowed_ = kIss + 1;
  SeqNum sent_ = kIss;  ///< The highest number that was ever used.
  std::uint32_t tsval_ = 100;
  std::uint32_t last_tsval_ = 0;
  SeqNum una_ = kIss;
  SeqNum rcv_nxt_;
  bool has_rcv_nxt_ = false;
  SeqNum edge_;
  bool has_edge_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  Harness(input).run();
  return 0;
}
