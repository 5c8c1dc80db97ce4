// SPDX-License-Identifier: Apache-2.0
// Calls the kernels' functions with random arguments. Compiled twice: with our integers and with AMD's
// (SOCKWIRE_AP_INT).
#include "tests/hls/vitis/functions.hpp"

#include <tuple>
#include <type_traits>

#include "hls/checksum/checksum_insert.hpp"
#include "hls/checksum/receive_parser.hpp"
#include "hls/mac/mac_rx.hpp"
#include "hls/mac/mac_tx.hpp"
#include "hls/segment/assembler.hpp"
#include "hls/segment/command_parser.hpp"
#include "hls/segment/segmenter.hpp"
#include "hls/segment/send_buffer.hpp"
#include "tests/hls/vitis/random_fields.hpp"

namespace sockwire {

template <typename Visitor>
void each_field(Visitor& visit, SummedFrame& x) {
  visit(x.insert_l3, x.insert_l4, x.l3_checksum_word, x.l4_checksum_word, x.l3_checksum, x.l4_checksum);
}
template <typename Visitor>
void each_field(Visitor& visit, FoldedSums& x) {
  visit(x.valid, x.plan, x.l3, x.l4);
}
template <typename Visitor, int kBytes>
void each_field(Visitor& visit, SumMasks<kBytes>& x) {
  visit(x.l3, x.l4);
}
template <typename Visitor, int kBytes>
void each_field(Visitor& visit, BodyBeat<kBytes>& x) {
  visit(x.keep, x.ends, x.good);
}
template <typename Visitor, int kBytes>
void each_field(Visitor& visit, Places<kBytes>& x) {
  for (ap_uint<8>& bits : x.bits) visit(bits);
}
template <typename Visitor, int kBytes>
void each_field(Visitor& visit, CommandParserState<kBytes>& x) {
  visit(x.header, x.ended, x.started, x.epoch, x.open, x.next_place, x.control, x.ack, x.body_end, x.tail);
}
template <typename Visitor>
void each_field(Visitor& visit, ParsedFields& x) {
  visit(x.vlan, x.ip, x.version, x.ihl, x.total, x.fragment, x.protocol, x.data_offset, x.udp_bytes, x.udp_unsummed);
}
template <typename Visitor>
void each_field(Visitor& visit, ReceiveFacts& x) {
  visit(x.bytes, x.vlan, x.ip, x.l3_bad, x.fragment, x.tcp, x.udp, x.l4_bad, x.unsummed, x.l4_offset, x.payload_offset);
}
template <typename Visitor>
void each_field(Visitor& visit, ReceiveParserState<8>& x) {
  visit(x.fields, x.beat, x.number, x.l3_part, x.l4_part);
}
template <typename Visitor>
void each_field(Visitor& visit, MacTxState<8>& x) {
  visit(x.wait, x.lane4, x.deficit);
}
template <typename Visitor>
void each_field(Visitor& visit, RxMatch& x) {
  visit(x.own, x.broadcast, x.group, x.pause_address, x.pause_type, x.quanta);
}

namespace {

class Calls {
 public:
  explicit Calls(std::uint32_t seed) : random_(seed) {}

  /// Calls a function with random arguments, and notes what it returns and what it made of them.
  template <typename Result, typename... Arguments>
  void operator()(const std::string& name, Result (*function)(Arguments...)) {
    std::tuple<std::decay_t<Arguments>...> arguments{random_.value<std::decay_t<Arguments>>()...};
    Digest& digest = digests_[name];
    if constexpr (std::is_void_v<Result>) {
      std::apply(function, arguments);
    } else {
      digest.of(std::apply(function, arguments));
    }
    std::apply([&](auto&... each) { (digest.of(each), ...); }, arguments);
  }

  functions::Digests digests() const {
    functions::Digests out;
    for (const auto& [name, digest] : digests_) out[name] = digest.value();
    return out;
  }

 private:
  RandomFields random_;
  std::map<std::string, Digest> digests_;
};

template <int kBytes>
void call_beats(Calls& call, const std::string& width) {
  call("beat_sum" + width, beat_sum<kBytes>);
  call("masks_of" + width, masks_of<kBytes>);
  call("l3_end_of" + width, l3_end_of<kBytes>);
  call("patched" + width, patched<kBytes>);
  call("keep_of" + width, keep_of<kBytes>);
  call("bytes_of" + width, bytes_of<kBytes>);
  call("beats_of" + width, beats_of<kBytes>);
  call("last_beat_bytes" + width, last_beat_bytes<kBytes>);
  call("stamped_beat" + width, stamped_beat<kBytes>);
  call("take_body" + width, take_body<kBytes>);
  call("entry_at" + width, entry_at<kBytes>);
  call("move_on" + width, move_on<kBytes>);
  call("ring_address" + width, ring_address<kBytes>);
  call("ring_of" + width, ring_of<kBytes>);
  call("stamp_of" + width, stamp_of<kBytes>);
  call("tx_frame_of" + width, tx_frame_of<kBytes>);
  call(
      "rotate_down" + width, +[](const ap_uint<8 * kBytes>& data, const ap_uint<3>& turn) {
        return rotate_down<kBytes>(data, ap_uint<3>(turn & (kBytes - 1)));
      });
  call(
      "bank_row" + width, +[](const Ring<kBytes>& ring, const Offset<kBytes>& offset) {
        return bank_row<kBytes>(ring, offset, kBytes / 2);
      });
  call(
      "verdict_of" + width, +[](const CommandParserState<kBytes>& state, const ap_uint<queue_entries(kBytes)>& busy,
                                const ap_uint<16>& credit) {
        return ap_uint<8>(static_cast<unsigned>(verdict_of(state.header, facts_of<kBytes>(state, busy, credit))));
      });
}

void call_transmit(Calls& call) {
  call("low_word", low_word);
  call("high_word", high_word);
  call("header_of", header_of);
  call("send_parameters", send_parameters);
  call("send_is_valid", send_is_valid);
  call("is_known", is_known);
  call("lane_frame_of", lane_frame_of);
  call("stamped_word", stamped_word);
  call("take_parameter", take_parameter);
  call("next_slot", next_slot);
  call("not_after", not_after);
  call("fold_once", fold_once);
  call("fold_again", fold_again);
  call("checksum_of", checksum_of);
  call("summed_frame", summed_frame);
  call(
      "xgmii_tx_gap",
      +[](MacTxState<8>& state, const ap_uint<3>& bytes) { detail::xgmii_tx_gap(state, ap_uint<4>(bytes) + 1); });
}

void call_receive(Calls& call) {
  call("receive_descriptor", detail::receive_descriptor);
  call("parser_fields", detail::parser_fields);
  call("parser_facts", detail::parser_facts);
  call("parser_parts", detail::parser_parts);
  call("parser_add", detail::parser_add);
  call("parser_word", +[](const ap_uint<64>& data) { return detail::parser_word(data, 2); });
  call(
      "gmii_rx_match", +[](RxMatch& match, const ap_uint<4>& index, const ap_uint<8>& byte, const MacConfig& config) {
        detail::gmii_rx_match(match, ap_uint<11>(index), byte, config);
      });
  call(
      "xgmii_rx_last", +[](const ap_uint<64>& data, const ap_uint<3>& bytes, bool bad) {
        return detail::xgmii_rx_last(data, ap_uint<4>(bytes) + 1, bad);
      });
}

// What no kernel may do, since it means something else there.
void call_planted(Calls& call) {
  typedef const ap_uint<8>& Byte;
  call("planted: shift without a width", +[](Byte a) { return ap_uint<16>(a << 4); });
  call("planted: difference compared", +[](Byte a, Byte b) { return a - b > 200; });
  call("planted: difference divided", +[](Byte a, Byte b) { return ap_uint<16>((a - b) / 2); });
  call("planted: complement widened", +[](Byte a) { return ap_uint<16>(~a); });
}

}  // namespace
}  // namespace sockwire

#if defined(SOCKWIRE_AP_INT)
functions::Digests functions::with_ap_int(std::uint32_t seed, int rounds) {
#else
functions::Digests functions::native(std::uint32_t seed, int rounds) {
#endif
  sockwire::Calls calls(seed);
  for (int i = 0; i < rounds; ++i) {
    sockwire::call_beats<1>(calls, "<1>");
    sockwire::call_beats<8>(calls, "<8>");
    sockwire::call_transmit(calls);
    sockwire::call_receive(calls);
    sockwire::call_planted(calls);
  }
  return calls.digests();
}
