// The keys of a call beside those of an offer: always with Alt, never a letter alone.

const main = document.getElementById("main");

const isPlainAlt = (event) =>
  event.altKey && !event.ctrlKey && !event.metaKey && !event.getModifierState("AltGraph") && !event.repeat;

const openOffer = () => document.activeElement?.closest("[data-offer]") ?? main.querySelector("[data-offer]");

function focusOn(element) {
  if (!element) return;
  if (element.closest("details:not([open])") && element.tagName !== "SUMMARY") element.closest("details").open = true;
  if (!element.matches("a, button, input, select, summary, [tabindex]")) element.tabIndex = -1;
  element.focus();
}

const KEYS = {
  KeyM: () => focusOn(document.getElementById("first-mark")),
  KeyQ: () => focusOn(document.getElementById("ask-what")),
  KeyT: () => focusOn(openOffer()?.querySelector(".talk")),
  KeyU: () => focusOn(document.getElementById("wrap-up")),
  KeyW: () => focusOn(openOffer()?.querySelector(".why")),
};

export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const open = document.activeElement?.closest("details[open]");
      if (open) {
        open.open = false;
        open.querySelector("summary").focus();
      }
      return;
    }
    if (!isPlainAlt(event)) return;
    const button = main.querySelector(`[data-key="${CSS.escape(event.code)}"]`);
    const action = KEYS[event.code] ?? (button ? () => button.click() : null);
    if (!action) return;
    event.preventDefault();
    action();
  });
}
