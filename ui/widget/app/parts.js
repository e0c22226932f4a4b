// The parts of a conversation: machines write as a note with footnotes, people speak in bubbles.

import { h, icon, pathStrip, tick } from "./dom.js";
import { filled } from "./texts.js";

const LINK = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])|([\w.+-]+@[\w-]+(?:\.[\w-]+)+)/g;
const MARK = /\s?\[(\d{1,2})\]/g;

export function mine(item, t, humanOwned) {
  const bubble = h("p", { class: item.state === "waiting" ? "me me--waiting" : "me" }, heard(t.you), item.text);
  const states = {
    sending: t.sending,
    waiting: t.notSent,
    refused: item.problem ?? "",
    sent: `${t.sent} ${time(item.createdAt)}${humanOwned ? ` · ${t.keptForTeam}` : ""}`,
  };
  const late = item.state === "waiting" || item.state === "refused";
  const line = h("p", { class: late ? "me__state is-waiting" : "me__state" }, late ? icon("clock") : null, " ", states[item.state]);
  return [bubble, line];
}

export function bot(item, t, actions, open) {
  const numbers = (item.citations ?? []).map((citation) => citation.number);
  return h(
    "div",
    { class: "bot", lang: item.language === "hinglish" ? "hi-Latn" : (item.language ?? null) },
    h("p", {}, ...withMarks(item.text, numbers, t)),
    footnotes(item.citations ?? [], t),
    item.id ? rating(item, t, actions, open) : null,
  );
}

export function person(item, t) {
  const name = item.author || t.team;
  return h(
    "div",
    { class: "human" },
    h("span", { class: "face", "aria-hidden": "true" }, initials(name)),
    h("p", { class: "human__who" }, h("b", {}, name), ` · ${time(item.createdAt)}`),
    h("p", { class: "human__text" }, ...linked(item.text)),
  );
}

export function event(item, t) {
  const sign = item.what === "closed" || item.what === "stopped" ? "ended" : "person";
  const words = item.role === "system" ? item.text : t[item.what];
  return h("p", { class: "event" }, icon(sign), `${words}${item.createdAt ? ` · ${time(item.createdAt)}` : ""}`);
}

/** The reply in progress; `sentences` are put in one by one, so that each arrives once. */
export function live(state, t) {
  const strip = h("p", { class: "thinking" });
  const text = h("p", {});
  const caret = h("span", { class: "caret", "aria-hidden": "true" });
  const ghosts = [h("span", { class: "ghost", "aria-hidden": "true" }), h("span", { class: "ghost ghost--short", "aria-hidden": "true" })];
  const node = h("div", { class: "bot" }, strip, text, ...ghosts);
  let shown = [];
  let stage;
  const update = (next, words) => {
    if (stage !== next.stage) {
      stage = next.stage;
      strip.replaceChildren(pathStrip(stage, words.pathLabel), words.stages[stage] ?? words.stages.start);
    }
    const sentences = next.ready;
    if (shown.some((sentence, i) => sentence !== sentences[i])) {
      text.replaceChildren();
      shown = [];
    }
    for (const sentence of sentences.slice(shown.length)) {
      text.append(h("span", { class: "sentence" }, ...withMarks(sentence, [], words)), " ");
    }
    shown = [...sentences];
    if (shown.length) text.append(caret);
    text.hidden = !shown.length;
    ghosts.forEach((ghost) => (ghost.hidden = shown.length > 1));
  };
  update(state, t);
  return { node, update };
}

export function hello(session, t, pinned, actions) {
  const company = session?.company ?? {};
  const hinglish = t.lang === "hi-Latn";
  const greeting = hinglish ? company.greeting?.hinglish : company.greeting?.en;
  const scenarios = company.scenarios ?? [];
  const chips = scenarios.map((scenario) => {
    const words = hinglish ? scenario.hinglish : scenario.en;
    return h("button", { type: "button", "data-scenario": scenario.key ?? null, on: { click: () => actions.say(words, scenario) } }, icon("chat"), h("span", {}, words));
  });
  return [
    h("div", { class: "hello" }, h("h2", {}, t.hello), h("p", {}, greeting && !saysIt(greeting) ? `${greeting} ${t.disclosure}` : greeting || t.disclosure)),
    chips.length ? h("div", { class: "chips", role: "group", "aria-label": t.scenarios }, h("p", { class: "caps" }, t.scenarios), ...chips) : null,
  ].filter(Boolean);
}

export function offerCard(t, actions, busy) {
  return ask(
    [icon("person"), t.offer],
    h("p", {}, t.offerText),
    pair(
      button(t.keepChatting, () => actions.handoff(false), { disabled: busy }),
      button(t.yesPerson, () => actions.handoff(true), { disabled: busy, class: "button button--main" }),
    ),
  );
}

export function confirmCard(offer, t, actions, busy) {
  const rows = Object.entries(offer.details ?? {}).flatMap(([name, value]) => [
    h("dt", {}, name.replaceAll("_", " ")),
    h("dd", {}, String(value)),
  ]);
  return ask(
    [icon("check"), offer.question],
    rows.length ? h("dl", { class: "facts" }, ...rows) : null,
    h("p", {}, t.nothingYet),
    pair(
      button(t.notNow, () => actions.confirm(offer.offerId, false), { disabled: busy }),
      button(t.yesDo, () => actions.confirm(offer.offerId, true), { disabled: busy, class: "button button--main" }),
    ),
  );
}

/** The identity check: an address, then the code that was sent to it. */
export function verifyCard(verify, t, actions, problem, busy) {
  const wrong = problem ? h("p", { class: "ask__wrong", id: "verify-problem", role: "alert" }, icon("clock"), " ", problem) : null;
  const described = problem ? "verify-problem" : null;
  const coded = Boolean(verify.email);
  const input = coded
    ? h("input", { class: "input ask__code", id: "verify-code", name: "code", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 6, required: true, pattern: "[0-9]{6}", "aria-describedby": described })
    : h("input", { class: "input", id: "verify-email", name: "email", type: "email", autocomplete: "email", required: true, "aria-describedby": described });
  const send = (submitted) => {
    submitted.preventDefault();
    if (coded) actions.proveCode(input.value.trim());
    else actions.sendCode(input.value.trim());
  };
  return h(
    "form",
    { class: "ask", on: { submit: send }, "aria-labelledby": "verify-title" },
    h("h2", { id: "verify-title" }, icon("lock"), coded ? t.codeTitle : t.verifyTitle),
    h("p", {}, coded ? filled(t.codeSentTo, { email: verify.email }) : t.verifyText),
    h("div", { class: "field" }, h("label", { for: input.id }, coded ? t.code : t.email), input),
    wrong,
    h("button", { class: "button button--main button--wide", type: "submit", disabled: busy }, coded ? t.confirm : t.sendCode),
    coded ? button(t.otherAddress, actions.otherAddress, { class: "button button--quiet" }) : null,
  );
}

export function outcomeCard(t, actions) {
  let choice = null;
  const comment = h("textarea", { rows: 2, id: "outcome-words", maxlength: 400 });
  const more = h("div", { class: "stack", hidden: true }, h("div", { class: "field" }, h("label", { for: "outcome-words" }, t.anything), comment), button(t.submit, () => actions.outcome(choice, comment.value), { class: "button button--main button--wide" }));
  const choices = Object.entries(t.solvedChoices).map(([key, words]) =>
    h("button", { type: "button", "aria-pressed": "false", on: { click: ({ currentTarget }) => pick(key, currentTarget) } }, words),
  );
  const pick = (key, pressed) => {
    choice = key;
    choices.forEach((other) => other.setAttribute("aria-pressed", String(other === pressed)));
    more.hidden = false;
  };
  return ask([t.solved], h("div", { class: "ask__trio", role: "group", "aria-label": t.solved }, ...choices), more);
}

export function time(iso) {
  if (!iso) return "";
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(new Date(iso));
}

function rating(item, t, actions, open) {
  const thumb = (value, name, words) =>
    h("button", { type: "button", "aria-label": words, "aria-pressed": String(item.rating === value), on: { click: () => actions.rate(item.id, value) } }, icon(name));
  const line = h(
    "div",
    { class: "meta" },
    h("span", {}, `${time(item.createdAt)} · ${t.aiAnswer}`),
    h("span", { class: "end" }),
    thumb("up", "up", t.helped),
    thumb("down", "down", t.notHelped),
  );
  if (item.rating !== "down" || !open) return line;
  const reasons = Object.entries(t.reasons).map(([key, words]) =>
    h("button", { type: "button", on: { click: () => actions.reason(item.id, key) } }, words),
  );
  return h("div", { class: "stack stack--tight" }, line, h("div", { class: "reasons", role: "group", "aria-label": t.whyNot }, ...reasons));
}

function footnotes(citations, t) {
  if (!citations.length) return null;
  const rows = citations.map(({ number, title, url }) =>
    h("li", {}, h("span", {}, String(number)), safe(url) ? h("a", { href: url, target: "_blank", rel: "noopener nofollow" }, title) : h("span", {}, title)),
  );
  return h("ol", { class: "foots", "aria-label": t.sources }, ...rows);
}

/** Text with its `[1]` marks as small numbers; without any, the sources stand behind the last word. */
function withMarks(text, numbers, t) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(MARK)) {
    nodes.push(...linked(text.slice(at, found.index)), mark(found[1], t));
    at = found.index + found[0].length;
  }
  nodes.push(...linked(text.slice(at)));
  return at ? nodes : [...nodes, ...numbers.map((number) => mark(number, t))];
}

function mark(number, t) {
  return h("span", { class: "source-mark", role: "note", "aria-label": `${t.source} ${number}` }, String(number));
}

function linked(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(LINK)) {
    nodes.push(text.slice(at, found.index));
    const href = found[1] ?? `mailto:${found[2]}`;
    nodes.push(h("a", { href, target: "_blank", rel: "noopener nofollow" }, found[0]));
    at = found.index + found[0].length;
  }
  return [...nodes, text.slice(at)].filter(Boolean);
}

function safe(url) {
  return /^(https?:\/\/|\/(?!\/))/.test(url ?? "");
}

function saysIt(greeting) {
  return /\b(AI|assistant)\b/i.test(greeting);
}

function ask(title, ...children) {
  const id = `ask-${(ask.count = (ask.count ?? 0) + 1)}`;
  return h("section", { class: "ask", "aria-labelledby": id }, h("h2", { id }, ...title), ...children.filter(Boolean));
}

function pair(...buttons) {
  return h("div", { class: "ask__pair" }, ...buttons);
}

function button(words, click, attributes = {}) {
  return h("button", { class: "button", type: "button", ...attributes, on: { click } }, words);
}

function heard(words) {
  return h("span", { class: "only-heard" }, `${words}: `);
}

function initials(name) {
  return name.split(/\s+/).slice(0, 2).map((word) => word[0] ?? "").join("").toUpperCase();
}

export { tick };
