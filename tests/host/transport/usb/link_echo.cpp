// SPDX-License-Identifier: Apache-2.0
// A program on the USB link that expects its bytes back: once, and again after the cable was pulled and plugged in.
//   link_echo BYTES [abandon]    abandon: ends after the first time, and closes nothing
#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include "host/transport/usb/usb_byte_link.hpp"

namespace {

using sockwire::transport::UsbByteLink;

void run(UsbByteLink& link, const std::function<bool()>& done) {
  link.poll();
  while (!done()) {
    pollfd waited{link.wait_fd(), POLLIN, 0};
    poll(&waited, 1, -1);
    link.poll();
  }
}

/// Whether all came back as it was.
bool echo(UsbByteLink& link, std::size_t bytes) {
  std::vector<std::uint8_t> sent(bytes);
  for (std::size_t i = 0; i < bytes; ++i) sent[i] = static_cast<std::uint8_t>(i * 2654435761u >> 13);
  std::vector<std::uint8_t> back(bytes);
  std::size_t out = 0;
  std::size_t in = 0;
  run(link, [&] {
    out += link.write(std::span(sent).subspan(out));
    in += link.read(std::span(back).subspan(in));
    return in == bytes || link.lost();
  });
  std::printf("link_echo: %zu of %zu bytes came back, %s\n", in, bytes, back == sent ? "equal" : "not equal");
  std::fflush(stdout);
  return back == sent;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t bytes = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000;
  sockwire::transport::UsbLinkSettings settings;
  settings.baud = 12'000'000;
  const auto opened = UsbByteLink::open(settings);
  if (!opened) {
    std::printf("link_echo: %s\n", opened.error().message.c_str());
    return 1;
  }
  UsbByteLink& link = *opened.value();
  if (!echo(link, bytes)) return 1;
  if (argc > 2) _exit(0);
  std::printf("link_echo: pull the cable\n");
  std::fflush(stdout);
  run(link, [&] { return link.lost(); });
  std::printf("link_echo: %s\n", link.trouble().c_str());
  std::printf("link_echo: plug it in again\n");
  std::fflush(stdout);
  run(link, [&] { return !link.lost(); });
  std::printf("link_echo: back as session %u\n", link.session());
  return echo(link, bytes) && link.counters().overruns == 0 ? 0 : 1;
}
