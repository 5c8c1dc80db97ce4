// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/host/socket/fake_wire.hpp"

namespace sockwire {
namespace {

using namespace std::chrono_literals;
using test::Frame;
using test::Pair;

PollRequest ask(int descriptor, bool readable, bool writable) {
  PollRequest request;
  request.descriptor = descriptor;
  request.want_readable = readable;
  request.want_writable = writable;
  return request;
}

TEST(HostPoll, ListenerIsReadableWhenSomeoneWaits) {
  Pair pair;
  const int listener = pair.far_listener(80);
  auto request = ask(listener, true, false);
  EXPECT_EQ(*pair.far.poll({&request, 1}, 0s), 0);
  const int client = *pair.near.socket();
  ASSERT_TRUE(pair.near.connect(client, Pair::far_at(80)));
  EXPECT_EQ(*pair.far.poll({&request, 1}, 1s), 1);
  EXPECT_TRUE(request.readable);
}

TEST(HostPoll, WaitsAsLongAsItIsTold) {
  Pair pair;
  auto request = ask(pair.far_listener(80), true, false);
  const TimePoint start = pair.world.now();
  EXPECT_EQ(*pair.far.poll({&request, 1}, 250ms), 0);
  EXPECT_EQ(pair.world.now() - start, Duration(250ms));
}

TEST(HostPoll, DataEndAndHangUp) {
  Pair pair;
  const int listener = pair.far_listener(80);
  const int client = *pair.near.socket();
  ASSERT_TRUE(pair.near.connect(client, Pair::far_at(80)));
  const int server = *pair.far.accept(listener);
  PollRequest requests[2] = {ask(server, true, false), ask(listener, true, false)};
  EXPECT_EQ(*pair.far.poll(requests, 1ms), 0);
  ASSERT_TRUE(pair.near.send(client, Frame(3)));
  EXPECT_EQ(*pair.far.poll(requests, 1s), 1);
  EXPECT_TRUE(requests[0].readable);
  EXPECT_FALSE(requests[1].readable);
  EXPECT_EQ(*pair.far.readable_bytes(server), 3u);
  Frame got(10);
  ASSERT_TRUE(pair.far.recv(server, got));
  EXPECT_EQ(*pair.far.poll(requests, 1ms), 0);
  ASSERT_TRUE(pair.near.close(client));
  EXPECT_EQ(*pair.far.poll(requests, 1s), 1);
  EXPECT_TRUE(requests[0].readable);
  EXPECT_FALSE(requests[0].hung_up);
  ASSERT_TRUE(pair.far.shutdown(server, Shutdown::kWrite));
  EXPECT_EQ(*pair.far.poll(requests, 1s), 1);
  EXPECT_TRUE(requests[0].hung_up);
}

TEST(HostPoll, UnknownDescriptorFails) {
  Pair pair;
  auto request = ask(42, true, true);
  EXPECT_EQ(*pair.near.poll({&request, 1}, 0s), 1);
  EXPECT_TRUE(request.failed);
}

}  // namespace
}  // namespace sockwire
