// SPDX-License-Identifier: Apache-2.0
#include "sim/net/tap.hpp"

#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace sockwire::sim {

namespace {

ifreq request_for(const std::string& name) {
  ifreq request{};
  std::strncpy(request.ifr_name, name.c_str(), IFNAMSIZ - 1);
  return request;
}

/// What would let Linux leave work to a device that has no hardware for it. A kernel without one of them has it off.
void offloads_off(int control, const std::string& name) {
  for (const std::uint32_t command :
       {ETHTOOL_STXCSUM, ETHTOOL_SRXCSUM, ETHTOOL_SSG, ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO}) {
    ethtool_value value{command, 0};
    ifreq request = request_for(name);
    request.ifr_data = reinterpret_cast<char*>(&value);
    static_cast<void>(ioctl(control, SIOCETHTOOL, &request));
  }
}

}  // namespace

TapDevice::TapDevice(int descriptor, std::string name)
    : descriptor_(descriptor), name_(std::move(name)), number_(std::atoi(name_.c_str() + 4)) {}

TapDevice::~TapDevice() { close(descriptor_); }

Result<std::unique_ptr<TapDevice>, std::string> TapDevice::adopt(int descriptor) {
  ifreq request{};
  const int flags = fcntl(descriptor, F_GETFL);
  const bool tap = ioctl(descriptor, TUNGETIFF, &request) == 0 && (request.ifr_flags & IFF_TAP) != 0;
  if (!tap || flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) != 0) {
    return Failure<std::string>{"descriptor " + std::to_string(descriptor) + " is no TAP device"};
  }
  return std::unique_ptr<TapDevice>(new TapDevice(descriptor, request.ifr_name));
}

Result<std::unique_ptr<TapDevice>, std::string> TapDevice::open(const std::string& name) {
  const auto failure = [](const std::string& what) {
    const std::string advice = errno == EACCES || errno == EPERM || errno == ENOENT
                                   ? "; run as root, or use --wire loop, which needs no privilege"
                                   : "";
    return Failure{what + ": " + std::strerror(errno) + advice};
  };
  const int descriptor = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return failure("cannot open /dev/net/tun");
  // Not tap0: some programs try to create anything of that name.
  ifreq request = request_for(name);
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  if (ioctl(descriptor, TUNSETIFF, &request) != 0 || ioctl(descriptor, TUNSETOFFLOAD, 0) != 0) {
    const auto result = failure("cannot make a TAP device");
    close(descriptor);
    return result;
  }
  std::unique_ptr<TapDevice> device(new TapDevice(descriptor, request.ifr_name));
  const int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (control >= 0) {
    offloads_off(control, device->name());
    close(control);
  }
  return device;
}

std::span<const std::uint8_t> TapDevice::receive() {
  const ssize_t bytes = read(descriptor_, buffer_.data(), buffer_.size());
  return bytes > 0 ? std::span(buffer_).first(static_cast<std::size_t>(bytes)) : std::span<std::uint8_t>();
}

bool TapDevice::send(std::span<const std::uint8_t> frame) {
  return write(descriptor_, frame.data(), frame.size()) == static_cast<ssize_t>(frame.size());
}

Result<void, std::string> configure_tap(const TapDevice& device, const std::array<std::uint8_t, 6>& mac,
                                        int transmit_queue_frames) {
  const int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq address = request_for(device.name());
  address.ifr_hwaddr.sa_family = ARPHRD_ETHER;
  std::copy(mac.begin(), mac.end(), address.ifr_hwaddr.sa_data);
  ifreq queue = request_for(device.name());
  queue.ifr_qlen = transmit_queue_frames;
  const bool done = control >= 0 && ioctl(control, SIOCSIFHWADDR, &address) == 0;
  const int error = errno;
  // Only the machine's own root may set this one; without it the receive window alone keeps the queue short.
  if (done) static_cast<void>(ioctl(control, SIOCSIFTXQLEN, &queue));
  if (control >= 0) close(control);
  if (!done) return Failure{"cannot configure " + device.name() + ": " + std::strerror(error)};
  return {};
}

}  // namespace sockwire::sim
