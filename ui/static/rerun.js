// How far a trial is: asked every second, and shown whole when it has ended.
const card = document.querySelector("[data-rerun]");

async function look() {
  const answer = await fetch(`/reruns/${card.dataset.rerun}/going`, { headers: { accept: "application/json" } });
  if (answer.ok) {
    const found = await answer.json();
    if (!["queued", "running"].includes(found.status)) return location.reload();
    card.querySelector("progress").max = found.of || 1;
    card.querySelector("progress").value = found.done;
    card.querySelector("[data-done]").textContent = found.done;
    card.querySelector("[data-of]").textContent = found.of;
  }
  setTimeout(look, 1000);
}

if (card) setTimeout(look, 500);
