// SPDX-License-Identifier: Apache-2.0
// What the stack counts: every reason for which something is not passed on, and what passed. `sockwire stats` prints
// them under these names.
#pragma once

#include <cstdint>

namespace sockwire::stack {

#define SOCKWIRE_STACK_COUNTERS(F)                                                                        \
  F(frames_in, "frames that the card delivered")                                                          \
  F(frames_out, "whole frames handed over: ARP, ICMP, SYN, RST, pure ACKs")                               \
  F(sends_out, "super-segments handed over")                                                              \
  F(send_payload_bytes_out, "payload bytes of these, retransmissions included")                           \
  F(frame_short, "dropped: too short for its headers")                                                    \
  F(frame_not_ours, "dropped: another station's MAC address")                                             \
  F(frame_vlan, "dropped: tagged for another VLAN, or not tagged for ours")                               \
  F(frame_ipv6, "dropped: IPv6, which is switched off")                                                   \
  F(frame_type_unknown, "dropped: EtherType or length unknown")                                           \
  F(arp_requests_in, "ARP requests for our address")                                                      \
  F(arp_replies_in, "ARP replies to us")                                                                  \
  F(arp_requests_out, "ARP requests sent")                                                                \
  F(arp_replies_out, "ARP replies sent")                                                                  \
  F(arp_malformed, "dropped: ARP that is not IPv4 over Ethernet, or impossible")                          \
  F(arp_not_for_us, "ARP packets about other stations")                                                   \
  F(arp_conflict, "another station claims our address (RFC 5227)")                                        \
  F(neighbour_unanswered, "neighbours that did not answer")                                               \
  F(neighbour_evicted, "neighbours that made room for others")                                            \
  F(neighbour_queue_dropped, "packets dropped: too many wait for a neighbour's address, or for the card") \
  F(address_probes_out, "questions whether anybody has an address of ours (RFC 5227, RFC 4862)")          \
  F(address_announcements_out, "announcements that we have an address")                                   \
  F(address_duplicate, "addresses given up: another station has them")                                    \
  F(ndp_solicitations_in, "neighbour solicitations")                                                      \
  F(ndp_solicitations_out, "neighbour solicitations sent")                                                \
  F(ndp_advertisements_in, "neighbour advertisements")                                                    \
  F(ndp_advertisements_out, "neighbour advertisements sent")                                              \
  F(ndp_malformed, "dropped: neighbour discovery that breaks the rules of RFC 4861 6.1 and 7.1")          \
  F(ndp_not_for_us, "neighbour discovery about other stations")                                           \
  F(ndp_ignored, "redirects and router solicitations, which mean nothing to us")                          \
  F(ndp_conflict, "another station claims our IPv6 address")                                              \
  F(router_solicitations_out, "router solicitations sent")                                                \
  F(router_advertisements_in, "router advertisements")                                                    \
  F(advertised_too_many, "routers and prefixes advertised beyond what is kept")                           \
  F(slaac_addresses, "addresses that were made (RFC 4862)")                                               \
  F(group_reports_out, "IGMP and MLD reports sent")                                                       \
  F(igmp_malformed, "dropped: IGMP too short or with a bad checksum")                                     \
  F(mld_malformed, "dropped: MLD too short or not from the link")                                         \
  F(ipv4_in, "IPv4 packets")                                                                              \
  F(ipv4_malformed, "dropped: lengths or version of the IPv4 header")                                     \
  F(ipv4_checksum, "dropped: IPv4 header checksum")                                                       \
  F(ipv4_not_ours, "dropped: another host's IPv4 address; we forward nothing")                            \
  F(ipv4_source, "dropped: a source address that no host may have (RFC 1122 3.2.1.3)")                    \
  F(ipv4_source_route, "dropped: source routes (RFC 7126 4.3)")                                           \
  F(ipv4_options, "dropped: malformed IPv4 options")                                                      \
  F(ipv4_protocol, "dropped: neither TCP, UDP, ICMP nor IGMP")                                            \
  F(ipv6_in, "IPv6 packets")                                                                              \
  F(ipv6_malformed, "dropped: lengths or version of the IPv6 header or of an extension header")           \
  F(ipv6_not_ours, "dropped: another host's IPv6 address; we forward nothing")                            \
  F(ipv6_source, "dropped: a source address that no host may have (RFC 4291 2.5)")                        \
  F(ipv6_next_header, "dropped: a next header that we do not know")                                       \
  F(ipv6_routing, "dropped: routing headers (RFC 5095)")                                                  \
  F(ipv6_option, "dropped: an option that we do not know and that asks for it")                           \
  F(ipv6_many_headers, "dropped: too many extension headers (RFC 8504 5.3)")                              \
  F(ipv6_first_fragment, "dropped: a first fragment without its headers (RFC 7112)")                      \
  F(fragments_in, "fragments")                                                                            \
  F(fragment_malformed, "dropped: fragments of an impossible length")                                     \
  F(fragment_overlap, "dropped: fragments that overlap, and others of their datagram (RFC 5722)")         \
  F(fragment_duplicate, "dropped: fragments that came twice")                                             \
  F(reassembled, "datagrams made of fragments")                                                           \
  F(reassembly_evicted, "incomplete datagrams that made room for others")                                 \
  F(reassembly_timeout, "datagrams that did not become complete in time")                                 \
  F(no_route, "not sent: no route")                                                                       \
  F(icmp_in, "ICMP messages")                                                                             \
  F(icmp_malformed, "dropped: ICMP too short")                                                            \
  F(icmp_checksum, "dropped: ICMP checksum")                                                              \
  F(icmp_type_unknown, "dropped: ICMP types that mean nothing to us")                                     \
  F(icmp_echo_requests_in, "pings to us")                                                                 \
  F(icmp_echo_broadcast, "dropped: pings to a broadcast or multicast address")                            \
  F(icmp_echo_too_long, "dropped: pings whose answer would not pass, or would go to nobody")              \
  F(icmp_echo_requests_out, "pings from us")                                                              \
  F(icmp_echo_replies_in, "answers to our pings")                                                         \
  F(icmp_echo_unmatched, "dropped: answers to no ping of ours")                                           \
  F(icmp_errors_in, "ICMP errors about what we sent")                                                     \
  F(icmp_errors_unmatched, "dropped: ICMP errors about nothing that we know")                             \
  F(icmp_errors_out, "ICMP errors sent")                                                                  \
  F(icmp_errors_limited, "ICMP errors not sent, because of the rate limit (RFC 1812 4.3.2.8)")            \
  F(udp_in, "UDP datagrams")                                                                              \
  F(udp_malformed, "dropped: lengths of the UDP header")                                                  \
  F(udp_checksum, "dropped: UDP checksum")                                                                \
  F(udp_no_port, "dropped: nobody listens on the UDP port")                                               \
  F(udp_delivered, "UDP datagrams put into a socket's queue")                                             \
  F(udp_queue_full, "dropped: the UDP socket's queue has no room for the datagram")                       \
  F(udp_other_peer, "dropped: a UDP datagram to a port that is connected to somebody else")               \
  F(udp_out, "UDP datagrams handed over")                                                                 \
  F(udp_icmp_unmatched, "dropped: ICMP errors about no connected UDP socket's datagrams")                 \
  F(dhcp_in, "DHCP messages from servers' port")                                                          \
  F(dhcp_malformed, "dropped: no well-formed DHCP answer")                                                \
  F(dhcp_not_ours, "dropped: DHCP of another port, transaction or station")                               \
  F(dhcp_unexpected, "dropped: DHCP that nobody waits for, or of another server")                         \
  F(dhcp_unusable, "dropped: a DHCP lease that no host can use")                                          \
  F(dhcp_naks, "leases that a server refused")                                                            \
  F(dhcp_declines, "leases declined: another station has the address")                                    \
  F(dhcp_unanswered, "attempts at a lease that no server answered")                                       \
  F(dhcp_unsent, "DHCP messages that found no way out")                                                   \
  F(dhcp_out, "DHCP messages sent")                                                                       \
  F(dns_queries_out, "DNS queries sent by UDP")                                                           \
  F(dns_answers_in, "DNS answers to these, and by TCP")                                                   \
  F(dns_mismatched, "dropped: DNS answers with another id or question")                                   \
  F(dns_malformed, "dropped: DNS answers that cannot be read, or whose chain has no end")                 \
  F(dns_truncated, "DNS answers that were asked for again by TCP")                                        \
  F(dns_server_failures, "DNS servers that refused, failed or cannot be reached")                         \
  F(dns_timeouts, "DNS queries without an answer in time")                                                \
  F(dns_cache_hits, "DNS questions that were answered from memory")                                       \
  F(dns_cache_evicted, "DNS answers that made room for others")                                           \
  F(dns_lookups_refused, "names not looked up: too many at once")                                         \
  F(tcp_in, "TCP segments")                                                                               \
  F(tcp_malformed, "dropped: lengths or options of the TCP header")                                       \
  F(tcp_checksum, "dropped: TCP checksum")                                                                \
  F(tcp_group_address, "dropped: TCP to a broadcast or multicast address (RFC 9293 3.9.2.3)")             \
  F(tcp_no_connection, "segments that belong to no connection")                                           \
  F(tcp_resets_out, "RSTs in answer to these")                                                            \
  F(tcp_cookies_out, "SYN-ACKs with a cookie, because too many handshakes were half open (RFC 4987)")     \
  F(tcp_time_wait_replaced, "connections in TIME-WAIT that made room for a new one")                      \
  F(tcp_connections_opened, "connections from us")                                                        \
  F(tcp_connections_accepted, "connections to us")                                                        \
  F(tcp_icmp_unproved, "dropped: ICMP errors whose sequence number is not in flight (RFC 5927)")          \
  F(path_mtu_lowered, "ICMP told of a smaller MTU on the path (RFC 1191)")                                \
  F(path_mtu_refused, "dropped: ICMP tells of an MTU that IPv6 does not have (RFC 8201 4)")               \
  F(departure_unknown, "departures of connections that are gone")

#define SOCKWIRE_STACK_COUNTER_MEMBER(name, meaning) std::uint64_t name = 0;
struct Counters {
  SOCKWIRE_STACK_COUNTERS(SOCKWIRE_STACK_COUNTER_MEMBER)
};
#undef SOCKWIRE_STACK_COUNTER_MEMBER

/// A row of kCounterRows.
struct CounterRow {
  const char* name;
  const char* meaning;
  std::uint64_t Counters::* value;
};

#define SOCKWIRE_STACK_COUNTER_ROW(name, meaning) {#name, meaning, &Counters::name},
/// Every counter, in order.
inline constexpr CounterRow kCounterRows[] = {SOCKWIRE_STACK_COUNTERS(SOCKWIRE_STACK_COUNTER_ROW)};
#undef SOCKWIRE_STACK_COUNTER_ROW

}  // namespace sockwire::stack
