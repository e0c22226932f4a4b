// Small answers that several parts of the chat need.

import { Refused } from "./api.js";

/** The session is unknown or was idle for too long: its words stay with the desk, a new one begins. */
export function isOver(error) {
  return error instanceof Refused && (error.status === 401 || error.status === 410);
}

/** The pinned language as the desk takes it; "auto" lets the desk decide again. */
export function languageOf(pin) {
  if (pin === "auto") return { language: "auto" };
  return { language: pin === "hi-Latn" ? "hinglish" : "en" };
}

/** An address with its middle hidden. */
export function masked(email) {
  const [name, host] = email.split("@");
  return `${name.slice(0, 2)}•••@${host}`;
}

/** A name that no other message has. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
