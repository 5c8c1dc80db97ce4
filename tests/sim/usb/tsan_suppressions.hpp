// SPDX-License-Identifier: Apache-2.0
// What ThreadSanitizer is not to report in programs with umockdev, or with libusb and libudev. Included by the file
// with main(): it looks for this function by its name.
#pragma once

#ifdef __SANITIZE_THREAD__
// These are not instrumented: ThreadSanitizer sees their memory, and not the locks and pipes that order their accesses.
extern "C" const char* __tsan_default_suppressions() {
  return "race:libumockdev.so\nrace:libglib-2.0.so\nrace:libgobject-2.0.so\nrace:libgio-2.0.so\nrace:libudev.so\n";
}
#endif
