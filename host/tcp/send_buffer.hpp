// SPDX-License-Identifier: Apache-2.0
// What the application gave and the peer has not acknowledged: copies, and memory of the application's that it lends
// until then (zero copy).
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "host/tcp/ring.hpp"

namespace sockwire::tcp {

/// A queue of bytes with sequence numbers, of which some are lent:
///
///     begin()                                 end()
///     | sent, unacknowledged | not yet sent |  space()  |
///     | copied |  lent  | lent | copied     |
///
/// Copied bytes are in a ring; lent ones take no room there, so a copied byte is found at its sequence number less the
/// lent bytes before it.
class SendBuffer {
 public:
  /// So many pieces may be lent or wait for somebody to take their completion, and so many bytes be lent.
  static constexpr std::size_t kLentPiecesMax = 256;
  static constexpr std::size_t kLentBytesMax = std::size_t{1} << 26;

  SendBuffer(std::size_t capacity, SeqNum begin) : ring_(capacity), begin_(begin), end_(begin) {}

  /// Copies as much as there is space for, and returns how much.
  std::size_t append(std::span<const std::uint8_t> data) {
    const std::size_t bytes = std::min(data.size(), space());
    const SeqNum at = end_ - lent_passed_ - lent_bytes_;
    ring_.reserve(at - static_cast<std::uint32_t>(copied()), at + static_cast<std::uint32_t>(bytes));
    ring_.write(at, data.first(bytes));
    end_ += static_cast<std::uint32_t>(bytes);
    return bytes;
  }
  /// Takes all of it without a copy, or returns false for now. `data` stays as it is until the token comes back.
  [[nodiscard]] bool lend(std::span<const std::uint8_t> data, std::uint64_t token) {
    if (data.size() > kLentBytesMax - lent_bytes_ || pieces_.size() - polled_ >= kLentPiecesMax) return false;
    if (pieces_.size() == pieces_.capacity() && polled_ > 0) {
      pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(polled_));
      completed_ -= std::exchange(polled_, 0);
    }
    const auto bytes = static_cast<std::uint32_t>(data.size());
    pieces_.push_back({end_, end_ + bytes, data.data(), token});
    lent_bytes_ += bytes;
    end_ += bytes;
    if (bytes == 0) complete_to(begin_);
    return true;
  }
  /// The token of the next piece that is not needed any more, in the order of lend().
  std::optional<std::uint64_t> take_completion() {
    if (completions() == 0) return std::nullopt;
    return pieces_[polled_++].token;
  }
  /// How many take_completion() would return.
  std::size_t completions() const { return completed_ - polled_; }

  /// Gives up what lies before `seq`.
  void release_to(SeqNum seq) {
    assert(seq <= end_);
    if (seq <= begin_) return;
    begin_ = seq;
    if (completed_ != pieces_.size()) complete_to(seq);
    if (begin_ == end_) ring_.on_empty();
  }
  /// Gives up what lies from `seq` on, and completes all that is lent: what is left is copied. Nothing may be added any
  /// more.
  void take_over(SeqNum seq) {
    if (completed_ == pieces_.size()) return;
    std::vector<std::uint8_t> own(seq_max(seq_min(seq, end_), begin_) - begin_);
    copy(begin_, own);
    own_ = std::move(own);
    own_begin_ = begin_;
    end_ = begin_ + static_cast<std::uint32_t>(own_.size());
    completed_ = pieces_.size();
    lent_passed_ += std::exchange(lent_bytes_, 0);
  }

  /// Puts the byte at seq + i to out[i], for all of out that is still here. Returns how many those are: what is missing
  /// is missing at the front, which was released. Precondition: seq + out.size() <= end(), or nothing is left.
  std::size_t copy(SeqNum seq, std::span<std::uint8_t> out) const {
    const SeqNum last = seq_min(seq + static_cast<std::uint32_t>(out.size()), end_);
    const SeqNum first = seq_max(seq, begin_);
    if (first >= last) return 0;
    const std::size_t bytes = last - first;
    out = out.subspan(first - seq, bytes);
    if (!own_.empty()) {
      std::memcpy(out.data(), &own_[first - own_begin_], bytes);
      return bytes;
    }
    std::uint32_t lent_before = lent_passed_;
    std::size_t done = 0;
    // Those that reach beyond the range do it no harm: `done` ends the copies.
    for (std::size_t i = completed_; i < pieces_.size() && done < bytes; ++i) {
      const Lent& piece = pieces_[i];
      SeqNum at = first + static_cast<std::uint32_t>(done);
      if (piece.end > at) {
        if (at < piece.begin) {
          const std::size_t copied = std::min<std::size_t>(piece.begin - at, bytes - done);
          ring_.read(at - lent_before, out.subspan(done, copied));
          done += copied;
          at += static_cast<std::uint32_t>(copied);
        }
        const std::size_t lent = std::min<std::size_t>(piece.end - at, bytes - done);
        if (lent > 0) std::memcpy(&out[done], piece.data + (at - piece.begin), lent);
        done += lent;
      }
      lent_before += piece.end - piece.begin;
    }
    if (done < bytes) ring_.read(first + static_cast<std::uint32_t>(done) - lent_before, out.subspan(done));
    return bytes;
  }

  SeqNum begin() const { return begin_; }
  SeqNum end() const { return end_; }
  std::size_t size() const { return end_ - begin_; }
  /// Bytes that append() would take.
  std::size_t space() const { return own_.empty() ? ring_.capacity() - copied() : 0; }
  std::size_t capacity() const { return ring_.capacity(); }

 private:
  struct Lent {
    SeqNum begin;
    SeqNum end;
    const std::uint8_t* data;
    std::uint64_t token;
  };

  void complete_to(SeqNum seq) {
    for (; completed_ < pieces_.size() && pieces_[completed_].end <= seq; ++completed_) {
      const std::uint32_t bytes = pieces_[completed_].end - pieces_[completed_].begin;
      lent_bytes_ -= bytes;
      lent_passed_ += bytes;
    }
  }
  /// Bytes of the ring that are in use.
  std::size_t copied() const {
    std::uint32_t lent = lent_bytes_;
    if (completed_ < pieces_.size() && pieces_[completed_].begin < begin_) lent -= begin_ - pieces_[completed_].begin;
    return size() - lent;
  }

  SeqRing ring_;
  SeqNum begin_;
  SeqNum end_;
  /// Up to polled_ is over, up to completed_ has a token to take, what comes then is lent.
  std::vector<Lent> pieces_;
  std::size_t polled_ = 0;
  std::size_t completed_ = 0;
  std::uint32_t lent_bytes_ = 0;   ///< Of the pieces that are not completed, what is acknowledged of them included.
  std::uint32_t lent_passed_ = 0;  ///< Of those that are, modulo 2^32.
  std::vector<std::uint8_t> own_;  ///< In place of ring and pieces, after take_over().
  SeqNum own_begin_;
};

}  // namespace sockwire::tcp
