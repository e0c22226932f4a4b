// The launcher on a company's page: one button, and behind it the chat in a frame of our own origin.
//
//   <script async src="https://desk.example/widget/v1.js" data-company="acme"></script>
//
// data-lang (auto, en, hi-Latn), data-theme (auto, light, dark), data-label, data-side (right, left) and
// data-brand, data-brand-ink, data-brand-dark, data-brand-dark-ink (colours) are optional. Commands, also before
// this file has loaded, if the page defines the queue itself:
//
//   window.Support = window.Support || function () { (Support.q = Support.q || []).push(arguments); };
//   Support("open" | "close" | "toggle" | "identify", {token} | "logout" | "setLang", "hi-Latn" | "destroy")
//   Support("on" | "off", "open" | "close" | "unread" | "ready", listener)
//
// Nothing is stored and nothing but this file is fetched before the first opening. No inline style, no attribute
// style: a policy of `script-src` and `frame-src` with our origin is enough.
(() => {
  "use strict";

  const script = document.currentScript ?? document.querySelector("script[data-company][src*='/widget/v1.js']");
  if (!script?.dataset.company || document.querySelector("support-launcher")) return;
  const settings = { ...script.dataset };
  const base = new URL(script.src, location.href);

  const WORDS = {
    en: { open: "Help", long: "open support chat", frame: "Support chat", unread: "new messages" },
    "hi-Latn": { open: "Madad", long: "support chat kholiye", frame: "Support chat", unread: "naye messages" },
  };
  const colour = (name, otherwise) => (CSS.supports("color", settings[name] ?? "") ? settings[name] : otherwise);
  const side = settings.side === "left" ? "left" : "right";
  const schemes = { light: "light", dark: "dark" }[settings.theme] ?? "light dark";

  // In a shadow tree an important declaration wins over any of the page's, `* {all: unset !important}` included.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial !important; position: fixed !important; z-index: 2147483000 !important; inset-block-end: 1.25rem !important; ${side}: 1.25rem !important; display: block !important; color-scheme: ${schemes} !important; }
    :host([hidden]) { display: none !important; }
    button { all: unset; box-sizing: border-box; position: relative; display: inline-flex; align-items: center; gap: 0.5rem; min-height: 3.25rem; padding: 0 1.15rem 0 0.95rem; border-radius: 999px; background: light-dark(${colour("brand", "#0a6871")}, ${colour("brandDark", "#54c3cb")}); color: light-dark(${colour("brandInk", "#ffffff")}, ${colour("brandDarkInk", "#04262a")}); font: 600 0.9375rem/1 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; cursor: pointer; box-shadow: 0 2px 6px rgb(13 42 47 / 0.12), 0 12px 32px rgb(13 42 47 / 0.24); transition: translate 160ms cubic-bezier(0.2, 0.7, 0.2, 1); }
    button:hover { translate: 0 -2px; }
    button:focus-visible { outline: 3px solid light-dark(#122124, #ffffff); outline-offset: 3px; }
    button[hidden] { display: none; }
    svg { width: 1.4rem; height: 1.4rem; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linejoin: round; }
    .badge { position: absolute; inset-block-start: -4px; inset-inline-end: -2px; min-width: 1.3rem; height: 1.3rem; padding: 0 0.3rem; box-sizing: border-box; border-radius: 999px; background: #ab3509; color: #ffffff; font-size: 0.6875rem; line-height: 1.3rem; text-align: center; }
    .badge[hidden] { display: none; }
    iframe { display: block; box-sizing: border-box; width: min(24rem, calc(100vw - 2.5rem)); height: min(42rem, calc(100dvh - 2.5rem)); border: 1px solid light-dark(#dde5e5, #243235); border-radius: 18px; background: light-dark(#ffffff, #141d20); box-shadow: 0 2px 6px rgb(13 42 47 / 0.1), 0 20px 50px rgb(13 42 47 / 0.22); color-scheme: ${schemes}; }
    iframe[hidden] { display: none; }
    @media (max-width: 480px) {
      :host([open]) { inset: 0 !important; }
      iframe { width: 100vw; height: 100dvh; border: 0; border-radius: 0; }
    }
    @media (prefers-reduced-motion: reduce) { button { transition: none; } }
  `);

  class SupportLauncher extends HTMLElement {
    #root = this.attachShadow({ mode: "open" });
    #button = document.createElement("button");
    #badge = document.createElement("span");
    #frame = null;
    #port = null;
    #ready = false;
    #waiting = [];
    #heard = new Map();
    #lang = settings.lang in WORDS ? settings.lang : null;

    connectedCallback() {
      if (this.#button.isConnected) return;
      this.#root.adoptedStyleSheets = [sheet];
      this.#button.type = "button";
      this.#button.setAttribute("aria-haspopup", "dialog");
      this.#button.append(mark(), document.createElement("span"), this.#badge);
      this.#badge.className = "badge";
      this.#badge.hidden = true;
      this.#button.addEventListener("click", () => this.open());
      this.#root.append(this.#button);
      this.#label(0);
    }

    open() {
      this.#frame ??= this.#build();
      this.#frame.hidden = false;
      this.#button.hidden = true;
      this.#button.setAttribute("aria-expanded", "true");
      this.setAttribute("open", "");
      this.#frame.focus();
      this.#say({ type: "open" });
      this.#label(0);
      this.#emit("open");
    }

    close() {
      if (!this.#frame || this.#frame.hidden) return;
      this.#frame.hidden = true;
      this.#button.hidden = false;
      this.#button.setAttribute("aria-expanded", "false");
      this.removeAttribute("open");
      this.#say({ type: "close" });
      this.#button.focus();
      this.#emit("close");
    }

    toggle() {
      if (this.hasAttribute("open")) this.close();
      else this.open();
    }

    identify(who) {
      settings.token = who?.token;
      if (this.#frame && settings.token) this.#say({ type: "identify", token: settings.token });
    }

    logout() {
      delete settings.token;
      if (this.#frame) this.#say({ type: "logout" });
    }

    setLang(lang) {
      this.#lang = lang in WORDS ? lang : null;
      settings.lang = lang;
      this.#label(0);
      if (this.#frame) this.#say({ type: "setLang", lang: this.#lang ?? "auto" });
    }

    on(name, listener) {
      if (typeof listener === "function") this.#heard.set(name, (this.#heard.get(name) ?? new Set()).add(listener));
    }

    off(name, listener) {
      if (listener) this.#heard.get(name)?.delete(listener);
      else this.#heard.delete(name);
    }

    /** Takes back everything: node, frame, channel, listeners and the page's function. */
    destroy() {
      this.#port?.close();
      this.#port = null;
      this.#heard.clear();
      this.remove();
      if (window.Support === command) delete window.Support;
    }

    #build() {
      const frame = document.createElement("iframe");
      frame.title = WORDS[this.#lang ?? "en"].frame;
      frame.src = new URL(`${encodeURIComponent(settings.company)}`, base).href;
      frame.allow = "";
      frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox");
      frame.addEventListener("load", () => this.#greet(frame));
      this.#root.append(frame);
      return frame;
    }

    /** The handshake: exactly our origin gets one end of a channel; nobody else can speak to either side. */
    #greet(frame) {
      this.#port?.close();
      const channel = new MessageChannel();
      this.#port = channel.port1;
      this.#ready = false;
      channel.port1.onmessage = ({ data }) => this.#told(data);
      const first = { supportgraph: 1, type: "init", lang: this.#lang, theme: settings.theme, token: settings.token };
      frame.contentWindow.postMessage(first, base.origin, [channel.port2]);
    }

    #told(message) {
      if (message?.type === "ready") {
        this.#ready = true;
        for (const waiting of this.#waiting.splice(0)) this.#port.postMessage(waiting);
        this.#emit("ready");
      } else if (message?.type === "close") this.close();
      else if (message?.type === "unread") {
        this.#label(Number(message.count) || 0);
        this.#emit("unread", Number(message.count) || 0);
      }
    }

    #say(message) {
      if (this.#ready) this.#port.postMessage(message);
      else this.#waiting.push(message);
    }

    #label(count) {
      const words = WORDS[this.#lang ?? "en"];
      const shown = settings.label || words.open;
      this.#button.children[1].textContent = shown;
      // The name begins with what is written on the button, so that people who speak to their computer can say it.
      this.#button.setAttribute("aria-label", `${shown}: ${words.long}${count ? `, ${count} ${words.unread}` : ""}`);
      this.#badge.textContent = String(count);
      this.#badge.hidden = !count;
    }

    #emit(name, value) {
      for (const listener of this.#heard.get(name) ?? []) listener(value);
    }
  }

  function mark() {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", "M4.5 5.5h15V16H11l-4.5 3.5V16h-2z");
    svg.append(path);
    return svg;
  }

  if (!customElements.get("support-launcher")) customElements.define("support-launcher", SupportLauncher);
  const launcher = document.createElement("support-launcher");
  const commands = ["open", "close", "toggle", "identify", "logout", "setLang", "on", "off", "destroy"];

  function command(name, ...values) {
    if (commands.includes(name)) launcher[name](...values);
  }

  const queued = window.Support?.q ?? [];
  window.Support = command;
  const begin = () => {
    document.body.append(launcher);
    for (const call of queued) command(...call);
  };
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin, { once: true });
})();
