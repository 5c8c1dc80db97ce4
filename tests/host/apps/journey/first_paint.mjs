// SPDX-License-Identifier: Apache-2.0
// Figures of the page of a 4 MB transfer: its size, and how soon the browser paints it. Writes --output as JSON rows.
import { statSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { makePage, optionsOf, withBrowser } from "./browser.mjs";

const options = optionsOf(process.argv.slice(2));
const file = makePage(options, "4MB", "get", "http://www.example.org/4MB", "--loss", "0.002");
const paints = [];
for (let i = 0; i < 3; i++) {
  const paint = await withBrowser(options, { width: 1360, height: 900 }, "light", async (page) => {
    await page.goto(pathToFileURL(file).href);
    await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
    return page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  });
  paints.push(paint);
}
paints.sort((a, b) => a - b);
const rows = [
  { name: "journey/page_bytes/4MB", value: statSync(file).size, unit: "bytes", bound: 5000000, note: "one HTML file, 0.2 % loss; at most the bound" },
  { name: "journey/first_paint_ms", value: Math.round(paints[1]), unit: "ms", bound: 2000, note: "first contentful paint of the 4 MB page, headless Chromium, middle of 3; at most the bound" },
];
writeFileSync(options.output, JSON.stringify(rows, null, 2) + "\n");
