// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/passes.hpp"

#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/Error.h>

#include <optional>
#include <stdexcept>

#include "hls/compiler/unroll_budget.hpp"

namespace hlsc {
namespace {

void run(llvm::Module& module, const char* pipeline) {
  // Once the budget says no, what is still in the pipeline is left out.
  std::optional<Refusal> refusal;
  llvm::PassInstrumentationCallbacks callbacks;
  callbacks.registerShouldRunOptionalPassCallback([&](llvm::StringRef, const llvm::Any&) { return !refusal; });
  llvm::PassBuilder builder(nullptr, llvm::PipelineTuningOptions(), std::nullopt, &callbacks);
  builder.registerPipelineParsingCallback(
      [&](llvm::StringRef name, llvm::FunctionPassManager& passes, llvm::ArrayRef<llvm::PassBuilder::PipelineElement>) {
        if (name != "hlsc-unroll-budget") return false;
        passes.addPass(UnrollBudget(refusal));
        return true;
      });
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  llvm::ModulePassManager passes;
  if (llvm::Error error = builder.parsePassPipeline(passes, pipeline))
    throw std::logic_error("pass pipeline: " + llvm::toString(std::move(error)));
  passes.run(module, modules);
  if (refusal) throw Refusal(*refusal);
}

}  // namespace

void configure_llvm() {
  const char* arguments[] = {
      "hlsc",
      // Everything unrolls, or is refused later as an unbounded loop.
      "-unroll-threshold=1000000",
      "-unroll-max-iteration-count-to-analyze=10000",
      "-unroll-full-max-count=4096",
      // Also where simplifycfg has joined the test of the bound with that of a return in the loop.
      "-unroll-max-upperbound=4096",
      // Else indvars replaces an unbounded loop by a closed form, quietly.
      "-replexitval=never",
      // Small diamonds are muxes.
      "-phi-node-folding-threshold=1000",
      "-two-entry-phi-node-folding-threshold=1000",
  };
  llvm::cl::ParseCommandLineOptions(std::size(arguments), arguments);
}

void inline_all(llvm::Module& module, llvm::Function& kernel) {
  for (llvm::Function& function : module) {
    if (function.isDeclaration()) continue;
    function.removeFnAttr(llvm::Attribute::NoInline);
    function.removeFnAttr(llvm::Attribute::OptimizeNone);
    function.setComdat(nullptr);
    if (&function == &kernel) {
      function.setLinkage(llvm::GlobalValue::ExternalLinkage);
    } else {
      function.setLinkage(llvm::GlobalValue::InternalLinkage);
      function.addFnAttr(llvm::Attribute::AlwaysInline);
    }
  }
  run(module, "globaldce,always-inline,globaldce");
}

void simplify(llvm::Module& module) {
  run(module,
      "function(sroa,early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg,"
      "loop-simplify,lcssa,loop(loop-rotate),loop(indvars,loop-deletion),hlsc-unroll-budget,"
      "loop-unroll<upperbound;full-unroll-max=4096;O2>,"
      "sroa,early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg,gvn,dse,"
      "instcombine<no-verify-fixpoint>,adce,simplifycfg)");
}

}  // namespace hlsc
