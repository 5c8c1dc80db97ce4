// SPDX-License-Identifier: Apache-2.0
#include "sim/usb/umockdev_preload.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace sockwire::sim {
namespace {

constexpr const char* kPreload = "libumockdev-preload.so.0";
constexpr const char* kStartedAgain = "SOCKWIRE_UMOCKDEV";

/// The path of a library that this program has loaded; empty if it has not.
std::string loaded(const std::string& name) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find("/" + name) != std::string::npos) return line.substr(line.find('/'));
  }
  return "";
}

}  // namespace

bool has_umockdev_preload() { return !loaded("libumockdev-preload.so").empty(); }

std::string start_again_with_umockdev(char** arguments) {
  if (has_umockdev_preload()) return "";
  if (std::getenv(kStartedAgain) != nullptr) return std::string("umockdev's ") + kPreload + " cannot be loaded";
  const char* before = std::getenv("LD_PRELOAD");
  std::string preload;
  // A sanitizer's runtime wants to be the first library of all.
  for (const char* runtime : {"libasan.so", "libtsan.so"}) {
    const std::string path = loaded(runtime);
    if (!path.empty()) preload += path + ":";
  }
  preload += kPreload;
  if (before != nullptr && *before != '\0') preload += std::string(":") + before;
  setenv("LD_PRELOAD", preload.c_str(), 1);
  setenv(kStartedAgain, "1", 1);
  execv("/proc/self/exe", arguments);
  return std::string("this program cannot be started again: ") + std::strerror(errno);
}

}  // namespace sockwire::sim
