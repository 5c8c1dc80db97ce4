// SPDX-License-Identifier: Apache-2.0
// The codes of hls/line by themselves, as kernels that a SAT solver can look at whole: a clock from in to out, no
// state.
#pragma once

#include "hls/base/stream.hpp"
#include "hls/line/code_64b66b.hpp"
#include "hls/line/code_8b10b.hpp"

namespace sockwire {

struct NoLineState {
  bool none = false;
};

inline void proof_encode_8b10b(NoLineState& state, wire<ap_uint<8>>& octet, wire<bool>& control, wire<bool>& before,
                               wire<CodeGroup>& group, wire<bool>& after) {
  Character character;
  character.octet = octet.read();
  character.control = control.read();
  bool positive = before.read();
  group.write(encode_8b10b(character, positive));
  after.write(positive);
  static_cast<void>(state);
}

inline void proof_decode_8b10b(NoLineState& state, wire<CodeGroup>& group, wire<bool>& before, wire<ap_uint<8>>& octet,
                               wire<bool>& control, wire<bool>& valid, wire<bool>& after) {
  bool positive = before.read();
  const DecodedGroup decoded = decode_8b10b(group.read(), positive);
  octet.write(decoded.character.octet);
  control.write(decoded.character.control);
  valid.write(decoded.valid);
  after.write(positive);
  static_cast<void>(state);
}

/// A beat of XGMII to a block and back, and whether the block was one.
inline void proof_64b66b(NoLineState& state, wire<ap_uint<64>>& data, wire<ap_uint<8>>& control, wire<bool>& good,
                         wire<bool>& same) {
  Line<8> line;
  line.data = data.read();
  line.control = control.read();
  const EncodedBlock encoded = encode_block(line);
  const DecodedBlock decoded = decode_block(encoded.block);
  good.write(encoded.type != BlockType::kError);
  same.write(decoded.type == encoded.type && decoded.line.data == line.data && decoded.line.control == line.control);
  static_cast<void>(state);
}

}  // namespace sockwire
