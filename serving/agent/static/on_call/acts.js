// What the agent does: sent without leaving the page, acknowledged at once, confirmed by what the service answers.

import { announce, forgetTyped, read, show, withdraw } from "./parts.js";

const root = document.querySelector("[data-call]");
const notice = document.getElementById("notice");

const TRIED_AGAIN_MS = 3000;
const MOST_MS = 6000;

let unconfirmed = 0;
export const isWithdrawalUnconfirmed = () => unconfirmed > 0;

function tell(sentence, isProblem) {
  notice.classList.toggle("is-problem", isProblem);
  notice.textContent = sentence;
}

// A page of another place came back: signed out, why this customer is opened, or wrapped up. It is shown whole.
function isElsewhere(response) {
  return response.redirected && !new URL(response.url).pathname.startsWith(root.dataset.place);
}

async function post(address, body) {
  const response = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(MOST_MS) });
  if (response.redirected && response.ok && !isElsewhere(response)) keepAddress(response.url);
  return response;
}

function keepAddress(address) {
  const shown = new URL(address).searchParams.get("show");
  const here = new URL(location.href);
  here.search = shown ? `?show=${encodeURIComponent(shown)}` : "";
  history.replaceState(null, "", here);
}

async function settle(response, form, button, withdraws, body) {
  if (isElsewhere(response)) {
    location.assign(response.url);
    return;
  }
  const page = await read(response);
  const says = page.getElementById("notice")?.textContent.trim() || page.querySelector("h1")?.textContent;
  if (response.ok) {
    forgetTyped(form);
    show(page, { isQuiet: withdraws });
    tell(page.getElementById("notice")?.textContent.trim() ?? "", false);
    // What comes next is to be read aloud: it has the focus, and its consent never has.
    if (body.get("outcome") === "accepted") document.getElementById("taking")?.focus();
    if (withdraws) announce(page.querySelector("#suggestions [data-says]")?.dataset.says);
  } else {
    // What was typed stays; that the mark is not recorded is said before why.
    tell(withdraws ? `${root.dataset.refused} ${says}` : says || root.dataset.unreachable, true);
  }
  if (button?.isConnected) button.removeAttribute("aria-disabled");
}

async function send(form, button) {
  // Pressed twice it is sent once; another button of the bar is another act, and is not lost while one is under way.
  const what = button?.name === "act" ? button.value : "yes";
  if (form.dataset.isSending === what && !button?.hasAttribute("data-withdraws")) return;
  const withdraws = button?.hasAttribute("data-withdraws") ?? false;
  const body = new URLSearchParams(new FormData(form, button));
  form.dataset.isSending = what;
  button?.setAttribute("aria-disabled", "true");
  if (button?.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", "true");
  if (withdraws) {
    withdraw();
    tell(root.dataset.withdrawing, false);
    unconfirmed += 1;
  }
  try {
    await settle(await post(form.action, body), form, button, withdraws, body);
    if (withdraws) unconfirmed -= 1;
  } catch {
    if (withdraws) {
      tell(root.dataset.unconfirmed, true);
      tryAgain(form.action, body, form, button);
    } else {
      tell(root.dataset.unreachable, true);
      button?.removeAttribute("aria-disabled");
    }
  } finally {
    if (form.dataset.isSending === what) delete form.dataset.isSending;
  }
}

// Under the same id of the event: told twice it is one.
function tryAgain(address, body, form, button) {
  setTimeout(async () => {
    try {
      await settle(await post(address, body), form, button, true, body);
      unconfirmed -= 1;
    } catch {
      tryAgain(address, body, form, button);
    }
  }, TRIED_AGAIN_MS);
}

// That an offer was opened is told once, and nobody waits for it.
const opened = new Set();

function tellOpened(offer) {
  const body = new URLSearchParams({ offer_id: offer.dataset.opens, sign: "expanded" });
  const token = offer.querySelector("input[name=csrf_token]") ?? root.querySelector("input[name=csrf_token]");
  const told = `${offer.dataset.signs} ${offer.dataset.opens}`;
  if (opened.has(told) || !token) return;
  opened.add(told);
  body.set("csrf_token", token.value);
  fetch(offer.dataset.signs, { method: "POST", body, redirect: "manual" }).catch(() => opened.delete(told));
}

export function listen() {
  // The event of a fold does not rise: it is caught on its way down.
  document.addEventListener("toggle", ({ target }) => {
    if (target.open && target.matches("details[data-opens]")) tellOpened(target);
  }, true);
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-act]")) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });
  document.addEventListener("click", async (event) => {
    const pull = event.target.closest("a[data-pull]");
    if (!pull || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    keepAddress(pull.href);
    await refresh();
  });
}

// The call as it stands, in the place of what is here.
export async function refresh() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(MOST_MS) });
  if (isElsewhere(response)) return false;
  if (response.ok) show(await read(response), { keepsWithdrawn: isWithdrawalUnconfirmed() });
  return response.ok;
}
