// A ticket's page renews its conversation when something happened on the ticket; what is being typed stays.

import { bodyChunks, parseEvents } from "./sse.js";

const MOVES = new Set(["message", "handoff", "status", "done", "confirm"]);

/** Follows the events of the ticket that `log` shows, for as long as the page is open. */
export async function follow(log) {
  const line = new AbortController();
  window.addEventListener("pagehide", () => line.abort(), { once: true });
  let after = Number(log.dataset.after);
  for (let pause = 1; !line.signal.aborted; pause = Math.min(pause * 2, 15)) {
    try {
      const response = await fetch(`${log.dataset.live}?after=${after}`, { signal: line.signal, cache: "no-store" });
      if (!response.ok) return; // no live events for this page: it stays as it was drawn
      for await (const event of parseEvents(bodyChunks(response.body))) {
        pause = 1;
        if (event.id) after = Number(event.id);
        if (MOVES.has(event.event)) await renew();
      }
    } catch (error) {
      if (error.name === "AbortError") return;
    }
    await new Promise((resolve) => setTimeout(resolve, pause * 1000));
  }
}

async function renew() {
  const response = await fetch(location.href, { cache: "no-store" });
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of [".log", ".side", ".head"]) {
    const [old, next] = [document.querySelector(part), page.querySelector(part)];
    if (old && next) old.replaceChildren(...next.childNodes);
  }
  const reply = document.getElementById("reply");
  if (!reply?.value) {
    const [old, next] = [document.querySelector(".ticket__main"), page.querySelector(".ticket__main")];
    const focused = document.activeElement === reply;
    for (const stale of [...old.children].filter((node) => !node.matches(".log"))) stale.remove();
    old.append(...[...next.children].filter((node) => !node.matches(".log")));
    if (focused) document.getElementById("reply")?.focus();
  }
}
