// SPDX-License-Identifier: Apache-2.0
// Clicks through every layer of the page of `sockwire journey`, at desktop and phone size, light and dark, by pointer and
// by keyboard. Any console error fails. Screenshots are left in --out.
import assert from "node:assert/strict";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { makePage, optionsOf, withBrowser } from "./browser.mjs";

const options = optionsOf(process.argv.slice(2));
const sizes = [
  { name: "desktop", size: { width: 1360, height: 900 }, scheme: "light" },
  { name: "desktop-dark", size: { width: 1360, height: 900 }, scheme: "dark" },
  { name: "phone", size: { width: 360, height: 740 }, scheme: "light" },
  { name: "phone-dark", size: { width: 360, height: 740 }, scheme: "dark" },
];

/// Everything that a browser complains about.
function watch(page) {
  const complaints = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) complaints.push(message.text()); });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => complaints.push("request: " + request.url()));
  return complaints;
}

async function noSidewaysScroll(page, where) {
  const [content, window_] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(content <= window_, `${where}: the page is ${content} px wide in a window of ${window_}`);
}

/// Opens each fold of the details and picks each field: what is marked must be as many bytes as the field has.
async function clickThroughLayers(page, number) {
  const layers = page.locator("#detail details[data-layer]");
  const names = await layers.evaluateAll((all) => all.map((one) => one.dataset.layer));
  assert.equal(names.at(-1), "Line", `#${number} has layers down to the line`);
  for (let i = 0; i < names.length; i++) {
    await layers.nth(i).locator("summary").click();
    assert.ok(await layers.nth(i).evaluate((one) => one.open), `#${number}: ${names[i]} opens`);
    const fields = layers.nth(i).locator("button.name");
    await fields.first().click();
    // All of them, without waiting for a pointer to get there.
    const marked = await fields.evaluateAll((all) => all.map((one) => { one.click(); return document.querySelectorAll("#detail .hex i.on").length; }));
    const wanted = await page.evaluate(([n, l]) => byNumber.get(n).layers[l].f.map((field) => field[1]), [number, i]);
    assert.deepEqual(marked, wanted, `#${number} ${names[i]}: each field marks its bytes`);
  }
  for (const result of await page.locator("#detail .working > p:last-child").all()) {
    assert.match(await result.textContent(), /: right$/);
  }
  return names;
}

async function clickEveryPacket(page, layers) {
  const numbers = await page.evaluate(() => recording.packets.map((packet) => packet.n));
  const seen = new Set();
  for (const number of numbers) {
    await page.locator(`.item[data-packet="${number}"]`).click();
    await page.locator("#detail h2", { hasText: `#${number} ` }).waitFor();
    const title = await page.evaluate((n) => byNumber.get(n).title.split(" ")[0], number);
    // One packet of each kind is gone through in full: the others differ in numbers only.
    if (!seen.has(title)) (await clickThroughLayers(page, number)).forEach((name) => seen.add(name));
    seen.add(title);
    if (await page.locator("#detail .close").isVisible()) await page.locator("#detail .close").click();
  }
  for (const layer of layers) {
    assert.ok(seen.has(layer), `no packet has shown ${layer}`);
  }
}

async function useKeyboard(page) {
  const first = page.locator(".ladder .item").first();
  await first.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Home");
  for (let i = 0; i < 200; i++) {
    if (await page.evaluate(() => document.activeElement.dataset.packet !== undefined)) break;
    await page.keyboard.press("ArrowDown");
  }
  const number = await page.evaluate(() => document.activeElement.dataset.packet);
  await page.keyboard.press("Enter");
  await page.locator("#detail h2", { hasText: `#${number} ` }).waitFor();
  await page.locator("#detail .hex").focus();
  for (let i = 0; i < 9; i++) await page.keyboard.press("ArrowRight");
  assert.equal(await page.locator("#detail tr.on .name").textContent(), "Destination");
  await page.locator("#detail .wave").focus();
  const before = await page.evaluate(() => document.querySelector(".wave").textContent);
  await page.keyboard.press("+");
  assert.notEqual(await page.evaluate(() => document.querySelector(".wave").textContent), before);
  await page.keyboard.press("Escape");
}

async function zoomToOneBit(page) {
  await page.locator('.item[data-packet="1"]').click();
  await page.getByRole("button", { name: "Zoom to one bit" }).click();
  const across = await page.locator("#detail .wave text.soft").nth(1).textContent();
  assert.equal(across, (await page.evaluate(() => recording.signal.octet_ps / 8000)).toFixed(2) + " ns across");
}

/// A click on the line, not a drag, marks the octet there, in the bytes and among the fields.
async function pickFromTheLine(page) {
  await page.locator('.item[data-packet="1"]').click();
  const wave = page.locator("#detail .wave");
  await wave.scrollIntoViewIfNeeded();
  const box = await wave.boundingBox();
  const octets = await page.evaluate(() => signalOf.get(1).octets);
  const shown = await page.evaluate(() => document.querySelector("#detail .wave").clientWidth);
  await wave.click({ position: { x: (shown * 20.5) / octets, y: Math.min(40, box.height / 2) } });
  assert.equal(await page.locator("#detail .hex i.on").first().getAttribute("data-at"), "20");
  assert.equal(await page.locator("#detail tr.on .name").textContent(), "EtherType");
  await page.keyboard.press("Escape");
}

/// A run over a line code: symbols by name, a waveform with its scale, what was damaged and where.
async function lookAtTheSignal(page) {
  const seen = await page.evaluate(() => {
    const damaged = recording.packets.find((packet) => packet.came);
    openPacket(damaged.n);
    const view = document.querySelector("#detail .wave");
    [...document.querySelectorAll("#detail .zoom button")].find((one) => one.textContent === "Damage").click();
    const close = [...view.querySelectorAll("text")].map((one) => one.textContent);
    const late = recording.packets.find((packet) => !signalOf.get(packet.n).parts);
    return { traces: view.querySelectorAll(".trace").length, texts: close.join(" "), changed: document.querySelectorAll("#detail .hex i.changed").length,
      reason: signalOf.get(damaged.n).kept, late: late ? late.n : 0 };
  });
  assert.ok(seen.traces >= 1, "the waveform where it was damaged");
  assert.match(seen.texts, /symbols that host [AB] drives/);
  assert.match(seen.texts, /at host [AB], ±\d\.\d\d V/);
  assert.ok(seen.changed > 0, "octets that did not arrive as sent are marked");
  assert.ok(seen.late > 0, "not all frames' signals are kept");
  await page.evaluate((n) => openPacket(n), seen.late);
  assert.match(await page.locator("#detail").textContent(), /Symbols and waveform of this frame were not kept\. Kept are the first 16 frames/);
  await page.keyboard.press("Escape");
}

/// Symbols and samples as a line code records them, made up here: the page must draw them, whatever their zoom.
async function drawMadeUpSignal(page) {
  const drawn = await page.evaluate(() => {
    const frame = signalOf.get(1);
    const bit = recording.signal.octet_ps / 8;
    const volts = Int16Array.from({ length: 512 }, (_, i) => 1000 * Math.sin(i / 4));
    frame.parts = [{
      symbols: { start_ps: frame.start_ps, unit_ps: bit, names: Array.from({ length: 64 }, (_, i) => "S" + i).join(" ") },
      samples: { start_ps: frame.start_ps, step_ps: bit / 8, mv: btoa(String.fromCharCode(...new Uint8Array(volts.buffer))) },
    }];
    openPacket(1);
    const view = document.querySelector("#detail .wave");
    for (let i = 0; i < 6; i++) view.dispatchEvent(new KeyboardEvent("keydown", { key: "+" }));
    for (let i = 0; i < 200; i++) view.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft" }));
    return [view.querySelectorAll(".trace").length, [...view.querySelectorAll("text")].map((one) => one.textContent).includes("S0")];
  });
  assert.deepEqual(drawn, [1, true]);
}

async function followTies(page) {
  const tied = await page.evaluate(() => recording.packets.find((packet) => packet.ties["acknowledged by"]).n);
  await page.locator(`.item[data-packet="${tied}"]`).click();
  const tie = page.locator("#detail .tie", { hasText: "acknowledged by" });
  const to = await tie.getAttribute("data-to");
  await tie.click();
  await page.locator("#detail h2", { hasText: `#${to} ` }).waitFor();
}

const pages = {
  clean: makePage(options, "clean", "get", "http://www.example.org/3000"),
  lossy: makePage(options, "lossy", "get", "http://www.example.org/60k", "--loss", "0.06", "--seed", "3"),
  noisy: makePage(options, "noisy", "get", "http://www.example.org/60k", "--line", "100base-tx", "--cable", "100", "--noise", "60"),
  // A message over IPv6: this file.
  sent: makePage(options, "sent", "send", "www.example.org:7", fileURLToPath(import.meta.url), "-6", "--write", "1000", "--pause", "5us"),
};
const layersOf = {
  clean: ["DNS", "Application", "UDP", "TCP", "IPv4", "ARP", "Ethernet", "Line"],
  sent: ["DNS", "Application", "UDP", "TCP", "IPv6", "ICMPv6", "Ethernet", "Line"],
};
for (const { name, size, scheme } of sizes) {
  await withBrowser(options, size, scheme, async (page) => {
    page.setDefaultTimeout(8000);
    const complaints = watch(page);
    for (const [which, file] of Object.entries(pages)) {
      await page.goto(pathToFileURL(file).href);
      await page.screenshot({ path: path.join(options.out, `${which}-${name}.png`) });
      await noSidewaysScroll(page, name);
      assert.equal(await page.locator(".left-out").count(), 0, "all packets of a short run are drawn");
      if (scheme === "light" && layersOf[which]) await clickEveryPacket(page, layersOf[which]);
      await followTies(page);
      if (which === "noisy") await lookAtTheSignal(page);
      await page.screenshot({ path: path.join(options.out, `${which}-${name}-packet.png`) });
      await page.keyboard.press("Escape");
      if (which !== "clean" || scheme === "dark") continue;
      await zoomToOneBit(page);
      await page.locator("#detail .wave").screenshot({ path: path.join(options.out, `${name}-bit.png`) });
      await page.keyboard.press("Escape");
      await useKeyboard(page);
      await pickFromTheLine(page);
    }
    await page.goto(pathToFileURL(pages.clean).href);
    await drawMadeUpSignal(page);
    await page.keyboard.press("Escape");
    await page.locator(".stage").nth(2).click();
    assert.ok((await page.locator(".item.dim").count()) > 0, "a stage is set apart");
    assert.deepEqual(complaints, [], `${name}: the console`);
  });
  console.log(`${name}: every layer opened, no console error`);
}
