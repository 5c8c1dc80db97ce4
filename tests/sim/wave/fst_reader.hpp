// SPDX-License-Identifier: Apache-2.0
// An FST file as the format's own reader sees it.
#pragma once

#include <gtkwave/fstapi.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace sockwire::sim {

struct Change {
  std::uint64_t time = 0;
  std::string value;
  bool operator==(const Change&) const = default;
};

/// Every change of each signal, by its name with its scope, such as "near.octet"; a real as std::to_string().
struct FstReader {
  explicit FstReader(const std::string& path) {
    void* context = fstReaderOpen(path.c_str());
    if (context == nullptr) return;
    open = true;
    timescale = fstReaderGetTimescale(context);
    std::string scope;
    while (fstHier* each = fstReaderIterateHier(context)) {
      if (each->htyp == FST_HT_SCOPE) scope = fstReaderPushScope(context, each->u.scope.name, nullptr);
      if (each->htyp == FST_HT_UPSCOPE) scope = fstReaderPopScope(context);
      if (each->htyp != FST_HT_VAR) continue;
      names[each->u.var.handle] = scope + "." + each->u.var.name;
      reals[each->u.var.handle] = each->u.var.typ == FST_VT_VCD_REAL;
    }
    fstReaderSetFacProcessMaskAll(context);
    fstReaderIterBlocksSetNativeDoublesOnCallback(context, 1);
    const auto fixed = [](void* self, std::uint64_t time, fstHandle handle, const unsigned char* value) {
      auto& read = *static_cast<FstReader*>(self);
      std::string text(reinterpret_cast<const char*>(value));
      if (read.reals[handle]) {
        double number = 0;
        std::memcpy(&number, value, sizeof number);
        text = std::to_string(number);
      }
      read.changes[read.names[handle]].push_back({time, text});
    };
    const auto text = [](void* self, std::uint64_t time, fstHandle handle, const unsigned char* value,
                         std::uint32_t bytes) {
      auto& read = *static_cast<FstReader*>(self);
      if (bytes != 0) read.changes[read.names[handle]].push_back({time, {reinterpret_cast<const char*>(value), bytes}});
    };
    fstReaderIterBlocks2(context, fixed, text, this, nullptr);
    fstReaderClose(context);
  }
  bool open = false;
  int timescale = 0;
  std::map<fstHandle, std::string> names;
  std::map<fstHandle, bool> reals;
  std::map<std::string, std::vector<Change>> changes;
};

}  // namespace sockwire::sim
