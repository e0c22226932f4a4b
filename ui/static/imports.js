// An import's page follows it while it runs: figures, bar and one row for each page that changed.

const shown = document.querySelector("[data-import]");
if (shown) follow(shown.dataset.import);

function follow(url) {
  const line = new EventSource(url);
  line.addEventListener("progress", (event) => draw(JSON.parse(event.data)));
  line.addEventListener("done", (event) => {
    draw(JSON.parse(event.data));
    line.close();
    location.reload();
  });
  window.addEventListener("pagehide", () => line.close(), { once: true });
}

function draw({ import: job, pages }) {
  const counts = Object.entries(job.counts);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const waiting = (job.counts.queued ?? 0) + (job.counts.fetched ?? 0);
  say("done", total - waiting);
  say("total", total);
  say("passages", job.passages);
  say("counts", counts.map(([state, count]) => `${count} ${state}`).join(", "));
  const bar = document.getElementById("bar");
  bar.max = total || 1;
  bar.value = total - waiting;
  const wanted = new URLSearchParams(location.search).get("state");
  for (const page of pages) if (!wanted || wanted === page.state) row(page);
}

function say(id, words) {
  document.getElementById(id).textContent = words;
}

function row(page) {
  const table = document.getElementById("pages");
  let line = table.querySelector(`[data-url="${CSS.escape(page.url)}"]`);
  if (!line) {
    line = document.getElementById("page-row").content.firstElementChild.cloneNode(true);
    line.dataset.url = page.url;
    line.querySelector(".know__url").textContent = page.url;
    table.append(line);
  }
  line.querySelector(".table__more").textContent = page.reason || page.title;
  line.querySelector(".pill").textContent = page.state;
  line.lastElementChild.textContent = page.passages;
}
