// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/tcp/recovery.hpp"

#include <algorithm>
#include <vector>

#include "sim/cosim/back_to_back.hpp"
#include "sim/dut/engine.hpp"

namespace sockwire::bench {

namespace {

constexpr int kBytes = 8;
constexpr Duration kLimit = std::chrono::minutes(5);

/// Counts the frames that an end sends until the one to lose.
class FrameCounter final : public sim::FrameObserver {
 public:
  explicit FrameCounter(LostSegment& wanted) : wanted_(wanted) {}
  void on_frame(bool from_engine, const sim::ReceivedFrame& frame) override {
    if (!from_engine) return;
    ++frames_;
    if (wanted_.is(frame.bytes)) number_ = frames_;
  }
  /// As the wire counts them; 0 if it was not sent.
  std::uint64_t number() const { return number_; }

 private:
  LostSegment& wanted_;
  std::uint64_t frames_ = 0;
  std::uint64_t number_ = 0;
};

/// One connection from its SYN to its last ACK.
class Run {
 public:
  explicit Run(const sim::BackToBackOptions& options)
      : net_([](int, std::uint32_t boot_id) { return sim::make_native_engine<kBytes>(boot_id); }, options) {}

  /// An empty text if all went as it should.
  std::string run(Lost looked_for) {
    LostSegment wanted(looked_for);
    FrameCounter at_client(wanted);
    FrameCounter at_server(wanted);
    net_.cable().observe_a(&at_client);
    net_.cable().observe_b(&at_server);
    std::string problem = net_.start();
    if (problem.empty()) problem = connect();
    if (problem.empty()) problem = transfer();
    if (problem.empty()) problem = close();
    net_.cable().observe_a(nullptr);
    net_.cable().observe_b(nullptr);
    client_frame_ = at_client.number();
    server_frame_ = at_server.number();
    return problem;
  }

  const Moments& moments() const { return moments_; }
  std::uint64_t client_frame() const { return client_frame_; }
  std::uint64_t server_frame() const { return server_frame_; }
  std::uint64_t lost() { return net_.cable().a_to_b().lost + net_.cable().b_to_a().lost; }

 private:
  double now() { return std::chrono::duration<double>(net_.loop().now().time_since_epoch()).count(); }
  bool until(const std::function<bool()>& done) { return net_.loop().run_until(done, net_.loop().now() + kLimit); }

  std::string connect() {
    Host& near = net_.host(0);
    Host& far = net_.host(1);
    const auto listener = far.socket();
    const auto client = near.socket();
    const Endpoint server{net_.address(1), kRecoveryPort};
    if (!listener || !client || !far.bind(*listener, server) || !far.listen(*listener, 1)) return "cannot listen";
    moments_.connecting = now();
    if (const auto done = near.connect(*client, server); !done) return done.error().message;
    moments_.connected = now();
    const auto accepted = far.accept(*listener);
    if (!accepted) return accepted.error().message;
    client_ = *client;
    server_ = *accepted;
    return near.set_nonblocking(client_, true) && far.set_nonblocking(server_, true) ? "" : "cannot be non-blocking";
  }

  std::string transfer() {
    Host& near = net_.host(0);
    moments_.sending = now();
    const std::vector<std::uint8_t> data(kRecoveryBytes, 0x5A);
    if (const auto sent = near.send(client_, data); !sent || *sent != data.size())
      return "the send buffer is too small";
    std::vector<std::uint8_t> taken(kRecoveryBytes + 1);
    std::size_t received = 0;
    const auto all_read = [&] {
      const auto got = net_.host(1).recv(server_, std::span(taken).subspan(received));
      received += got ? *got : 0;
      return received == kRecoveryBytes;
    };
    if (!until(all_read)) return "the data does not arrive";
    moments_.delivered = now();
    taken.resize(received);
    if (taken != data) return "other data arrives";
    const auto acknowledged = [&] {
      const auto waiting = near.unacknowledged_bytes(client_);
      return waiting && *waiting == 0;
    };
    return until(acknowledged) ? "" : "the data is not acknowledged";
  }

  std::string close() {
    moments_.closing = now();
    if (!net_.host(0).shutdown(client_, Shutdown::kWrite)) return "cannot shut down";
    if (!until([&] { return at_end(1, server_); })) return "the client's FIN does not arrive";
    if (!net_.host(1).shutdown(server_, Shutdown::kWrite)) return "cannot shut down";
    // Each may be first, according to what is lost.
    bool client_done = false;
    bool server_done = false;
    const auto both = [&] {
      if (!client_done && at_end(0, client_)) {
        client_done = true;
        moments_.client_done = now();
      }
      if (!server_done && state_of(1, server_) == tcp::State::kClosed) {
        server_done = true;
        moments_.server_done = now();
      }
      return client_done && server_done;
    };
    return until(both) ? "" : "the connection does not close";
  }

  bool at_end(int end, int descriptor) {
    std::array<std::uint8_t, 1> byte{};
    const auto got = net_.host(end).recv(descriptor, byte);
    return got && *got == 0;
  }
  tcp::State state_of(int end, int descriptor) {
    const auto rows = net_.host(end).list();
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.descriptor == descriptor; });
    return row == rows.end() ? tcp::State::kClosed : row->state;
  }

  sim::BackToBack<kBytes> net_;
  Moments moments_;
  int client_ = -1;
  int server_ = -1;
  std::uint64_t client_frame_ = 0;
  std::uint64_t server_frame_ = 0;
};

}  // namespace

Result<double, std::string> recovery_s(Lost lost) {
  sim::BackToBackOptions options;
  options.a_to_b.delay_ns = options.b_to_a.delay_ns = kRecoveryOneWayNs;
  Run whole(options);
  if (std::string problem = whole.run(lost); !problem.empty()) return Failure{problem};
  // The same run again, without the frame that turned out to be it: until then both are alike.
  options.a_to_b.lose_frame = whole.client_frame();
  options.b_to_a.lose_frame = whole.server_frame();
  Run with_loss(options);
  if (std::string problem = with_loss.run(Lost::kNothing); !problem.empty()) return Failure{problem};
  if (with_loss.lost() != 1) return Failure<std::string>{"the segment to lose was not sent"};
  return with_loss.moments().stage(lost) - whole.moments().stage(lost);
}

}  // namespace sockwire::bench
