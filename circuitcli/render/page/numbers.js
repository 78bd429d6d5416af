// Numbers as text.

const byId = (id) => document.getElementById(id);
const page = JSON.parse(byId("data").textContent);

// All digits, as circuit writes them.
function full(x) {
  if (!Number.isFinite(x)) {
    return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
  }
  const far = x !== 0 && (Math.abs(x) < 1e-4 || Math.abs(x) >= 1e16);
  return far ? padded(x.toExponential()) : Object.is(x, -0) ? "-0" : String(x);
}

// 1.500e-7 as 1.5e-07.
function padded(text) {
  return text.replace(/\.?0+e/, "e").replace(/([+-])(\d)$/, "$10$2");
}

// So many digits; whole numbers that have room are whole.
function shown(x, digits = page.digits) {
  if (!Number.isFinite(x) || x === 0 || (Number.isInteger(x) && String(x).length <= digits + page.around)) {
    return full(x);
  }
  const text = x.toExponential(digits - 1);
  const exponent = Number(text.split("e")[1]);
  return exponent >= -4 && exponent < digits ? String(Number(x.toPrecision(digits))) : padded(text);
}

// A factor in a product.
const factor = (x) => (x < 0 ? `(${shown(x)})` : shown(x));

// What was found for a box: one number, those of a family, or their norm.
function numbers({ heads, norm }, found) {
  const known = heads.filter((k) => k in found).map((k) => found[k]);
  if (norm && known.length) {
    const x = Math.hypot(...known);
    return { text: `norm ${shown(x, page.few)}`, exact: full(x) };
  }
  const digits = heads.length > 1 ? page.few : page.digits;
  return { text: known.map((x) => shown(x, digits)).join("\u00a0 "), exact: known.map(full).join(" ") };
}
