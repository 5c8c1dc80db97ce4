// SPDX-License-Identifier: Apache-2.0
// load_be16 and its like. Their home is beside the header layouts, where the kernels see them too.
#pragma once

#include "hls/wire/byte_order.hpp"  // IWYU pragma: export
