// What the customer sees, as one value; every change is a pure step (conversation, event) -> conversation.
// Events are numbered per ticket: one that was seen already changes nothing, so a resumed stream cannot repeat.

export const EMPTY = Object.freeze({
  ticketId: null,
  status: "new",
  layer: "triage",
  humanOwned: false,
  lastEventId: 0,
  items: [],
  live: null, // {turnId, messageId, stage, sentences: [text]} while a reply is being made
  handoff: null, // {state: "offered" | "waiting" | "joined", reason, waiting}
  confirm: null, // {offerId, tool, question, details}
  verify: null, // {email}: an identity check is asked for; `email` is where the code went, or null
  language: null, // the language of the last reply
  typing: null, // who of the staff writes now
  outcome: null, // what the customer said about the end
});

/** One step. `event` is {name, id?, data}; names that nobody knows change nothing. */
export function reduce(conversation, event) {
  const step = STEPS[event.name];
  const number = event.id == null ? null : Number(event.id);
  if (number !== null && number <= conversation.lastEventId) return conversation;
  const next = step ? step(conversation, event.data ?? {}) : conversation;
  return number === null ? next : { ...next, lastEventId: number };
}

/** The conversation from the server's snapshot; messages that wait to be sent are kept. */
export function fromSnapshot(snapshot, waiting = []) {
  const conversation = {
    ...EMPTY,
    ticketId: snapshot.id,
    status: snapshot.status,
    layer: snapshot.layer ?? "triage",
    humanOwned: Boolean(snapshot.humanOwned),
    lastEventId: Number(snapshot.lastEventId ?? 0),
    outcome: snapshot.outcome ?? null,
    items: (snapshot.messages ?? []).map(asItem),
    confirm: snapshot.confirm ?? null,
    verify: snapshot.verify?.needed ? { email: snapshot.verify.email ?? null } : null,
    handoff: handoffOf(null, snapshot.handoff ?? {}, Boolean(snapshot.humanOwned)),
  };
  const live = (snapshot.live ?? []).reduce((value, data) => STEPS.delta(value, data), conversation);
  const last = conversation.items.findLast((item) => item.role === "assistant");
  const pending = snapshot.pending ? { ...thinking(null), ...live.live } : live.live;
  return { ...live, live: pending, language: last?.language ?? null, items: [...live.items, ...waiting] };
}

/** Messages of this device that the server has not confirmed. */
export function unsent(conversation) {
  return conversation.items.filter((item) => item.state === "sending" || item.state === "waiting");
}

/** The sentences of the reply in progress, without holes: what is after a gap waits for it. */
export function liveText(live) {
  const sentences = [];
  for (const text of live?.sentences ?? []) {
    if (text === undefined) break;
    sentences.push(text);
  }
  return sentences;
}

/** A stage is told when it has ended; what the customer sees is the one that runs now. */
const AFTER = { safety: "triage", triage: "answer", answer: "guard", specialist: "guard", guard: "guard", escalation: "escalation" };

const STEPS = {
  // from this device
  write: (c, { clientMessageId, text, at }) => ({
    ...c,
    items: [
      ...c.items,
      { key: clientMessageId, id: null, clientMessageId, role: "user", text, state: "sending", createdAt: at },
    ],
    confirm: null,
    handoff: c.handoff?.state === "offered" ? null : c.handoff,
    live: c.humanOwned ? null : thinking(c.live),
  }),
  kept: (c, { clientMessageId }) => ({ ...marked(c, clientMessageId, { state: "waiting" }), live: null }),
  refused: (c, { clientMessageId, message }) => ({
    ...marked(c, clientMessageId, { state: "refused", problem: message }),
    live: null,
  }),
  sent: (c, { clientMessageId, messageId, turnId, ticketId }) => {
    const next = known(c, clientMessageId, messageId);
    return {
      ...next,
      ticketId: ticketId ?? next.ticketId,
      live: turnId === null ? null : next.live && { ...next.live, turnId: next.live.turnId ?? turnId },
    };
  },
  rated: (c, { messageId, rating }) => ({
    ...c,
    items: c.items.map((item) => (item.id === messageId ? { ...item, rating } : item)),
  }),
  askPerson: (c) => ({ ...c, handoff: { state: "offered", reason: "asked", waiting: null } }),
  declined: (c) => ({ ...c, handoff: null }),
  concluded: (c, { outcome }) => ({ ...c, outcome }),
  answered: (c) => ({ ...c, confirm: null }),
  codeSent: (c, { email }) => ({ ...c, verify: { email } }),
  verified: (c) => ({ ...c, verify: null }),
  otherAddress: (c) => ({ ...c, verify: { email: null } }),

  // from the server
  ack: (c, { messageId, turnId, clientMessageId }) => {
    const next = known(c, clientMessageId, messageId);
    const at = next.items.some((item) => item.id === messageId) || turnId;
    return { ...next, live: turnId && at && !next.humanOwned ? { ...thinking(next.live), turnId } : next.live };
  },
  stage: (c, { node }) => (c.live ? { ...c, live: { ...c.live, stage: AFTER[node] ?? c.live.stage } } : c),
  tool: (c) => (c.live ? { ...c, live: { ...c.live, stage: "specialist" } } : c),
  delta: (c, { messageId, index, text, turnId }) => {
    const live = { ...thinking(c.live), messageId, turnId: turnId ?? c.live?.turnId ?? null };
    const sentences = c.live && (c.live.messageId ?? messageId) === messageId ? [...c.live.sentences] : [];
    sentences[index] = text;
    return { ...c, live: { ...live, sentences } };
  },
  reset: (c, { messageId }) =>
    c.live && (!messageId || !c.live.messageId || c.live.messageId === messageId)
      ? { ...c, live: { ...c.live, sentences: [] } }
      : c,
  message: (c, data) => {
    const item = asItem(data);
    const next = withItem(c, item);
    const bot = item.role === "assistant";
    const joined = item.role === "human" && next.handoff;
    return {
      ...next,
      live: item.role === "user" ? next.live : null,
      typing: item.role === "human" ? null : next.typing,
      handoff: joined ? { ...next.handoff, state: "joined" } : next.handoff,
      language: bot && item.language ? item.language : next.language,
      confirm: item.role === "system" ? next.confirm : null,
      verify: item.role === "user" ? null : next.verify,
    };
  },
  handoff: (c, data) => {
    const owned = Boolean(data.accepted) || c.humanOwned;
    const before = c.handoff?.state;
    const next = { ...c, handoff: handoffOf(c.handoff, data, owned), humanOwned: owned };
    const now = next.handoff?.state;
    if (!data.accepted || now === before || before === "joined") return next;
    return { ...noted(next, now === "joined" ? "personJoins" : "askedPerson", data.createdAt), live: null };
  },
  confirm: (c, data) => (data.done ? { ...c, confirm: null } : { ...c, confirm: data }),
  verify: (c, { needed, email }) => ({ ...c, verify: needed ? { email: email ?? null } : null }),
  status: (c, { status, layer, humanOwned, createdAt }) => {
    const closed = status === "resolved" && c.status !== "resolved";
    const owned = humanOwned ?? c.humanOwned;
    const back = c.humanOwned && !owned && status !== "resolved";
    const taken = !c.humanOwned && owned;
    const again = c.status === "resolved" && (status ?? c.status) !== "resolved";
    let next = { ...c, status: status ?? c.status, outcome: again ? null : c.outcome, layer: layer ?? c.layer, humanOwned: owned };
    if (owned && !next.handoff) next = { ...next, handoff: { state: "waiting", reason: "", waiting: null } };
    if (back) next = { ...noted(next, "handedBack", createdAt), handoff: null };
    if (taken && !c.handoff) next = noted(next, "personJoins", createdAt);
    if (owned) next = { ...next, live: null };
    if (closed) next = { ...noted(next, "closed", createdAt), live: null, confirm: null, verify: null };
    return next;
  },
  typing: (c, { by }) => ({ ...c, typing: by ?? null }),
  error: (c, { message }) => ({ ...c, live: null, problem: message }),
  done: (c, { turnId, kind }) => {
    if (c.live && c.live.turnId && turnId && c.live.turnId !== turnId) return c;
    return kind === "stopped" ? { ...noted(c, "stopped"), live: null } : { ...c, live: null };
  },
};

function thinking(live) {
  return live ?? { turnId: null, messageId: null, stage: null, sentences: [] };
}

function asItem(message) {
  const { id, role, text, citations, turnId, language, kind, author, createdAt, feedback } = message;
  return {
    key: id,
    id,
    role: role === "customer" ? "user" : role,
    text,
    citations: citations ?? [],
    turnId: turnId ?? null,
    language: language ?? null,
    kind: kind ?? null,
    author: author ?? null,
    createdAt: createdAt ?? null,
    clientMessageId: message.clientMessageId ?? null,
    rating: feedback ?? null,
    state: "sent",
  };
}

/** The message in its place: over the one with its id, over this device's copy of it, or at the end. */
function withItem(c, item) {
  const index = c.items.findIndex(
    (other) => other.id === item.id || (item.clientMessageId && other.clientMessageId === item.clientMessageId),
  );
  const place = index >= 0 ? index : item.role === "user" ? c.items.findIndex((other) => same(other, item)) : -1;
  if (place < 0) {
    const tail = c.items.findIndex((other) => other.state === "sending" || other.state === "waiting");
    const at = tail < 0 || item.role === "user" ? c.items.length : tail;
    return { ...c, items: [...c.items.slice(0, at), item, ...c.items.slice(at)] };
  }
  const merged = { ...item, key: c.items[place].key, createdAt: item.createdAt ?? c.items[place].createdAt };
  return { ...c, items: c.items.map((other, i) => (i === place ? merged : other)) };
}

function same(mine, item) {
  return mine.role === "user" && mine.state === "sending" && mine.id === null && mine.text === item.text;
}

/** This device's message has a number now; a copy that arrived through the stream meanwhile gives way. */
function known(c, clientMessageId, messageId) {
  if (!clientMessageId) return c;
  const mine = c.items.find((item) => item.clientMessageId === clientMessageId);
  if (!mine || mine.id === messageId) return c;
  const items = c.items
    .filter((item) => item === mine || item.id !== messageId)
    .map((item) => (item === mine ? { ...item, id: messageId, state: "sent" } : item));
  return { ...c, items };
}

function marked(c, clientMessageId, change) {
  const items = c.items.map((item) =>
    item.clientMessageId === clientMessageId && item.state !== "sent" ? { ...item, ...change } : item,
  );
  return { ...c, items };
}

function noted(c, what, at) {
  const item = { key: `note-${what}-${c.items.length}`, id: null, role: "event", what, createdAt: at ?? null };
  return { ...c, items: [...c.items, item] };
}

function handoffOf(before, data, owned) {
  if (data.accepted || owned) {
    const state = before?.state === "joined" || data.joined || data.by ? "joined" : "waiting";
    return { state, reason: data.reason ?? before?.reason ?? "", waiting: data.waiting ?? null };
  }
  return data.offered ? { state: "offered", reason: data.reason ?? "", waiting: data.waiting ?? null } : null;
}
