// Runs on their way: their bars move, and the page renews when one has ended.

const going = [...document.querySelectorAll("[data-run]")];

async function look() {
  const response = await fetch("/evals/going", { cache: "no-store" });
  if (!response.ok) return;
  const runs = new Map((await response.json()).map((run) => [run.id, run]));
  // A page that is left does not look again: the timer goes with it.
  for (const card of going) {
    const run = runs.get(card.dataset.run);
    if (!run || !["queued", "running"].includes(run.status)) return location.reload();
    const bar = card.querySelector("progress");
    bar.max = run.of || 1;
    bar.value = run.done;
    card.querySelector("[data-done]").textContent = run.done;
    card.querySelector("[data-of]").textContent = run.of;
    card.querySelector("[data-status]").textContent = run.status;
  }
  setTimeout(look, 1000);
}

if (going.some((card) => card.querySelector("progress"))) setTimeout(look, 1000);
