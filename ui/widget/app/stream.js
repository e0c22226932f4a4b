// One open line to a ticket's events. A line that says nothing for too long counts as dead.

const QUIET_MS = 40_000; // the server says something every 15 s

export class Stream {
  #api;
  #line = null;

  constructor(api) {
    this.#api = api;
  }

  get open() {
    return this.#line !== null;
  }

  /**
   * Follow a ticket from a number on; `heard(event)` for each event, comments included.
   * Resolves to {problem, alive} when the line ends by itself, and to null when it was hung up.
   */
  async follow(ticketId, after, heard) {
    const line = (this.#line = new AbortController());
    let quiet = null;
    const wait = () => {
      clearTimeout(quiet);
      quiet = setTimeout(() => line.abort(), QUIET_MS);
    };
    let problem = null;
    let alive = false;
    try {
      wait();
      for await (const event of this.#api.events(ticketId, after, line.signal)) {
        if (this.#line !== line) break;
        wait();
        alive ||= event.name !== "comment";
        heard(event);
      }
    } catch (error) {
      problem = error;
    }
    clearTimeout(quiet);
    if (this.#line !== line) return null;
    this.#line = null;
    return { problem, alive };
  }

  hangUp() {
    const line = this.#line;
    this.#line = null;
    line?.abort();
  }
}
