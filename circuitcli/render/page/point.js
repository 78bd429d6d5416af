// The point where the inputs are, and all that the circuit finds there.

const start = page.inputs.map(({ value }) => value);
const watchers = []; // functions that show a point
let point = at(start);

function at(inputs) {
  return { inputs, ...circuit(...inputs) };
}

const answer = ({ values }) => values[page.output];

// Go to inputs. `cause` is "hand", "step", "undo", "link" or "reset".
function moveTo(inputs, cause) {
  point = at(inputs);
  watchers.forEach((show) => show(point, cause));
}

function moveInput(i, x) {
  moveTo(point.inputs.map((old, k) => (k === i ? x : old)), "hand");
}

// A reader hears the answer when it has come to rest.
let resting = 0;
watchers.push((point) => {
  byId("output").textContent = full(answer(point));
  clearTimeout(resting);
  resting = setTimeout(() => {
    byId("said").textContent = `${page.name} = ${shown(answer(point))}`;
  }, 500);
});
