// SPDX-License-Identifier: Apache-2.0
#include "host/apps/interrupt.hpp"

#include <signal.h>

#include <initializer_list>

namespace sockwire::apps {

namespace {
volatile sig_atomic_t received_signal = 0;
}

void catch_interrupts() {
  struct sigaction action{};
  action.sa_handler = [](int signal) { received_signal = signal; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // and no SA_RESTART: what blocks returns
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
}

bool interrupted() { return received_signal != 0; }

int interrupt_exit_code() { return 128 + received_signal; }

}  // namespace sockwire::apps
