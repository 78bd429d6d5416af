// A link that holds the inputs: #x=1&y=2, in the order of the table.

const order = page.rows.flatMap(({ inputs }) => inputs);
let own = ""; // the part of the address that this page wrote

function written() {
  const parts = order.map((i) => [page.inputs[i].name, full(point.inputs[i])].map(encodeURIComponent).join("="));
  return `#${parts.join("&")}`;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a % that nothing follows
  }
}

// Read inputs from the address; the others stay at the start. A note says what cannot be read.
function readLink() {
  const named = new Map(page.inputs.map(({ name }, i) => [name, i]));
  const inputs = [...start];
  const wrong = [];
  for (const part of location.hash.slice(1).split("&").filter(Boolean)) {
    const [name, ...rest] = part.split("=").map(decoded);
    const x = read(rest.join("="));
    if (!named.has(name)) {
      wrong.push(`no input is called ${name}`);
    } else if (x === null) {
      wrong.push(`${name}: ${complaint(rest.join("="))}`);
    } else {
      inputs[named.get(name)] = x;
    }
  }
  moveTo(inputs, "link");
  const told = [...wrong.slice(0, 3), ...(wrong.length > 3 ? ["…"] : [])].join("; ");
  byId("note").textContent = told && `Left out of the link: ${told}.`;
  say("");
}

// The address follows when the inputs have come to rest, for browsers bound how often it changes.
let writing = 0;

function writeLink(cause) {
  own = cause === "reset" ? "" : written();
  try {
    history.replaceState(null, "", own || location.pathname + location.search);
  } catch {
    own = location.hash; // a page within another has no address of its own
  }
}

watchers.push((_, cause) => {
  clearTimeout(writing);
  if (cause !== "link") {
    writing = setTimeout(writeLink, 300, cause);
  }
});

async function copy() {
  clearTimeout(writing);
  writeLink("copy");
  byId("link").value = location.href.split("#")[0] + written();
  try {
    await navigator.clipboard.writeText(byId("link").value);
    say("The link is copied; it holds the inputs.");
  } catch {
    byId("link").hidden = false;
    byId("link").select();
    say("This browser copies nothing by itself: the link stands below.");
  }
}

byId("copy").addEventListener("click", copy);
window.addEventListener("hashchange", () => location.hash !== own && readLink());
