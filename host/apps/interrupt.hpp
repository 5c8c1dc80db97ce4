// SPDX-License-Identifier: Apache-2.0
// Ctrl-C, asked for rather than suffered: whoever waits looks here.
#pragma once

namespace sockwire::apps {

/// From now on SIGINT and SIGTERM only set a flag; a second one ends the process at once.
void catch_interrupts();

/// One of them has come.
bool interrupted();

/// 128 and the signal's number, as a shell would say.
int interrupt_exit_code();

}  // namespace sockwire::apps
