// SPDX-License-Identifier: Apache-2.0
// poll(2) and epoll(7) over the C interface, with the events that Linux gives.
#include "tests/host/api/virtual_pair.hpp"

namespace sockwire::api::test {
namespace {

short poll_one(sockwire_t* instance, int fd, short events = POLLIN | POLLOUT | POLLRDHUP) {
  pollfd entry{fd, events, 0};
  EXPECT_GE(sockwire_poll(instance, &entry, 1, 0), 0);
  return entry.revents;
}

TEST(Poll, TellsTheStatesOfAConnection) {
  VirtualPair pair;
  const int fresh = pair.socket(pair.near());
  EXPECT_EQ(poll_one(pair.near(), fresh), POLLOUT | POLLHUP);
  const auto [client, server] = pair.connect();
  EXPECT_EQ(poll_one(pair.near(), client), POLLOUT);
  EXPECT_EQ(sockwire_write(pair.far(), server, "x", 1), 1);
  EXPECT_TRUE(pair.run_until([&, fd = client] { return poll_one(pair.near(), fd) == (POLLIN | POLLOUT); }));
  char byte = 0;
  EXPECT_EQ(sockwire_read(pair.near(), client, &byte, 1), 1);
  EXPECT_EQ(sockwire_shutdown(pair.far(), server, SHUT_WR), 0);
  EXPECT_TRUE(pair.run_until([&, fd = client] { return poll_one(pair.near(), fd) == (POLLIN | POLLOUT | POLLRDHUP); }));
  EXPECT_EQ(sockwire_shutdown(pair.near(), client, SHUT_WR), 0);
  EXPECT_TRUE(pair.run_until(
      [&, fd = client] { return poll_one(pair.near(), fd) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP); }));
  EXPECT_EQ(poll_one(pair.near(), 999), POLLNVAL);
}

TEST(Poll, TimesOutInVirtualTime) {
  const sockwire_virtual_options made = options("192.0.2.1/24");
  const InstancePtr instance(sockwire_open_virtual(&made));
  const int fd = sockwire_socket(instance.get(), AF_INET, SOCK_STREAM, 0);
  EXPECT_EQ(sockwire_listen(instance.get(), fd, 1), 0);
  pollfd entry{fd, POLLIN, 0};
  EXPECT_EQ(sockwire_poll(instance.get(), &entry, 1, 1500), 0);
  EXPECT_EQ(sockwire_now_ns(instance.get()), 1500 * kMs);
  EXPECT_EQ(sockwire_poll(instance.get(), &entry, 1, -1), -1);
  EXPECT_EQ(errno, EDEADLK);
}

class Epoll : public ::testing::Test {
 protected:
  Epoll() {
    std::tie(client_, server_) = pair_.connect();
    epfd_ = sockwire_epoll_create1(pair_.near(), 0);
  }
  int add(std::uint32_t events, int operation = EPOLL_CTL_ADD) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = 42;
    return sockwire_epoll_ctl(pair_.near(), epfd_, operation, client_, &event);
  }
  std::uint32_t wait() {
    epoll_event event{};
    const int count = sockwire_epoll_wait(pair_.near(), epfd_, &event, 1, 0);
    EXPECT_GE(count, 0);
    EXPECT_TRUE(count == 0 || event.data.u64 == 42);
    return count == 0 ? 0 : event.events;
  }
  void send() {
    EXPECT_EQ(sockwire_write(pair_.far(), server_, "xy", 2), 2);
    pair_.run(10 * kMs);
  }

  VirtualPair pair_;
  int client_ = -1;
  int server_ = -1;
  int epfd_ = -1;
};

TEST_F(Epoll, LevelsAreToldAgain) {
  EXPECT_EQ(add(EPOLLIN), 0);
  EXPECT_EQ(wait(), 0u);
  send();
  EXPECT_EQ(wait(), EPOLLIN);
  EXPECT_EQ(wait(), EPOLLIN);
}

TEST_F(Epoll, EdgesAreToldOncePerArrival) {
  EXPECT_EQ(add(EPOLLIN | EPOLLET), 0);
  send();
  EXPECT_EQ(wait(), EPOLLIN);
  EXPECT_EQ(wait(), 0u);
  send();
  EXPECT_EQ(wait(), EPOLLIN);
  EXPECT_EQ(wait(), 0u);
}

TEST_F(Epoll, OnceIsUntilItIsArmedAgain) {
  EXPECT_EQ(add(EPOLLOUT | EPOLLONESHOT), 0);
  EXPECT_EQ(wait(), EPOLLOUT);
  EXPECT_EQ(wait(), 0u);
  EXPECT_EQ(add(EPOLLOUT | EPOLLONESHOT, EPOLL_CTL_MOD), 0);
  EXPECT_EQ(wait(), EPOLLOUT);
}

TEST_F(Epoll, ErrorsAreThoseOfLinux) {
  EXPECT_EQ(add(EPOLLIN), 0);
  EXPECT_EQ(add(EPOLLIN), -1);
  EXPECT_EQ(errno, EEXIST);
  EXPECT_EQ(sockwire_epoll_ctl(pair_.near(), epfd_, EPOLL_CTL_DEL, client_, nullptr), 0);
  EXPECT_EQ(add(EPOLLIN, EPOLL_CTL_MOD), -1);
  EXPECT_EQ(errno, ENOENT);
  EXPECT_EQ(sockwire_epoll_ctl(pair_.near(), client_, EPOLL_CTL_ADD, client_, nullptr), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(sockwire_close(pair_.near(), epfd_), 0);
  EXPECT_EQ(sockwire_close(pair_.near(), epfd_), -1);
  EXPECT_EQ(errno, EBADF);
}

TEST_F(Epoll, AClosedSocketLeavesTheSet) {
  EXPECT_EQ(add(EPOLLOUT), 0);
  EXPECT_EQ(sockwire_close(pair_.near(), client_), 0);
  EXPECT_EQ(wait(), 0u);
}

}  // namespace
}  // namespace sockwire::api::test
