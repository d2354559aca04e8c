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

// The offer, limit or plan in which the focus stands, else the first offer that is not answered yet.
function currentOffer() {
  const focused = document.activeElement?.closest("[data-offer], #limit, #plans");
  return focused ?? offers().find((one) => !("answered" in one.dataset));
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

function focusOn(element) {
  if (!element) return;
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const target = element instanceof HTMLDetailsElement ? element.querySelector("summary") : element;
  if (!target.matches("a, button, input, select, summary, [tabindex]")) target.tabIndex = -1;
  target.focus();
}

const help = document.getElementById("keys-help");

function toggleHelp() {
  if (help.open) help.close();
  else help.showModal();
}

const partOf = (name) => (currentOffer() ?? main).querySelector(`.${name}`) ?? main.querySelector(`.${name}`);

const ACTIONS = {
  offer_1: () => focusOffer(1),
  offer_2: () => focusOffer(2),
  offer_3: () => focusOffer(3),
  accept: () => press("accepted"),
  not_now: () => press("postponed"),
  decline: askWhyDeclined,
  why: () => focusOn(partOf("why")),
  talk: () => focusOn(partOf("talk")),
  limit: () => focusOn(document.getElementById("limit")),
  plan: () => focusOn(document.getElementById("plans")),
  mark: () => focusOn(document.getElementById("first-mark")),
  ask: () => focusOn(document.getElementById("ask-what")),
  wrap_up: () => focusOn(document.getElementById("wrap-up")),
  taking: () => focusOn(document.getElementById("taking")),
  help: toggleHelp,
};

// In the open list of reasons a figure chooses one: a key without Alt, and only while the focus is in the list.
function chooseReason(event) {
  const list = document.activeElement?.closest(".decline[open] fieldset");
  const figure = Number(event.key);
  if (!list || !(figure >= 1 && figure <= 9)) return false;
  const reason = list.querySelectorAll("input[type=radio]")[figure - 1];
  if (reason) {
    reason.checked = true;
    reason.focus();
  }
  return Boolean(reason);
}

// Upon the mark of a complaint, and in the open list of what it is about, a figure or a letter says it.
function chooseComplaint(event) {
  const mark = document.activeElement?.closest("#first-mark[aria-pressed='true']");
  const list = mark ? document.getElementById("about-complaint") : document.activeElement?.closest("#about-complaint[open]");
  const button = /^[0-9a-z]$/i.test(event.key) && list?.querySelector(`[data-key="${event.key.toLowerCase()}"]`);
  if (button) button.click();
  return Boolean(button);
}

function closeFold() {
  const fold = document.activeElement?.closest("details[open]");
  if (!fold) return;
  fold.open = false;
  fold.querySelector("summary").focus();
}

function hears(event) {
  if (event.ctrlKey || event.metaKey || event.repeat) return;
  if (event.key === "Escape" && !help.open) closeFold();
  // AltGr types letters on many keyboards; it is not a command.
  if (!event.altKey || event.getModifierState("AltGraph")) {
    if (!event.altKey && !help.open && (chooseReason(event) || chooseComplaint(event))) event.preventDefault();
    return;
  }
  const name = keys[event.code];
  if (!name || (help.open && name !== "help")) return;
  event.preventDefault();
  // A button that says which key it is pressed by, or what the page does itself.
  const button = main.querySelector(`[data-does="${name}"]`);
  if (button) button.click();
  else ACTIONS[name]?.();
}

const legend = document.querySelector("[data-keys]");
const keys = legend ? JSON.parse(legend.dataset.keys) : {};
if (legend) {
  legend.hidden = false;
  legend.querySelector("[data-opens-help]").addEventListener("click", toggleHelp);
  document.documentElement.classList.add("has-keys");
  document.addEventListener("keydown", hears);
}
