// Small help for the desk's pages: keys, sending with Enter, and a page that renews when its ticket moved.

import { follow } from "./live.js";

const typing = (node) => node?.matches?.("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.target.matches?.("[data-sends]") && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (event.target.value.trim()) event.target.form.requestSubmit();
    return;
  }
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (typing(event.target) || event.metaKey || event.ctrlKey || event.altKey) return;
  if (event.key === "j" || event.key === "k") return move(event, event.key === "j" ? 1 : -1);
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!wanted) return;
  event.preventDefault();
  if (typing(wanted)) wanted.focus();
  else wanted.click();
});

function move(event, step) {
  const links = [...document.querySelectorAll(".line a")];
  if (!links.length) return;
  event.preventDefault();
  const at = links.indexOf(document.activeElement);
  links[Math.max(0, Math.min(links.length - 1, at < 0 ? 0 : at + step))].focus();
}

const log = document.querySelector("[data-live]");
if (log) follow(log);
