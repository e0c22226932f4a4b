// Puts the state on the page. What did not change is not touched, so focus, scroll and animations survive.

import { h, icon } from "./dom.js";
import * as parts from "./parts.js";
import { liveText } from "./reducer.js";
import { filled, textsFor } from "./texts.js";

/** Builds the chat inside `root`; the result's `render(state)` may be called as often as one likes. */
export function createView(root, page, actions) {
  const ui = build(root, page, actions);
  const log = new Log(ui.log);
  const announce = announcer(ui.announcer);
  let words = null;

  function render(state) {
    const t = textsFor(state.pin, state.conversation.language, page.language);
    if (t !== words) label(ui, t);
    words = t;
    head(ui, state, t);
    banner(ui, state, t, actions);
    log.show(entries(state, t, actions), state.conversation.items.length > 0);
    ui.log.setAttribute("aria-busy", String(Boolean(state.conversation.live)));
    foot(ui, state, t);
    announce(state, t);
  }

  return { render, focus: () => ui.text.focus(), words: () => words };
}

function build(root, page, actions) {
  const ui = {};
  ui.name = h("h1", {}, page.name);
  ui.sub = h("p", {});
  ui.personText = h("span", {});
  ui.person = h("button", { class: "chat__person", type: "button", on: { click: actions.askPerson } }, icon("person"), ui.personText);
  ui.closer = h("button", { class: "chat__control", type: "button", hidden: !page.hosted, on: { click: actions.hide } }, icon("close"));
  ui.banner = h("div", { class: "banner", role: "status", hidden: true });
  ui.log = h("div", { class: "chat__log", role: "log", "aria-live": "off", tabindex: "0" });
  ui.announcer = h("div", { class: "only-heard", "aria-live": "polite", "data-announcer": true });
  ui.textLabel = h("label", { class: "only-heard", for: "message" });
  ui.text = h("textarea", { id: "message", rows: 1, maxlength: 5000, on: { keydown: actions.key, input: actions.typed, paste: actions.files } });
  ui.send = h("button", { class: "box__send", type: "submit" }, icon("send"));
  ui.box = h("form", { class: "box", on: { submit: actions.submit } }, ui.textLabel, ui.text, ui.send);
  ui.restart = h("button", { class: "button button--wide", type: "button", on: { click: actions.restart } });
  ui.fine = h("span", {});
  ui.end = h("button", { type: "button", on: { click: actions.close } });
  ui.stop = h("button", { type: "button", on: { click: actions.stop } });
  ui.language = h("select", { on: { change: ({ target }) => actions.pin(target.value) } }, h("option", { value: "auto" }), h("option", { value: "en" }, "English"), h("option", { value: "hi-Latn" }, "Hinglish"));
  for (const kind of ["dragover", "drop"]) root.addEventListener(kind, actions.files);
  root.append(
    h("header", { class: "chat__head" }, h("span", { class: "chat__logo", "aria-hidden": "true" }, [...page.name][0] ?? ""), h("div", { class: "chat__title" }, ui.name, ui.sub), ui.person, ui.closer),
    ui.banner,
    ui.log,
    ui.announcer,
    h("footer", { class: "chat__foot" }, ui.box, ui.restart, h("div", { class: "fine" }, ui.fine, ui.stop, ui.end, ui.language)),
  );
  return ui;
}

function label(ui, t) {
  document.documentElement.lang = t.lang;
  ui.personText.textContent = t.person;
  ui.person.setAttribute("aria-label", t.personLong);
  ui.closer.setAttribute("aria-label", t.closeChat);
  ui.log.setAttribute("aria-label", t.conversation);
  ui.send.setAttribute("aria-label", t.send);
  ui.language.setAttribute("aria-label", t.language);
  ui.language.options[0].textContent = t.auto;
  ui.end.textContent = t.endChat;
  ui.stop.textContent = t.stop;
  ui.restart.replaceChildren(icon("again"), t.restart);
}

function head(ui, { conversation, session }, t) {
  const open = conversation.status !== "resolved";
  const withPerson = open && conversation.humanOwned && (conversation.handoff?.state === "joined" ? t.withPerson : t.waitingShort);
  const email = session?.email;
  const shown = withPerson || email || t.assistant;
  const proven = !withPerson && email && session.verified;
  const key = `${shown}|${proven}|${t.lang}`;
  if (ui.sub.dataset.key !== key) {
    ui.sub.dataset.key = key;
    const mark = h("span", { class: "is-done" }, parts.tick(), h("span", { class: "only-heard" }, `${t.verifiedAs} `));
    ui.sub.replaceChildren(...(proven ? [mark] : []), h("span", { "data-email": email ? true : null }, shown));
  }
  ui.person.hidden = conversation.humanOwned || conversation.status === "resolved";
}

function banner(ui, state, t, actions) {
  const { conversation } = state;
  let key = "";
  if (state.retryIn !== null) key = `retry|${state.retryIn}`;
  else if (state.problem) key = `problem|${state.problem}`;
  else if (conversation.status !== "resolved" && conversation.humanOwned) key = `owned|${conversation.handoff?.state}|${conversation.handoff?.waiting}`;
  key = key && `${key}|${t.lang}`;
  if (ui.banner.dataset.key === key) return;
  ui.banner.dataset.key = key;
  ui.banner.hidden = !key;
  ui.banner.classList.toggle("banner--human", key.startsWith("owned|joined"));
  if (key.startsWith("retry")) {
    const words = state.phase === "failed" ? `${t.noService} ${state.problem ?? ""}` : filled(t.offline, { seconds: state.retryIn });
    const now = h("button", { class: "button button--small end", type: "button", on: { click: actions.tryNow } }, t.tryNow);
    ui.banner.replaceChildren(icon("offline"), h("span", {}, words), now);
  } else if (key.startsWith("problem")) {
    ui.banner.replaceChildren(icon("clock"), h("span", {}, state.problem === "offline" ? t.offlineNow : state.problem === "attachment" ? t.attachment : filled(t.failed, { reason: state.problem })));
  } else if (key.startsWith("owned|joined")) {
    ui.banner.replaceChildren(icon("person"), h("span", {}, t.joinedBanner));
  } else if (key) {
    const hours = state.session?.company?.waiting?.[t.lang === "en" ? "en" : "hinglish"]; // by office hours
    ui.banner.replaceChildren(icon("clock"), h("span", {}, hours ? `${t.waitingShort}. ${hours}` : t.waitingFor));
  }
}

function foot(ui, { conversation, pin }, t) {
  const closed = conversation.status === "resolved";
  ui.box.hidden = closed;
  ui.restart.hidden = !closed;
  const hint = conversation.humanOwned ? t.writeTeam : t.write;
  ui.text.placeholder = hint;
  ui.textLabel.textContent = hint;
  ui.send.setAttribute("aria-disabled", String(!ui.text.value.trim()));
  ui.stop.hidden = closed || !conversation.ticketId || !conversation.live;
  ui.end.hidden = closed || !conversation.ticketId || !ui.stop.hidden;
  ui.language.value = pin;
  if (closed) ui.fine.textContent = t.reopens;
  else if (conversation.typing) ui.fine.textContent = filled(t.writes, { name: conversation.typing });
  else if (conversation.humanOwned) ui.fine.textContent = t.stepped;
  else ui.fine.textContent = conversation.live ? t.inProgress : t.fine;
}

/** The log's entries in order: key, what would make it look different, and how to build it. */
function* entries(state, t, actions) {
  const { conversation, session, busy } = state;
  if (!conversation.items.length) {
    if (state.phase === "opening") return;
    const key = `hello|${t.lang}|${session?.company?.name}`;
    yield { key: "hello", look: key, build: () => parts.hello(session, t, state.pin, actions) };
  }
  const last = conversation.items.at(-1);
  for (const item of conversation.items) {
    const ended = item === last && item.role === "user";
    const look = [t.lang, item.text, item.state, item.rating, item.id, item.createdAt, actions.openReason(item.id), ended && conversation.humanOwned, item.problem];
    yield { key: item.key, look: look.join("|"), build: () => node(item, t, actions, conversation.humanOwned) };
  }
  if (conversation.live) {
    const now = { ...conversation.live, ready: liveText(conversation.live) };
    yield { key: "live", live: now, t };
  }
  const closed = conversation.status === "resolved";
  const { verify, confirm, handoff } = conversation;
  if (verify && !closed && !conversation.live) {
    yield { key: "verify", look: [t.lang, verify.email, state.codeProblem, busy].join("|"), build: () => [parts.verifyCard(verify, t, actions, state.codeProblem, busy)] };
  }
  if (confirm && !closed) {
    yield { key: `confirm-${confirm.offerId}`, look: `${t.lang}|${busy}`, build: () => [parts.confirmCard(confirm, t, actions, busy)] };
  }
  if (handoff?.state === "offered" && !closed && !conversation.live) {
    yield { key: "offer", look: `${t.lang}|${busy}`, build: () => [parts.offerCard(t, actions, busy)] };
  }
  if (closed) {
    const words = conversation.outcome && !["assumed", "verified"].includes(conversation.outcome) ? "thanks" : "ask";
    yield { key: "outcome", look: `${t.lang}|${words}`, build: () => [words === "thanks" ? h("p", { class: "event" }, t.outcomeThanks) : parts.outcomeCard(t, actions)] };
  }
}

function node(item, t, actions, humanOwned) {
  if (item.role === "user") return parts.mine(item, t, humanOwned);
  if (item.role === "human") return [parts.person(item, t)];
  if (item.role === "assistant") return [parts.bot(item, t, actions, actions.openReason(item.id))];
  return [parts.event(item, t)];
}

/** The log's nodes by key: kept when they look the same, rebuilt when not, always in order. */
class Log {
  #box;
  #shown = new Map();

  constructor(box) {
    this.#box = box;
  }

  show(entries, talking) {
    const near = this.#box.scrollHeight - this.#box.scrollTop - this.#box.clientHeight < 80;
    const before = this.#shown;
    this.#shown = new Map();
    let grown = false;
    let place = this.#box.firstChild;
    for (const entry of entries) {
      const old = before.get(entry.key);
      const kept = entry.live ? this.#live(entry, old) : old && old.look === entry.look ? old : null;
      const now = kept ?? { look: entry.look, nodes: entry.build() };
      grown ||= now !== old;
      this.#shown.set(entry.key, now);
      const focused = old && now !== old && old.nodes.some((gone) => gone.contains(document.activeElement));
      for (const child of now.nodes) {
        if (child === place) place = place.nextSibling;
        else this.#box.insertBefore(child, place);
      }
      if (focused) now.nodes[0].querySelector("input, textarea, button")?.focus();
    }
    const keep = new Set([...this.#shown.values()].flatMap((value) => value.nodes));
    for (const child of [...this.#box.childNodes]) if (!keep.has(child)) child.remove();
    this.#box.classList.toggle("chat__log--talk", talking);
    if (talking && (near || grown)) this.#box.scrollTop = this.#box.scrollHeight;
  }

  #live({ live, t }, old) {
    if (old?.update) {
      old.update(live, t);
      return old;
    }
    const { node: box, update } = parts.live(live, t);
    return { look: null, nodes: [box], update };
  }
}

/** Says each new sentence once, politely; what was on the page at the start is not read out. */
function announcer(region) {
  let said = null;
  return ({ conversation, phase }, t) => {
    if (phase !== "ready") return;
    const texts = new Map();
    for (const item of conversation.items) {
      if (item.role !== "user") texts.set(item.key, item.text ?? t[item.what] ?? "");
    }
    const sentences = liveText(conversation.live);
    if (said === null) said = { keys: new Set(texts.keys()), live: "" };
    const lines = [];
    for (const [key, text] of texts) {
      if (said.keys.has(key)) continue;
      said.keys.add(key);
      lines.push(said.live && text.startsWith(said.live) ? text.slice(said.live.length) : text);
      said.live = "";
    }
    const whole = sentences.join(" ");
    if (whole.length > said.live.length && whole.startsWith(said.live)) lines.push(whole.slice(said.live.length));
    if (conversation.live) said.live = whole;
    const words = lines.map((line) => line.trim()).filter(Boolean);
    if (!words.length) return;
    region.append(...words.map((line) => h("p", {}, line)));
    while (region.childElementCount > 6) region.firstChild.remove();
  };
}
