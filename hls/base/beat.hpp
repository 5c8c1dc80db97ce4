// SPDX-License-Identifier: Apache-2.0
// AXI4-Stream beats. Byte i of a beat is data[8i+7:8i], and byte 0 is the first on the wire.
#pragma once

#include "hls/base/ap_uint.hpp"

namespace sockwire {

/// kBytes bytes of a packet. `keep` has a one for each valid byte; they are contiguous from byte 0 and all ones
/// except in the last beat, which has at least one.
template <int kBytes>
struct Beat {
  ap_uint<8 * kBytes> data = 0;
  ap_uint<kBytes> keep = 0;
  bool last = false;
};

}  // namespace sockwire
