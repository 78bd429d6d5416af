// The part of the picture in view: all of it at first. Wheel, fingers, keys and buttons move it.

const frame = byId("picture");
const view = { x: 0, y: 0, scale: 1 };
const LARGEST = 3; // pixels of the screen for one of the picture
const LINE = 1.2; // the width of a line in the picture
const FINEST = 0.6; // and on the screen
const LEAST = 200; // pixels of height, where the picture has as many
const ROOM = 1.4; // as much larger than on paper a small picture may be
const LETTERS = 13; // their height in the picture
const LEGIBLE = 10; // pixels of letters that are good to read
const SMALL = 6; // and of those that are not
const phone = matchMedia("(max-width: 640px)");

const between = (least, x, most) => Math.max(least, Math.min(x, most));
const unit = () => drawn.svg.getScreenCTM().a;

function look(x, y, scale) {
  const { svg, width, height } = drawn;
  const most = Math.max(1, LARGEST / unit() * view.scale);
  view.scale = between(1, scale, most);
  view.x = between(0, x, width - width / view.scale);
  view.y = between(0, y, height - height / view.scale);
  svg.setAttribute("viewBox", `${view.x} ${view.y} ${width / view.scale} ${height / view.scale}`);
  svg.style.setProperty("--line", `${Math.max(LINE, FINEST / unit())}px`);
  frame.classList.toggle("near", view.scale > 1);
}

// The greatest height of a picture: some of the window, but on a phone, which scrolls, what is tall may be higher.
const highest = ({ height, tall }) => Math.min(tall && phone.matches ? Infinity : 0.6 * innerHeight, ROOM * height);

// The pixels of letters where the whole picture is in view.
const letters = (each) => LETTERS * Math.min(frame.clientWidth / each.width, highest(each) / each.height);

// The wide picture where its letters are good to read, else the one whose letters are larger.
function fitting({ wide, tall }) {
  const size = letters(wide);
  return tall && size < LEGIBLE && letters(tall) > size ? tall : wide;
}

function lookAtAll() {
  const { svg, width, height, tall } = drawn;
  const flat = Math.max(LEAST, 1.3 * height / width * frame.clientWidth); // what is wide has some room to be zoomed in
  svg.style.maxHeight = `${highest(drawn)}px`;
  svg.style.minHeight = tall ? "" : `min(40vh, ${ROOM * height}px, ${flat}px)`;
  look(0, 0, 1);
  byId("small").hidden = letters(drawn) >= SMALL;
}

function lookAtOutput() {
  const { x, y, width, height } = drawn.boxes[drawn.boxes.length - 1].frame.getBBox();
  lookAtAll();
  const scale = Math.max(1, 1 / unit());
  look(x + (width - drawn.width / scale) / 2, y + (height - drawn.height / scale) / 2, scale);
}

// The part of the frame in the window.
function seen() {
  const { left, top, right, bottom } = frame.getBoundingClientRect();
  return { left, right, top: Math.max(top, 0), bottom: Math.min(bottom, innerHeight) };
}

// Zoom about a point of the window, else about the middle.
function zoom(ratio, clientX, clientY) {
  const { left, top, right, bottom } = seen();
  const fixed = new DOMPoint(clientX ?? (left + right) / 2, clientY ?? (top + bottom) / 2);
  const { x, y } = fixed.matrixTransform(drawn.svg.getScreenCTM().inverse());
  const before = { ...view };
  look(view.x, view.y, view.scale * ratio);
  const change = before.scale / view.scale;
  look(x - (x - before.x) * change, y - (y - before.y) * change, view.scale);
}

// Nearer by as much that small letters become legible, else by a half or more.
const nearer = (least = 1.5) => Math.max(least, 1 / unit());

// Move a box into view where it is not. Where the picture is higher than the window, the page scrolls.
function reveal(box) {
  const [a, b] = [box.getBoundingClientRect(), frame.getBoundingClientRect()];
  if (a.left < b.left || a.right > b.right || a.top < b.top || a.bottom > b.bottom) {
    drag((b.left + b.right - a.left - a.right) / 2, (b.top + b.bottom - a.top - a.bottom) / 2);
  }
  const { top, bottom } = box.getBoundingClientRect();
  if (phone.matches && b.bottom > 0 && b.top < innerHeight && (top < 0.1 * innerHeight || bottom > 0.8 * innerHeight)) {
    box.scrollIntoView({ block: "center" });
  }
}

function drag(right, down) {
  look(view.x - right / unit(), view.y - down / unit(), view.scale);
}

let scrolled = -Infinity; // when the page last moved: a wheel that scrolls goes on scrolling
window.addEventListener("scroll", () => {
  scrolled = performance.now();
});
frame.addEventListener("wheel", (event) => {
  const scrolls = view.scale === 1 && (event.deltaY > 0 || performance.now() - scrolled < 300);
  if (scrolls && !event.ctrlKey) {
    return;
  }
  event.preventDefault();
  const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
  zoom(2 ** (-between(-200, event.deltaY * lines, 200) / 300), event.clientX, event.clientY);
}, { passive: false });
frame.addEventListener("dblclick", (event) => zoom(nearer(2), event.clientX, event.clientY));

// One finger drags, two pinch. A drag is no tap.
const fingers = new Map();
let dragged = false;

const spread = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);

frame.addEventListener("pointerdown", (event) => {
  fingers.set(event.pointerId, event);
  dragged = false;
});
frame.addEventListener("pointermove", (event) => {
  const last = fingers.get(event.pointerId);
  if (!last) {
    return;
  }
  const right = event.clientX - last.clientX;
  const down = event.clientY - last.clientY;
  if (!dragged && fingers.size === 1 && Math.hypot(right, down) < 5) {
    return;
  }
  dragged = true;
  frame.setPointerCapture(event.pointerId);
  const before = [...fingers.values()];
  fingers.set(event.pointerId, event);
  if (before.length === 1) {
    drag(right, down);
    return;
  }
  const [a, b] = fingers.values();
  drag(right / 2, down / 2);
  zoom(spread([a, b]) / (spread(before) || 1), (a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);
});
for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
  frame.addEventListener(end, (event) => fingers.delete(event.pointerId));
}

const VIEW_KEYS = {
  "+": () => zoom(1.25),
  "=": () => zoom(1.25),
  "-": () => zoom(0.8),
  0: lookAtAll,
  ArrowLeft: () => drag(60, 0),
  ArrowRight: () => drag(-60, 0),
  ArrowUp: () => drag(0, 60),
  ArrowDown: () => drag(0, -60),
};
frame.addEventListener("keydown", (event) => {
  const arrow = event.key.startsWith("Arrow");
  if (Object.hasOwn(VIEW_KEYS, event.key) && !event.ctrlKey && !event.metaKey && !(arrow && view.scale === 1)) {
    event.preventDefault(); // arrows scroll the page where all is in view
    VIEW_KEYS[event.key]();
  }
});
byId("nearer").addEventListener("click", () => zoom(nearer()));
byId("farther").addEventListener("click", () => zoom(1 / 1.5));
byId("whole").addEventListener("click", lookAtAll);
byId("output-near").addEventListener("click", lookAtOutput);
