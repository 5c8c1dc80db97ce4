/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An offloaded send: two hosts with a card each, and a cable between them, in one process. One send() of 64 kB on the
 * left is one command to its card, which cuts it into the packets that arrive on the right.
 */
#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sockwire/sockwire.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { kBytes = 65536, kPort = 8080 };

static void check(long result, const char* what) {
  if (result >= 0) return;
  perror(what);
  exit(1);
}

static sockwire_t* open_host(const char* address, uint64_t seed) {
  struct sockwire_virtual_options options = SOCKWIRE_VIRTUAL_OPTIONS_INIT;
  options.ipv4 = address;
  options.seed = seed;
  sockwire_t* host = sockwire_open_virtual(&options);
  if (host == NULL) check(-1, address);
  return host;
}

int main(void) {
  sockwire_t* left = open_host("10.0.0.1/24", 1);
  sockwire_t* right = open_host("10.0.0.2/24", 2);
  check(sockwire_join(left, right, 1000000), "join");

  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(kPort)};
  inet_pton(AF_INET, "10.0.0.2", &address.sin_addr);
  int listener = sockwire_socket(right, AF_INET, SOCK_STREAM, 0);
  check(sockwire_bind(right, listener, (const struct sockaddr*)&address, sizeof address), "bind");
  check(sockwire_listen(right, listener, 1), "listen");
  int sender = sockwire_socket(left, AF_INET, SOCK_STREAM, 0);
  check(sockwire_connect(left, sender, (const struct sockaddr*)&address, sizeof address), "connect");
  int receiver = sockwire_accept(right, listener, NULL, NULL);
  check(receiver, "accept");

  static unsigned char sent[kBytes], received[kBytes];
  for (size_t i = 0; i < sizeof sent; ++i) sent[i] = (unsigned char)(i * 31 + i / 256);
  check(sockwire_send(left, sender, sent, sizeof sent, 0), "send");
  check(sockwire_recv(right, receiver, received, sizeof received, MSG_WAITALL), "recv");

  struct tcp_info info;
  socklen_t length = sizeof info;
  check(sockwire_getsockopt(left, sender, IPPROTO_TCP, TCP_INFO, &info, &length), "TCP_INFO");
  printf("%d bytes in one call; the card made %u segments of at most %u bytes; %s after %.3f ms of the cable's time\n",
         kBytes, info.tcpi_data_segs_out, info.tcpi_snd_mss,
         memcmp(sent, received, sizeof sent) == 0 ? "the same came" : "NOT the same came",
         (double)sockwire_now_ns(left) / 1e6);
  sockwire_free(left);
  sockwire_free(right);
  return memcmp(sent, received, sizeof sent) == 0 ? 0 : 1;
}
