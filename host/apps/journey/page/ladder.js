// SPDX-License-Identifier: Apache-2.0
// The time axis of both hosts. Time runs down; a long wait is drawn short, so that nothing is far from what it caused.
const ladder = { items: [], stage: 0, selected: null };

function ladderMoments() {
  const moments = [];
  for (const [index, call] of Object.entries(recording.calls)) moments.push({ t: call.t, kind: "call", end: call.end, call, index, room: 26 });
  for (const packet of recording.packets) {
    moments.push({ t: packet.start, kind: "sent", end: packet.from, packet, room: 27 });
    if (packet.arrived != null) moments.push({ t: packet.arrived, kind: "arrived", end: 1 - packet.from, packet, room: 23 });
  }
  const order = { arrived: 0, call: 1, sent: 2 };
  return moments.sort((a, b) => a.t - b.t || order[a.kind] - order[b.kind]);
}

function placeMoments(moments) {
  let y = 16;
  let before = null;
  for (const moment of moments) {
    const wait = before ? moment.t - before.t : 0;
    if (before) y += before.room + Math.min(34, 5 * Math.log10(1 + wait / 500));
    moment.y = y;
    before = moment;
  }
  return y + 50;
}

function drawAxes(svg, width, height, margin) {
  for (const x of [margin, width - margin]) svg.append(draw("line", { class: "axis", x1: x, x2: x, y1: 0, y2: height }));
}

function drawArrow(svg, sent, arrived, width, margin) {
  const packet = sent.packet;
  const right = packet.from === 0;
  const from = right ? margin : width - margin;
  const to = right ? width - margin : margin;
  const style = "--stage: var(--s" + packet.stage + ")";
  const dim = ladder.stage && ladder.stage !== packet.stage ? " dim" : "";
  const y1 = sent.y + 12;
  const again = packet.ties["retransmission of"] ? " again" : "";
  if (!arrived) {
    const x = from + (to - from) * 0.55;
    svg.append(draw("line", { class: "arrow" + again + dim, style, x1: from, y1, x2: x, y2: y1 + 10 }));
    svg.append(draw("path", { class: "lost" + dim, d: `M${x - 5} ${y1 + 5}l10 10m0 -10l-10 10` }));
    return;
  }
  const y2 = arrived.y + 12;
  if (packet.dropped) svg.append(draw("path", { class: "lost" + dim, d: `M${to - (right ? 21 : -11)} ${y2 - 5}l10 10m0 -10l-10 10` }));
  svg.append(draw("line", { class: "arrow" + again + dim, style, x1: from, y1, x2: to, y2 }));
  const tilt = (Math.atan2(y2 - y1, to - from) * 180) / Math.PI;
  svg.append(draw("path", { class: "head" + dim, style, d: "M0 0L-9 -4L-9 4Z", transform: `translate(${to} ${y2}) rotate(${tilt})` }));
}

function packetLabel(packet) {
  const label = make("button", { class: "item", type: "button", "data-packet": packet.n, style: "--stage: var(--s" + packet.stage + ")" },
    make("b", {}, "#" + packet.n), packet.title.replace(/ again$/, ""));
  if (packet.arrived == null) label.append(make("span", { class: "flag" }, " lost"));
  if (packet.came) label.append(make("span", { class: "flag" }, " damaged"));
  if (packet.ties["retransmission of"]) label.append(make("span", { class: "flag" }, " again"));
  label.title = packet.title;
  label.addEventListener("click", () => openPacket(packet.n));
  return label;
}

function callLabel(call, index) {
  const label = make("button", { class: "item call", type: "button", "data-call": index, style: "--stage: var(--s" + call.stage + ")" },
    call.name + "(" + call.arguments + ") → " + call.result);
  label.addEventListener("click", () => openCall(index));
  return label;
}

function placeLabel(root, moment, width, margin) {
  const inner = width - 2 * margin;
  const label = moment.kind === "call" ? callLabel(moment.call, moment.index) : packetLabel(moment.packet);
  label.style.top = moment.y - 9 + "px";
  label.style.maxWidth = inner * (width < 420 ? 0.92 : 0.8) + "px";
  label.style[moment.end === 0 ? "left" : "right"] = margin + 10 + "px";
  const stage = moment.kind === "call" ? moment.call.stage : moment.packet.stage;
  if (ladder.stage && ladder.stage !== stage) label.classList.add("dim");
  label.tabIndex = ladder.items.length === 0 ? 0 : -1;
  ladder.items.push(label);
  root.append(label);
}

function drawLadder() {
  const root = document.getElementById("ladder");
  const width = root.clientWidth;
  const margin = width < 420 ? 58 : 74;
  const moments = ladderMoments();
  const height = placeMoments(moments);
  root.textContent = "";
  root.style.height = height + "px";
  ladder.items = [];
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  root.append(svg);
  drawAxes(svg, width, height, margin);
  const arrivals = new Map(moments.filter((one) => one.kind === "arrived").map((one) => [one.packet.n, one]));
  let last = 0;
  for (const moment of moments) {
    if (moment.kind === "sent") {
      drawArrow(svg, moment, arrivals.get(moment.packet.n), width, margin);
      // Numbers follow the last octet, the drawing the first: a number may be drawn a little later.
      let skipped = 0;
      for (let n = last + 1; n < moment.packet.n; n++) skipped += byNumber.has(n) ? 0 : 1;
      if (last && skipped > 0) root.append(make("p", { class: "left-out", style: `top: ${moment.y - 33}px` }, make("span", {}, `${skipped} ${skipped === 1 ? "packet" : "packets"} not drawn`)));
      last = Math.max(last, moment.packet.n);
    }
    const time = make("span", { class: "moment", title: longTime(moment.t) }, shortTime(moment.t));
    time.style.top = (moment.kind === "call" ? moment.y - 7 : moment.y + 5) + "px";
    time.style[moment.end === 0 ? "right" : "left"] = width - margin + 6 + "px";
    root.append(time);
    if (moment.kind !== "arrived") placeLabel(root, moment, width, margin);
  }
  markSelected();
}

function markSelected() {
  for (const label of ladder.items) {
    const mine = ladder.selected && label.dataset[ladder.selected.kind] === String(ladder.selected.id);
    if (mine) {
      label.setAttribute("aria-current", "true");
      ladder.items.forEach((other) => (other.tabIndex = -1));
      label.tabIndex = 0;
    } else {
      label.removeAttribute("aria-current");
    }
  }
}

// Arrow keys, Home and End walk through what is drawn; Enter opens, as on every button.
function walkLadder(event) {
  const at = ladder.items.indexOf(document.activeElement);
  if (at < 0) return;
  const last = ladder.items.length - 1;
  const to = { ArrowDown: Math.min(at + 1, last), ArrowUp: Math.max(at - 1, 0), Home: 0, End: last }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  ladder.items[at].tabIndex = -1;
  ladder.items[to].tabIndex = 0;
  ladder.items[to].focus();
}
