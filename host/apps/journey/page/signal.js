// SPDX-License-Identifier: Apache-2.0
// The line while one frame passes: octets, their bits, and, where a line code was simulated, symbols and waveform.
const symbolWords = {
  "10base-t": "half bits of Manchester, + high and - low",
  "100base-tx": "4B/5B groups, before the scrambler; on the line as MLT-3",
  "1000base-x": "8b/10b groups: D data, K control",
  "10gbase-r": "64b/66b blocks, before the scrambler",
};

// A part of a frame's signal as it is stored: names in a row with their lengths, and millivolts in base 64.
function unpackPart(part) {
  const out = { symbols: [], samples: null };
  if (part.symbols) {
    let at = part.symbols.start_ps;
    part.symbols.names.split(" ").forEach((name, i) => {
      const lasts = (part.symbols.lasts ? part.symbols.lasts[i] : 1) * part.symbols.unit_ps;
      if (name !== "~") out.symbols.push([at, lasts, name]);
      at += lasts;
    });
  }
  if (part.samples) {
    const bytes = Uint8Array.from(atob(part.samples.mv), (c) => c.charCodeAt(0));
    out.samples = { start_ps: part.samples.start_ps, step_ps: part.samples.step_ps, volts: Array.from(new Int16Array(bytes.buffer), (mv) => mv / 1000) };
  }
  return out;
}

class SignalView {
  constructor(packet) {
    this.packet = packet;
    this.octets = octetsOf(packet);
    this.frame = signalOf.get(packet.n);
    this.parts = (this.frame.parts || []).map(unpackPart);
    this.top = Math.max(...this.parts.flatMap((part) => (part.samples ? part.samples.volts.map(Math.abs) : [])), 1e-3);
    this.octetPs = recording.signal.octet_ps;
    this.end = this.frame.octets * this.octetPs;
    this.from = 0;
    this.to = this.end;
    this.marked = [0, 0];
    this.changed = changedOctets(packet);
    this.onPick = () => {};
    this.rows = this.layOut();
    this.svg = draw("svg", { class: "wave", tabindex: "0", role: "img", style: `height: ${this.height}px`, "aria-label": "The line over time; plus and minus zoom, arrow keys move, a click on an octet marks its field" });
    this.svg.addEventListener("keydown", (event) => this.key(event));
    this.svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.svg.addEventListener("pointerdown", (event) => this.drag(event));
  }
  // Where each row begins: its label first, what it shows below.
  layOut() {
    const rows = { octets: 34, bits: 76 };
    this.height = 106;
    const row = (name, height) => { rows[name] = this.height + 12; this.height += height + 18; };
    const volts = this.parts.some((part) => part.samples);
    if (this.parts.some((part) => part.symbols.length)) row("symbols", 24);
    if (volts) row("volts", 66);
    else row("levels", 22);
    this.height += 4;
    return rows;
  }
  note() {
    const other = "host " + hostName(1 - this.packet.from);
    if (!recording.signal.coded) return "The MAC's side of the line (" + recording.signal.line + "): octets as they passed, each octet's lowest bit first. No line code was simulated in this run, so there are no symbols and no waveform: --line chooses one.";
    const limits = recording.signal.limits;
    const kept = `Kept are the first ${limits.first} frames and up to ${limits.later} later ones that matter (SYN, FIN, RST, damaged, sent again), of a long frame the first ${limits.head} and the last ${limits.tail} octets, and where it was damaged.`;
    if (!this.parts.length) return `Symbols and waveform of this frame were not kept. ${kept}`;
    const wave = this.rows.volts ? ` The waveform is what comes in at ${other}, behind the cable (${run.cable}), so it is later than the symbols, and these are later than their octets.` : "";
    return `${recording.signal.line}, symbols as host ${hostName(this.packet.from)} drives them: ${symbolWords[recording.signal.line] || "by name"}.${wave} Kept because ${this.frame.kept === "one of the first" ? "it is " : ""}${this.frame.kept}. ${kept}`;
  }
  element() {
    const button = (text, label, action) => make("button", { type: "button", "aria-label": label, click: () => { action(); this.draw(); } }, text);
    const tools = make("div", { class: "zoom" },
      button("−", "Zoom out", () => this.zoom(2)), button("+", "Zoom in", () => this.zoom(0.5)),
      button("◂", "Earlier", () => this.move(-0.4)), button("▸", "Later", () => this.move(0.4)),
      button("Frame", "The whole frame", () => { this.from = 0; this.to = this.end; }),
      button("FCS", "The frame's end", () => this.look(this.octets.length - 8, 12)),
      ...(this.packet.came ? [button("Damage", "The first octet that has changed", () => this.look(this.damage() - 6, 16))] : []),
      button("One bit", "Zoom to one bit", () => this.oneBit()));
    return make("div", {}, tools, this.svg, make("p", { class: "note" }, this.note()));
  }
  zoom(factor, at = 0.5) {
    const span = Math.min(this.end, Math.max(this.octetPs / 8, (this.to - this.from) * factor));
    const middle = this.from + (this.to - this.from) * at;
    this.from = middle - span * at;
    this.to = this.from + span;
    this.move(0);
  }
  move(share) {
    const span = this.to - this.from;
    this.from = Math.min(Math.max(0, this.from + share * span), this.end + this.after() - span);
    this.to = this.from + span;
  }
  // Symbols and waveform go on when the last octet has gone in.
  after() { return this.parts.length ? Math.min(this.end, 16 * this.octetPs) : 0; }
  damage() { return Math.min(...this.changed.keys(), this.octets.length); }
  look(first, count) {
    this.from = Math.max(0, first * this.octetPs);
    this.to = this.from + count * this.octetPs;
  }
  oneBit() {
    const bit = Math.floor(((this.from + this.to) / 2 / this.octetPs) * 8);
    this.from = (bit * this.octetPs) / 8;
    this.to = this.from + this.octetPs / 8;
  }
  mark(first, count) {
    this.marked = [first, first + count];
    if (count > 0 && (first * this.octetPs < this.from || (first + count) * this.octetPs > this.to || this.to - this.from > 64 * this.octetPs)) {
      const span = Math.min(this.end, Math.max(count * 1.5, 16) * this.octetPs);
      this.from = (first + count / 2) * this.octetPs - span / 2;
      this.to = this.from + span;
      this.move(0);
    }
    this.draw();
  }
  key(event) {
    const act = { "+": () => this.zoom(0.5), "=": () => this.zoom(0.5), "-": () => this.zoom(2), ArrowLeft: () => this.move(-0.2), ArrowRight: () => this.move(0.2) }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
    this.draw();
  }
  wheel(event) {
    if (!event.ctrlKey && Math.abs(event.deltaX) < Math.abs(event.deltaY) && !event.shiftKey) return;
    event.preventDefault();
    if (event.ctrlKey) this.zoom(event.deltaY > 0 ? 1.25 : 0.8, event.offsetX / this.svg.clientWidth);
    else this.move((event.deltaX || event.deltaY) / 600);
    this.draw();
  }
  drag(event) {
    const start = event.clientX;
    const at = Math.floor((this.from + ((this.to - this.from) * (start - this.svg.getBoundingClientRect().left)) / (this.svg.clientWidth || 1)) / this.octetPs);
    const [from, to] = [this.from, this.to];
    const width = this.svg.clientWidth || 1;
    let far = false;
    const moved = (next) => {
      far = far || Math.abs(next.clientX - start) > 4;
      this.from = from;
      this.to = to;
      this.move((start - next.clientX) / width);
      this.draw();
    };
    const ended = (last) => {
      for (const [name, one] of [["pointermove", moved], ["pointerup", ended], ["pointercancel", ended]]) window.removeEventListener(name, one);
      if (!far && last.type === "pointerup" && at >= 0 && at < this.octets.length) this.onPick(at);
    };
    for (const [name, one] of [["pointermove", moved], ["pointerup", ended], ["pointercancel", ended]]) window.addEventListener(name, one);
  }
  x(ps) { return ((ps - this.from) / (this.to - this.from)) * this.width; }
  cell(ps, lasts, y, text, look = "") {
    const x = Math.max(this.x(ps), -2);
    const wide = Math.min(this.x(ps + lasts), this.width + 2) - x;
    this.svg.append(draw("rect", { class: "cell" + look, x, y, width: Math.max(wide, 0.2), height: 24 }));
    if (wide > 7 * text.length + 3) this.svg.append(draw("text", { x: x + wide / 2, y: y + 16, "text-anchor": "middle" }, text));
  }
  label(text, y) { this.svg.append(draw("text", { class: "soft row", x: 4, y: y - 3 }, text)); }
  draw() {
    this.width = this.svg.clientWidth || 300;
    this.svg.textContent = "";
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    const first = Math.max(0, Math.floor(this.from / this.octetPs));
    const last = Math.min(this.octets.length, Math.ceil(this.to / this.octetPs));
    const absolute = this.frame.start_ps + this.from;
    this.svg.append(draw("text", { class: "soft", x: 4, y: 13 }, grouped((absolute / 1000).toFixed(2)) + " ns"));
    this.svg.append(draw("text", { class: "soft", x: this.width - 4, y: 13, "text-anchor": "end" }, ((this.to - this.from) / 1000).toFixed(2) + " ns across"));
    this.drawGrid();
    this.label("octets", this.rows.octets);
    const step = Math.max(1, Math.ceil((last - first) / 400));
    for (let i = first; i < last; i += step) {
      const text = step > 1 ? "" : this.octets[i].toString(16).padStart(2, "0");
      const on = i < this.marked[1] && i + step > this.marked[0];
      this.cell(i * this.octetPs, this.octetPs * step, this.rows.octets, text, (on ? " on" : "") + (step === 1 && this.changed.has(i) ? " changed" : ""));
    }
    const near = last - first <= 24;
    this.label(near ? "bits, each octet's lowest first" : "bits: zoom in", this.rows.bits);
    if (near) this.drawBits(first, last);
    if (this.rows.symbols) this.drawSymbols();
    if (this.rows.volts) this.drawSamples();
  }
  // A line at each of at most eight round times since the frame's first bit.
  drawGrid() {
    const rough = (this.to - this.from) / 6;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find((one) => one * power >= rough);
    for (let at = Math.ceil(this.from / step) * step; at < this.to; at += step) {
      this.svg.append(draw("line", { class: "grid", x1: this.x(at), x2: this.x(at), y1: 18, y2: this.height }));
      const text = "+" + +(at / 1000).toPrecision(6) + " ns";
      if (this.x(at) < this.width - 60) this.svg.append(draw("text", { class: "soft tick", x: this.x(at) + 3, y: this.height - 4 }, text));
    }
  }
  drawBits(first, last) {
    const lasts = this.octetPs / 8;
    let path = "";
    for (let i = first; i < last; i++) {
      for (let bit = 0; bit < 8; bit++) {
        const value = (this.octets[i] >> bit) & 1;
        const at = i * this.octetPs + bit * lasts;
        this.cell(at, lasts, this.rows.bits, String(value));
        const y = (this.rows.levels || 0) + (value ? 2 : 18);
        path += (path ? "L" : "M") + this.x(at) + " " + y + "L" + this.x(at + lasts) + " " + y;
      }
    }
    if (!this.rows.levels) return;
    this.label("as levels", this.rows.levels);
    this.svg.append(draw("path", { class: "trace", d: path }));
  }
  drawSymbols() {
    let seen = 0;
    for (const part of this.parts) {
      for (const [start, lasts, name] of part.symbols) {
        const at = start - this.frame.start_ps;
        if (at + lasts <= this.from || at >= this.to) continue;
        seen += 1;
        if (this.x(at + lasts) - this.x(at) > 1) this.cell(at, lasts, this.rows.symbols, name, /^[0-9A-F+\-0]$|^D/.test(name) ? "" : " control");
      }
    }
    this.label(seen ? "symbols that host " + hostName(this.packet.from) + " drives" : "symbols: none kept here", this.rows.symbols);
  }
  drawSamples() {
    const y = this.rows.volts + 32;
    this.svg.append(draw("line", { class: "grid", x1: 0, x2: this.width, y1: y, y2: y }));
    this.label(`at host ${hostName(1 - this.packet.from)}, ±${this.top.toFixed(2)} V`, this.rows.volts);
    for (const part of this.parts) {
      const samples = part.samples;
      if (!samples) continue;
      const begin = samples.start_ps - this.frame.start_ps;
      const low = Math.max(0, Math.floor((this.from - begin) / samples.step_ps) - 1);
      const high = Math.min(samples.volts.length, Math.ceil((this.to - begin) / samples.step_ps) + 2);
      const step = Math.max(1, Math.floor((high - low) / 2000));
      let path = "";
      for (let i = low; i < high; i += step) path += (path ? "L" : "M") + this.x(begin + i * samples.step_ps).toFixed(1) + " " + (y - (28 * samples.volts[i]) / this.top).toFixed(1);
      if (path) this.svg.append(draw("path", { class: "trace", d: path }));
    }
  }
}
