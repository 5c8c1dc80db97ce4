// SPDX-License-Identifier: Apache-2.0
// Which checks of the front end are promises, and which always fail: on IR as LLVM may leave it.
#include "hls/compiler/bounds.hpp"

#include <gtest/gtest.h>
#include <llvm/AsmParser/Parser.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/SourceMgr.h>
#include <llvm/Support/raw_ostream.h>

#include "hls/compiler/diagnostics.hpp"

namespace hlsc {
namespace {

/// The function with this start, after its checks are settled.
std::string settled(const std::string& body) {
  llvm::LLVMContext context;
  llvm::SMDiagnostic error;
  const auto module = llvm::parseAssemblyString(
      "declare void @llvm.ubsantrap(i8 immarg)\n"
      "define i32 @f(i32 %x, i1 %c) {\n" +
          body + "\ntrap:\n  call void @llvm.ubsantrap(i8 20)\n  unreachable\n}\n",
      error, context);
  if (module == nullptr) throw std::logic_error(error.getMessage().str());
  llvm::Function& function = *module->getFunction("f");
  settle_bounds(function);
  EXPECT_FALSE(llvm::verifyFunction(function, &llvm::errs()));
  std::string text;
  llvm::raw_string_ostream out(text);
  function.print(out);
  EXPECT_EQ(text.find("ubsantrap"), std::string::npos) << text;
  return text;
}

constexpr char kEnd[] = "\nb:\n  ret i32 2";

TEST(Bounds, ABranchToATrapIsAPromise) {
  const std::string text = settled(std::string("  br i1 %c, label %trap, label %b") + kEnd);
  EXPECT_EQ(text.find("br "), std::string::npos) << text;
  EXPECT_NE(text.find("ret i32 2"), std::string::npos) << text;
}

TEST(Bounds, CasesOfASwitchThatTrapAreLeftOut) {
  const std::string text =
      settled("  switch i32 %x, label %b [ i32 5, label %trap i32 2, label %trap i32 3, label %d ]\nd:\n  ret i32 7" +
              std::string(kEnd));
  EXPECT_NE(text.find("eq i32 %x, 3"), std::string::npos) << text;
  EXPECT_EQ(text.find("i32 5"), std::string::npos) << text;
}

TEST(Bounds, IfAllOtherValuesTrapTheyCannotBe) {
  const std::string text =
      settled("  switch i32 %x, label %trap [ i32 3, label %b i32 4, label %trap ]" + std::string(kEnd));
  EXPECT_NE(text.find("ret i32 2"), std::string::npos) << text;
  EXPECT_EQ(text.find("br "), std::string::npos) << text;
}

TEST(Bounds, WhatAlwaysFailsIsRefused) {
  for (const char* start :
       {"  br label %trap", "  br i1 true, label %trap, label %b", "  br i1 false, label %b, label %trap",
        "  switch i32 %x, label %trap [ i32 3, label %trap ]"})
    EXPECT_THROW(settled(std::string(start) + kEnd), Refusal) << start;
}

}  // namespace
}  // namespace hlsc
