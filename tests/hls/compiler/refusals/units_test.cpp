// SPDX-License-Identifier: Apache-2.0
// Units that no C++ becomes are refused as well: nothing after the front end believes what it is given.
#include <gtest/gtest.h>
#include <llvm/AsmParser/Parser.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/SourceMgr.h>
#include <llvm/Support/raw_ostream.h>

#include "hls/compiler/driver.hpp"
#include "hls/compiler/unit.hpp"
#include "tests/hls/compiler/refusals/expectations.hpp"

namespace hlsc::test {
namespace {

/// As the front end writes it: void increment(State& state, stream<ap_uint<16>>& x) adds what it reads to a register.
constexpr const char* kUnit = R"(
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
@hlsc_kernel_0 = global ptr @increment
@hlsc_resets_0 = global { i16, { i8, i8 } } zeroinitializer, !dbg !30
declare void @hlsc_stream_read(ptr, ptr)
define void @increment(ptr %state, ptr %x) !dbg !3 {
  %word = alloca i16
  call void @hlsc_stream_read(ptr %x, ptr %word), !dbg !20
  %a = load i16, ptr %word, !dbg !21
  %b = load i16, ptr %state, !dbg !21
  %c = add i16 %a, %b, !dbg !21
  store i16 %c, ptr %state, !dbg !21
  ret void, !dbg !21
}
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_C_plus_plus_14, file: !1, emissionKind: FullDebug, globals: !{!30})
!1 = !DIFile(filename: "increment.hpp", directory: "/")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = distinct !DISubprogram(name: "increment", scope: !1, file: !1, line: 7, type: !4, unit: !0, spFlags: DISPFlagDefinition)
!4 = !DISubroutineType(types: !5)
!5 = !{null, !6, !7}
!6 = !DIDerivedType(tag: DW_TAG_reference_type, baseType: !8, size: 64)
!7 = !DIDerivedType(tag: DW_TAG_reference_type, baseType: !11, size: 64)
!8 = !DICompositeType(tag: DW_TAG_structure_type, name: "State", file: !1, line: 3, size: 16, elements: !9)
!9 = !{!10}
!10 = !DIDerivedType(tag: DW_TAG_member, name: "sum", scope: !8, file: !1, line: 4, baseType: !14, size: 16)
!11 = !DICompositeType(tag: DW_TAG_class_type, name: "stream<ap_uint<16> >", file: !1, size: 16, templateParams: !12)
!12 = !{!13}
!13 = !DITemplateTypeParameter(name: "T", type: !14)
!14 = !DICompositeType(tag: DW_TAG_class_type, name: "ap_uint<16>", file: !1, size: 16)
!20 = !DILocation(line: 8, column: 5, scope: !3)
!21 = !DILocation(line: 9, column: 7, scope: !3)
!30 = !DIGlobalVariableExpression(var: !31, expr: !DIExpression())
!31 = distinct !DIGlobalVariable(name: "hlsc_resets", scope: !0, file: !1, type: !32, isDefinition: true)
!32 = !DICompositeType(tag: DW_TAG_structure_type, name: "Resets", file: !1, size: 32, elements: !33)
!33 = !{!34, !36}
!34 = !DIDerivedType(tag: DW_TAG_member, name: "first", file: !1, baseType: !35, size: 16)
!35 = !DICompositeType(tag: DW_TAG_structure_type, name: "Reset", file: !1, size: 16, elements: !37)
!36 = !DIDerivedType(tag: DW_TAG_member, name: "rest", file: !1, baseType: !39, size: 16, offset: 16)
!37 = !{!38}
!38 = !DIDerivedType(tag: DW_TAG_member, name: "value", file: !1, baseType: !8, size: 16)
!39 = !DICompositeType(tag: DW_TAG_structure_type, name: "Resets", file: !1, size: 16, elements: !33)
)";

std::string changed(const RefusedUnit& unit) {
  std::string text = kUnit;
  for (const auto& [from, to] : unit.changes) {
    const std::size_t at = text.find(from);
    if (at == std::string::npos || text.find(from, at + 1) != std::string::npos) return "not found once: " + from;
    text.replace(at, from.size(), to);
  }
  return text;
}

/// The module, or what the unit is refused with, or what is wrong with the test.
std::string compiled(const std::string& text) {
  llvm::LLVMContext context;
  llvm::SMDiagnostic error;
  std::unique_ptr<llvm::Module> module = llvm::parseAssemblyString(text, error, context);
  if (module == nullptr)
    return text.substr(0, 60) + "... line " + std::to_string(error.getLineNo()) + ": " + error.getMessage().str();
  if (llvm::verifyModule(*module, &llvm::errs())) return "no valid module";
  Options options;
  options.header = "increment.hpp";
  options.function = "increment";
  options.module = "increment";
  try {
    FrontEnd unit = unit_of(std::move(module), 0, options.function);
    return compile_unit(unit, options).text;
  } catch (const Refusal& refusal) {
    return refusal.text();
  }
}

TEST(Units, TheUnchangedOneIsCompiled) {
  EXPECT_NE(compiled(kUnit).find("assign s_x_ready_o = s_x_valid_i;"), std::string::npos) << compiled(kUnit);
}

class RefusedUnits : public testing::TestWithParam<RefusedUnit> {};

TEST_P(RefusedUnits, PlaceAndReason) { EXPECT_EQ(compiled(changed(GetParam())), GetParam().message); }

INSTANTIATE_TEST_SUITE_P(Hlsc, RefusedUnits, testing::ValuesIn(refused_units()),
                         [](const auto& instance) { return instance.param.name; });

const std::string kMalformed = "error: this is no unit of the front end: ";
const std::string kAtAdd = "increment.hpp:9:7: error: ";
const std::string kAtKernel = "increment.hpp:7:1: error: ";
const std::string kAdd = "%c = add i16 %a, %b, !dbg !21";

/// The sum as something else.
RefusedUnit with_sum(const std::string& name, const std::string& instructions, const std::string& message,
                     const std::string& declarations = "") {
  return {name,
          {{kAdd, instructions},
           {"declare void @hlsc_stream_read(ptr, ptr)", "declare void @hlsc_stream_read(ptr, ptr)\n" + declarations}},
          kAtAdd + message};
}

}  // namespace

std::vector<RefusedUnit> refused_units() {
  return {
      {"BigEndian", {{"\"e-m", "\"E-m"}}, kMalformed + "its data layout is not that of a 64-bit little-endian machine"},
      {"NoKernel", {{"@hlsc_kernel_0 = global ptr @increment", ""}}, kMalformed + "hlsc_kernel_0 is not defined"},
      {"KernelElsewhere",
       {{"@hlsc_kernel_0 = global ptr @increment", "@hlsc_kernel_0 = external global ptr"}},
       kMalformed + "hlsc_kernel_0 is not defined"},
      {"KernelIsNoFunction", {{"global ptr @increment", "global ptr null"}}, "error: increment has no body"},
      {"NoResets",
       {{"@hlsc_resets_0 = global { i16, { i8, i8 } } zeroinitializer, !dbg !30", ""}},
       kMalformed + "hlsc_resets_0 is not defined"},
      {"KernelReturnsValue",
       {{"define void", "define i16"}, {"ret void", "ret i16 0"}},
       kMalformed + "the kernel returns a value"},
      {"ArgumentIsNumber",
       {{"ptr %x) !dbg", "ptr %x, i32 %n) !dbg"}},
       kMalformed + "an argument of the kernel is no reference"},
      {"NoDebugInformation", {{"ptr %x) !dbg !3", "ptr %x)"}}, kMalformed + "the kernel has no debug information"},
      {"ThreeTypes",
       {{"!5 = !{null, !6, !7}", "!5 = !{null, !6, !7, !7}"}},
       kMalformed + "the debug information has another number of arguments"},
      {"TypeOfItself",
       {{"!14 = !DICompositeType(tag: DW_TAG_class_type, name: \"ap_uint<16>\", file: !1, size: 16)",
         "!14 = distinct !DIDerivedType(tag: DW_TAG_typedef, baseType: !14)"}},
       kMalformed + "a type that is defined by itself"},
      {"TypeInItself", {{"baseType: !14, size: 16)", "baseType: !8, size: 16)"}}, kMalformed + "state contains itself"},
      {"OutsideOfItsType",
       {{"baseType: !14, size: 16)", "baseType: !14, size: 16, offset: 16)"}},
       kMalformed + "state.sum lies outside of its type"},
      {"NoTemplateArguments",
       {{", templateParams: !12", ""}},
       kMalformed + "type stream<ap_uint<16> > has fewer template arguments than its name says"},
      {"OtherTemplateArguments",
       {{"!DITemplateTypeParameter(name: \"T\", type: !14)", "!DITemplateValueParameter(name: \"N\", value: i32 3)"}},
       kMalformed + "type stream<ap_uint<16> > has other template arguments than its name says"},
      {"BusyOfNothing", {{"\"stream<ap_uint<16> >\"", "\"busy_wire\""}}, kMalformed + "a busy_wire is no wire"},
      {"NineteenBitsInSixteen",
       {{"\"ap_uint<16>\"", "\"ap_uint<19>\""}},
       kAtKernel + "state.sum has 19 bits in 16; a member has 1 to 128, in whole bytes"},
      {"ResetsWithoutDebugInformation",
       {{"zeroinitializer, !dbg !30", "zeroinitializer"}},
       kMalformed + "the reset values have no debug information"},
      {"ResetsAreNoStruct",
       {{"type: !32, isDefinition", "type: !6, isDefinition"}},
       kMalformed + "the reset values are no struct"},
      {"ResetsWithoutMember",
       {{"name: \"first\"", "name: \"last\""}},
       kMalformed + "the reset values have no member first"},
      {"ScopeWhoseFileIsNone",
       {{"!21 = !DILocation(line: 9, column: 7, scope: !3)",
         "!21 = !DILocation(line: 9, column: 7, scope: !40)\n!40 = distinct !DILexicalBlock(scope: !3, file: !5, line: "
         "8)"},
        {kAdd, "%c = udiv i16 %a, %b, !dbg !21"}},
       "error: division by a run-time value needs many cycles; count or subtract in the state, a step at a time"},
      with_sum("Token", "%t = call token @llvm.experimental.convergence.anchor(), !dbg !21\n %c = add i16 %a, %b",
               "a value of a type that is not synthesised", "declare token @llvm.experimental.convergence.anchor()"),
      with_sum("AddressSpace",
               "%p = addrspacecast ptr %state to ptr addrspace(1), !dbg !21\n %c = load i16, ptr addrspace(1) %p",
               "a pointer into another address space"),
      with_sum("RotationOf24Bits",
               "%a24 = zext i16 %a to i24\n %b24 = zext i16 %b to i24\n %r = call i24 @llvm.fshl.i24(i24 %a24, i24 "
               "%b24, i24 %a24), !dbg !21\n %c = trunc i24 %r to i16",
               "a rotation of a width that is no power of two", "declare i24 @llvm.fshl.i24(i24, i24, i24)"),
      with_sum("FrozenStruct",
               "%s = insertvalue { i16, i16 } poison, i16 %a, 0\n %f = freeze { i16, i16 } %s\n %c = extractvalue { "
               "i16, i16 } %f, 0, !dbg !21",
               "an aggregate value that could not be taken apart"),
      with_sum("FrozenArray",
               "%s = insertvalue [2 x i16] poison, i16 %a, 0, !dbg !21\n %f = freeze [2 x i16] %s\n %c = extractvalue "
               "[2 x i16] %f, 0",
               "operation 'insertvalue' is not synthesised"),
  };
}

}  // namespace hlsc::test
