// The inbox lives: when a ticket moves, list, counts and filters are fetched anew and put in place row by row,
// so that focus, choice and scroll stay where they are.

import { stream } from "./live.js";

const inbox = document.querySelector("[data-board]");
const state = document.querySelector("[data-live-state]");
const announce = document.querySelector("[data-announce]");
const chosen = () => [...document.querySelectorAll(".line__pick input:checked")];
const rows = () => [...document.querySelectorAll(".line")];
const current = () => document.activeElement?.closest?.(".line");

// ---------- live

let asked = null;

async function renew() {
  asked?.abort();
  asked = new AbortController();
  let page;
  try {
    const response = await fetch(location.href, { signal: asked.signal, cache: "no-store" });
    if (!response.ok || response.redirected) return;
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return; // a newer call took its place, or the line is down: the stream tells
  }
  const before = new Map(rows().map((row) => [row.id, row]));
  const waiting = count();
  put("summary", page);
  put("facets", page);
  const list = document.querySelector("[data-part=list]");
  const next = page.querySelector("[data-part=list]");
  for (const row of next.querySelectorAll(".line")) {
    const old = before.get(row.id);
    if (old?.isEqualNode(row)) row.replaceWith(old);
    else if (old) carry(old, row);
    if (!old) row.classList.add("line--fresh");
  }
  const focused = current()?.id;
  const focus = document.activeElement;
  list.replaceChildren(...next.childNodes);
  if (focused && !focus.isConnected) document.getElementById(focused)?.querySelector("a").focus();
  else if (focused) focus.focus({ preventScroll: true });
  const now = count();
  if (now > waiting) announce.textContent = `${now} tickets need a person.`;
  document.querySelector(".rail__count")?.replaceChildren(...(page.querySelector(".rail__count")?.childNodes ?? []));
  tally();
}

function put(name, page) {
  const [old, next] = [document, page].map((root) => root.querySelector(`[data-part=${name}]`));
  if (old && next && !old.isEqualNode(next) && !old.contains(document.activeElement)) old.replaceChildren(...next.childNodes);
}

/** What the reader did with the old row holds for the new one. */
function carry(old, row) {
  row.querySelector("input").checked = old.querySelector("input").checked;
}

function count() {
  return document.querySelectorAll("#group-escalated + ul > .line").length;
}

function told(words, lost = false) {
  state.hidden = false;
  state.classList.toggle("live-state--lost", lost);
  state.querySelector("[data-words]").textContent = words;
}

stream(inbox.dataset.board, {
  heard: (event) => {
    if (event.event === "ready") {
      if (state.classList.contains("live-state--lost")) renew();
      told("Live");
    }
    if (event.event === "moved") renew();
  },
  lost: () => told("Not live, trying again", true),
});
document.addEventListener("visibilitychange", () => document.hidden || renew());
setInterval(renew, 60_000); // waits grow without an event

// ---------- choosing

function tally() {
  const number = chosen().length;
  document.querySelector("[data-bulk]").hidden = !number;
  document.querySelector("[data-chosen]").textContent = `${number} chosen`;
}

document.addEventListener("change", (event) => event.target.matches(".line__pick input") && tally());
document.querySelector("[data-unpick]").addEventListener("click", () => {
  for (const box of chosen()) box.checked = false;
  tally();
});

// ---------- keys

let before = "";
const GO = { o: "/inbox", p: "/inbox?view=person", m: () => document.querySelector('.facet[href*="assignee="]')?.href };

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
  if (event.target.matches("input:not([type=checkbox]), textarea, select") || document.querySelector("dialog[open]")) return;
  const second = before === "g" && GO[event.key];
  before = event.key;
  if (second) {
    location.href = typeof second === "function" ? (second() ?? "/inbox") : second;
    return;
  }
  const row = current() ?? (chosen().length ? null : rows()[0]);
  const link = row?.querySelector("a");
  const act = {
    r: () => link && (location.href = `${link.href}#reply`),
    x: () => row && row.querySelector("input").click(),
    a: () => post("assign", row),
    e: () => chosen().length && post("close", null),
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

/** The chosen tickets, or else the one under the cursor. */
function post(act, row) {
  if (!chosen().length && !row) return;
  if (!chosen().length) row.querySelector("input").checked = true;
  document.querySelector(`#bulk button[value=${act}]`).click();
}

tally();
