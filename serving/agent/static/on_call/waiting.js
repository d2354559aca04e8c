// On the page where agents wait: a call that rings opens by itself, unless something is being typed.

import { follow } from "./stream.js";

const waiting = document.querySelector(".waiting");
const link = document.querySelector("#waiting-open a");

const isTyping = () => [...document.querySelectorAll("input[type=search]")].some((one) => one.value !== one.defaultValue);

function open(callId) {
  link.href = waiting.dataset.calls + encodeURIComponent(callId);
  if (isTyping()) link.hidden = false;
  else location.assign(link.href);
}

follow(waiting.dataset.stream, {
  onState({ calls }) {
    const ringing = calls.find((one) => one.phase === "ringing");
    if (ringing) open(ringing.call_id);
  },
  onCall({ kind, call_id: callId }) {
    if (kind === "ringing" || kind === "transferred") open(callId);
  },
});

const next = document.querySelector("form[data-next]");
if (next) {
  next.hidden = false;
  next.addEventListener("submit", (event) => {
    event.preventDefault();
    // The stream tells of it, and it opens.
    fetch(next.action, { method: "POST", body: new URLSearchParams(new FormData(next)) }).catch(() => {});
  });
}
