// SPDX-License-Identifier: Apache-2.0
// What was recorded, and how its numbers are written.
"use strict";
const recording = JSON.parse(document.getElementById("recording").textContent);
const run = recording.run;
const byNumber = new Map(recording.packets.map((packet) => [packet.n, packet]));
const signalOf = new Map(recording.signal.frames.map((frame) => [frame.packet, frame]));
const hostName = (end) => run.stations[end].name;

function octetsOf(packet) {
  if (!packet.bytes) packet.bytes = Uint8Array.from(atob(packet.octets), (c) => c.charCodeAt(0));
  return packet.bytes;
}

const grouped = (value) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function shortTime(ns) {
  if (ns < 1e3) return ns + " ns";
  if (ns < 1e6) return (ns / 1e3).toFixed(2) + " µs";
  if (ns < 1e9) return (ns / 1e6).toFixed(ns < 1e8 ? 3 : 2) + " ms";
  return (ns / 1e9).toFixed(6) + " s";
}

const cycleAt = (ns) => Math.floor((ns * 1000) / run.cycle_ps);
const longTime = (ns) => grouped(ns) + " ns (cycle " + grouped(cycleAt(ns)) + ")";

// An element with attributes (functions are listeners) and children.
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value !== false && value != null) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

function draw(name, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text != null) element.textContent = text;
  return element;
}
