// The widget's routes. The session token travels in a header, never in an address.

import { bodyChunks, parseEvents } from "./sse.js";

/** A refusal of the server: its status, and the sentence that its problem document holds. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `status ${status}`);
    this.status = status;
    this.field = problem.field ?? problem.errors?.[0]?.field ?? null;
    this.retryAfter = Number(problem.retryAfter ?? 0);
  }
}

/** Calls for one company; `token` is asked for at each call, so that a new session needs no new client. */
export class Api {
  #base;
  #token;

  constructor(company, token) {
    this.#base = `/api/widget/${encodeURIComponent(company)}`;
    this.#token = token;
  }

  openSession(body) {
    return this.#post("/sessions", body, null);
  }

  demoIdentity(email) {
    return this.#post("/demo-identity", { email }, null);
  }

  openTicket(body) {
    return this.#post("/tickets", body);
  }

  write(ticketId, body) {
    return this.#post(`/tickets/${ticketId}/messages`, body);
  }

  act(ticketId, what, body) {
    return this.#post(`/tickets/${ticketId}/${what}`, body);
  }

  async snapshot(ticketId) {
    return json(await fetch(`${this.#base}/tickets/${ticketId}`, { headers: this.#headers() }));
  }

  /** The ticket's events after a number; ends when the connection ends, raises when it breaks. */
  async *events(ticketId, after, signal) {
    const headers = { ...this.#headers(), Accept: "text/event-stream", "Last-Event-ID": String(after) };
    const response = await fetch(`${this.#base}/tickets/${ticketId}/events`, { headers, signal, cache: "no-store" });
    if (!response.ok) throw await refusal(response);
    for await (const { id, event, data } of parseEvents(bodyChunks(response.body))) {
      yield event === "comment" ? { name: "comment" } : { id, name: event, data: JSON.parse(data) };
    }
  }

  async #post(path, body, token = this.#token()) {
    const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    return json(await fetch(this.#base + path, { method: "POST", headers, body: JSON.stringify(body ?? {}) }));
  }

  #headers() {
    const token = this.#token();
    return token ? { Authorization: `Bearer ${token}` } : {};
  }
}

async function json(response) {
  if (!response.ok) throw await refusal(response);
  return response.status === 204 ? {} : response.json();
}

async function refusal(response) {
  const problem = await response.json().catch(() => ({}));
  return new Refused(response.status, { retryAfter: response.headers.get("Retry-After"), ...problem });
}
