// The agent's calls as they happen: one stream a page. The browser comes back by itself after a gap; where it
// gives up (signed out, service gone) the stream is opened anew, ever more slowly.

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;

export function follow(address, { onState, onCall, onDegraded, onConnection }) {
  let wait = FIRST_WAIT_MS;

  function open() {
    const source = new EventSource(address);
    source.addEventListener("open", () => {
      wait = FIRST_WAIT_MS;
      onConnection?.("live");
    });
    source.addEventListener("state", (event) => onState?.(JSON.parse(event.data)));
    source.addEventListener("call", (event) => onCall?.(JSON.parse(event.data)));
    source.addEventListener("degraded", (event) => onDegraded?.(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      onConnection?.("lost");
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(open, wait);
      wait = Math.min(2 * wait, LONGEST_WAIT_MS);
    });
    addEventListener("pagehide", () => source.close(), { once: true });
  }

  open();
}
