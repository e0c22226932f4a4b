// What the customer presses instead of writing: a person, a yes or no, a code, a thumb, the end.

import { Refused } from "./api.js";
import { masked } from "./names.js";

export class Acts {
  #api;
  #chat;

  /** `chat` gives its `state` and takes `dispatch(event)`, `put(changes)` and `keepSession(session)`. */
  constructor(api, chat) {
    this.#api = api;
    this.#chat = chat;
  }

  async handoff(accept) {
    await this.#act("handoff", { accept }, () => {
      if (!accept) this.#chat.dispatch({ name: "declined" });
    });
  }

  async confirm(offerId, accept) {
    await this.#act("confirm", { offerId, accept }, () => this.#chat.dispatch({ name: "answered" }));
  }

  async sendCode(email) {
    this.#chat.put({ codeProblem: null });
    await this.#act("verify", { email }, () => this.#chat.dispatch({ name: "codeSent", data: { email: masked(email) } }), true);
  }

  async proveCode(code) {
    this.#chat.put({ codeProblem: null });
    await this.#act(
      "verify",
      { code },
      (result) => {
        const email = result.email ?? this.#chat.state.conversation.verify?.email ?? this.#chat.state.session.email;
        this.#chat.keepSession({ ...this.#chat.state.session, verified: true, email });
        this.#chat.dispatch({ name: "verified" });
      },
      true,
    );
  }

  otherAddress() {
    this.#chat.put({ codeProblem: null });
    this.#chat.dispatch({ name: "otherAddress" });
  }

  async rate(messageId, rating, reason = null) {
    this.#chat.dispatch({ name: "rated", data: { messageId, rating } });
    await this.#act("feedback", { messageId, rating, ...(reason ? { reason } : {}) });
  }

  async outcome(choice, comment) {
    const done = () => this.#chat.dispatch({ name: "concluded", data: { outcome: choice } });
    await this.#act("outcome", { solved: choice, note: comment.trim().slice(0, 400) }, done);
  }

  async stop() {
    await this.#act("stop", {});
  }

  async close() {
    await this.#act("close", {}, () => this.#chat.dispatch({ name: "status", data: { status: "resolved" } }));
  }

  async #act(what, body, done = () => {}, isCode = false) {
    this.#chat.put({ busy: true, problem: null });
    try {
      const result = await this.#api.act(this.#chat.state.conversation.ticketId, what, body);
      this.#chat.put({ busy: false });
      done(result);
    } catch (error) {
      const reason = error instanceof Refused ? error.message : "offline";
      this.#chat.put({ busy: false, [isCode ? "codeProblem" : "problem"]: reason });
    }
  }
}
