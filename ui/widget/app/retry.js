// Trying again: a count of seconds that the customer sees, cut short when the network is back.

const PAUSES = [1, 2, 4, 8, 15]; // seconds between attempts

export class Retry {
  #tell;
  #waiting = null;
  attempt = 0;

  /** `tell(seconds)` is called each second while something waits, and with null when nothing does. */
  constructor(tell) {
    this.#tell = tell;
  }

  /** Run after a pause that grows with each attempt; a short first pause is not told unless `loud`. */
  again(run, { seconds = 0, loud = false } = {}) {
    this.calm();
    let left = seconds || PAUSES[Math.min(this.attempt, PAUSES.length - 1)];
    this.attempt += 1;
    const told = loud || this.attempt > 1 || !navigator.onLine;
    const go = () => {
      this.calm();
      run();
    };
    const timer = setInterval(() => {
      left -= 1;
      if (left <= 0) go();
      else if (told) this.#tell(left);
    }, Math.min(left, 1) * 1000);
    window.addEventListener("online", go, { once: true });
    this.#waiting = { timer, go };
    if (told) this.#tell(left);
  }

  /** Do at once what waits. */
  now() {
    this.#waiting?.go();
  }

  /** Nothing waits any more. */
  calm() {
    if (!this.#waiting) return;
    clearInterval(this.#waiting.timer);
    window.removeEventListener("online", this.#waiting.go);
    this.#waiting = null;
    this.#tell(null);
  }
}
