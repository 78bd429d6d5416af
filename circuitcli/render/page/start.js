// The page as it opens.

function unfold() {
  const place = drawn.svg;
  stop();
  drawn = drawings[(drawings.indexOf(drawn) + 1) % drawings.length];
  place.replaceWith(drawn.svg);
  byId("unfold").setAttribute("aria-pressed", drawn !== drawings[0]);
  select(null);
  showPicture(point);
  lookAtAll();
}

byId("unfold").hidden = drawings.length < 2;
byId("unfold").addEventListener("click", unfold);
fillTable();
lookAtAll();
if (location.hash.length > 1) {
  readLink();
} else {
  watchers.forEach((show) => show(point, "link"));
}
