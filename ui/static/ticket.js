// A ticket's page: the conversation as it happens, who else is here, and help with the answer.

import { stream } from "./live.js";

const page = document.querySelector("[data-ticket]");
const log = document.querySelector("[data-part=log]");
const reply = document.getElementById("reply");
const announce = document.querySelector("[data-announce]");
const ticket = page.dataset.ticket;
let seen = Number(page.dataset.after);
let live = null; // {node, text, sentences} while the bot writes

const el = (tag, className, ...children) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
};

// ---------- live

const MOVES = new Set(["message", "handoff", "status", "done", "confirm", "note", "outcome"]);
const STAGES = { safety: "understanding", triage: "searching", answer: "checking", specialist: "checking", guard: "sending", escalation: "handing over" };

function heard({ id, event, data }) {
  if (id) seen = Number(id);
  const value = event === "comment" ? {} : JSON.parse(data || "{}");
  if (event === "ack" && value.turnId) begin();
  else if (event === "stage") stage(STAGES[value.node] ?? "writing");
  else if (event === "delta") sentence(value);
  else if (event === "reset" && live) withdraw();
  else if (event === "presence") present();
  if (event === "message" && value.role === "assistant") live = null;
  if (event === "message" && value.role === "user") announce.textContent = `The customer wrote: ${value.text}`;
  if (MOVES.has(event)) later();
}

function begin() {
  if (live) return;
  const text = el("p", "said__text");
  const words = el("span", "", "reading");
  const node = el("article", "said said--bot said--live", el("span", "face face--bot", "…"), el("p", "said__who", el("b", "", "Assistant"), words), text);
  node.dataset.live = "";
  live = { node, text, words, sentences: [] };
  log.append(node);
  down();
}

function stage(words) {
  if (live) live.words.textContent = words;
}

function sentence({ index, text }) {
  begin();
  live.sentences[index] = text;
  live.text.replaceChildren(...live.sentences.flatMap((each) => [el("span", "sentence", each), " "]), el("span", "caret"));
  stage(`writing, ${live.sentences.length} passed`);
  down();
}

function withdraw() {
  live.node.classList.add("said--gone");
  stage("withdrawn, the customer does not see it");
  live = null;
}

function down() {
  const near = log.scrollHeight - log.scrollTop - log.clientHeight < 160;
  if (near) log.scrollTop = log.scrollHeight;
}

// ---------- renewing

let waiting = 0;
function later() {
  clearTimeout(waiting);
  waiting = setTimeout(renew, 60);
}

async function renew() {
  let next;
  try {
    const response = await fetch(`/tickets/${ticket}`, { cache: "no-store" });
    if (!response.ok || response.redirected) return;
    next = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return;
  }
  const near = log.scrollHeight - log.scrollTop - log.clientHeight < 160;
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = next.querySelector(`[data-part=${part.dataset.part}]`);
    if (!fresh || part.isEqualNode(fresh) || (part !== log && part.contains(document.activeElement))) continue;
    const kept = part === log && live ? [live.node] : [];
    part.replaceChildren(...fresh.childNodes, ...kept);
  }
  const field = document.querySelector("[data-part-value=seen]");
  const told = next.querySelector("[data-part-value=seen]");
  if (field && told && !reply.value.trim()) field.value = told.value; // who has begun to write is told of what came since
  if (Boolean(field) !== Boolean(told) && !reply?.value) location.replace(`/tickets/${ticket}`);
  if (near) log.scrollTop = log.scrollHeight;
  const [send, fresh] = [document, next].map((root) => root.querySelector(".composer__reply"));
  if (send && fresh) send.textContent = fresh.textContent;
  suggest();
  present();
}

stream(page.dataset.live, { heard, after: () => seen });
log.scrollTop = log.scrollHeight;

// ---------- who else is here

async function tell(body, keepalive = false) {
  try {
    const response = await fetch(`/api/desk/tickets/${ticket}/presence`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ seen, ...body }),
      keepalive,
    });
    if (response.ok && !keepalive) others((await response.json()).others);
  } catch {
    return; // the next beat tells
  }
}

function others(names) {
  const box = document.querySelector("[data-others]");
  box.hidden = !names.length;
  box.replaceChildren(...(names.length ? [el("span", "face face--small", initials(names[0])), `${names.join(", ")} also here`] : []));
}

const initials = (name) => name.split(/[\s.@_]+/).slice(0, 2).map((word) => word[0] ?? "").join("").toUpperCase();
const present = () => tell({});
let typed = 0;
present();
setInterval(present, 10_000);
window.addEventListener("pagehide", () => tell({ leaving: true }, true));
reply?.addEventListener("input", () => {
  if (Date.now() - typed < 3000 || note()) return;
  typed = Date.now();
  tell({ typing: true });
});

// ---------- help with the answer

const note = () => document.querySelector('.composer [value="note"]')?.checked;
const box = document.querySelector("[data-suggest]");
let dismissed = "";

async function suggest() {
  if (!box || !document.querySelector(".live-bar--human")) return box?.toggleAttribute("hidden", true);
  let draft;
  try {
    const response = await fetch(`/api/tickets/${ticket}/suggestion`, { cache: "no-store" });
    draft = response.ok ? await response.json() : null;
  } catch {
    return undefined;
  }
  if (!draft?.text || draft.text === dismissed) return box.toggleAttribute("hidden", true);
  const use = el("button", "button button--small end", "Use ", el("kbd", "key", "u"));
  const drop = el("button", "button button--small button--quiet", "Dismiss");
  use.type = drop.type = "button";
  use.dataset.key = "u";
  use.addEventListener("click", () => {
    put(draft.text);
    hide(draft.text);
  });
  drop.addEventListener("click", () => hide(draft.text));
  const sources = draft.sources.map(({ number, title, url }) => {
    const name = url ? Object.assign(el("a", "", title), { href: url, target: "_blank", rel: "noopener nofollow" }) : title;
    return el("li", "", el("span", "source-mark", String(number)), " ", name);
  });
  box.replaceChildren(
    el("p", "suggest__head", el("b", "", "Suggested reply"), el("span", "tag tag--code", draft.language), el("span", "", `draft of the graph, confidence ${draft.confidence.toFixed(2)}, not sent`), use, drop),
    el("p", "suggest__text", draft.text),
    el("ul", "suggest__sources", ...sources),
  );
  box.hidden = false;
  down();
  return undefined;
}

function hide(text) {
  dismissed = text;
  box.hidden = true;
  reply.focus();
}

function put(text) {
  reply.value = reply.value.trim() && reply.value.trim() !== "/" ? `${reply.value.trimEnd()}\n${text}` : text;
  reply.focus();
  reply.dispatchEvent(new Event("input"));
}

const canned = document.querySelector("[data-canned]");
canned?.addEventListener("click", (event) => {
  const one = event.target.closest("[data-insert]");
  if (!one) return;
  canned.open = false;
  put(one.dataset.insert);
});
reply?.addEventListener("input", () => {
  if (reply.value !== "/") return;
  canned.open = true;
  canned.querySelector("[data-insert]")?.focus();
});
canned?.addEventListener("keydown", (event) => {
  const all = [...canned.querySelectorAll("[data-insert]")];
  const at = all.indexOf(document.activeElement);
  if (event.key === "Escape") {
    canned.open = false;
    reply.focus();
  } else if (at >= 0 && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    all[(at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length].focus();
  }
});

for (const choice of document.querySelectorAll("[data-submits]")) choice.addEventListener("change", () => choice.form.requestSubmit());
document.addEventListener("keydown", (event) => {
  if (event.key !== "n" || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const kind = document.querySelector('.composer [value="note"]');
  if (!kind) return;
  event.preventDefault();
  kind.checked = true;
  reply.focus();
});
if (location.hash === "#reply") reply?.focus();
suggest();
