// The forward pass gate by gate, then the backward pass: played, or step by step.

const PAUSE = 1000; // milliseconds of a step
const LONGEST = 40000; // of all steps
let step = null; // the number of the step that is shown, null where all numbers are
let timer = 0;

function steps() {
  const { boxes } = drawn;
  const back = [...boxes].reverse().filter(({ gradient }) => gradient);
  return [...boxes.map((box) => ({ box, back: false })), ...back.map((box) => ({ box, back: true }))];
}

function showStep() {
  const all = steps();
  for (const { frame } of drawn.boxes) {
    frame.classList.remove("lit", "back");
  }
  all.forEach(({ box, back }, i) => {
    (back ? box.gradient : box.value).classList.toggle("unknown", step !== null && i > step);
  });
  byId("stop").disabled = step === null;
  byId("play").textContent = timer ? "Pause" : "Play";
  if (step === null) {
    byId("pass").textContent = "";
    return;
  }
  const { box, back } = all[step];
  const turn = back ? step - drawn.boxes.length + 1 : step + 1;
  const turns = back ? all.length - drawn.boxes.length : drawn.boxes.length;
  byId("pass").textContent = `${back ? "backward" : "forward"} pass, ${turn} of ${turns}`;
  box.frame.classList.add("lit");
  box.frame.classList.toggle("back", back);
  reveal(box.frame);
  tellStep();
}

function tellStep() {
  if (step !== null) {
    const { box, back } = steps()[step];
    const family = box.heads.length > 1;
    write((!back ? forward(box) : family ? ofFamily(box).slice(1) : backward(box.id)).join("\n"));
  }
}

function pause() {
  clearTimeout(timer);
  timer = 0;
}

function stop() {
  pause();
  step = null;
  showStep();
  tell(selected);
}

// One step on or back; behind the last and before the first all numbers are shown.
function walk(by) {
  const last = steps().length - 1;
  const next = step === null ? (by > 0 ? 0 : last) : step + by;
  if (next < 0 || next > last) {
    stop();
    return;
  }
  step = next;
  showStep();
}

function playOn() {
  const pauses = Math.min(PAUSE, LONGEST / steps().length) / Number(byId("speed").value);
  timer = setTimeout(() => {
    walk(1);
    if (step !== null) {
      playOn();
    }
  }, pauses);
}

function play() {
  if (timer) {
    pause();
    showStep();
    return;
  }
  playOn();
  if (step === null) {
    walk(1);
  }
  showStep();
}

byId("play").addEventListener("click", play);
byId("stop").addEventListener("click", stop);
for (const [id, by] of [["back", -1], ["forth", 1]]) {
  byId(id).addEventListener("click", () => {
    pause();
    walk(by);
  });
}
watchers.push(tellStep);
