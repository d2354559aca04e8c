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

// ---- A session that is about to end ----

const session = document.getElementById("session");

// A minute is three times what WCAG 2.2.1 asks for; it can be extended all day.
const WARNED_BEFORE_SECONDS = 60;
const LOOKED_EVERY_MS = 5000;

function watchSession() {
  const says = document.getElementById("session-says");
  const form = session.querySelector("form");
  let endsAt = Date.now() + session.dataset.seconds * 1000;
  let isLast = false;

  function take(left) {
    endsAt = Date.now() + left.seconds_left * 1000;
    isLast = left.seconds_at_most <= left.seconds_left;
  }

  function show(text, hasButton) {
    form.hidden = !hasButton;
    session.hidden = !text;
    if (says.textContent !== text) says.textContent = text;
  }

  async function look() {
    if (endsAt - Date.now() <= WARNED_BEFORE_SECONDS * 1000) {
      try {
        // Another tab may have gone on; asking does not make the session longer.
        const response = await fetch(form.action);
        if (response.ok) take(await response.json());
      } catch {
        return;
      }
    }
    const seconds = (endsAt - Date.now()) / 1000;
    if (seconds <= 0) show(says.dataset.over, false);
    else if (seconds <= WARNED_BEFORE_SECONDS) show(isLast ? says.dataset.last : says.dataset.soon, !isLast);
    else show("", false);
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (response.ok && !response.redirected) take(await response.json());
    look();
    main.focus();
  });
  setInterval(look, LOOKED_EVERY_MS);
}

if (session) watchSession();

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
