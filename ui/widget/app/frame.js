// The line to the page that holds the frame: one handshake from an allowed origin, then a private channel.

/**
 * @param {string[]} origins pages that may speak to the chat
 * @param {(message: {type: string}) => void} heard called for each command of the host page
 * @returns {{say: (type: string, data?: object) => void, hosted: boolean}}
 */
export function hostLine(origins, heard) {
  let port = null;
  const hosted = window.parent !== window;
  if (hosted) window.addEventListener("message", shake);

  function shake(event) {
    if (event.source !== window.parent || !origins.includes(event.origin)) return;
    if (event.data?.supportgraph !== 1 || event.data.type !== "init" || !event.ports[0] || port) return;
    window.removeEventListener("message", shake);
    port = event.ports[0];
    port.onmessage = ({ data }) => {
      if (data && typeof data.type === "string") heard(data);
    };
    heard(event.data);
    port.postMessage({ type: "ready" });
  }

  return { hosted, say: (type, data = {}) => port?.postMessage({ type, ...data }) };
}
