// Tells a member of staff in the browser that somebody waits for a person; asks for leave only when pressed.

const button = document.getElementById("notify");
const EVERY_MS = 20_000;
const KEPT = 200;
const SEEN = "supportgraph.told";

function wanted() {
  return Notification.permission === "granted" && localStorage.getItem("supportgraph.notify") === "on";
}

function show() {
  button.setAttribute("aria-pressed", String(wanted()));
  button.title = wanted() ? "Browser notices are on" : "Tell me when somebody waits";
}

async function look() {
  if (wanted()) {
    const response = await fetch("/alerts/waiting", { cache: "no-store" }).catch(() => null);
    if (response?.ok && !response.redirected) tell((await response.json()).tickets);
  }
  setTimeout(look, EVERY_MS);
}

function tell(tickets) {
  const known = localStorage.getItem(SEEN);
  const seen = new Set(JSON.parse(known ?? "[]"));
  for (const ticket of tickets.filter((each) => !seen.has(each.key))) {
    seen.add(ticket.key);
    if (known === null) continue; // what waits already when notices are switched on stands in the inbox
    const notice = new Notification(ticket.title, { body: ticket.words, tag: ticket.key });
    notice.addEventListener("click", () => {
      window.focus();
      location.href = ticket.url;
    });
  }
  localStorage.setItem(SEEN, JSON.stringify([...seen].slice(-KEPT)));
}

if (button && "Notification" in window) {
  button.hidden = false;
  show();
  button.addEventListener("click", async () => {
    if (wanted()) localStorage.setItem("supportgraph.notify", "off");
    else if ((await Notification.requestPermission()) === "granted") localStorage.setItem("supportgraph.notify", "on");
    localStorage.removeItem(SEEN);
    show();
  });
  look();
}
