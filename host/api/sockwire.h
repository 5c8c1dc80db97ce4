/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sockwire's C interface: a host with a card of its own, and the BSD socket calls on it.
 *
 * Every call names its instance first; else arguments, results and errno are those of POSIX and Linux. Descriptors
 * belong to an instance and mean nothing to the kernel. Several instances in one process do not know of each other.
 * Calls on one instance may come from several threads: they take turns.
 *
 * The ABI is stable: functions are only added, and structures that the caller fills begin with their own size.
 */
#ifndef SOCKWIRE_SOCKWIRE_H
#define SOCKWIRE_SOCKWIRE_H

#include <netdb.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SOCKWIRE_API __attribute__((visibility("default")))

/** A host: its sockets, its stack and its card. */
typedef struct sockwire_instance sockwire_t;

/** "0.1.0". */
SOCKWIRE_API const char* sockwire_version(void);

/* --- a virtual instance ------------------------------------------------------------------------------------------- */
/*
 * Its card is the native model, so segmentation and checksums are the card's. Instead of a wire there are calls: bare
 * IP packets, without Ethernet, are handed in and out, and every address is reached without asking for neighbours. Its
 * clock begins at 0 and moves only as the caller lets it.
 */

/** What a call that has to wait does with the clock. */
enum sockwire_clock {
  /** It lets time pass until the next deadline or arrival, and so on until it can return. If nothing will ever end the
   *  wait, it fails with EDEADLK. For programs with one thread. */
  SOCKWIRE_CLOCK_JUMPS = 0,
  /** It waits until another thread hands packets in or moves the clock. */
  SOCKWIRE_CLOCK_WAITS = 1,
};

/** How a virtual instance begins. Fill it with SOCKWIRE_VIRTUAL_OPTIONS_INIT, then change what should differ. */
struct sockwire_virtual_options {
  size_t size;              /**< sizeof(struct sockwire_virtual_options). */
  const char* ipv4;         /**< "192.0.2.1/24"; NULL: no IPv4. */
  const char* ipv6;         /**< "2001:db8::1/64"; NULL: no IPv6. */
  uint64_t seed;            /**< Of sequence numbers, ports and the like: equal seeds give equal runs. */
  uint64_t line_bits_per_s; /**< Rate of the card's line; 0: sending takes no time. */
  uint32_t mtu;             /**< In bytes, 576 (IPv6: 1280) to 1500. */
  uint32_t clock;           /**< enum sockwire_clock. */
  int first_descriptor;     /**< Of sockets. */
  int max_sockets;
  /** Called for each packet that leaves, in place of sockwire_packet_out(), from within any call; may be NULL. It may
   *  call sockwire_packet_in_at() and nothing else of this instance. */
  void (*on_packet)(void* context, const void* packet, size_t bytes, uint64_t time_ns);
  void* context;
};
/* clang-format off */
#define SOCKWIRE_VIRTUAL_OPTIONS_INIT \
  { sizeof(struct sockwire_virtual_options), "192.0.2.1/24", NULL, 1, 0, 1500, SOCKWIRE_CLOCK_JUMPS, 3, 65536, NULL, NULL }
/* clang-format on */

/** NULL, and errno EINVAL, for options that make no sense. */
SOCKWIRE_API sockwire_t* sockwire_open_virtual(const struct sockwire_virtual_options* options);
/** Ends the instance with all its sockets, as if the machine were switched off. No other call may be under way. */
SOCKWIRE_API void sockwire_free(sockwire_t* instance);

/** The instance's time. */
SOCKWIRE_API uint64_t sockwire_now_ns(sockwire_t* instance);
/** Lets time pass until `time_ns`; everything that is due until then happens when it is due. Earlier times do nothing.
 */
SOCKWIRE_API int sockwire_advance_to(sockwire_t* instance, uint64_t time_ns);
/** When something happens next if nothing is handed in; UINT64_MAX: never. */
SOCKWIRE_API uint64_t sockwire_next_deadline(sockwire_t* instance);

/** Hands an IP packet in, now. EINVAL: longer than the MTU, or not IP. */
SOCKWIRE_API int sockwire_packet_in(sockwire_t* instance, const void* packet, size_t bytes);
/** The packet arrives at `time_ns`; in the past: now. */
SOCKWIRE_API int sockwire_packet_in_at(sockwire_t* instance, const void* packet, size_t bytes, uint64_t time_ns);
/** Takes the oldest packet that has left: its length, and in *time_ns (unless NULL) when its last bit did. EAGAIN:
 * there is none. What `room` is too small for is cut off. */
SOCKWIRE_API ssize_t sockwire_packet_out(sockwire_t* instance, void* packet, size_t room, uint64_t* time_ns);
/** As sockwire_packet_out(), but lets time pass until there is one, at most until `until_ns`; then EAGAIN. */
SOCKWIRE_API ssize_t sockwire_packet_wait(sockwire_t* instance, void* packet, size_t room, uint64_t* time_ns,
                                          uint64_t until_ns);

/** Puts a cable between two virtual instances: what leaves one arrives at the other `delay_ns` later, and they share
 * one clock, whoever moves it. EINVAL: one of them has a peer, a callback or a line that takes time, or their clocks
 * differ. */
SOCKWIRE_API int sockwire_join(sockwire_t* one, sockwire_t* other, uint64_t delay_ns);

/* --- an instance on a TAP device --------------------------------------------------------------------------------- */
/*
 * Its card is the native model, and Linux is at the far end of the card's line. A thread of its own lets the card and
 * the stack run; its clock is the machine's.
 */

/** How it begins. Fill it with SOCKWIRE_TAP_OPTIONS_INIT, then change what should differ. */
struct sockwire_tap_options {
  size_t size; /**< sizeof(struct sockwire_tap_options). */
  /** Of a TAP device (IFF_TAP | IFF_NO_PI, offloads off), which the instance owns from then on; -1: it is made. */
  int tap_fd;
  int first_descriptor;    /**< Of sockets. */
  const char* tap_name;    /**< Of the device that is made; "%d" becomes the first number that is free. */
  const char* ipv4;        /**< "10.18.0.2/24", not Linux's own; NULL: no IPv4. */
  const char* ipv6;        /**< "fd18::2/64"; NULL: no IPv6. */
  const char* gateway;     /**< An address of either version; NULL: none. */
  const char* name_server; /**< An address; NULL: none. */
  uint8_t mac[6];          /**< The card's. */
  uint16_t mtu;            /**< In bytes, 576 (IPv6: 1280) to 1500. */
  int max_sockets;
};
/* clang-format off */
#define SOCKWIRE_TAP_OPTIONS_INIT \
  { sizeof(struct sockwire_tap_options), -1, 3, "fpga%d", "10.18.0.2/24", NULL, NULL, NULL, \
    { 0x02, 0x53, 0x57, 0, 0, 2 }, 1500, 65536 }
/* clang-format on */

/** NULL, and errno: EINVAL for options that make no sense, EPERM or what else keeps the device from being made. */
SOCKWIRE_API sockwire_t* sockwire_open_tap(const struct sockwire_tap_options* options);

/* --- sockets ------------------------------------------------------------------------------------------------------ */

/** AF_INET or AF_INET6; SOCK_STREAM or SOCK_DGRAM, with SOCK_NONBLOCK if wanted. AF_INET6 sockets take IPv4, too, as
 *  ::ffff:a.b.c.d. */
SOCKWIRE_API int sockwire_socket(sockwire_t* instance, int domain, int type, int protocol);
SOCKWIRE_API int sockwire_bind(sockwire_t* instance, int fd, const struct sockaddr* address, socklen_t length);
SOCKWIRE_API int sockwire_listen(sockwire_t* instance, int fd, int backlog);
SOCKWIRE_API int sockwire_accept(sockwire_t* instance, int fd, struct sockaddr* address, socklen_t* length);
/** flags: SOCK_NONBLOCK. */
SOCKWIRE_API int sockwire_accept4(sockwire_t* instance, int fd, struct sockaddr* address, socklen_t* length, int flags);
SOCKWIRE_API int sockwire_connect(sockwire_t* instance, int fd, const struct sockaddr* address, socklen_t length);
SOCKWIRE_API int sockwire_shutdown(sockwire_t* instance, int fd, int how);
SOCKWIRE_API int sockwire_close(sockwire_t* instance, int fd);

SOCKWIRE_API ssize_t sockwire_read(sockwire_t* instance, int fd, void* buffer, size_t bytes);
SOCKWIRE_API ssize_t sockwire_readv(sockwire_t* instance, int fd, const struct iovec* parts, int count);
/** flags: MSG_DONTWAIT, MSG_PEEK, MSG_WAITALL, MSG_TRUNC (datagrams: the whole length). */
SOCKWIRE_API ssize_t sockwire_recv(sockwire_t* instance, int fd, void* buffer, size_t bytes, int flags);
SOCKWIRE_API ssize_t sockwire_recvfrom(sockwire_t* instance, int fd, void* buffer, size_t bytes, int flags,
                                       struct sockaddr* address, socklen_t* length);
/** Without ancillary data: msg_controllen comes back as 0. */
SOCKWIRE_API ssize_t sockwire_recvmsg(sockwire_t* instance, int fd, struct msghdr* message, int flags);
SOCKWIRE_API ssize_t sockwire_write(sockwire_t* instance, int fd, const void* buffer, size_t bytes);
SOCKWIRE_API ssize_t sockwire_writev(sockwire_t* instance, int fd, const struct iovec* parts, int count);
/** flags: MSG_DONTWAIT, MSG_MORE, MSG_NOSIGNAL (no signal is ever raised). Urgent data is not sent (RFC 6093):
 *  MSG_OOB fails with EOPNOTSUPP. */
SOCKWIRE_API ssize_t sockwire_send(sockwire_t* instance, int fd, const void* buffer, size_t bytes, int flags);
SOCKWIRE_API ssize_t sockwire_sendto(sockwire_t* instance, int fd, const void* buffer, size_t bytes, int flags,
                                     const struct sockaddr* address, socklen_t length);
SOCKWIRE_API ssize_t sockwire_sendmsg(sockwire_t* instance, int fd, const struct msghdr* message, int flags);

/** Zero copy, of a stream: all of the buffer is queued, is sent from where it is, and must stay as it is until
 *  sockwire_completion() gives `token` back. Returns `bytes`, or -1 and queues nothing: EMSGSIZE for more than 64 MiB;
 *  EAGAIN while 64 MiB or 256 buffers are lent (a blocking socket waits); ENOBUFS if it is completions that have to be
 *  taken first; EOPNOTSUPP for datagrams; else as sockwire_send(). It may be mixed with sockwire_send().
 *
 *  sockwire_close() gives back at once whatever is lent, by copying what is still needed; no completion comes after it. */
SOCKWIRE_API ssize_t sockwire_send_zero_copy(sockwire_t* instance, int fd, const void* buffer, size_t bytes,
                                             uint64_t token);
/** The token of the next buffer that is the caller's again, each once, in the order in which they were sent: the peer
 *  has acknowledged all of it, or the connection is over (SO_ERROR and sockwire_recv() tell why). 1: *token is set, 0:
 *  there is none now, -1: EBADF, EFAULT. Does not wait: poll for POLLPRI, which tells that there is one. */
SOCKWIRE_API int sockwire_completion(sockwire_t* instance, int fd, uint64_t* token);

/** F_GETFL and F_SETFL with O_NONBLOCK. */
SOCKWIRE_API int sockwire_fcntl(sockwire_t* instance, int fd, int command, ...);
/** FIONREAD and SIOCINQ, SIOCOUTQ, SIOCOUTQNSD; FIONBIO. */
SOCKWIRE_API int sockwire_ioctl(sockwire_t* instance, int fd, unsigned long request, ...);
/** Which options: docs of the C interface, host/api/README.md. TCP_INFO fills as much of struct tcp_info as there is
 *  room for. ENOPROTOOPT: not known here. */
SOCKWIRE_API int sockwire_getsockopt(sockwire_t* instance, int fd, int level, int name, void* value, socklen_t* length);
SOCKWIRE_API int sockwire_setsockopt(sockwire_t* instance, int fd, int level, int name, const void* value,
                                     socklen_t length);
SOCKWIRE_API int sockwire_getsockname(sockwire_t* instance, int fd, struct sockaddr* address, socklen_t* length);
SOCKWIRE_API int sockwire_getpeername(sockwire_t* instance, int fd, struct sockaddr* address, socklen_t* length);

/* --- waiting for several sockets ---------------------------------------------------------------------------------- */

/** timeout_ms: of the instance's time; negative: for ever. */
SOCKWIRE_API int sockwire_poll(sockwire_t* instance, struct pollfd* fds, nfds_t count, int timeout_ms);
/** A set of descriptors that are waited for together; it is closed with sockwire_close(). flags: 0. */
SOCKWIRE_API int sockwire_epoll_create1(sockwire_t* instance, int flags);
/** Events may have EPOLLET and EPOLLONESHOT. */
SOCKWIRE_API int sockwire_epoll_ctl(sockwire_t* instance, int epfd, int operation, int fd, struct epoll_event* event);
SOCKWIRE_API int sockwire_epoll_wait(sockwire_t* instance, int epfd, struct epoll_event* events, int count,
                                     int timeout_ms);

/* --- names -------------------------------------------------------------------------------------------------------- */

struct addrinfo; /* <netdb.h> hides it from strict C */
/** As getaddrinfo(3): 0 or an EAI_ code. The list is freed with sockwire_freeaddrinfo(). */
SOCKWIRE_API int sockwire_getaddrinfo(sockwire_t* instance, const char* node, const char* service,
                                      const struct addrinfo* hints, struct addrinfo** result);
SOCKWIRE_API void sockwire_freeaddrinfo(struct addrinfo* list);

#ifdef __cplusplus
}
#endif

#endif
