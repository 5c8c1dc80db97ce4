// SPDX-License-Identifier: Apache-2.0
#include "host/stack/udp_queue.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>

namespace sockwire::stack {

static_assert(std::is_trivially_copyable_v<DatagramInfo>, "it is kept as bytes");

bool UdpQueue::push(const DatagramInfo& info, std::span<const std::uint8_t> payload) {
  if (kOverheadBytes + payload.size() > capacity_ - used_) return false;
  if (!ring_) ring_ = std::make_unique_for_overwrite<std::uint8_t[]>(capacity_);
  DatagramInfo header = info;
  header.bytes = payload.size();
  std::array<std::uint8_t, kOverheadBytes> bytes;
  std::memcpy(bytes.data(), &header, bytes.size());
  write(bytes);
  write(payload);
  ++datagrams_;
  return true;
}

std::optional<DatagramInfo> UdpQueue::pop(std::span<std::uint8_t> out) {
  const std::optional<DatagramInfo> info = peek(out);
  if (!info) return std::nullopt;
  const std::size_t taken = kOverheadBytes + info->bytes;
  head_ = (head_ + taken) % capacity_;
  used_ -= taken;
  --datagrams_;
  return info;
}

std::optional<DatagramInfo> UdpQueue::peek(std::span<std::uint8_t> out) const {
  if (empty()) return std::nullopt;
  std::array<std::uint8_t, kOverheadBytes> bytes;
  read(head_, bytes);
  DatagramInfo info;
  std::memcpy(&info, bytes.data(), bytes.size());
  read((head_ + kOverheadBytes) % capacity_, out.first(std::min(out.size(), info.bytes)));
  return info;
}

void UdpQueue::write(std::span<const std::uint8_t> bytes) {
  const std::size_t start = (head_ + used_) % capacity_;
  const std::size_t first = std::min(bytes.size(), capacity_ - start);
  std::copy_n(bytes.begin(), first, &ring_[start]);
  std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(first), bytes.end(), &ring_[0]);
  used_ += bytes.size();
}

void UdpQueue::read(std::size_t from, std::span<std::uint8_t> out) const {
  const std::size_t first = std::min(out.size(), capacity_ - from);
  std::copy_n(&ring_[from], first, out.begin());
  std::copy_n(&ring_[0], out.size() - first, out.begin() + static_cast<std::ptrdiff_t>(first));
}

}  // namespace sockwire::stack
