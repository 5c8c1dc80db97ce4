// SPDX-License-Identifier: Apache-2.0
#include "scenario.hpp"

namespace sockwire::tcp::model {

namespace {

constexpr Application half_close(unsigned bytes) { return {bytes, Ending::kHalfClose}; }
constexpr Application after_peer(unsigned bytes) { return {bytes, Ending::kAfterPeer}; }
constexpr Application close_at_will() { return {0, Ending::kClose}; }
/// More than a window of 16 bytes in two writes.
constexpr Application fills_window() { return {20, Ending::kHalfClose, 16}; }

constexpr Scenario kBounded[] = {
    {.name = "request, one loss", .application = {half_close(1), after_peer(0)}, .losses = 1},
    {.name = "half close on both sides, two losses", .application = {half_close(0), half_close(0)}, .losses = 2},
    {.name = "half close on both sides, one duplicate",
     .application = {half_close(0), after_peer(0)},
     .duplicates = 1,
     .listener_stays = true},
    {.name = "half close, one early timer", .application = {half_close(0), after_peer(0)}, .early_timers = 1},
    {.name = "answer, closed by the one that answers", .application = {after_peer(1), half_close(1)}},
    {.name = "full close on both sides, two losses", .application = {close_at_will(), close_at_will()}, .losses = 2},
    {.name = "full close on both sides, one early timer",
     .application = {close_at_will(), close_at_will()},
     .early_timers = 1,
     .resets_allowed = true},
    {.name = "simultaneous open", .simultaneous = true, .application = {half_close(0), half_close(0)}},
    {.name = "simultaneous open, one loss",
     .simultaneous = true,
     .application = {half_close(0), after_peer(0)},
     .losses = 1},
    {.name = "window of 16 bytes, slow reader",
     .application = {fills_window(), after_peer(0)},
     .slow_reads = 2,
     .reads_are_steps = true,
     .receive_buffer_bytes = 16},
    {.name = "window of 16 bytes, one loss",
     .application = {fills_window(), after_peer(0)},
     .losses = 1,
     .reads_are_steps = true,
     .receive_buffer_bytes = 16},
};

constexpr Scenario kDeep[] = {
    {.name = "both send, half close on both sides", .application = {half_close(1), half_close(1)}},
    {.name = "both send, half close, one loss", .application = {half_close(1), after_peer(1)}, .losses = 1},
    {.name = "two segments, two losses", .application = {half_close(2), after_peer(0)}, .losses = 2},
    {.name = "request, one duplicate",
     .application = {half_close(1), after_peer(0)},
     .duplicates = 1,
     .listener_stays = true},
    {.name = "half close on both sides, one loss and one duplicate",
     .application = {half_close(0), half_close(0)},
     .losses = 1,
     .duplicates = 1,
     .listener_stays = true},
    {.name = "half close, one loss and one early timer",
     .application = {half_close(0), after_peer(0)},
     .losses = 1,
     .early_timers = 1},
    {.name = "request, one early timer", .application = {half_close(1), after_peer(0)}, .early_timers = 1},
    {.name = "full close on both sides, one loss, one duplicate, one early timer",
     .application = {close_at_will(), close_at_will()},
     .losses = 1,
     .duplicates = 1,
     .early_timers = 1,
     .listener_stays = true,
     .resets_allowed = true},
    {.name = "simultaneous open, one byte, one loss",
     .simultaneous = true,
     .application = {half_close(1), after_peer(0)},
     .losses = 1},
    {.name = "simultaneous open, one duplicate",
     .simultaneous = true,
     .application = {half_close(0), after_peer(0)},
     .duplicates = 1},
    {.name = "window of 16 bytes, slow reader, two losses",
     .application = {fills_window(), after_peer(0)},
     .losses = 2,
     .slow_reads = 3,
     .reads_are_steps = true,
     .receive_buffer_bytes = 16},
};

}  // namespace

std::span<const Scenario> bounded_scenarios() { return kBounded; }
std::span<const Scenario> deep_scenarios() { return kDeep; }

}  // namespace sockwire::tcp::model
