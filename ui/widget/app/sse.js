// Server-sent events read from a fetch response: bytes in, events out. Pure: no network, no timers.

/**
 * @param {AsyncIterable<Uint8Array>} chunks bytes as they arrive, cut anywhere
 * @yields {{id: string|null, event: string, data: string}} one event per blank line; a comment yields
 *   {event: "comment"}, so that a caller can tell a quiet line from a dead one
 */
export async function* parseEvents(chunks) {
  const decoder = new TextDecoder();
  let rest = "";
  let event = fresh();
  let first = true;
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    if (first && rest.length) {
      first = false;
      if (rest.charCodeAt(0) === 0xfeff) rest = rest.slice(1);
    }
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(rest);
      if (!end) break;
      const line = rest.slice(0, end.index);
      rest = rest.slice(end.index + end[0].length);
      if (line === "") {
        if (event.lines.length) yield finished(event);
        event = fresh();
      } else if (line.startsWith(":")) {
        yield { id: null, event: "comment", data: line.slice(1).trim() };
      } else {
        read(event, line);
      }
    }
  }
}

/** The chunks of a fetch body, for browsers whose streams are not iterable yet. */
export async function* bodyChunks(body) {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function fresh() {
  return { id: null, event: "message", lines: [] };
}

function finished(event) {
  return { id: event.id, event: event.event, data: event.lines.join("\n") };
}

function read(event, line) {
  const colon = line.indexOf(":");
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
  if (field === "data") event.lines.push(value);
  else if (field === "event") event.event = value;
  else if (field === "id" && !value.includes("\0")) event.id = value;
}
