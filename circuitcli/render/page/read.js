// Text as numbers: 0.5, 1e-3, pi/4. As in the command, sums, products and powers of constants are numbers.

const CONSTANTS = { pi: Math.PI, π: Math.PI, e: Math.E, tau: 2 * Math.PI };
const TOKEN = /\s*(?:((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?![\w.])|(π|[a-z]+)(?!\w)|(\*\*|[-+*/^()]))\s*/iy;
const LONGEST_NUMBER = 200; // characters

// Numbers, and signs as text; null where there is anything else.
function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const [whole, number, name, sign] = TOKEN.exec(text) ?? [];
    if (!whole || (name && !Object.hasOwn(CONSTANTS, name))) {
      return null;
    }
    found.push(number ? Number(number) : name ? CONSTANTS[name] : sign.replace("**", "^"));
  }
  return found;
}

// The number that a text is, with a point or a comma: infinite where it is too large, NaN where it is none.
function evaluate(text) {
  const plain = text.trim().replaceAll("−", "-").replace(/^([^.,]*),([^.,]*)$/, "$1.$2");
  const left = plain.length > LONGEST_NUMBER ? null : tokens(plain);
  if (!left) {
    return NaN;
  }
  let wrong = false;
  const take = (...signs) => (signs.includes(left[0]) ? left.shift() : null);

  function sum() {
    let x = product();
    for (let sign = take("+", "-"); sign; sign = take("+", "-")) {
      x += sign === "+" ? product() : -product();
    }
    return x;
  }

  function product() {
    let x = signed();
    for (let sign = take("*", "/"); sign; sign = take("*", "/")) {
      x = sign === "*" ? x * signed() : x / signed();
    }
    return x;
  }

  function signed() {
    const sign = take("+", "-");
    return !sign ? power() : sign === "-" ? -signed() : signed();
  }

  function power() {
    const x = atom();
    return take("^") ? x ** signed() : x;
  }

  function atom() {
    if (take("(")) {
      const x = sum();
      wrong ||= !take(")");
      return x;
    }
    wrong ||= typeof left[0] !== "number";
    return left.shift();
  }

  const x = sum();
  return wrong || left.length ? NaN : x;
}

// The finite number that a text is, or null.
function read(text) {
  const x = evaluate(text);
  return Number.isFinite(x) ? x : null;
}

// The reason why a text is no number.
function complaint(text) {
  const short = text.trim().length > 20 ? `${text.trim().slice(0, 20)}…` : text.trim() || "nothing";
  return Math.abs(evaluate(text)) === Infinity ? `${short} is beyond 1.8e308` : `${short} is no number`;
}

// The reason, and what to type instead.
function advice(text) {
  const wanted = Math.abs(evaluate(text)) === Infinity ? "a smaller one" : "one like 0.5 or pi/4";
  return `${complaint(text)}: type ${wanted}`;
}
