// The parts of the page that the service renders: each is replaced only where what it renders has changed, so
// that the focus, what is open and what is being typed stay where they are.

const root = document.querySelector("[data-call]");
const told = document.getElementById("told");

const partsOf = (page) => [...page.querySelectorAll("[data-live-part]")];

// What differs in every rendering and says nothing: the form's own id, and how long the call lasts.
const plain = (html) => html.replaceAll(/(name="form" value|data-seconds)="[^"]*"/g, "").replaceAll(/<time[^<]*</g, "");

const rendered = new Map(partsOf(document).map((part) => [part.dataset.livePart, plain(part.innerHTML)]));

export const suggestions = document.getElementById("suggestions");

export function announce(sentence) {
  if (!sentence) return;
  // Said again where it is the same again.
  told.textContent = "";
  setTimeout(() => (told.textContent = sentence), 50);
}

export const markDirty = (event) => {
  event.target.closest("[data-live-part='wrap-up'], [data-live-part='ask']")?.setAttribute("data-dirty", "");
};

export const forgetTyped = (form) => form.closest("[data-dirty]")?.removeAttribute("data-dirty");

// What is said of one action is never taken for another's: a button that is gone has no double elsewhere.
function sameAct(part, focused) {
  const actionOf = (button) => button.form?.querySelector("input[name=offer_id]")?.value ?? button.value;
  const alike = part.querySelectorAll(`[name="${CSS.escape(focused.name)}"][value="${CSS.escape(focused.value)}"]`);
  const wanted = [focused.form.action, actionOf(focused)].join(" ");
  return [...alike].find((one) => [one.form.action, actionOf(one)].join(" ") === wanted) ?? null;
}

function placeOfFocus(part) {
  const focused = document.activeElement;
  if (!part.contains(focused) || focused === part) return null;
  if (focused.id) return `#${CSS.escape(focused.id)}`;
  if (focused.value && focused.name === "act") {
    // A mark that is set becomes one that is taken back: the same button under the other word.
    const word = CSS.escape(focused.value.split(":")[1] ?? "");
    return word ? `[name="act"][value$=":${word}"]` : `[name="act"][value="${CSS.escape(focused.value)}"]`;
  }
  if (focused.name && focused.value) return `[name="${CSS.escape(focused.name)}"][value="${CSS.escape(focused.value)}"]`;
  return focused.matches("summary") ? "summary" : "";
}

function replace(part, next) {
  const focused = document.activeElement;
  const isAct = part.contains(focused) && focused.form?.matches("[action*='/decisions/']") && focused.tagName === "BUTTON";
  const place = isAct ? "" : placeOfFocus(part);
  const open = [...part.querySelectorAll("details[id][open]")].map((one) => one.id);
  part.replaceChildren(...next.childNodes);
  for (const id of open) part.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
  if (place === null) return;
  const same = isAct ? sameAct(part, focused) : place ? part.querySelector(place) : null;
  // What had the focus is gone: the nearest that stays has it, and not the top of the page.
  if (!same && !part.hasAttribute("tabindex")) part.tabIndex = -1;
  (same ?? part).focus({ preventScroll: true });
}

// Put a page of this call that the service rendered in the place of what stands here. One that was rendered earlier
// than what stands and comes later is past: it would offer again what has been done.
export function show(page, { isQuiet = false, keepsWithdrawn = false } = {}) {
  const event = Number(page.querySelector("[data-call]")?.dataset.event);
  if (!(event >= Number(root.dataset.event))) return;
  root.dataset.event = event;
  for (const next of partsOf(page)) {
    const name = next.dataset.livePart;
    const part = root.querySelector(`[data-live-part="${name}"]`);
    if (!part || part.hasAttribute("data-dirty")) continue;
    if (name === "suggestions" && keepsWithdrawn && next.querySelector("[data-sells]")) continue;
    const html = plain(next.innerHTML);
    if (rendered.get(name) === html && !part.hasAttribute("data-withdrawn")) {
      takeForm(part, next);
      continue;
    }
    rendered.set(name, html);
    part.removeAttribute("data-withdrawn");
    const says = next.querySelector("[data-says]")?.dataset.says;
    replace(part, next);
    if (!isQuiet && (name === "suggestions" || name === "asked" || name === "own-act")) announce(says);
  }
}

// The same words under a new id of the form: what is pressed again later is another act.
function takeForm(part, next) {
  const id = next.querySelector("input[name=form]")?.value;
  if (id) for (const one of part.querySelectorAll("input[name=form]")) one.value = id;
}

export const read = async (response) => new DOMParser().parseFromString(await response.text(), "text/html");

// At once, before the service has answered: nothing for sale stays on the screen.
export function withdraw() {
  if (!suggestions.querySelector("[data-sells]")) return;
  const hadFocus = suggestions.contains(document.activeElement);
  suggestions.dataset.withdrawn = "";
  suggestions.replaceChildren(document.getElementById("withdrawn").content.cloneNode(true));
  if (hadFocus) suggestions.focus({ preventScroll: true });
}
