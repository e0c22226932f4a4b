// Small help on all of the desk's pages: keys, dialogs, and sending with Enter.

const typing = (node) => node?.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.target.matches?.("[data-sends]") && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (event.target.value.trim()) event.target.form.requestSubmit(event.target.form.querySelector("[data-main]"));
    return;
  }
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (typing(event.target) || event.metaKey || event.ctrlKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "j" || event.key === "k") return move(event, event.key === "j" ? 1 : -1);
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!wanted) return;
  event.preventDefault();
  if (typing(wanted)) wanted.focus();
  else wanted.click();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
});

function move(event, step) {
  const links = [...document.querySelectorAll(".line a")];
  if (!links.length) return;
  event.preventDefault();
  const at = links.indexOf(document.activeElement?.closest(".line")?.querySelector("a"));
  const next = links[Math.max(0, Math.min(links.length - 1, at < 0 ? 0 : at + step))];
  next.focus({ preventScroll: true });
  next.closest(".line").scrollIntoView({ block: "nearest" });
}
