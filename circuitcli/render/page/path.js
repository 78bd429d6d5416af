// Steps along the gradient, and the path of the value.

let path = [{ inputs: start, value: answer(point), cause: "link" }];
const DECADES = 100; // a ratio of values from which their scale is logarithmic

function say(text, wrong = false) {
  byId("message").textContent = text;
  byId("message").classList.toggle("wrong", wrong);
}

// Go along the gradient, or against it, by a multiple of its size.
function climb(sign) {
  const size = read(byId("size").value);
  byId("size").setAttribute("aria-invalid", size === null);
  if (size === null) {
    say(`no step: ${advice(byId("size").value)}`, true);
    return;
  }
  const { inputs, gradients } = point;
  const next = inputs.map((x, i) => x + sign * size * (gradients[page.inputs[i].node] ?? 0));
  if (!next.every(Number.isFinite)) {
    say("no step: the gradient is not finite here, or the step is too long", true);
    return;
  }
  moveTo(next, "step");
  const lost = lostAt(point);
  say(lost && `this step makes ${lost}: Undo goes back, and a smaller step size may keep it finite`, lost);
}

// The first of the value and the gradients that is nan or infinite, in words.
function lostAt(point) {
  if (!Number.isFinite(answer(point))) {
    return `${page.name} ${full(answer(point))}`;
  }
  const input = page.inputs.find(({ node }) => node in point.gradients && !Number.isFinite(point.gradients[node]));
  return input ? `the gradient by ${input.name} ${full(point.gradients[input.node])}` : "";
}

function undo() {
  if (path.length > 1) {
    path.pop();
    say("");
    moveTo(path[path.length - 1].inputs, "undo");
  }
}

function reset() {
  say("");
  byId("note").textContent = "";
  moveTo(start, "reset");
}

// What a hand does until the next step is one move.
function follow(point, cause) {
  const now = { inputs: point.inputs, value: answer(point), cause };
  if (cause === "reset" || cause === "link") {
    path = [now];
  } else if (cause === "hand" && path[path.length - 1].cause === "hand") {
    path[path.length - 1] = now;
  } else if (cause !== "undo") {
    path.push(now);
  }
  showPath();
}

function showPath() {
  byId("undo").disabled = path.length < 2;
  const count = path.filter(({ cause }) => cause === "step").length;
  byId("path").hidden = count === 0; // or the page would move under the hand
  if (count === 0) {
    return;
  }
  const values = path.map(({ value }) => value);
  const known = values.filter(Number.isFinite);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const logarithmic = least > 0 && most / least >= DECADES;
  const scale = logarithmic ? Math.log : (x) => x;
  const height = (x) => (most > least ? 75 - 70 * (scale(x) - scale(least)) / (scale(most) - scale(least)) : 40);
  const svg = byId("path").querySelector("svg");
  svg.replaceChildren(...path.slice(1).flatMap(({ cause }, i) => {
    const pair = [values[i], values[i + 1]];
    if (!pair.every(Number.isFinite)) {
      return [];
    }
    const [x1, x2] = [i, i + 1].map((n) => 600 * n / (path.length - 1));
    const line = document.createElementNS(svg.namespaceURI, "path");
    line.setAttribute("d", `M${x1},${height(pair[0])} L${x2},${height(pair[1])}`);
    line.classList.toggle("by-hand", cause !== "step");
    return [line];
  }));
  const ends = `${shown(values[0])} → ${shown(values[values.length - 1])}`;
  const byHand = path.some(({ cause }) => cause === "hand") ? ", dotted by hand" : "";
  const how = logarithmic ? ", on a logarithmic scale" : "";
  const text = `${page.name}: ${ends} after ${count} ${count === 1 ? "step" : "steps"}${byHand}${how}`;
  svg.setAttribute("aria-label", text);
  byId("path").querySelector("figcaption").textContent = text;
}

byId("ascend").addEventListener("click", () => climb(1));
byId("descend").addEventListener("click", () => climb(-1));
byId("undo").addEventListener("click", undo);
byId("reset").addEventListener("click", reset);
watchers.push(follow);
