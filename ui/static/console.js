// The test console: sends what is written as a trial turn and keeps the conversation, which the server does not.

const page = document.getElementById("console");
const [log, inside, say, settings] = ["log", "inside", "say", "settings"].map((id) => document.getElementById(id));
const [message, trouble] = ["message", "trouble"].map((id) => document.getElementById(id));
let talk = fresh();

function fresh() {
  return { company: page.dataset.company, state: null, turns: [], insides: [] };
}

function parts(html) {
  return [...new DOMParser().parseFromString(html, "text/html").body.childNodes];
}

function chosen() {
  const form = new FormData(settings);
  const email = form.get("email").trim();
  return {
    agentId: form.get("agentId") || null,
    email: email || null,
    verified: email !== "" && form.get("verified") === "on",
    mode: form.get("mode"),
    threshold: Number(form.get("threshold")),
    language: form.get("language") || null,
  };
}

async function send(text) {
  const button = say.querySelector("button");
  button.disabled = true;
  trouble.textContent = "";
  const asked = { ...chosen(), company: talk.company, message: text };
  try {
    const response = await fetch("/console/say", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...asked, number: talk.turns.length + 1, state: talk.state }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.detail ?? "That did not work.");
    document.getElementById("nothing")?.remove();
    log.append(...parts(answer.said));
    log.lastElementChild.scrollIntoView({ block: "nearest" });
    talk.state = answer.state;
    talk.turns.push({ asked, answer: answer.answer });
    talk.insides.push(answer.inside);
    show(talk.turns.length);
    message.value = "";
  } catch (error) {
    trouble.textContent = error.message;
  }
  button.disabled = false;
  message.focus();
}

function show(number) {
  inside.replaceChildren(...parts(talk.insides[number - 1]));
}

function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

say.addEventListener("submit", (event) => {
  event.preventDefault();
  if (message.value.trim()) send(message.value);
});
message.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    say.requestSubmit();
  }
  if (event.key === "ArrowUp" && !message.value && talk.turns.length) message.value = talk.turns.at(-1).asked.message;
});
log.addEventListener("click", (event) => {
  const wanted = event.target.closest("[data-inside]");
  if (wanted) show(Number(wanted.dataset.inside));
});
document.getElementById("restart").addEventListener("click", () => {
  talk = fresh();
  log.replaceChildren();
  inside.replaceChildren();
  message.focus();
});
document.getElementById("export").addEventListener("click", async () => {
  const response = await fetch(`/api/agents/${settings.elements.agentId.value}`, { cache: "no-store" }).catch(() => null);
  const agent = response?.ok ? await response.json() : null; // what answered: its settings and tools
  download(`console-${talk.company}.json`, JSON.stringify({ company: talk.company, agent, turns: talk.turns }, null, 1));
});
document.getElementById("keep")?.addEventListener("click", async () => {
  if (!talk.turns.length) return;
  const last = talk.turns.at(-1);
  const { email, verified } = last.asked;
  const body = { company: talk.company, email, verified, turns: talk.turns.map((turn) => turn.asked.message), answer: last.answer };
  const response = await fetch("/console/keep", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  trouble.textContent = response.ok ? `Kept as test case ${answer.id}.` : (answer.detail ?? "It was not kept.");
});
for (const button of document.querySelectorAll(".scenario")) {
  button.addEventListener("click", () => {
    settings.elements.email.value = button.dataset.email;
    settings.elements.verified.checked = "verified" in button.dataset;
    send(button.dataset.message);
  });
}
document.getElementById("agent").addEventListener("change", (event) => {
  location.href = `/console?agent=${encodeURIComponent(event.target.value)}`;
});
