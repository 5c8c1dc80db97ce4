// SPDX-License-Identifier: Apache-2.0
#include "sim/net/net_namespace.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace sockwire::sim {

namespace {

constexpr const char* kInsteadUseLoop = "; run as root, or use --wire loop, which needs no privilege";

Failure<std::string> failure(const std::string& what) { return Failure{what + ": " + std::strerror(errno)}; }

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

bool write_file(const std::string& path, const std::string& text) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return file.ok() && write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

std::string namespace_path(pid_t pid, const char* kind) { return "/proc/" + std::to_string(pid) + "/ns/" + kind; }

std::uint64_t identity(const std::string& path) {
  struct stat info{};
  return stat(path.c_str(), &info) == 0 ? info.st_ino : 0;
}

/// Root inside, ourselves outside (user_namespaces(7)).
bool map_ids(uid_t uid, gid_t gid) {
  return write_file("/proc/self/setgroups", "deny") &&
         write_file("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1") &&
         write_file("/proc/self/gid_map", "0 " + std::to_string(gid) + " 1");
}

}  // namespace

NetResult enter_new_namespace() {
  const uid_t uid = geteuid();
  const gid_t gid = getegid();
  if (uid != 0 || unshare(CLONE_NEWNET | CLONE_NEWNS) != 0) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) != 0) {
      return failure(std::string("cannot make a network namespace") + kInsteadUseLoop);
    }
    if (!map_ids(uid, gid)) return failure(std::string("cannot map ids into a user namespace") + kInsteadUseLoop);
  }
  // Programs inside should find this namespace's devices below /sys; where that may not be, they do without.
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0) {
    static_cast<void>(mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr));
  }
  set_sysctl("ipv6/conf/all/disable_ipv6", "1");
  set_sysctl("ipv6/conf/default/disable_ipv6", "1");
  return bring_up("lo");
}

NetResult join_namespace_of(pid_t pid) {
  const std::string net_path = namespace_path(pid, "net");
  if (identity(net_path) == identity("/proc/self/ns/net")) return {};
  const std::string user_path = namespace_path(pid, "user");
  const std::string who = "cannot join the namespace of process " + std::to_string(pid);
  // All are opened first: after joining the user namespace the others may be out of sight.
  const Descriptor net(open(net_path.c_str(), O_RDONLY | O_CLOEXEC));
  const Descriptor user(open(user_path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!net.ok() || !user.ok()) return failure(who);
  if (identity(user_path) != identity("/proc/self/ns/user") && setns(user.get(), CLONE_NEWUSER) != 0) {
    return failure(who);
  }
  if (setns(net.get(), CLONE_NEWNET) != 0) return failure(who);
  return {};
}

std::uint64_t namespace_id_of(pid_t pid) { return identity(namespace_path(pid, "net")); }

NetResult add_point_to_point(const std::string& interface, const IpAddress& local, const IpAddress& peer) {
  const Descriptor netlink(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!netlink.ok()) return failure("cannot open a netlink socket");

  const bool ipv4 = local.is_ipv4();
  const std::size_t bytes = ipv4 ? 4 : 16;
  struct Attribute {
    rtattr header;
    std::uint8_t value[16];
  };
  struct {
    nlmsghdr header;
    ifaddrmsg message;
    std::uint8_t attributes[2 * sizeof(Attribute)];
  } request{};
  const auto put = [&](std::size_t at, unsigned short type, const IpAddress& address) {
    Attribute attribute{{static_cast<unsigned short>(sizeof(rtattr) + bytes), type}, {}};
    std::copy_n(address.bytes().end() - static_cast<std::ptrdiff_t>(bytes), bytes, attribute.value);
    std::memcpy(request.attributes + at, &attribute, sizeof(rtattr) + bytes);
  };
  put(0, IFA_LOCAL, local);
  put(sizeof(rtattr) + bytes, IFA_ADDRESS, peer);
  request.header.nlmsg_len =
      static_cast<std::uint32_t>(NLMSG_LENGTH(sizeof request.message) + 2 * (sizeof(rtattr) + bytes));
  request.header.nlmsg_type = RTM_NEWADDR;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
  request.message.ifa_family = ipv4 ? AF_INET : AF_INET6;
  request.message.ifa_prefixlen = ipv4 ? 32 : 128;
  request.message.ifa_flags = ipv4 ? 0 : IFA_F_NODAD;  // usable at once
  request.message.ifa_scope = RT_SCOPE_UNIVERSE;
  request.message.ifa_index = if_nametoindex(interface.c_str());
  if (send(netlink.get(), &request, request.header.nlmsg_len, 0) < 0)
    return failure("cannot set an address on " + interface);

  struct {
    nlmsghdr header;
    nlmsgerr error;
    char rest[256];
  } answer{};
  if (recv(netlink.get(), &answer, sizeof answer, 0) < 0) return failure("cannot set an address on " + interface);
  if (answer.header.nlmsg_type == NLMSG_ERROR && answer.error.error != 0) {
    errno = -answer.error.error;
    return failure("cannot set an address on " + interface);
  }
  return {};
}

NetResult bring_up(const std::string& interface) {
  const Descriptor control(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::strncpy(request.ifr_name, interface.c_str(), IFNAMSIZ - 1);
  if (!control.ok() || ioctl(control.get(), SIOCGIFFLAGS, &request) != 0) return failure("cannot see " + interface);
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  if (ioctl(control.get(), SIOCSIFFLAGS, &request) != 0) return failure("cannot bring up " + interface);
  return {};
}

bool enable_ipv6(const std::string& interface) {
  const std::string at = "ipv6/conf/" + interface + "/";
  set_sysctl(at + "accept_ra", "0");
  set_sysctl(at + "addr_gen_mode", "1");  // no link-local address of its own
  return set_sysctl(at + "disable_ipv6", "0");
}

bool set_sysctl(const std::string& name, const std::string& value) {
  return write_file("/proc/sys/net/" + name, value);
}

}  // namespace sockwire::sim
