// The picture: the numbers and the kinks of its boxes. A net has two, of families and of every gate; and each that is
// not too large is drawn twice, wide, and tall for a phone.

const drawings = page.pictures.map((boxes, i) => ({
  wide: drawing(boxes, i === 0 ? byId("picture") : byId(`wide-${i}`).content),
  tall: byId(`tall-${i}`) && drawing(boxes, byId(`tall-${i}`).content, true),
}));
let drawn = drawings[0].wide;

// Draw another instead.
function draw(other) {
  drawn.svg.replaceWith(other.svg);
  drawn = other;
  showPicture(point);
  lookAtAll();
}

// Boxes with their places in an svg.
function drawing(boxes, place, tall = false) {
  const svg = place.querySelector("svg");
  svg.setAttribute("aria-hidden", "true"); // the table has it in words
  const own = boxes.map((box) => {
    const find = (letter) => svg.querySelector(`#${letter}${box.id}`);
    const frame = find("n");
    frame.classList.toggle("input", box.input);
    frame.classList.toggle("family", box.heads.length > 1);
    return { ...box, frame, value: find("v"), gradient: find("g"), kink: find("k") };
  });
  for (const wire of svg.querySelectorAll("path.wire")) { // a finger needs more than a line
    const touch = wire.cloneNode();
    touch.classList.replace("wire", "touch");
    wire.after(touch);
  }
  const { width, height } = svg.viewBox.baseVal;
  return { svg, boxes: own, boxOf: new Map(own.map((box) => [box.id, box])), width, height, tall };
}

function put(place, { text, exact }) {
  if (place && text && place.dataset.number !== exact) {
    place.textContent = text;
    place.dataset.number = exact;
  }
}

function showPicture({ values, gradients, kinks }) {
  for (const box of drawn.boxes) {
    put(box.value, numbers(box, values));
    put(box.gradient, numbers(box, gradients));
    if (box.kink) {
      const kink = box.kinks.some((k) => kinks[k]);
      box.frame.classList.toggle("smooth", !kink);
      box.kink.classList.toggle("unknown", !kink);
    }
  }
}

watchers.push(showPicture);
