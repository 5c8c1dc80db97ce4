// SPDX-License-Identifier: Apache-2.0
// Compiled as C++14: what kernels include must be that.
#include "hls/wire/arp.hpp"
#include "hls/wire/byte_order.hpp"
#include "hls/wire/ethernet.hpp"
#include "hls/wire/icmp.hpp"
#include "hls/wire/ipv4.hpp"
#include "hls/wire/ipv6.hpp"
#include "hls/wire/seq_num.hpp"
#include "hls/wire/tcp.hpp"
#include "hls/wire/udp.hpp"
#include "hls/wire/vlan.hpp"

static_assert(__cplusplus < 201703L, "this file is compiled as C++14");
