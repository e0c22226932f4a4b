// What the widget's pure parts promise, as named cases that throw when broken.
// They run in Node where there is one, and in the browser of the tests otherwise; they import nothing but the parts.

import { parseEvents } from "/ui/widget/app/sse.js";
import { EMPTY, fromSnapshot, liveText, reduce, unsent } from "/ui/widget/app/reducer.js";

function same(actual, expected) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`expected ${b}, got ${a}`);
}

async function parsed(...chunks) {
  const bytes = (async function* () {
    for (const chunk of chunks) yield typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;
  })();
  const events = [];
  for await (const event of parseEvents(bytes)) events.push(event);
  return events;
}

function after(...events) {
  return events.reduce(reduce, EMPTY);
}

const delta = (id, index, text, messageId = "msg_2") => ({ id, name: "delta", data: { messageId, index, text, turnId: "trn_1" } });
const reply = (id, text = "One. Two.") => ({ id, name: "message", data: { id: "msg_2", role: "assistant", text, turnId: "trn_1", language: "en" } });
const write = (clientMessageId, text) => ({ name: "write", data: { clientMessageId, text, at: "2026-11-21T10:00:00Z" } });
const texts = (conversation) => conversation.items.map((item) => item.text);

export const cases = {
  "an event is read whatever its line endings are": async () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      const [event] = await parsed(`id: 7${end}event: delta${end}data: {"a":1}${end}${end}x`);
      same(event, { id: "7", event: "delta", data: '{"a":1}' });
    }
  },
  "an event cut at every byte is the same event": async () => {
    const whole = new TextEncoder().encode('id: 3\r\nevent: delta\r\ndata: {"t":"₹1,249 – haan"}\r\n\r\n: beat\n\n');
    for (let cut = 1; cut < whole.length; cut += 1) {
      const events = await parsed(whole.slice(0, cut), whole.slice(cut));
      same(events, [
        { id: "3", event: "delta", data: '{"t":"₹1,249 – haan"}' },
        { id: null, event: "comment", data: "beat" },
      ]);
    }
  },
  "several data lines are one text, and an unfinished event is not an event": async () => {
    same(await parsed("data: a\ndata: b\n\ndata: never"), [{ id: null, event: "message", data: "a\nb" }]);
  },
  "a byte order mark and a field without a colon are taken as the standard says": async () => {
    same(await parsed("\ufeffdata\n\n"), [{ id: null, event: "message", data: "" }]);
  },
  "sentences stand in the order of their index, and wait for a missing one": () => {
    const now = after(delta(1, 0, "One."), delta(2, 2, "Three."));
    same(liveText(now.live), ["One."]);
    same(liveText(reduce(now, delta(3, 1, "Two.")).live), ["One.", "Two.", "Three."]);
  },
  "an event that was seen already changes nothing": () => {
    const now = after(delta(1, 0, "One."), delta(2, 1, "Two."));
    if (reduce(now, delta(2, 1, "Two again.")) !== now) throw new Error("a repeated event changed the conversation");
  },
  "a message takes the place of its sentences": () => {
    const now = after(delta(1, 0, "One."), reply(2));
    same(now.live, null);
    same(texts(now), ["One. Two."]);
    same(now.language, "en");
  },
  "a reset withdraws the sentences and keeps the turn": () => {
    const now = after(delta(1, 0, "One."), { id: 2, name: "reset", data: { messageId: "msg_2" } });
    same(liveText(now.live), []);
    same(now.live.turnId, "trn_1");
  },
  "a reset of another message leaves this one alone": () => {
    const now = after(delta(1, 0, "One."), { id: 2, name: "reset", data: { messageId: "msg_1" } });
    same(liveText(now.live), ["One."]);
  },
  "one's own message is shown once, however its echo and its receipt arrive": () => {
    const sent = { name: "sent", data: { clientMessageId: "c1", messageId: "msg_1", turnId: "trn_1", ticketId: "tkt_1" } };
    const ack = { id: 1, name: "ack", data: { clientMessageId: "c1", messageId: "msg_1", turnId: "trn_1" } };
    const echo = { id: 2, name: "message", data: { id: "msg_1", role: "user", text: "my card is [card]" } };
    for (const order of [[sent, ack, echo], [ack, sent, echo], [ack, echo, sent], [echo, sent], [echo, ack, sent]]) {
      const now = after(write("c1", "my card is 4111"), ...order.map((event, at) => (event.id ? { ...event, id: at + 1 } : event)));
      same(now.items.length, 1);
      same(now.items[0].id, "msg_1");
    }
  },
  "a message of another tab appears": () => {
    const now = after({ id: 1, name: "message", data: { id: "msg_9", role: "user", text: "hello" } });
    same(texts(now), ["hello"]);
  },
  "a message that the network lost waits, and is sent again": () => {
    const now = after(write("c1", "hello"), { name: "kept", data: { clientMessageId: "c1" } });
    same(now.live, null);
    same(unsent(now).map((item) => item.state), ["waiting"]);
    const there = reduce(now, { name: "sent", data: { clientMessageId: "c1", messageId: "msg_1", turnId: "trn_1", ticketId: "tkt_1" } });
    same(unsent(there), []);
  },
  "a message that the desk refused says why": () => {
    const now = after(write("c1", "x"), { name: "refused", data: { clientMessageId: "c1", message: "too long" } });
    same([now.items[0].state, now.items[0].problem], ["refused", "too long"]);
  },
  "an offer of a person goes when the customer writes on": () => {
    const offered = after({ id: 1, name: "handoff", data: { offered: true, reason: "refund" } });
    same(offered.handoff.state, "offered");
    same(reduce(offered, write("c1", "no, wait")).handoff, null);
  },
  "an accepted hand-off waits for a person, whose first words end the waiting": () => {
    const waiting = after({ id: 1, name: "handoff", data: { accepted: true } }, { id: 2, name: "status", data: { status: "escalated", humanOwned: true } });
    same([waiting.handoff.state, waiting.humanOwned], ["waiting", true]);
    same(waiting.items.map((item) => item.what), ["askedPerson"]);
    const joined = reduce(waiting, { id: 3, name: "message", data: { id: "msg_3", role: "human", author: "Meera", text: "Hi" } });
    same(joined.handoff.state, "joined");
  },
  "no thinking is shown to a customer whom a person serves": () => {
    const now = after({ id: 1, name: "status", data: { status: "escalated", humanOwned: true } }, write("c1", "more"));
    same(now.live, null);
    same(reduce(now, { id: 2, name: "ack", data: { messageId: "msg_1", turnId: null, clientMessageId: "c1" } }).live, null);
  },
  "a human who takes over stops the reply that was being written": () => {
    const now = after(delta(1, 0, "One."), { id: 2, name: "status", data: { status: "in_progress", humanOwned: true } });
    same(now.live, null);
    same(now.items.at(-1).what, "personJoins");
  },
  "a question for consent stays until it is answered": () => {
    const asked = after({ id: 1, name: "confirm", data: { offerId: "o1", tool: "reboot_node", question: "Reboot?", details: {} } });
    same(asked.confirm.offerId, "o1");
    same(reduce(asked, { id: 2, name: "confirm", data: { offerId: "o1", done: true } }).confirm, null);
  },
  "an identity check asks for an address, then for the code": () => {
    const asked = after({ id: 1, name: "verify", data: { needed: true } });
    same(asked.verify, { email: null });
    const sent = reduce(asked, { name: "codeSent", data: { email: "a•••@example.com" } });
    same(sent.verify.email, "a•••@example.com");
    same(reduce(sent, { name: "verified" }).verify, null);
  },
  "closing is noted once": () => {
    const closed = { name: "status", data: { status: "resolved" } };
    const now = after({ id: 1, ...closed }, { id: 2, ...closed });
    same(now.items.map((item) => item.what), ["closed"]);
  },
  "a finished turn ends the thinking, an older one does not": () => {
    const now = after(delta(5, 0, "One."));
    same(reduce(now, { id: 6, name: "done", data: { turnId: "trn_0" } }).live?.turnId, "trn_1");
    same(reduce(now, { id: 6, name: "done", data: { turnId: "trn_1" } }).live, null);
  },
  "a snapshot goes on where its last event left off": () => {
    const snapshot = { id: "tkt_1", status: "in_progress", lastEventId: 4, messages: [{ id: "msg_1", role: "user", text: "hi" }] };
    const now = fromSnapshot(snapshot, [{ key: "c2", clientMessageId: "c2", role: "user", text: "late", state: "waiting" }]);
    same(texts(now), ["hi", "late"]);
    if (reduce(now, delta(4, 0, "old")) !== now) throw new Error("an event of the snapshot was applied twice");
    same(liveText(reduce(now, delta(5, 0, "new")).live), ["new"]);
  },
  "the customer sees the stage that runs, not the one that ended": () => {
    const start = after(write("c1", "hello"));
    const stage = (conversation, node) => reduce(conversation, { name: "stage", data: { node, ms: 1 } });
    same(stage(start, "safety").live.stage, "triage");
    same(stage(stage(start, "safety"), "triage").live.stage, "answer");
    same(reduce(start, { name: "tool", data: { name: "order_lookup", status: "success" } }).live.stage, "specialist");
  },
  "events that nobody knows only move the number": () => {
    const now = after({ id: 1, name: "weather", data: { sun: true } });
    same(now, { ...EMPTY, lastEventId: 1 });
  },
  "a conversation is never changed in place": () => {
    const start = Object.freeze({ ...EMPTY, items: Object.freeze([]) });
    reduce(start, write("c1", "hello"));
    same(start.items, []);
  },
};

/** Runs every case; the result names those that failed. */
export async function run() {
  const failures = [];
  for (const [name, check] of Object.entries(cases)) {
    try {
      await check();
    } catch (error) {
      failures.push(`${name}: ${error.message}`);
    }
  }
  return { count: Object.keys(cases).length, failures };
}
