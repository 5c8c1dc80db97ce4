#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs everything somewhere new, and builds and runs the examples against what was installed: with find_package() and with
# pkg-config.
#   install_test.sh SOURCE_DIR BUILD_DIR
set -eu

source=$1
build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix

cmake --install "$build" --prefix "$prefix" >"$work/log" || { cat "$work/log"; exit 1; }
test -s "$prefix/lib/udev/rules.d/70-sockwire-usb.rules"
libdir=$(dirname "$(find "$prefix" -name libsockwire.so)")

# find_package(), from nothing but the prefix
cmake -S "$source/host/api/examples" -B "$work/examples" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" \
  -DCMAKE_C_FLAGS="-Wall -Wextra -Wpedantic -Werror" -DCMAKE_CXX_FLAGS="-Wall -Wextra -Wpedantic -Werror" \
  >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
cmake --build "$work/examples" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"$work/examples/offloaded_send_c" | tee "$work/out"
grep -q "65536 bytes in one call; the card made 47 segments of at most 1448 bytes; the same came" "$work/out"
"$work/examples/offloaded_send_cpp" | tee "$work/out"
grep -q "1048576 bytes, the same came" "$work/out"

# pkg-config
flags=$(PKG_CONFIG_PATH="$libdir/pkgconfig" pkg-config --cflags --libs sockwire)
# shellcheck disable=SC2086 # a list of words
cc -std=c11 -Wall -Wextra -Werror -o "$work/by_pkg_config" "$source/host/api/examples/offloaded_send.c" $flags
LD_LIBRARY_PATH="$libdir" "$work/by_pkg_config" | grep -q "the same came"
