// Makes the page quicker by hand: an answer is recorded without leaving the page, and Alt keys reach
// every part. Without this file the same forms work by themselves.
"use strict";

const main = document.getElementById("main");
const notice = document.getElementById("notice");

// ---- Recording an answer in place ----

function tell(sentence, isProblem) {
  notice.classList.toggle("is-problem", isProblem);
  notice.textContent = sentence;
}

function showNext(next, offerNumber) {
  main.replaceChildren(...next.getElementById("main").childNodes);
  const offer = main.querySelector(`[data-offer="${offerNumber}"]`);
  if (offer instanceof HTMLDetailsElement) offer.open = true;
  offer?.querySelector(".recorded")?.focus();
}

async function sendAnswer(form, button) {
  if (form.dataset.isSending) return;
  form.dataset.isSending = "yes";
  button?.setAttribute("aria-disabled", "true");
  const offerNumber = form.closest("[data-offer]").dataset.offer;
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form, button)),
    });
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    if (response.ok) {
      showNext(next, offerNumber);
      tell(next.getElementById("notice").textContent.trim(), false);
    } else {
      // What was typed stays in the form; only the reason of the refusal is shown.
      const reason = next.getElementById("notice")?.textContent.trim() || next.querySelector("h1")?.textContent;
      tell(reason || notice.dataset.unreachable, true);
    }
  } catch {
    tell(notice.dataset.unreachable, true);
  } finally {
    delete form.dataset.isSending;
    button?.removeAttribute("aria-disabled");
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-answer]")) return;
  event.preventDefault();
  sendAnswer(event.target, event.submitter);
});

// ---- Keys: always with Alt, never a letter alone ----

const offers = () => [...main.querySelectorAll("[data-offer]")];

function focusOffer(number) {
  const offer = main.querySelector(`[data-offer="${number}"]`);
  if (offer instanceof HTMLDetailsElement) {
    offer.open = true;
    offer.querySelector("summary").focus();
  } else {
    offer?.focus();
  }
}

// The offer in which the focus stands, else the first that is not answered yet.
function currentOffer() {
  return document.activeElement?.closest("[data-offer]") ?? offers().find((one) => !("answered" in one.dataset));
}

function press(outcome) {
  currentOffer()?.querySelector(`.answers > form button[value="${outcome}"]`)?.click();
}

function askWhyDeclined() {
  const offer = currentOffer();
  const decline = offer?.querySelector(".decline");
  if (!decline) return;
  if (offer instanceof HTMLDetailsElement) offer.open = true;
  decline.open = true;
  decline.querySelector("input[type=radio]").focus();
}

const KEYS = {
  Digit1: () => focusOffer(1),
  Digit2: () => focusOffer(2),
  Digit3: () => focusOffer(3),
  KeyA: () => press("accepted"),
  KeyN: () => press("postponed"),
  KeyD: askWhyDeclined,
  KeyL: () => document.getElementById("limit")?.focus(),
  KeyP: () => document.getElementById("plans")?.focus(),
};

const legend = document.querySelector("[data-keys]");
if (legend) {
  legend.hidden = false;
  document.documentElement.classList.add("has-keys");
  document.addEventListener("keydown", (event) => {
    const action = KEYS[event.code];
    // AltGr types letters on many keyboards; it is not a command.
    const isPlainAlt = event.altKey && !event.ctrlKey && !event.metaKey && !event.getModifierState("AltGraph");
    if (!action || !isPlainAlt || event.repeat) return;
    event.preventDefault();
    action();
  });
}
