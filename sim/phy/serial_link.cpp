// SPDX-License-Identifier: Apache-2.0
#include "sim/phy/serial_link.hpp"

#include <algorithm>

namespace sockwire::sim {

namespace {

constexpr int bits_of(const CodeGroup&) { return 10; }
constexpr int bits_of(const Block66&) { return 66; }

template <typename Code>
constexpr int kBits = bits_of(typename Code::TxSymbol());

/// Symbols that the elastic store holds when it begins, and at most.
constexpr int kStoreBegin = 2;
constexpr int kStoreFull = 4;

std::uint64_t low_mask(int count) { return count == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1; }

}  // namespace

void BitQueue::append(std::uint64_t bits, int count) {
  if (count == 0) return;
  if (size_ + 64 > 64 * words_.size() - 64) grow();
  bits &= low_mask(count);
  const std::size_t at = head_ + size_;
  const std::size_t word = at / 64 & (words_.size() - 1);
  const int shift = static_cast<int>(at % 64);
  words_[word] = (words_[word] & low_mask(shift)) | (bits << shift);
  if (shift + count > 64) words_[(word + 1) & (words_.size() - 1)] = bits >> (64 - shift);
  size_ += static_cast<std::size_t>(count);
}

std::uint64_t BitQueue::take(int count) {
  const std::size_t word = head_ / 64 & (words_.size() - 1);
  const int shift = static_cast<int>(head_ % 64);
  std::uint64_t bits = words_[word] >> shift;
  if (shift + count > 64) bits |= words_[(word + 1) & (words_.size() - 1)] << (64 - shift);
  head_ += static_cast<std::size_t>(count);
  size_ -= static_cast<std::size_t>(count);
  return count == 0 ? 0 : bits & low_mask(count);
}

void BitQueue::grow() {
  BitQueue larger;
  larger.words_.resize(2 * words_.size());
  while (size_ > 0) {
    const int count = static_cast<int>(std::min<std::size_t>(size_, 64));
    larger.append(take(count), count);
  }
  *this = std::move(larger);
}

template <typename Code>
SerialLink<Code>::SerialLink(const SerialSettings& settings, std::uint64_t seed)
    : settings_(settings), errors_(settings.bit_error_rate, seed), random_(seed ^ 0x5E71A1) {
  to_burst_ = random_.trials_until(settings_.burst_rate);
  to_slip_ = random_.trials_until(settings_.slip_rate);
  start();
}

template <typename Code>
void SerialLink<Code>::start() {
  skip_ = settings_.alignment >= 0 ? settings_.alignment : static_cast<int>(random_.below(kBits<Code>));
  running_ = false;
  bits_.clear();
  under_way_.clear();
  arrived_ = 0;
  last_ = {};
}

template <typename Code>
void SerialLink<Code>::plug(bool plugged) {
  if (plugged != plugged_) start();
  plugged_ = plugged;
}

template <typename Code>
SerialCounters SerialLink<Code>::counters() const {
  SerialCounters all = counters_;
  all.bit_errors += errors_.count();
  return all;
}

/// What becomes of up to 64 bits: flips by themselves and in bursts.
template <typename Code>
std::uint64_t SerialLink<Code>::upset(std::uint64_t bits, int count) {
  if (!errors_.all_pass(count)) bits ^= errors_.flips(count)[0];
  if (burst_left_ == 0 && to_burst_ >= static_cast<std::uint64_t>(count)) {
    if (settings_.burst_rate > 0) to_burst_ -= static_cast<std::uint64_t>(count);
    return bits;
  }
  for (int i = 0; i < count; ++i) {
    if (burst_left_ == 0 && to_burst_-- == 0) {
      burst_left_ = settings_.burst_bits;
      ++counters_.bursts;
      to_burst_ = random_.trials_until(settings_.burst_rate);
    }
    if (burst_left_ == 0) continue;
    --burst_left_;
    if (random_.below(2) == 0) continue;
    bits ^= std::uint64_t{1} << i;
    ++counters_.bit_errors;
  }
  return bits;
}

/// Up to 64 bits of a symbol into the queue, with slips.
template <typename Code>
void SerialLink<Code>::send(std::uint64_t bits, int count) {
  bits = upset(bits, count);
  const int skipped = std::min(skip_, count);
  skip_ -= skipped;
  bits >>= skipped == 64 ? 0 : skipped;
  count -= skipped;
  while (to_slip_ < static_cast<std::uint64_t>(count)) {
    const int before = static_cast<int>(to_slip_);
    const bool twice = random_.below(2) == 0;
    bits_.append(bits, before);
    sent_ += before;
    bits >>= before;
    count -= before;
    if (twice) {
      bits_.append(bits, 1);
      ++sent_;
    } else {
      bits >>= 1;
      --count;
    }
    ++counters_.slips;
    to_slip_ = random_.trials_until(settings_.slip_rate);
  }
  if (settings_.slip_rate > 0) to_slip_ -= static_cast<std::uint64_t>(count);
  bits_.append(bits, count);
  sent_ += count;
}

template <typename Code>
void SerialLink<Code>::drive(std::int64_t time_fs, const typename Code::TxSymbol& symbol) {
  if (!plugged_) return;
  sent_ = 0;
  if constexpr (kBits<Code> == 10) {
    send(symbol, 10);
  } else {
    send(symbol.sync, 2);
    send(symbol.data, 64);
  }
  // The last bit is there one symbol after the first was driven.
  const double delay_fs = 1e6 * settings_.length_m * settings_.delay_ns_per_m + 1e3 * Code::kClockPs;
  under_way_.push_back({time_fs + static_cast<std::int64_t>(delay_fs), sent_});
}

template <typename Code>
typename Code::RxSymbol SerialLink<Code>::observe(std::int64_t time_fs) {
  constexpr std::size_t kSymbol = kBits<Code>;
  while (!under_way_.empty() && under_way_.front().arrival_fs <= time_fs) {
    arrived_ += static_cast<std::size_t>(under_way_.front().bits);
    under_way_.pop_front();
  }
  if (!plugged_ || (!running_ && arrived_ < kStoreBegin * kSymbol)) return last_;
  running_ = arrived_ >= kSymbol;
  if (!running_) {  // the receiver's clock is faster: what it had, once more, until the store has filled again
    ++counters_.slips;
    return last_;
  }
  if (arrived_ > kStoreFull * kSymbol) {  // it is slower
    ++counters_.slips;
    while (arrived_ > kStoreBegin * kSymbol) take();
  }
  last_ = take();
  return last_;
}

template <typename Code>
typename Code::RxSymbol SerialLink<Code>::take() {
  arrived_ -= kBits<Code>;
  typename Code::RxSymbol symbol{};
  if constexpr (kBits<Code> == 10) {
    symbol = bits_.take(10);
  } else {
    symbol.sync = bits_.take(2);
    symbol.data = bits_.take(64);
  }
  return symbol;
}

template class SerialLink<Code1000BaseX>;
template class SerialLink<Code10GBaseR>;

}  // namespace sockwire::sim
