// SPDX-License-Identifier: Apache-2.0
// Many connections between two stacks: opened, used a little, and left alone.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "tests/host/stack/stack_pair.hpp"

namespace sockwire::stack::test {

class ManyConnections {
 public:
  static constexpr std::uint16_t kPort = 80;

  explicit ManyConnections(unsigned near_addresses) : pair_(near_addresses), addresses_(near_addresses) {
    const auto listening = pair_.far().tcp().listen({}, {Ipv4Address(), kPort}, 256);
    if (!listening) throw std::runtime_error("cannot listen");
    listener_ = *listening;
  }

  StackPair& pair() { return pair_; }
  const std::vector<ConnectionId>& near() const { return near_; }
  const std::vector<ConnectionId>& far() const { return far_; }

  /// So many more, spread over the addresses; each is accepted.
  void open(std::size_t count) {
    near_.reserve(near_.size() + count);
    far_.reserve(far_.size() + count);
    for (std::size_t i = 0; i < count; ++i) {
      const Ipv4Address from = StackPair::near_address(static_cast<unsigned>(near_.size() % addresses_));
      const auto opened = pair_.near().tcp().connect(pair_.now(), {}, {from, 0}, {StackPair::far_address(), kPort});
      if (!opened) throw std::runtime_error("cannot connect");
      near_.push_back(*opened);
      pair_.settle();
      const auto accepted = pair_.far().tcp().accept(listener_);
      if (!accepted) throw std::runtime_error("was not connected");
      far_.push_back(*accepted);
      forget_events();
    }
  }
  /// Each end sends so many bytes over each connection, and reads what comes. Returns how many bytes came.
  std::size_t exchange(std::size_t bytes) {
    const Bytes data(bytes, 0x5a);
    Bytes in(bytes + 1);
    std::size_t came = 0;
    for (std::size_t i = 0; i < near_.size(); ++i) {
      pair_.near().tcp().send(pair_.now(), near_[i], data);
      pair_.far().tcp().send(pair_.now(), far_[i], data);
      pair_.settle();
      came += pair_.far().tcp().recv(pair_.now(), far_[i], in);
      came += pair_.near().tcp().recv(pair_.now(), near_[i], in);
      pair_.settle();
      forget_events();
    }
    return came;
  }
  void pass(Duration time) {
    pair_.pass(time);
    forget_events();
  }

 private:
  void forget_events() {
    while (pair_.near().tcp().poll_event()) {
    }
    while (pair_.far().tcp().poll_event()) {
    }
  }

  StackPair pair_;
  unsigned addresses_;
  ListenerId listener_ = 0;
  std::vector<ConnectionId> near_;
  std::vector<ConnectionId> far_;
};

}  // namespace sockwire::stack::test
