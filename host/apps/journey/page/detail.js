// SPDX-License-Identifier: Apache-2.0
// What is told of a packet: why it was sent, the way down, its layers beside its bytes, the line, the way up.
const detailOf = () => document.getElementById("detail");
const stageStyle = (stage) => "--stage: var(--s" + stage + ")";

function section(title, ...children) {
  return [make("h3", {}, title), ...children];
}

function fold(title, hint, inside, open) {
  return make("details", { open: !!open }, make("summary", {}, make("b", {}, title), make("span", { title: hint || false }, hint || "")), make("div", { class: "inside" }, ...inside));
}

function rowList(row) {
  return make("dl", { class: "row" }, ...Object.entries(row).map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, String(value)))));
}

function messageFold(message) {
  const rows = message.fields.map(([name, value, meaning]) =>
    make("tr", {}, make("td", {}, name), make("td", { class: "value" }, grouped(value), make("small", {}, meaning))));
  const inside = [make("p", { class: "note" }, longTime(message.t)), make("table", { class: "fields" }, make("tbody", {}, ...rows))];
  return fold(message.name, message.text.slice(message.text.indexOf(":") + 1), inside);
}

const tieWords = {
  "caused by": "sent because of", answers: "answers", acknowledges: "acknowledges up to", "acknowledged by": "acknowledged by",
  "retransmission of": "retransmission of", "sent again as": "sent again as",
};

function tieList(packet) {
  const items = Object.entries(packet.ties).map(([name, number]) => {
    const known = byNumber.has(number);
    const button = make("button", { type: "button", class: "tie", disabled: !known, "data-to": number, click: () => openPacket(number) },
      tieWords[name] + " ", make("b", {}, "#" + number), known ? "" : " (not drawn)");
    return make("li", {}, button);
  });
  return items.length ? make("ul", { class: "ties" }, ...items) : null;
}

// What became of the octets that did not arrive as they were sent.
function changedOctets(packet) {
  const changed = new Map();
  if (!packet.came) return changed;
  const came = Uint8Array.from(atob(packet.came.octets), (c) => c.charCodeAt(0));
  octetsOf(packet).forEach((octet, i) => {
    const other = came[i - packet.came.missing];
    if (i >= packet.came.missing && other !== octet) changed.set(i, other === undefined ? "nothing" : other.toString(16).padStart(2, "0"));
  });
  return changed;
}

// The bytes of a packet, each with the innermost field that it belongs to.
class HexView {
  constructor(packet, onPick) {
    this.octets = octetsOf(packet);
    this.changed = changedOctets(packet);
    this.perLine = window.innerWidth < 520 ? 8 : 16;
    this.onPick = onPick;
    this.cells = [];
    this.at = 0;
    this.root = make("div", { class: "hex", tabindex: "0", role: "group", "aria-label": "Octets on the line; arrow keys move, the field they belong to is marked" });
    for (let line = 0; line < this.octets.length; line += this.perLine) this.root.append(this.line(line));
    this.root.addEventListener("click", (event) => { if (event.target.dataset.at) this.pick(Number(event.target.dataset.at)); });
    this.root.addEventListener("keydown", (event) => this.key(event));
  }
  line(start) {
    const hex = make("span", {});
    let text = "";
    for (let i = start; i < Math.min(start + this.perLine, this.octets.length); i++) {
      const came = this.changed.get(i);
      const cell = make("i", { "data-at": i, class: came === undefined ? false : "changed", title: came === undefined ? false : "arrived as " + came }, this.octets[i].toString(16).padStart(2, "0"));
      this.cells.push(cell);
      hex.append(cell);
      text += this.octets[i] >= 32 && this.octets[i] < 127 ? String.fromCharCode(this.octets[i]) : "·";
    }
    return make("div", { class: "hex-line" }, make("span", {}, start.toString(16).padStart(4, "0")), hex, make("span", { class: "text" }, text));
  }
  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.perLine, ArrowDown: this.perLine }[event.key];
    if (!step) return;
    event.preventDefault();
    this.pick(Math.min(Math.max(this.at + step, 0), this.octets.length - 1));
  }
  pick(at) {
    this.at = at;
    this.onPick(at);
  }
  mark(offset, count) {
    for (const cell of this.root.querySelectorAll(".on")) cell.classList.remove("on");
    for (let i = offset; i < offset + count; i++) this.cells[i].classList.add("on");
    if (count > 0) this.show(this.cells[offset]);
  }
  show(cell) {
    const y = cell.offsetTop - this.root.offsetTop;
    if (y < this.root.scrollTop || y > this.root.scrollTop + this.root.clientHeight - 24) this.root.scrollTop = y - 40;
  }
  markLayer(offset, count) {
    this.cells.forEach((cell, i) => cell.classList.toggle("layer", i >= offset && i < offset + count));
  }
}

function workingBox(working) {
  return make("div", { class: "working" }, make("p", {}, working.rule + "."),
    make("ol", { tabindex: "0", "aria-label": "Steps" }, ...working.steps.map((step) => make("li", {}, step))),
    make("p", { class: working.holds ? "right" : "wrong" }, working.result));
}

// Layers and bytes, tied to each other and to the line.
function layersPart(packet, signal) {
  const rows = [];
  const select = (chosen) => {
    for (const one of rows) one.row.classList.toggle("on", one === chosen);
    hex.mark(chosen.offset, chosen.count);
    signal.mark(chosen.offset, chosen.count);
  };
  const hex = new HexView(packet, (at) => {
    const owners = rows.filter((one) => at >= one.offset && at < one.offset + one.count);
    if (!owners.length) return hex.mark(at, 1);
    owners[0].layer.open = true;
    select(owners[0]);
  });
  signal.onPick = (at) => hex.pick(at);
  const layers = packet.layers.map((layer) => {
    const table = make("table", { class: "fields" });
    const box = fold(layer.name, layer.b + (layer.name === "Line" ? " octets, those of the frame included" : " bytes"), [table, ...layer.w.map(workingBox)]);
    box.dataset.layer = layer.name;
    box.addEventListener("toggle", () => { if (box.open) hex.markLayer(layer.o, layer.b); });
    const body = make("tbody", {});
    for (const [offset, count, name, value, meaning, origin] of layer.f) {
      const row = make("tr", {},
        make("td", {}, make("button", { type: "button", class: "name" }, name)),
        make("td", { class: "value" }, value, meaning ? make("small", {}, meaning) : null, origin ? make("small", {}, "from: " + origin) : null));
      const one = { row, offset, count, layer: box };
      row.addEventListener("click", () => select(one));
      rows.push(one);
      body.append(row);
    }
    table.append(body);
    return box;
  });
  const changed = hex.changed.size ? make("p", { class: "note" }, `${hex.changed.size === 1 ? "1 octet, underlined, has" : hex.changed.size + " octets, underlined, have"} not arrived as sent.`) : "";
  return [...layers, ...section("Octets on the line", changed, hex.root)];
}

function wayUp(packet) {
  if (packet.arrived == null) return [make("p", { class: "note" }, capital(packet.dropped) + ". The sender keeps what it has sent until it is acknowledged.")];
  const parts = [make("p", { class: "note" }, "First octet at " + longTime(packet.arrive) + ", last at " + longTime(packet.arrived) + (packet.copies > 1 ? ", and " + (packet.copies - 1) + " more of the same" : "") + ".")];
  if (packet.received) parts.push(messageFold(packet.received));
  else if (packet.dropped) parts.push(make("p", { class: "note" }, capital(packet.dropped) + "."));
  else parts.push(make("p", { class: "note" }, "The card of host " + hostName(1 - packet.from) + " passed nothing on to its driver."));
  if (packet.row_after) parts.push(fold("Socket row", packet.row_after.state + " on host " + hostName(1 - packet.from) + " once it was dealt with", [rowList(packet.row_after)]));
  return parts;
}

// The sender's buffer as it was when the command was given, with what this packet takes of it.
function sendBuffer(packet) {
  if (!packet.tcp || !packet.tcp.bytes || !packet.row || packet.row.snd_una === undefined) return null;
  const row = packet.row;
  const from = (seq) => (seq - row.snd_una) >>> 0;
  const queue = row["send queue"];
  const sent = Math.min(queue, queue - row.unsent);
  const at = from(packet.tcp.seq);
  if (queue === 0 || at + packet.tcp.bytes > queue) return null;
  const most = Math.max(queue, 1);
  const x = (bytes) => (1000 * bytes) / most;
  const svg = draw("svg", { class: "buffer", viewBox: "0 0 1000 58", preserveAspectRatio: "none", role: "img", "aria-label": "The send buffer" });
  const bar = (name, first, count) => { if (count > 0) svg.append(draw("rect", { class: name, x: x(first), y: 8, width: Math.max(x(count), 2), height: 34 })); };
  bar("flight", 0, sent);
  bar("unsent", sent, queue - sent);
  bar("this", at, packet.tcp.bytes);
  for (const edge of [row.cwnd, row.snd_wnd]) if (edge < queue) svg.append(draw("line", { class: "edge", x1: x(edge), x2: x(edge), y1: 2, y2: 50 }));
  const edges = [["congestion window", row.cwnd], ["peer's window", row.snd_wnd]].filter(([, edge]) => edge < queue).map(([name, edge]) => name + " (" + grouped(edge) + ")");
  return {
    figure: svg,
    text: `${grouped(queue)} bytes, ${grouped(row.unsent)} not yet given to the card`,
    note: `Left: the oldest byte that is not acknowledged (snd_una ${grouped(row.snd_una)}). Green: given to the card, up to snd_nxt; grey: unsent; outlined: this packet's ${grouped(packet.tcp.bytes)} bytes, ${grouped(at)} behind snd_una.` + (edges.length ? " Dashed: the edge of the " + edges.join(" and the ") + "." : ""),
  };
}

// The packets that one SEND was cut into.
function cutWith(packet) {
  const same = recording.packets.filter((other) => other.command === packet.command && other.from === packet.from && other.tcp && other.tcp.bytes);
  if (packet.command === undefined || same.length < 2 || !same.includes(packet)) return null;
  return make("ul", { class: "ties" }, ...same.map((other) => make("li", {}, make("button", { type: "button", class: "tie", "aria-current": other === packet ? "true" : false, click: () => openPacket(other.n) },
    make("b", {}, "#" + other.n), ` ${grouped(other.tcp.bytes)} bytes`))));
}

function wayDown(packet) {
  const parts = [];
  if (packet.call != null) {
    const call = recording.calls[packet.call];
    parts.push(fold("Call", call.name + "(" + call.arguments + ")", [make("p", { class: "note" }, "called at " + longTime(call.t) + ", returned " + call.result + " at " + longTime(call.until))]));
  }
  if (packet.row) parts.push(fold("Socket row", packet.row.state + " on host " + hostName(packet.from), [rowList(packet.row)]));
  const buffer = sendBuffer(packet);
  if (buffer) parts.push(fold("Send buffer", buffer.text, [buffer.figure, make("p", { class: "note" }, buffer.note)], true));
  parts.push(...packet.card.map(messageFold));
  const cut = cutWith(packet);
  if (cut) parts.push(make("p", { class: "note" }, "The card cut from the same SEND: "), cut);
  return parts;
}

function toolBar(step) {
  const button = (text, label, action, name) => make("button", { type: "button", "aria-label": label, class: name || false, click: action }, text);
  return make("div", { class: "tools" }, button("◂ Back", "The one before", () => step(-1)), button("Next ▸", "The next one", () => step(1)), button("Close", "Close the details", closeDetail, "close"));
}

function packetDetail(packet) {
  const signal = new SignalView(packet);
  const other = hostName(1 - packet.from);
  const arrives = packet.arrived == null ? "lost on the way to host " + other : packet.dropped ? "arrives damaged at host " + other + " " + shortTime(packet.arrived - packet.end) + " later" : "arrives at host " + other + " " + shortTime(packet.arrived - packet.end) + " later";
  const parts = [
    toolBar(stepDetail),
    make("h2", {}, "#" + packet.n + " " + packet.title),
    make("p", { class: "when" }, recording.stages[packet.stage - 1] + ". Leaves host " + hostName(packet.from) + " at " + longTime(packet.start) + ", " + arrives + "."),
    make("p", { class: "why", style: stageStyle(packet.stage) }, make("strong", {}, "Why now: "), packet.why + ".",
      make("small", {}, "Derived from the socket row, the command and what came before: TCP does not tell its reasons.")),
    tieList(packet),
    ...section("The way down, on host " + hostName(packet.from), ...wayDown(packet)),
    ...section("Layers", ...layersPart(packet, signal)),
    ...section("Signal", signal.element()),
    ...section("The way up, on host " + other, ...wayUp(packet)),
  ];
  return { parts: parts.filter(Boolean), shown: () => signal.draw() };
}

function callDetail(call) {
  const took = call.until - call.t;
  const packets = recording.packets.filter((packet) => packet.call != null && recording.calls[packet.call] === call);
  const sent = packets.map((packet) => make("li", {}, make("button", { type: "button", class: "tie", click: () => openPacket(packet.n) }, make("b", {}, "#" + packet.n), " " + packet.title)));
  const parts = [
    toolBar(stepDetail),
    make("h2", {}, call.name + "()"),
    make("p", { class: "when" }, recording.stages[call.stage - 1] + ". Host " + hostName(call.end) + " calls at " + longTime(call.t) + "."),
    rowList({ arguments: call.arguments, result: call.result, returned: longTime(call.until), took: took === 0 ? "no simulated time" : shortTime(took) }),
  ];
  if (sent.length) parts.push(...section("Sent in it", make("ul", { class: "ties" }, ...sent)));
  return { parts, shown: () => {} };
}
