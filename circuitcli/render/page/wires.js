// The chain rule at a wire: what it brings back from each gate that it leads to, and their sum.

const MOST = 6; // lines of an explanation
const fromNode = new Map(); // the edges by their arguments
page.edges.forEach((edge, n) => {
  fromNode.set(edge.argument, [...(fromNode.get(edge.argument) ?? []), { ...edge, n }]);
});

const slope = (k) => `∂${page.name}/∂${page.names[k]}`;

// ∂f/∂q × z = 1 × (-4) = -4
function share({ gate, argument, n, formula }) {
  const local = point.edges[n];
  const gives = local === 0 ? 0 : point.gradients[gate] * local;
  const symbol = formula || `∂${page.names[gate]}/∂${page.names[argument]}`;
  const product = `${shown(point.gradients[gate])} × ${factor(local)}`;
  return { gives, text: `${slope(gate)} × ${symbol} = ${product} = ${shown(gives)}` };
}

// The lines on the gradient of a node: by way of some gates, or of all.
function backward(k, gates = null) {
  if (!(k in point.gradients)) {
    return [`there is no gradient by ${page.names[k]} on this page`];
  }
  const edges = fromNode.get(k) ?? [];
  const parts = edges.filter(({ gate }) => gates === null || gates.includes(gate)).map(share);
  const total = shown(point.gradients[k]);
  if (!parts.length) {
    return [`${slope(k)} = ${total}`];
  }
  if (edges.length === 1) {
    return [`${slope(k)} = ${parts[0].text}`];
  }
  const lines = parts.slice(0, MOST).map(({ text }) => text);
  if (parts.length > MOST) {
    lines.push(`… and ${parts.length - MOST} more`);
  }
  const others = edges.length - parts.length;
  if (others) {
    return [...lines, `${slope(k)} = ${total}, with ${others} other ${others === 1 ? "way" : "ways"}`];
  }
  const terms = parts.slice(0, MOST).map(({ gives }, i) => (i ? factor(gives) : shown(gives)));
  return [...lines, `${slope(k)} = ${[...terms, ...(parts.length > MOST ? ["…"] : [])].join(" + ")} = ${total}`];
}

// The lines on the value of a box.
function forward({ text, heads, norm }) {
  return [`${text} = ${numbers({ heads, norm }, point.values).text}`];
}

function ofFamily(box) {
  const found = numbers(box, point.gradients).text;
  const way = `its elements are in the table${drawings.length > 1 ? ", its wires in the picture of every gate" : ""}`;
  return [...forward(box), found ? `its gradient: ${found}; ${way}` : way];
}

// The lines on a box, or on a wire from it to some boxes, or on a node of the table.
function explanation({ node, to }) {
  const box = drawn.boxOf.get(node);
  if (box && box.heads.length > 1) {
    return ofFamily(box);
  }
  const gates = to && to.flatMap((id) => drawn.boxOf.get(id).nodes);
  return [...(box ? forward(box) : [`${page.names[node]} = ${shown(point.values[node])}`]), ...backward(node, gates)];
}

// One thing is selected by a tap or a key, another may be pointed at.
let selected = null;
const INVITATION = byId("told").textContent;

function write(text) {
  byId("told").textContent = text;
  byId("told").classList.toggle("inviting", text === INVITATION);
}

function tell(what) {
  for (const lit of drawn.svg.querySelectorAll(".wire.lit")) {
    lit.classList.remove("lit");
  }
  write(what ? explanation(what).join("\n") : INVITATION);
  if (!what) {
    return;
  }
  for (const wire of drawn.svg.querySelectorAll(`.wire.w${what.node}`)) {
    const ends = endsOf(wire);
    wire.classList.toggle("lit", !what.to || !ends.length || what.to.some((id) => ends.includes(id)));
  }
}

function select(what) {
  selected = what;
  tell(what);
}

const endsOf = ({ dataset }) => (dataset.to ?? "").split(" ").filter(Boolean).map(Number);

// The wire, the number or the box at a place of the picture.
function pointedAt(target) {
  const wire = target.closest("path.touch, .wire");
  if (wire) {
    const ends = endsOf(wire);
    return { node: Number(/\bw(\d+)/.exec(wire.getAttribute("class"))[1]), to: ends.length ? ends : null };
  }
  const found = target.closest("text[id], rect.box");
  return found && { node: Number(found.id.slice(1)), to: null, box: found.matches("rect") };
}

frame.addEventListener("pointerover", (event) => {
  const what = event.pointerType === "touch" ? null : pointedAt(event.target);
  if (what && !fingers.size) {
    tell(what);
  }
});
frame.addEventListener("pointerout", (event) => {
  if (event.pointerType !== "touch" && pointedAt(event.target)) {
    tell(selected);
    tellStep();
  }
});
frame.addEventListener("click", (event) => {
  if (dragged) {
    return;
  }
  const what = pointedAt(event.target);
  select(what);
  if (what && what.box && foldOf.has(what.node)) {
    openFamily(what.node);
  }
});

// From wire to wire, in the order of the boxes that they lead to.
function selectNext(by) {
  const wires = drawn.boxes.flatMap(({ id, feeds }) => feeds.map((feed) => ({ node: feed, to: [id] })));
  const same = ({ node, to }) => selected && selected.to && node === selected.node && to[0] === selected.to[0];
  const now = wires.findIndex(same);
  if (wires.length) {
    const next = wires[now < 0 ? (by > 0 ? 0 : wires.length - 1) : (now + by + wires.length) % wires.length];
    select(next);
    reveal(drawn.boxOf.get(next.node).frame);
  }
}

frame.addEventListener("keydown", ({ key, ctrlKey, metaKey }) => {
  if (!ctrlKey && !metaKey && (key === "n" || key === "p")) {
    selectNext(key === "n" ? 1 : -1);
  } else if (key === "Escape") {
    select(null);
  }
});

watchers.push(() => tell(selected));
