// Elements without markup strings: text is set as text, so nothing that anybody wrote can become markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  person: '24|M12 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M5 20c.7-3.6 3.5-5.5 7-5.5s6.3 1.9 7 5.5',
  close: '24|m6.5 6.5 11 11M17.5 6.5l-11 11',
  send: '24|M12 19V5.5M6 11l6-6 6 6',
  chat: '24|M4.5 5.5h15V16H11l-4.5 3.5V16h-2z',
  lock: '24|M7 11h10a1.5 1.5 0 0 1 1.5 1.5v6A1.5 1.5 0 0 1 17 20H7a1.5 1.5 0 0 1-1.5-1.5v-6A1.5 1.5 0 0 1 7 11M8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  check: '24|M5 12.5 10 17.5 19 7',
  up: '24|M7 11v9H4v-9zM7 11l4-7c1.5 0 2.3 1 2 2.5L12.5 9H18a2 2 0 0 1 2 2.3l-1.2 7A2 2 0 0 1 16.8 20H7',
  down: '24|M17 13V4h3v9zM17 13l-4 7c-1.5 0-2.3-1-2-2.5l.5-2.5H6a2 2 0 0 1-2-2.3l1.2-7A2 2 0 0 1 7.2 4H17',
  again: '24|M19 12a7 7 0 1 1-2-5l2 2M19 4.5V9h-4.5',
  offline: '24|M4 4.5 20 20M5 12.5a10 10 0 0 1 4-2.4M2.5 9.5A14 14 0 0 1 6 7.2M19 12.5a10 10 0 0 0-2.5-1.8M21.5 9.5A14 14 0 0 0 11 6M8.5 16a5 5 0 0 1 6-.5M12 19.5h.01',
  clock: '24|M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 7.5V12l3 2',
  ended: '24|M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M8.5 12h7',
};

/** An element: attributes as given, `on` listeners by event, children as nodes or texts (null is left out). */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, heard] of Object.entries(value)) node.addEventListener(event, heard);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A line icon; decoration only, the words stand beside it. */
export function icon(name) {
  const [size, path] = ICONS[name].split("|");
  return svg("svg", { class: "icon", viewBox: `0 0 ${size} ${size}`, "aria-hidden": "true" }, svg("path", { d: path }));
}

/** A filled tick in the colour of its surroundings. */
export function tick() {
  return svg(
    "svg",
    { class: "glyph", viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("circle", { cx: 8, cy: 8, r: 6.2, fill: "none", stroke: "currentColor", "stroke-width": 1.6 }),
    svg("path", { d: "m5 8.3 2.1 2.1 4-4.6", fill: "none", stroke: "currentColor", "stroke-width": 1.6 }),
  );
}

/** Where the turn is: dots behind, a ring for now, open dots ahead; a diamond stands for the specialist. */
export function pathStrip(stage, label) {
  const at = { safety: 0, triage: 1, answer: 2, specialist: 2, escalation: 2, guard: 3 }[stage] ?? 0;
  const x = [5, 25, 45, 65];
  const parts = [
    svg("line", { x1: 5, y1: 8, x2: x[at], y2: 8 }),
    svg("line", { class: "off", x1: x[at], y1: 8, x2: 65, y2: 8 }),
    ...x.map((cx, i) => svg("circle", i < at ? { class: "step", cx, cy: 8, r: 3.5 } : { class: "ahead", cx, cy: 8, r: 3 })),
    svg("circle", { class: "ring", cx: x[at], cy: 8, r: 4.5 }),
    svg("circle", { class: "here", cx: x[at], cy: 8, r: 1.8 }),
  ];
  return svg("svg", { class: "path path--live", viewBox: "0 0 70 16", role: "img", "aria-label": label }, ...parts);
}

function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
