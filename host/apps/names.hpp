// SPDX-License-Identifier: Apache-2.0
// Names where addresses are wanted, and the subcommand that looks them up.
#pragma once

#include <string>

#include "host/apps/options.hpp"
#include "host/apps/setup.hpp"
#include "host/apps/waiting.hpp"

namespace sockwire::apps {

/// Looks a name up; an address is its own answer. Waits at most `patience`, with an eye on Ctrl-C.
CommandResult<Resolved> look_up(Setup& setup, const std::string& name, Duration patience);

/// The first address of a name.
CommandResult<IpAddress> address_of(Setup& setup, const std::string& name, Duration patience);

/// `sockwire resolve NAME`.
int run_resolve(const Options& options, const std::string& name);

}  // namespace sockwire::apps
