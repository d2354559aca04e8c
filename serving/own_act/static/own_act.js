// Comfort alone: counts the time to read, and sends once. Without it the service says the same.

const form = document.querySelector("form.agree");
const says = document.getElementById("reading");
const done = document.getElementById("reading-done");
const button = form.querySelector("button");
const opened = performance.now();
const needed = Number(form.dataset.left);

const left = () => Math.max(0, Math.ceil(needed - (performance.now() - opened) / 1000));

function count() {
  const seconds = left();
  if (seconds > 0) {
    says.textContent = says.dataset.waits.replace("{seconds}", seconds);
    button.setAttribute("aria-disabled", "true");
    setTimeout(count, 1000);
    return;
  }
  says.textContent = says.dataset.open;
  done.textContent = says.dataset.open;
  button.removeAttribute("aria-disabled");
}

form.addEventListener("submit", (event) => {
  if (left() > 0 || form.dataset.sent) {
    event.preventDefault();
    says.scrollIntoView({ block: "nearest" });
    return;
  }
  form.dataset.sent = "yes";
  button.setAttribute("aria-disabled", "true");
});

// A page that comes back by the back button may be sent again; what it says then is what stands.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

count();
