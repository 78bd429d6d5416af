// The entry of an input: a slider, a field, a button for the sign, and what is wrong with a text.

const HUGE = Number.MAX_VALUE;

// Three times a number in both directions, in some hundred steps.
function scaleOf(value) {
  const reach = Math.min(3 * (Math.abs(value) || 1), HUGE / 4);
  const step = 10 ** (Math.floor(Math.log10(reach)) - 2);
  const whole = (x) => (step > 0 ? Number((Math.round(x / step) * step).toPrecision(15)) : x);
  const [min, max] = [value - reach, value + reach].map((x) => between(-HUGE, whole(x), HUGE));
  return { min, max, step: step > 0 ? step : "any" };
}

function entry(i) {
  const { name, value } = page.inputs[i];
  const slider = make("input", { type: "range", ...scaleOf(value), value });
  const field = make("input", { type: "text", inputMode: "decimal", autocomplete: "off", value: full(value) });
  const sign = make("button", { type: "button", className: "sign", textContent: "±" });
  const wrong = make("span", { className: "wrong aside" });
  wrong.setAttribute("role", "status");
  slider.setAttribute("aria-label", `${name}, slider`);
  field.setAttribute("aria-label", name);
  sign.setAttribute("aria-label", `${name}, other sign`);
  slider.addEventListener("input", () => moveInput(i, slider.valueAsNumber));
  field.addEventListener("input", () => {
    const x = read(field.value);
    field.setAttribute("aria-invalid", x === null);
    wrong.textContent = "";
    if (x !== null) { // else it is half typed
      moveInput(i, x);
    }
  });
  let last = value; // that was typed in full
  field.addEventListener("focus", () => {
    last = point.inputs[i];
  });
  field.addEventListener("change", () => {
    const text = read(field.value) === null ? advice(field.value) : "";
    if (text) { // the beginning may have been a number
      moveInput(i, last);
    }
    last = point.inputs[i];
    showEntry(slider, field, last, true);
    wrong.textContent = text;
  });
  field.addEventListener("blur", () => showEntry(slider, field, point.inputs[i], true));
  sign.addEventListener("click", () => moveInput(i, -point.inputs[i]));
  return { slider, field, sign, wrong };
}

// What is being typed stays as it is, until it is `done`.
function showEntry(slider, field, x, done = false) {
  if (done || document.activeElement !== field) {
    field.value = full(x);
    field.setAttribute("aria-invalid", false);
  }
  if (x < Number(slider.min) || x > Number(slider.max)) {
    Object.assign(slider, scaleOf(x));
  }
  if (slider.valueAsNumber !== x) {
    slider.value = x;
  }
  slider.setAttribute("aria-valuetext", shown(x));
}
