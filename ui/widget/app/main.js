// Starts the chat of the page's company and joins its parts.

import { Api } from "./api.js";
import { Chat } from "./chat.js";
import { hostLine } from "./frame.js";
import { Keep } from "./keep.js";
import { createView } from "./view.js";

const root = document.getElementById("chat");
const { company, name, origins, lang } = root.dataset;

const keep = new Keep(company);
const line = hostLine([location.origin, ...origins.split(" ")], heard);
const api = new Api(company, () => chat.state.session?.token);
const opened = { reason: null };
let drawn = false;

const chat = new Chat({
  api,
  keep,
  changed: () => {
    if (drawn) return;
    drawn = true;
    queueMicrotask(() => {
      drawn = false;
      view.render(chat.state);
    });
  },
  unread: (count) => line.say("unread", { count }),
});

const text = () => document.getElementById("message");

const view = createView(root, { name, language: lang, hosted: line.hosted }, {
  say: (words, scenario) => chat.say(words, scenario),
  submit: (event) => {
    event.preventDefault();
    send();
  },
  key: (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  },
  typed: () => {
    chat.draft(text().value);
    view.render(chat.state);
  },
  pin: (language) => chat.pin(language),
  askPerson: () => chat.askPerson(view.words().personAsk),
  handoff: (accept) => chat.acts.handoff(accept),
  confirm: (offerId, accept) => chat.acts.confirm(offerId, accept),
  sendCode: (email) => chat.acts.sendCode(email),
  proveCode: (code) => chat.acts.proveCode(code),
  otherAddress: () => chat.acts.otherAddress(),
  rate: (messageId, rating) => {
    opened.reason = rating === "down" ? messageId : null;
    chat.acts.rate(messageId, rating);
  },
  reason: (messageId, reason) => {
    opened.reason = null;
    chat.acts.rate(messageId, "down", reason);
  },
  openReason: (messageId) => Boolean(messageId) && opened.reason === messageId,
  outcome: (choice, comment) => chat.acts.outcome(choice, comment),
  close: () => chat.acts.close(),
  stop: () => chat.acts.stop(),
  files: (event) => {
    if (!event.dataTransfer?.files.length && !event.clipboardData?.files.length) return;
    event.preventDefault();
    chat.put({ problem: "attachment" });
  },
  restart: () => {
    chat.restart();
    text().value = "";
    view.focus();
  },
  tryNow: () => chat.tryNow(),
  hide,
});

function send() {
  const words = text().value;
  if (!words.trim()) return;
  text().value = "";
  chat.say(words);
}

function hide() {
  chat.shown(false);
  line.say("close");
}

/** A command of the host page. */
function heard({ type, lang: language, theme, token }) {
  if (type === "init" && theme && theme !== "auto") document.documentElement.dataset.theme = theme;
  if (language && (type === "setLang" || (type === "init" && chat.state.pin === "auto"))) chat.pin(language);
  if (type === "open") {
    chat.shown(true);
    view.focus();
  }
  if (type === "close") chat.shown(false);
  if (token && (type === "init" || type === "identify")) begin.then(() => chat.identify(token));
  if (type === "logout") chat.logout();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && line.hosted) hide();
});
window.addEventListener("pagehide", () => chat.stop());
window.addEventListener("pageshow", (event) => {
  if (event.persisted) chat.start();
});
keep.watch(() => chat.follow());

text().value = keep.get("draft");
const link = new URLSearchParams(location.hash.slice(1)).get("resume");
if (link) history.replaceState(null, "", location.pathname + location.search);
const begin = link ? chat.comeBack(link) : chat.start();
