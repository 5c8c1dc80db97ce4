// SPDX-License-Identifier: Apache-2.0
// Puts the page together, and says what a click and a key do.
function showFacts() {
  document.getElementById("command").textContent = "sockwire " + run.command.join(" ");
  const facts = [["Simulated time", shortTime(run.end_ns)], ["Card cycles", grouped(cycleAt(run.end_ns))], ["Packets", grouped(run.packets)],
    ["TCP payload", grouped(run.payload) + " bytes"], ["Lost", grouped(run.lost), run.lost > 0],
    ...(run.damaged ? [["Damaged", grouped(run.damaged), true]] : []), ["Sent again", grouped(run.again), run.again > 0],
    ["Card", run.card], ["Line", recording.signal.line + ", " + run.cable],
    ...(recording.signal.coded ? [["Link up after", shortTime(run.up_ns)]] : []), ["Seed", run.seed]];
  document.getElementById("facts").append(...facts.map(([name, value, bad]) => make("div", {}, make("dt", {}, name), make("dd", { class: bad ? "bad" : false }, String(value)))));
  document.getElementById("legend").append("Time runs down, and a long wait is drawn short. Arrows are packets, numbered as in the capture (--pcap): by the moment at which their last octet has left. ",
    make("b", {}, "Click"), " one, or walk with the arrow keys and ", make("b", {}, "Enter"), ".");
  if (run.shown < run.packets) {
    const note = document.getElementById("sampled");
    note.textContent = `${grouped(run.shown)} of ${grouped(run.packets)} packets are drawn, with the calls around them: the first and the last ones, the handshake and the close, losses and what repaired them, and a sample of the bulk. The others look like their neighbours; packet numbers count all, as in the capture.`;
    note.hidden = false;
  }
  const roles = run.errand === "send" ? ["sends", "takes"] : ["asks", "answers"];
  document.getElementById("hosts").append(...run.stations.map((host, end) =>
    make("div", {}, make("strong", {}, "Host " + host.name + " " + roles[end]), make("small", {}, host.address), make("small", { class: "mono" }, host.mac))));
}

function showStages() {
  const root = document.getElementById("stages");
  const drawn = [...recording.packets, ...Object.values(recording.calls)];
  const button = (number, text, count) => make("button", {
    type: "button", class: "stage", style: number ? stageStyle(number) : "--stage: var(--axis)", "aria-pressed": String(ladder.stage === number),
    click: () => { ladder.stage = number; root.textContent = ""; showStages(); drawLadder(); },
  }, text, make("span", {}, String(count)));
  const count = (stage) => drawn.filter((one) => one.stage === stage).length;
  root.append(button(0, "All stages", drawn.length), ...recording.stages.map((text, i) => button(i + 1, text, count(i + 1))));
}

// How much was acknowledged, and the congestion window, where there is a bulk to show.
function showProgress() {
  const points = recording.series;
  if (points.length < 40) return;
  const figure = document.getElementById("progress");
  const last = points[points.length - 1];
  const svg = draw("svg", { viewBox: "0 0 1000 110", preserveAspectRatio: "none", "aria-hidden": "true" });
  const line = (index, colour) => {
    const most = Math.max(...points.map((point) => point[index]), 1);
    const path = points.map((point, i) => (i ? "L" : "M") + ((1000 * point[0]) / last[0]).toFixed(1) + " " + (106 - (100 * point[index]) / most).toFixed(1)).join("");
    svg.append(draw("path", { d: path, fill: "none", stroke: colour, "stroke-width": 2, "vector-effect": "non-scaling-stroke" }));
    return most;
  };
  const acked = line(1, "var(--s3)");
  const window = line(2, "var(--s6)");
  const key = (colour, text) => [make("span", { style: `color: ${colour}; font-weight: 600` }, "— "), text];
  figure.append(svg, make("figcaption", {}, ...key("var(--s3)", `acknowledged, up to ${grouped(acked)} bytes; `), ...key("var(--s6)", `congestion window, up to ${grouped(window)} bytes; over ${shortTime(last[0])}`)));
  figure.hidden = false;
}

function showDetail(kind, id, detail) {
  const root = detailOf();
  root.textContent = "";
  root.append(...detail.parts);
  root.scrollTop = 0;
  root.classList.add("open");
  document.body.classList.add("reading");
  ladder.selected = { kind, id };
  markSelected();
  detail.shown();
}

function openPacket(number) {
  showDetail("packet", number, packetDetail(byNumber.get(number)));
  revealSelected();
}

function openCall(index) {
  showDetail("call", index, callDetail(recording.calls[index]));
}

function selectedLabel() {
  return ladder.items.find((label) => label.getAttribute("aria-current") === "true");
}

function revealSelected() {
  const label = selectedLabel();
  if (!label) return;
  const place = label.getBoundingClientRect();
  if (place.top < 80 || place.bottom > window.innerHeight) label.scrollIntoView({ block: "center" });
  if (isOverlay()) detailOf().focus();
}

function stepDetail(step) {
  const at = ladder.items.indexOf(selectedLabel()) + step;
  if (at >= 0 && at < ladder.items.length) ladder.items[at].click();
}

const isOverlay = () => getComputedStyle(detailOf()).position === "fixed";

function closeDetail() {
  detailOf().classList.remove("open");
  document.body.classList.remove("reading");
  const label = selectedLabel();
  if (label) label.focus();
}

function listen() {
  document.getElementById("ladder").addEventListener("keydown", walkLadder);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeDetail(); });
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    drawLadder();
  });
}

showFacts();
showStages();
showProgress();
drawLadder();
listen();
if (!isOverlay() && recording.packets.length) {
  const first = recording.packets.find((packet) => packet.layers.some((layer) => layer.name === "Application")) || recording.packets[0];
  showDetail("packet", first.n, packetDetail(first));
}
