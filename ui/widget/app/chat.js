// The chat of one company: holds the conversation, talks to the server, keeps what the network loses.
// All timers and connections of the widget live here; `stop` ends every one of them.

import { Acts } from "./acts.js";
import { Refused } from "./api.js";
import { isOver, languageOf, masked, newId } from "./names.js";
import { EMPTY, fromSnapshot, reduce, unsent } from "./reducer.js";
import { Retry } from "./retry.js";
import { Stream } from "./stream.js";

const BLINK = 0.15; // seconds before a line that worked is taken up again
const TYPING = 5000; // milliseconds for which a sign of typing holds

export class Chat {
  #api;
  #keep;
  #changed;
  #unread;
  #sending = Promise.resolve();
  #stream;
  #retry;
  #nextToken = null;
  #typing = 0;

  /** `changed(state)` is told after every change, `unread(count)` when a closed chat receives words. */
  constructor({ api, keep, changed, unread }) {
    this.#api = api;
    this.#keep = keep;
    this.#changed = changed;
    this.#unread = unread;
    this.acts = new Acts(api, this);
    this.#stream = new Stream(api);
    this.#retry = new Retry((retryIn) => this.put({ retryIn }));
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
      visible: true,
      unread: 0,
    };
  }

  /** A mail's link leads back into its conversation; one that is used up or too old leads to a fresh chat. */
  async comeBack(link) {
    try {
      const ticketId = await this.#newSession({ link });
      if (ticketId) this.#keep.set({ ticketId });
    } catch (error) {
      this.put({ problem: error instanceof Refused ? error.message : "offline" });
    }
    await this.start();
  }

  async start() {
    try {
      if (!this.state.session) await this.#newSession({});
      const ticketId = this.#keep.get("ticketId");
      if (ticketId) await this.#resume(ticketId);
      else this.#takeUp();
      this.put({ phase: "ready", problem: null });
      this.#sendWaiting();
    } catch (error) {
      if (isOver(error)) return this.#startOver();
      this.put({ phase: "failed", problem: error instanceof Refused ? error.message : null });
      this.#retry.again(() => this.start(), { loud: true });
    }
  }

  /** Another tab opened or left a chat: follow it, unless this one holds words of its own. */
  async follow() {
    const ticketId = this.#keep.get("ticketId");
    if (this.#keep.get("session")) this.put({ session: this.#keep.get("session") });
    if (ticketId && ticketId !== this.state.conversation.ticketId && !this.state.conversation.items.length) {
      await this.#resume(ticketId).catch(() => {});
    }
  }

  /** Send words; a scenario brings the e-mail of its customer and, if needed, a proof of identity.
   * What is said before the chat is ready goes out when it is. */
  async say(text, scenario = null) {
    const message = text.trim();
    if (!message) return;
    const clientMessageId = newId();
    if (this.state.problem === "attachment") this.put({ problem: null }); // told, and gone on from
    this.dispatch({ name: "write", data: { clientMessageId, text: message, at: new Date().toISOString() } });
    this.draft("");
    if (this.state.phase !== "ready") return this.#remember();
    if (scenario?.verified) await this.#becomeDemo(scenario.email);
    this.#queue({ clientMessageId, text: message, email: scenario?.email ?? null });
  }

  draft(text) {
    this.state.draft = text;
    this.#keep.set({ draft: text });
  }

  pin(language) {
    this.#keep.set({ pin: language });
    this.put({ pin: language });
  }

  askPerson(words) {
    if (this.state.conversation.ticketId) this.dispatch({ name: "askPerson" });
    else this.say(words);
  }

  /** A fresh chat in the same session. */
  restart() {
    this.#stream.hangUp();
    this.#keep.set({ ticketId: null, waiting: [], draft: "" });
    this.put({ conversation: EMPTY, draft: "", problem: null, codeProblem: null });
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
      this.put({ phase: "ready" });
    } catch (error) {
      this.put({ problem: error.message });
    }
  }

  async logout() {
    this.#stream.hangUp();
    this.#keep.clear();
    this.put({ conversation: EMPTY, session: null, draft: "", phase: "opening" });
    await this.start();
  }

  shown(visible) {
    this.put({ visible, unread: visible ? 0 : this.state.unread });
    if (visible) this.#unread(0);
  }

  tryNow() {
    this.#retry.now();
  }

  stop() {
    clearTimeout(this.#typing);
    this.#stream.hangUp();
    this.#retry.calm();
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
      this.dispatch({ name: "sent", data: { clientMessageId, ...result, ticketId: opened } });
      if (email && !this.state.session.email) this.keepSession({ ...this.state.session, email: masked(email) });
      this.#retry.calm();
      this.#listen();
    } catch (error) {
      await this.#undelivered(error, { clientMessageId, text, email });
    }
    this.#remember();
  }

  /** The ticket was closed too long ago: the desk went on in a new one. */
  async #goOn(ticketId) {
    this.#stream.hangUp();
    this.#keep.set({ waiting: [] });
    await this.#resume(ticketId);
  }

  async #undelivered(error, message) {
    if (isOver(error)) {
      await this.#newSession({});
      this.#stream.hangUp();
      this.#keep.set({ ticketId: null });
      const mine = this.state.conversation.items.filter((item) => item.clientMessageId === message.clientMessageId);
      this.put({ conversation: { ...EMPTY, items: mine, live: this.state.conversation.live } });
      return this.#deliver(message);
    }
    if (error instanceof Refused && error.status < 500 && error.status !== 429) {
      return this.dispatch({ name: "refused", data: { clientMessageId: message.clientMessageId, message: error.message } });
    }
    this.dispatch({ name: "kept", data: { clientMessageId: message.clientMessageId } });
    this.#retry.again(() => this.#sendWaiting(), { seconds: error.retryAfter });
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

  /** Words that were kept when there was no ticket yet. */
  #takeUp() {
    const held = new Set(this.state.conversation.items.map((item) => item.clientMessageId));
    const items = this.#keep.get("waiting").filter((item) => !held.has(item.clientMessageId));
    if (items.length) this.put({ conversation: { ...this.state.conversation, items: [...items, ...this.state.conversation.items] } });
  }

  // ---------- listening

  async #resume(ticketId) {
    const snapshot = await this.#api.snapshot(ticketId);
    const known = new Set((snapshot.messages ?? []).map((message) => message.clientMessageId));
    const waiting = this.#keep.get("waiting").filter((item) => !known.has(item.clientMessageId));
    this.put({ conversation: fromSnapshot({ id: ticketId, ...snapshot }, waiting) });
    this.#listen();
  }

  async #listen() {
    const { ticketId, lastEventId } = this.state.conversation;
    if (this.#stream.open || !ticketId) return;
    const ended = await this.#stream.follow(ticketId, lastEventId, (event) => {
      this.#retry.attempt = 0;
      this.#retry.calm();
      if (event.name !== "comment") this.dispatch(event);
    });
    if (!ended) return; // hung up on purpose
    const { problem, alive } = ended;
    if (isOver(problem) || problem?.status === 404) return this.#startOver();
    if (this.state.conversation.status === "resolved" && !problem) return;
    this.#retry.again(() => this.#sendWaiting(), { seconds: alive ? BLINK : 0 });
  }

  async #startOver() {
    this.#stream.hangUp();
    this.#keep.set({ session: null, ticketId: null });
    this.put({ session: null, conversation: { ...EMPTY, items: unsent(this.state.conversation) } });
    if (this.#retry.attempt++ < 2) await this.start();
  }

  // ---------- session and state

  async #newSession(body) {
    const opened = await this.#api.openSession(body);
    const { sessionToken, verified, email, company, ticketId } = opened;
    this.keepSession({ token: sessionToken, verified: Boolean(verified), email: email ?? null, company });
    return ticketId ?? null;
  }

  async #becomeDemo(email) {
    try {
      const { token } = await this.#api.demoIdentity(email);
      await this.#newSession({ token });
    } catch {
      return; // without proof the chat goes on, and asks for one when it needs it
    }
  }

  #forgetTyping() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.dispatch({ name: "typing", data: { by: null } }), TYPING);
  }

  keepSession(session) {
    this.#keep.set({ session });
    this.put({ session });
  }

  /** Take an event, of this device or of the desk. */
  dispatch(event) {
    if (event.name === "reset" && event.data?.snapshot) {
      const snapshot = { id: this.state.conversation.ticketId, ...event.data.snapshot };
      return this.put({ conversation: fromSnapshot(snapshot, unsent(this.state.conversation)) });
    }
    const before = this.state.conversation;
    const conversation = reduce(before, event);
    if (conversation === before) return undefined;
    this.put({ conversation });
    if (event.name === "message" && event.data.role !== "user" && !this.state.visible) {
      this.put({ unread: this.state.unread + 1 });
      this.#unread(this.state.unread);
    }
    if (event.name === "typing") this.#forgetTyping();
    if (event.name === "verify" && event.data.needed === false) {
      this.keepSession({ ...this.state.session, verified: true, email: event.data.email ?? this.state.session.email });
    }
    return undefined;
  }

  put(changes) {
    this.state = { ...this.state, ...changes };
    this.#changed(this.state);
  }
}
