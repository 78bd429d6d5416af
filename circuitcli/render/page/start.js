// The page as it opens.

let unfolded = 0; // the number of the picture

function unfold() {
  stop();
  select(null);
  unfolded = (unfolded + 1) % drawings.length;
  byId("unfold").setAttribute("aria-pressed", unfolded > 0);
  draw(fitting(drawings[unfolded]));
}

// A phone was turned, or a window became wider.
function fit() {
  const other = fitting(drawings[unfolded]);
  if (other !== drawn) {
    draw(other);
    showStep();
    tell(selected);
  } else if (view.scale === 1) {
    lookAtAll();
  }
}

byId("unfold").hidden = drawings.length < 2;
byId("unfold").addEventListener("click", unfold);
fillTable();
draw(fitting(drawings[0]));
let width = innerWidth;
window.addEventListener("resize", () => {
  if (innerWidth !== width) { // else a bar of the browser came or went
    width = innerWidth;
    fit();
  }
});
if (location.hash.length > 1) {
  readLink();
} else {
  watchers.forEach((show) => show(point, "link"));
}
