// The table: inputs, then gates, each with all digits of its numbers. Families fold, and so do the gates.

const rows = []; // { line, above, show }: a line is there where all folds above it are open
const FEW = 12; // inputs of which no family is folded at first
const foldOf = new Map(); // of a family, by the number of its box

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// A row whose first cell is a button. `show` brings its numbers up to date.
function addRow(above, button, cells, show) {
  const head = make("th", { scope: "row" }, button);
  const line = make("tr", {}, head, ...cells);
  line.classList.toggle("inner", above.length > 0);
  line.classList.toggle("found", cells[0].classList.contains("value"));
  line.setAttribute("role", "row");
  head.setAttribute("role", "rowheader");
  cells.forEach((cell) => cell.setAttribute("role", "cell"));
  byId("rows").append(line);
  const row = { line, above, show };
  rows.push(row);
  showRow(row);
}

function showRow({ line, above, show }) {
  line.hidden = !above.every(({ open }) => open);
  if (!line.hidden) {
    show(point);
  }
}

// A row of numbers under a name that unfolds the rows below it.
function addFold(above, label, box) {
  const button = make("button", { type: "button", textContent: label });
  const fold = { open: false, above, button, set };
  function set(open) {
    fold.open = open;
    button.setAttribute("aria-expanded", open);
    rows.forEach(showRow);
  }
  button.setAttribute("aria-expanded", false);
  button.addEventListener("click", () => set(!fold.open));
  const value = make("td", { className: "value" });
  const gradient = make("td", { className: "gradient" });
  addRow(above, button, [value, gradient], ({ values, gradients }) => {
    value.textContent = box ? numbers(box, values).text : "";
    gradient.textContent = box ? numbers(box, gradients).text : "";
  });
  if (box) {
    foldOf.set(box.id, fold);
  }
  return [...above, fold];
}

function openFamily(id) {
  const fold = foldOf.get(id);
  fold.above.forEach(({ set }) => set(true));
  fold.set(true);
  fold.button.scrollIntoView({ block: "center" });
  fold.button.focus({ preventScroll: true });
}

// The name of a node, which explains it.
function nameButton(text, node) {
  const button = make("button", { type: "button", textContent: text });
  button.addEventListener("click", () => {
    select({ node, to: null });
    byId("told").scrollIntoView({ block: "nearest" });
  });
  return button;
}

function showGradient(cell, node, { gradients }) {
  cell.textContent = node in gradients ? full(gradients[node]) : "";
}

function addGate(above, text, node) {
  const value = make("td", { className: "value" });
  const gradient = make("td", { className: "gradient" });
  addRow(above, nameButton(text, node), [value, gradient], (point) => {
    value.textContent = full(point.values[node]);
    showGradient(gradient, node, point);
  });
}

function addInput(above, i) {
  const { name, node } = page.inputs[i];
  const { slider, field, sign, wrong } = entry(i);
  const gradient = make("td", { className: "gradient" });
  const cell = make("td", { className: "entries" }, make("div", { className: "entry" }, slider, wrong, field, sign));
  addRow(above, nameButton(name, node), [cell, gradient], (point) => {
    wrong.textContent = "";
    showEntry(slider, field, point.inputs[i]);
    showGradient(gradient, node, point);
  });
}

function fillTable() {
  for (const { label, inputs, box } of page.rows) {
    const above = label ? addFold([], label, box) : [];
    inputs.forEach((i) => addInput(above, i));
    above.forEach(({ set }) => set(page.inputs.length <= FEW));
  }
  if (!page.gates.length) {
    return;
  }
  const all = addFold([], page.gates.length === 1 ? "1 gate" : `${page.gates.length} gates`);
  for (const { text, box, names } of page.gates) {
    if (names.length === 1) {
      addGate(all, text, box.heads[0]);
    } else {
      const above = addFold(all, text, box);
      names.forEach((name, i) => addGate(above, name, box.heads[i]));
    }
  }
}

watchers.push(() => rows.forEach(showRow));
