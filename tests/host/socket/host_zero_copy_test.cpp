// SPDX-License-Identifier: Apache-2.0
// Sends without a copy, over sockets.
#include <gtest/gtest.h>

#include "host/tcp/send_buffer.hpp"
#include "tests/host/socket/fake_wire.hpp"

namespace sockwire {
namespace {

using namespace std::chrono_literals;
using test::Frame;
using test::Pair;

struct Connected : Pair {
  Connected() {
    const int listener = far_listener(80);
    client = *near.socket();
    EXPECT_TRUE(near.connect(client, far_at(80)));
    server = *far.accept(listener);
    loop.add_task([this] {
      Frame chunk(65536);
      const auto got = far.recv(server, chunk, {.dont_wait = true});
      if (!got || *got == 0) return false;
      received.insert(received.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*got));
      return true;
    });
  }
  /// Until so much has come, and its acknowledgement.
  bool arrives(std::size_t bytes) {
    return loop.run_until([&] { return received.size() >= bytes; }, world.now() + 10s) &&
           (loop.run_until([] { return false; }, world.now() + 500ms), true);
  }
  int client = -1;
  int server = -1;
  Frame received;
};

TEST(HostZeroCopy, LentAndCopiedDataArriveInOrder) {
  Connected pair;
  const Frame lent(300'000, 0x11);
  const Frame copied(1000, 0x22);
  Frame all;
  for (std::uint64_t i = 0; i < 4; ++i) {
    ASSERT_TRUE(pair.near.send_zero_copy(pair.client, lent, i));
    ASSERT_TRUE(pair.near.send(pair.client, copied));
    all.insert(all.end(), lent.begin(), lent.end());
    all.insert(all.end(), copied.begin(), copied.end());
  }
  EXPECT_EQ(*pair.near.poll_completion(pair.client), std::nullopt);
  ASSERT_TRUE(pair.arrives(all.size()));
  EXPECT_TRUE(pair.received == all);
  PollRequest request{.descriptor = pair.client, .want_completion = true};
  ASSERT_EQ(*pair.near.poll({&request, 1}, Duration(0)), 1);
  EXPECT_TRUE(request.completion);
  for (std::uint64_t i = 0; i < 4; ++i) EXPECT_EQ(*pair.near.poll_completion(pair.client), i);
  EXPECT_EQ(*pair.near.poll_completion(pair.client), std::nullopt);
}

// After close() the connection finishes on its own, without the application's memory.
TEST(HostZeroCopy, CloseGivesTheMemoryBackAtOnce) {
  Connected pair;
  Frame lent(300'000, 0x11);
  ASSERT_TRUE(pair.near.send_zero_copy(pair.client, lent, 1));
  ASSERT_TRUE(pair.near.close(pair.client));
  lent.assign(lent.size(), 0xEE);
  EXPECT_FALSE(pair.near.poll_completion(pair.client));
  ASSERT_TRUE(pair.arrives(300'000));
  EXPECT_TRUE(pair.received == Frame(300'000, 0x11));
}

TEST(HostZeroCopy, TheEndOfTheConnectionCompletesAll) {
  Connected pair;
  pair.near_port.lose = [](const Frame&) { return true; };
  const Frame lent(1000, 0x11);
  ASSERT_TRUE(pair.near.send_zero_copy(pair.client, lent, 1));
  ASSERT_TRUE(pair.near.send_zero_copy(pair.client, lent, 2));
  pair.near_port.lose = [](const Frame&) { return false; };
  ASSERT_TRUE(pair.far.abort(pair.server));
  pair.loop.run_until([&] { return false; }, pair.world.now() + 5s);
  EXPECT_EQ(*pair.near.poll_completion(pair.client), 1u);
  EXPECT_EQ(*pair.near.poll_completion(pair.client), 2u);
  EXPECT_FALSE(pair.near.send_zero_copy(pair.client, lent, 3));
}

TEST(HostZeroCopy, WhatCannotBeLent) {
  Connected pair;
  ASSERT_TRUE(pair.near.set_nonblocking(pair.client, true));
  const Frame one(1);
  EXPECT_EQ(pair.near.send_zero_copy(*pair.near.socket(SocketType::kDatagram), one, 1).error().code,
            SocketErrc::kNotSupported);
  EXPECT_EQ(pair.near.send_zero_copy(*pair.near.socket(), one, 1).error().code, SocketErrc::kBrokenPipe);
  EXPECT_EQ(pair.near.send_zero_copy(77, one, 1).error().code, SocketErrc::kBadDescriptor);
  const std::span<const std::uint8_t> huge(one.data(), tcp::SendBuffer::kLentBytesMax + 1);  // it is not looked at
  EXPECT_EQ(pair.near.send_zero_copy(pair.client, huge, 1).error().code, SocketErrc::kTooLong);
  for (std::uint64_t i = 0; i < tcp::SendBuffer::kLentPiecesMax; ++i) {
    ASSERT_TRUE(pair.near.send_zero_copy(pair.client, one, i));
  }
  EXPECT_EQ(pair.near.send_zero_copy(pair.client, one, 1).error().code, SocketErrc::kWouldBlock);
  ASSERT_TRUE(pair.arrives(tcp::SendBuffer::kLentPiecesMax));
  EXPECT_EQ(pair.near.send_zero_copy(pair.client, one, 1).error().code, SocketErrc::kNoBuffers);
  EXPECT_EQ(*pair.near.poll_completion(pair.client), 0u);
  EXPECT_TRUE(pair.near.send_zero_copy(pair.client, one, 1));
}

}  // namespace
}  // namespace sockwire
