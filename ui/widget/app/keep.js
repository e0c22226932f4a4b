// What this device remembers: the session, the open ticket, what was typed and what was not sent yet.
// First-party storage of the chat's own origin; without any (private windows) it lasts as long as the page.

const FIELDS = { session: null, ticketId: null, pin: "auto", draft: "", waiting: [] };

/** One company's memory. `watch` is told when another tab changes it. */
export class Keep {
  #key;
  #value;
  #listener = null;

  constructor(company) {
    this.#key = `supportgraph:${company}`;
    this.#value = { ...FIELDS, ...read(this.#key) };
  }

  get(field) {
    return this.#value[field];
  }

  set(changes) {
    this.#value = { ...FIELDS, ...read(this.#key), ...this.#value, ...changes };
    try {
      localStorage.setItem(this.#key, JSON.stringify(this.#value));
    } catch {
      return; // full or forbidden: memory alone has to do
    }
  }

  clear() {
    this.#value = { ...FIELDS, pin: this.#value.pin };
    try {
      localStorage.removeItem(this.#key);
    } catch {
      return;
    }
  }

  watch(changed) {
    this.#listener = (event) => {
      if (event.key !== this.#key) return;
      const mine = { draft: this.#value.draft, waiting: this.#value.waiting };
      this.#value = { ...FIELDS, ...read(this.#key), ...mine };
      changed();
    };
    window.addEventListener("storage", this.#listener);
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "{}");
  } catch {
    return {};
  }
}
