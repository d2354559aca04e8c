// The screen of a call: it follows what is told of the call, and lets the agent act without leaving the page.
// Without this file every form and link works by itself.

import { listen, refresh } from "./acts.js";
import { markDirty } from "./parts.js";
import { follow } from "./stream.js";

const root = document.querySelector("[data-call]");
const line = document.getElementById("line");
const another = document.getElementById("another");

// Several events come together; the call is asked for once.
const GATHERED_MS = 40;
const TRIED_AGAIN_MS = 1500;

// ---- The connection, in words ----

function say(state) {
  if (line.dataset.state === state) return;
  line.dataset.state = state;
  line.querySelector(".line-says").textContent = line.dataset[state];
}

// ---- What happens in the call ----

let isDue = false;
let isAsking = false;

async function ask() {
  if (isAsking) return;
  isAsking = true;
  while (isDue) {
    isDue = false;
    try {
      if (!(await refresh())) say("off");
    } catch {
      say("lost");
      setTimeout(askSoon, TRIED_AGAIN_MS);
    }
  }
  isAsking = false;
}

function askSoon() {
  isDue = true;
  setTimeout(ask, GATHERED_MS);
}

function tellOfAnother(callId) {
  const link = another.querySelector("a");
  link.href = `${root.dataset.stream.replace(/stream$/, "")}${encodeURIComponent(callId)}`;
  another.hidden = false;
}

follow(root.dataset.stream, {
  onConnection: say,
  onDegraded: askSoon,
  onState({ calls }) {
    // What happened while nobody listened is not told again.
    askSoon();
    const other = calls.find((one) => one.call_id !== root.dataset.call && one.phase === "ringing");
    if (other) tellOfAnother(other.call_id);
  },
  onCall(message) {
    if (message.call_id === root.dataset.call) askSoon();
    else if (message.kind === "ringing") tellOfAnother(message.call_id);
  },
});

// ---- Time, and what is typed ----

let counted = { element: null, from: 0, at: 0 };

setInterval(() => {
  const element = root.querySelector("time[data-runs]");
  if (!element) return;
  if (counted.element !== element) counted = { element, from: Number(element.dataset.seconds), at: performance.now() };
  const seconds = Math.floor(counted.from + (performance.now() - counted.at) / 1000);
  element.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}, 1000);

document.addEventListener("input", markDirty);

// ---- The what-if slider: the same amount as in the field, by hand ----

root.classList.add("has-script");
document.addEventListener("input", ({ target }) => {
  const [amount, slider] = [document.getElementById("ask-amount"), document.getElementById("ask-slider")];
  if (target === slider) amount.value = slider.value;
  else if (target === amount && slider) slider.value = amount.value.replaceAll(",", "");
});

listen();
