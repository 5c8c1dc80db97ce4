// SPDX-License-Identifier: Apache-2.0
// Compiled as C++14: what Vitis HLS takes.
#include "tests/hls/qor/crc32_byte.hpp"
#include "tests/hls/qor/crc32_wide.hpp"
#include "tests/hls/qor/encoder_8b10b.hpp"
#include "tests/hls/qor/frame_arbiter.hpp"
#include "tests/hls/qor/header_strip.hpp"
#include "tests/hls/qor/internet_checksum.hpp"
#include "tests/hls/qor/scrambler.hpp"
#include "tests/hls/qor/uart_receiver.hpp"
#include "tests/hls/qor/window_check.hpp"

static_assert(__cplusplus < 201703L, "this file is compiled as C++14");
