// Following a stream of events for as long as the page is open, with pauses that grow while the line is down.

import { bodyChunks, parseEvents } from "./sse.js";

const QUIET_MS = 40_000; // the server says something every 15 s

/**
 * @param {string} url where the events are
 * @param {{heard: (event: {id: string|null, event: string, data: string}) => void,
 *   lost?: () => void, after?: () => number}} listener `after()` is the number of the last event that was seen
 */
export async function stream(url, { heard, lost = () => {}, after = () => null }) {
  let gone = false;
  let line = null;
  const leave = () => {
    gone = true;
    line?.abort();
  };
  window.addEventListener("pagehide", leave, { once: true });
  for (let pause = 0.5; !gone; pause = Math.min(pause * 2, 15)) {
    line = new AbortController();
    let quiet = setTimeout(() => line.abort(), QUIET_MS);
    try {
      const seen = after();
      const address = seen === null ? url : `${url}?after=${seen}`;
      const response = await fetch(address, { signal: line.signal, cache: "no-store", headers: { Accept: "text/event-stream" } });
      if ([401, 403, 404].includes(response.status)) return lost(); // signed out, or not ours any more
      if (response.ok) {
        for await (const event of parseEvents(bodyChunks(response.body))) {
          clearTimeout(quiet);
          quiet = setTimeout(() => line.abort(), QUIET_MS);
          pause = 0.5;
          heard(event);
        }
      }
    } catch {
      if (gone) return undefined;
    } finally {
      clearTimeout(quiet);
    }
    if (gone) return undefined;
    if (pause > 0.5) lost();
    await new Promise((resolve) => setTimeout(resolve, pause * 1000));
  }
  return undefined;
}
