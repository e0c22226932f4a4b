// The chat of one company: holds the conversation, talks to the server, keeps what the network loses.
// All timers and connections of the widget live here; `stop` ends every one of them.

import { EMPTY, fromSnapshot, reduce, unsent } from "./reducer.js";
import { Refused } from "./api.js";

const QUIET_MS = 40_000; // the server says something every 15 s
const PAUSES = [1, 2, 4, 8, 15]; // seconds between attempts
const BLINK = 0.15; // seconds before a line that worked is taken up again

export class Chat {
  #api;
  #keep;
  #changed;
  #unread;
  #sending = Promise.resolve();
  #stream = null;
  #retry = null;
  #attempt = 0;
  #nextToken = null;

  /** `changed(state)` is told after every change, `unread(count)` when a closed chat receives words. */
  constructor({ api, keep, changed, unread }) {
    this.#api = api;
    this.#keep = keep;
    this.#changed = changed;
    this.#unread = unread;
    this.state = {
      phase: "opening",
      conversation: EMPTY,
      session: keep.get("session"),
      pin: keep.get("pin"),
      draft: keep.get("draft"),
      retryIn: null,
      problem: null,
      codeProblem: null,
      busy: false,
      rated: false,
      visible: true,
      unread: 0,
    };
  }

  async start() {
    try {
      if (!this.state.session) await this.#newSession({});
      const ticketId = this.#keep.get("ticketId");
      if (ticketId) await this.#resume(ticketId);
      this.#put({ phase: "ready", problem: null });
      this.#sendWaiting();
    } catch (error) {
      if (isOver(error)) return this.#startOver();
      this.#put({ phase: "failed", problem: error instanceof Refused ? error.message : null });
      this.#again(() => this.start());
    }
  }

  /** Another tab opened or left a chat: follow it, unless this one holds words of its own. */
  async follow() {
    const ticketId = this.#keep.get("ticketId");
    if (this.#keep.get("session")) this.#put({ session: this.#keep.get("session") });
    if (ticketId && ticketId !== this.state.conversation.ticketId && !this.state.conversation.items.length) {
      await this.#resume(ticketId).catch(() => {});
    }
  }

  /** Send words; a scenario brings the e-mail of its customer and, if needed, a proof of identity. */
  async say(text, scenario = null) {
    const message = text.trim();
    if (!message || this.state.phase !== "ready") return;
    const clientMessageId = newId();
    this.#dispatch({ name: "write", data: { clientMessageId, text: message, at: new Date().toISOString() } });
    this.draft("");
    if (scenario?.verified) await this.#becomeDemo(scenario.email);
    this.#queue({ clientMessageId, text: message, email: scenario?.email ?? null });
  }

  draft(text) {
    this.state.draft = text;
    this.#keep.set({ draft: text });
  }

  pin(language) {
    this.#keep.set({ pin: language });
    this.#put({ pin: language });
  }

  askPerson(words) {
    if (this.state.conversation.ticketId) this.#dispatch({ name: "askPerson" });
    else this.say(words);
  }

  async handoff(accept) {
    await this.#act("handoff", { accept }, () => {
      if (!accept) this.#dispatch({ name: "declined" });
    });
  }

  async confirm(offerId, accept) {
    await this.#act("confirm", { offerId, accept }, () => this.#dispatch({ name: "answered" }));
  }

  async sendCode(email) {
    this.#put({ codeProblem: null });
    await this.#act("verify", { email }, () => this.#dispatch({ name: "codeSent", data: { email: masked(email) } }), true);
  }

  async proveCode(code) {
    this.#put({ codeProblem: null });
    await this.#act(
      "verify",
      { code },
      (result) => {
        const email = result.email ?? this.state.conversation.verify?.email ?? this.state.session.email;
        this.#session({ ...this.state.session, verified: true, email });
        this.#dispatch({ name: "verified" });
      },
      true,
    );
  }

  otherAddress() {
    this.#put({ codeProblem: null });
    this.#dispatch({ name: "otherAddress" });
  }

  async rate(messageId, rating, reason = null) {
    this.#dispatch({ name: "rated", data: { messageId, rating } });
    await this.#act("feedback", { messageId, rating, ...(reason ? { reason } : {}) });
  }

  async outcome(choice, comment) {
    const last = this.state.conversation.items.findLast((item) => item.id && item.role !== "user");
    if (last) {
      const reason = [`outcome: ${choice}`, comment.trim()].filter(Boolean).join("; ").slice(0, 500);
      await this.#act("feedback", { messageId: last.id, rating: choice === "yes" ? "up" : "down", reason });
    }
    this.#put({ rated: true });
  }

  async close() {
    await this.#act("close", {}, () => this.#dispatch({ name: "status", data: { status: "resolved" } }));
  }

  /** A fresh chat in the same session. */
  restart() {
    this.#hangUp();
    this.#keep.set({ ticketId: null, waiting: [], draft: "" });
    this.#put({ conversation: EMPTY, rated: false, draft: "", problem: null, codeProblem: null });
    if (this.#nextToken) this.identify(this.#nextToken);
  }

  /** The host page vouches for its customer; a chat that runs already keeps the session it began with. */
  async identify(token) {
    if (this.state.conversation.items.length) {
      this.#nextToken = token;
      return;
    }
    this.#nextToken = null;
    try {
      await this.#newSession({ token });
      this.#put({ phase: "ready" });
    } catch (error) {
      this.#put({ problem: error.message });
    }
  }

  async logout() {
    this.#hangUp();
    this.#keep.clear();
    this.#put({ conversation: EMPTY, session: null, draft: "", rated: false, phase: "opening" });
    await this.start();
  }

  shown(visible) {
    this.#put({ visible, unread: visible ? 0 : this.state.unread });
    if (visible) this.#unread(0);
  }

  tryNow() {
    const run = this.#retry?.run;
    this.#calm();
    run?.();
  }

  stop() {
    this.#hangUp();
    this.#calm();
  }

  // ---------- sending

  #queue(message) {
    this.#remember();
    this.#sending = this.#sending.then(() => this.#deliver(message));
  }

  async #deliver({ clientMessageId, text, email }) {
    const { ticketId } = this.state.conversation;
    const body = { message: text, clientMessageId, ...languageOf(this.state.pin), ...(email && !ticketId ? { email } : {}) };
    try {
      const result = ticketId ? await this.#api.write(ticketId, body) : await this.#api.openTicket(body);
      const opened = result.ticketId ?? ticketId;
      this.#keep.set({ ticketId: opened });
      if (ticketId && opened !== ticketId) return await this.#goOn(opened);
      this.#dispatch({ name: "sent", data: { clientMessageId, ...result, ticketId: opened } });
      if (email && !this.state.session.email) this.#session({ ...this.state.session, email: masked(email) });
      this.#calm();
      this.#listen();
    } catch (error) {
      await this.#undelivered(error, { clientMessageId, text, email });
    }
    this.#remember();
  }

  /** The ticket was closed too long ago: the desk went on in a new one. */
  async #goOn(ticketId) {
    this.#hangUp();
    this.#keep.set({ waiting: [] });
    await this.#resume(ticketId);
  }

  async #undelivered(error, message) {
    if (isOver(error)) {
      await this.#newSession({});
      this.#hangUp();
      this.#keep.set({ ticketId: null });
      const mine = this.state.conversation.items.filter((item) => item.clientMessageId === message.clientMessageId);
      this.#put({ conversation: { ...EMPTY, items: mine, live: this.state.conversation.live } });
      return this.#deliver(message);
    }
    if (error instanceof Refused && error.status < 500 && error.status !== 429) {
      return this.#dispatch({ name: "refused", data: { clientMessageId: message.clientMessageId, message: error.message } });
    }
    this.#dispatch({ name: "kept", data: { clientMessageId: message.clientMessageId } });
    this.#again(() => this.#sendWaiting(), error.retryAfter);
  }

  #sendWaiting() {
    for (const item of unsent(this.state.conversation)) {
      this.#queue({ clientMessageId: item.clientMessageId, text: item.text, email: null });
    }
    if (this.state.conversation.ticketId) this.#listen();
  }

  #remember() {
    this.#keep.set({ waiting: unsent(this.state.conversation) });
  }

  async #act(what, body, done = () => {}, isCode = false) {
    this.#put({ busy: true, problem: null });
    try {
      const result = await this.#api.act(this.state.conversation.ticketId, what, body);
      this.#put({ busy: false });
      done(result);
    } catch (error) {
      const reason = error instanceof Refused ? error.message : "offline";
      this.#put({ busy: false, [isCode ? "codeProblem" : "problem"]: reason });
    }
  }

  // ---------- listening

  async #resume(ticketId) {
    const snapshot = await this.#api.snapshot(ticketId);
    const known = new Set((snapshot.messages ?? []).map((message) => message.clientMessageId));
    const waiting = this.#keep.get("waiting").filter((item) => !known.has(item.clientMessageId));
    this.#put({ conversation: fromSnapshot({ id: ticketId, ...snapshot }, waiting) });
    this.#listen();
  }

  async #listen() {
    const { ticketId } = this.state.conversation;
    if (this.#stream || !ticketId) return;
    const line = (this.#stream = new AbortController());
    let quiet = null;
    const heard = () => {
      clearTimeout(quiet);
      quiet = setTimeout(() => line.abort(), QUIET_MS);
    };
    let problem = null;
    let alive = false;
    try {
      heard();
      for await (const event of this.#api.events(ticketId, this.state.conversation.lastEventId, line.signal)) {
        heard();
        this.#attempt = 0;
        this.#calm();
        if (event.name === "comment") continue;
        alive = true;
        this.#dispatch(event);
      }
    } catch (error) {
      problem = error;
    }
    clearTimeout(quiet);
    if (this.#stream !== line) return; // hung up on purpose
    this.#stream = null;
    if (isOver(problem) || problem?.status === 404) return this.#startOver();
    if (this.state.conversation.status === "resolved" && !problem) return;
    this.#again(() => this.#sendWaiting(), alive ? BLINK : 0);
  }

  #hangUp() {
    const line = this.#stream;
    this.#stream = null;
    line?.abort();
  }

  async #startOver() {
    this.#hangUp();
    this.#keep.set({ session: null, ticketId: null });
    this.#put({ session: null, conversation: EMPTY });
    if (this.#attempt++ < 2) await this.start();
  }

  // ---------- trying again

  #again(run, seconds = 0) {
    this.#calm();
    let left = seconds || PAUSES[Math.min(this.#attempt, PAUSES.length - 1)];
    this.#attempt += 1;
    const tell = this.#attempt > 1 || !navigator.onLine || this.state.phase === "failed";
    const go = () => {
      this.#calm();
      run();
    };
    const tick = Math.min(left, 1) * 1000;
    const timer = setInterval(() => {
      left -= 1;
      if (left <= 0) go();
      else if (tell) this.#put({ retryIn: left });
    }, tick);
    window.addEventListener("online", go, { once: true });
    this.#retry = { run, timer, go };
    if (tell) this.#put({ retryIn: left });
  }

  #calm() {
    if (!this.#retry) return;
    clearInterval(this.#retry.timer);
    window.removeEventListener("online", this.#retry.go);
    this.#retry = null;
    this.#put({ retryIn: null });
  }

  // ---------- session and state

  async #newSession(body) {
    const opened = await this.#api.openSession(body);
    const { sessionToken, verified, email, company } = opened;
    this.#session({ token: sessionToken, verified: Boolean(verified), email: email ?? null, company });
  }

  async #becomeDemo(email) {
    try {
      const { token } = await this.#api.demoIdentity(email);
      await this.#newSession({ token });
    } catch {
      return; // without proof the chat goes on, and asks for one when it needs it
    }
  }

  #session(session) {
    this.#keep.set({ session });
    this.#put({ session });
  }

  #dispatch(event) {
    if (event.name === "reset" && event.data?.snapshot) {
      const snapshot = { id: this.state.conversation.ticketId, ...event.data.snapshot };
      return this.#put({ conversation: fromSnapshot(snapshot, unsent(this.state.conversation)) });
    }
    const before = this.state.conversation;
    const conversation = reduce(before, event);
    if (conversation === before) return undefined;
    this.#put({ conversation });
    if (event.name === "message" && event.data.role !== "user" && !this.state.visible) {
      this.#put({ unread: this.state.unread + 1 });
      this.#unread(this.state.unread);
    }
    if (event.name === "verify" && event.data.needed === false) {
      this.#session({ ...this.state.session, verified: true, email: event.data.email ?? this.state.session.email });
    }
    return undefined;
  }

  #put(changes) {
    this.state = { ...this.state, ...changes };
    this.#changed(this.state);
  }
}

/** The session is unknown or was idle for too long: its words stay with the desk, a new one begins. */
function isOver(error) {
  return error instanceof Refused && (error.status === 401 || error.status === 410);
}

function languageOf(pin) {
  if (pin === "auto") return {};
  return { language: pin === "hi-Latn" ? "hinglish" : "en" };
}

function masked(email) {
  const [name, host] = email.split("@");
  return `${name.slice(0, 2)}•••@${host}`;
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
