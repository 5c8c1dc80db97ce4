// SPDX-License-Identifier: Apache-2.0
#include "host/apps/validators.hpp"

#include <string>

#include "host/apps/http.hpp"
#include "host/apps/text.hpp"
#include "host/base/ip_prefix.hpp"

namespace sockwire::apps {

CLI::Validator probability() {
  return {[](std::string& text) {
            return parse_probability(text) ? std::string()
                                           : "'" + text + "' is no probability such as 0.01, 1% or 1e-6";
          },
          "P"};
}

CLI::Validator card_name() {
  return {[](std::string& text) {
            const bool usb = text == "usb" || (text.rfind("usb:", 0) == 0 && text.size() > 4);
            return usb || text == "native" || text == "verilator"
                       ? std::string()
                       : "'" + text + "' is no card: native, verilator, usb or usb:SERIAL";
          },
          "CARD"};
}

CLI::Validator duration() {
  return {[](std::string& text) {
            return parse_duration(text) ? std::string() : "'" + text + "' is no time such as 250us, 10ms or 1.5s";
          },
          "T"};
}

CLI::Validator prefix() {
  return {[](std::string& text) {
            return IpPrefix::parse(text) ? std::string()
                                         : "'" + text + "' is not of the form 10.18.0.2/24 or fd18::2/64";
          },
          "ADDRESS/BITS"};
}

CLI::Validator address() {
  return {[](std::string& text) { return IpAddress::parse(text) ? std::string() : "'" + text + "' is no IP address"; },
          "ADDRESS"};
}

CLI::Validator host_name() {
  return {[](std::string& text) {
            return is_host(text) ? std::string() : "'" + text + "' is neither a name nor an address";
          },
          "HOST"};
}

}  // namespace sockwire::apps
