// SPDX-License-Identifier: Apache-2.0
// The line while one frame passes: octets, their bits, and, where a line code was simulated, symbols and waveform.
class SignalView {
  constructor(packet) {
    this.packet = packet;
    this.octets = octetsOf(packet);
    this.frame = signalOf.get(packet.n);
    this.octetPs = recording.signal.octet_ps;
    this.end = this.frame.octets * this.octetPs;
    this.from = 0;
    this.to = this.end;
    this.marked = [0, 0];
    this.svg = draw("svg", { class: "wave", tabindex: "0", role: "img", "aria-label": "The line over time; plus and minus zoom, arrow keys move" });
    this.svg.addEventListener("keydown", (event) => this.key(event));
    this.svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.svg.addEventListener("pointerdown", (event) => this.drag(event));
  }
  element() {
    const button = (text, label, action) => make("button", { type: "button", "aria-label": label, click: () => { action(); this.draw(); } }, text);
    const tools = make("div", { class: "zoom" },
      button("−", "Zoom out", () => this.zoom(2)), button("+", "Zoom in", () => this.zoom(0.5)),
      button("◂", "Earlier", () => this.move(-0.4)), button("▸", "Later", () => this.move(0.4)),
      button("Frame", "The whole frame", () => { this.from = 0; this.to = this.end; }),
      button("One bit", "Zoom to one bit", () => this.oneBit()));
    const coded = this.frame.symbols || this.frame.samples;
    const note = coded ? "Line: " + recording.signal.line
      : "The MAC's side of the line (" + recording.signal.line + "): octets as they passed, each octet's lowest bit first, as a serial line sends them. No line code was simulated in this run, so there are no symbols and no waveform.";
    return make("div", {}, tools, this.svg, make("p", { class: "note" }, note));
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
    this.from = Math.min(Math.max(0, this.from + share * span), this.end - span);
    this.to = this.from + span;
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
    const [from, to] = [this.from, this.to];
    const width = this.svg.clientWidth || 1;
    const moved = (next) => { this.from = from; this.to = to; this.move((start - next.clientX) / width); this.draw(); };
    const done = () => { window.removeEventListener("pointermove", moved); window.removeEventListener("pointerup", done); window.removeEventListener("pointercancel", done); };
    window.addEventListener("pointermove", moved);
    window.addEventListener("pointerup", done);
    window.addEventListener("pointercancel", done);
  }
  x(ps) { return ((ps - this.from) / (this.to - this.from)) * this.width; }
  cell(ps, lasts, y, text, on) {
    const x = this.x(ps);
    const wide = this.x(ps + lasts) - x;
    this.svg.append(draw("rect", { class: "cell" + (on ? " on" : ""), x, y, width: Math.max(wide, 0.2), height: 24 }));
    if (wide > 7 * text.length + 3) this.svg.append(draw("text", { x: Math.max(x, 0) + Math.min(wide, this.width) / 2, y: y + 16, "text-anchor": "middle" }, text));
  }
  draw() {
    this.width = this.svg.clientWidth || 300;
    this.svg.textContent = "";
    this.svg.setAttribute("viewBox", `0 0 ${this.width} 190`);
    const first = Math.max(0, Math.floor(this.from / this.octetPs));
    const last = Math.min(this.octets.length, Math.ceil(this.to / this.octetPs));
    const absolute = this.frame.start_ps + this.from;
    this.svg.append(draw("text", { class: "soft", x: 4, y: 14 }, (absolute / 1000).toFixed(2) + " ns"));
    this.svg.append(draw("text", { class: "soft", x: this.width - 4, y: 14, "text-anchor": "end" }, ((this.to - this.from) / 1000).toFixed(2) + " ns across"));
    const step = Math.max(1, Math.ceil((last - first) / 400));
    for (let i = first; i < last; i += step) {
      const text = step > 1 ? "" : this.octets[i].toString(16).padStart(2, "0");
      this.cell(i * this.octetPs, this.octetPs * step, 24, text, i < this.marked[1] && i + step > this.marked[0]);
    }
    if (last - first <= 24) this.drawBits(first, last);
    else this.svg.append(draw("text", { class: "soft", x: 4, y: 74 }, "zoom in for the bits"));
    this.drawSymbols();
    this.drawSamples();
  }
  drawBits(first, last) {
    const lasts = this.octetPs / 8;
    let path = "";
    for (let i = first; i < last; i++) {
      for (let bit = 0; bit < 8; bit++) {
        const value = (this.octets[i] >> bit) & 1;
        const at = i * this.octetPs + bit * lasts;
        this.cell(at, lasts, 56, String(value), false);
        const y = value ? 92 : 108;
        path += (path ? "L" : "M") + this.x(at) + " " + y + "L" + this.x(at + lasts) + " " + y;
      }
    }
    if (!this.frame.samples) this.svg.append(draw("path", { class: "trace", d: path }));
  }
  drawSymbols() {
    for (const [start, lasts, name] of this.frame.symbols || []) {
      const at = start - this.frame.start_ps;
      if (at + lasts > this.from && at < this.to && this.x(at + lasts) - this.x(at) > 1) this.cell(at, lasts, 114, name, false);
    }
  }
  drawSamples() {
    const samples = this.frame.samples;
    if (!samples || samples.volts.length === 0) return;
    const top = Math.max(...samples.volts.map(Math.abs), 1e-9);
    const begin = samples.start_ps - this.frame.start_ps;
    const low = Math.max(0, Math.floor((this.from - begin) / samples.step_ps) - 1);
    const high = Math.min(samples.volts.length, Math.ceil((this.to - begin) / samples.step_ps) + 2);
    const step = Math.max(1, Math.floor((high - low) / 2000));
    let path = "";
    for (let i = low; i < high; i += step) path += (path ? "L" : "M") + this.x(begin + i * samples.step_ps) + " " + (164 - (20 * samples.volts[i]) / top);
    this.svg.append(draw("path", { class: "trace", d: path }));
  }
}
