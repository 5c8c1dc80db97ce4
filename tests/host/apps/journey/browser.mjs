// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium, driven by playwright-core, without a network. node_modules is where the build has put it.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";

/// --name value pairs, and flags without a value as true.
export function optionsOf(argv) {
  const options = {};
  for (let i = 0; i < argv.length; i++) {
    const valued = i + 1 < argv.length && !argv[i + 1].startsWith("--");
    options[argv[i].slice(2)] = valued ? argv[++i] : true;
  }
  return options;
}

/// Runs `sockwire journey ...` and returns the page's path.
export function makePage(options, name, ...more) {
  mkdirSync(options.out, { recursive: true });
  const page = path.join(options.out, name + ".html");
  execFileSync(options.sockwire, ["journey", ...more, "-o", page], { stdio: ["ignore", "ignore", "inherit"] });
  return page;
}

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

/// Opens a browser with a fresh profile, and closes it whatever happens.
export async function withBrowser(options, size, scheme, body) {
  const { chromium } = createRequire(path.join(options.modules, "package.json"))("playwright-core");
  const profile = mkdtempSync(path.join(tmpdir(), "sockwire-journey-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: "/usr/bin/chromium", headless: true, args: flags, viewport: size, colorScheme: scheme, offline: true,
  });
  try {
    return await body(context.pages()[0]);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}
