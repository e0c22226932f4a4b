// Small help on the set-up pages: copying, colours as they are typed, previews that follow a form, and
// a page that comes again once its figures were counted.

const again = document.querySelector("[data-again]");
if (again) setTimeout(() => location.reload(), Number(again.dataset.again) * 1000);

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const words = button.querySelector("span");
    const before = words.textContent;
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      words.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
      words.textContent = "Selected";
    }
    setTimeout(() => (words.textContent = before), 2000);
  });
}

for (const input of document.querySelectorAll("[data-colour]")) {
  input.addEventListener("input", () => {
    if (/^#[0-9a-f]{6}$/i.test(input.value)) {
      input.closest(".swatch").querySelector("rect").setAttribute("fill", input.value);
    }
  });
}

for (const slide of document.querySelectorAll("[data-shows]")) {
  const shown = document.getElementById(slide.dataset.shows);
  slide.addEventListener("input", () => (shown.textContent = Number(slide.value).toFixed(2)));
}

// A form with data-preview posts itself there while it is filled in; the answer is put into the named place.
for (const form of document.querySelectorAll("form[data-preview]")) {
  const place = document.getElementById(form.dataset.place);
  let asked = null;
  let timer = 0;
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const body = new URLSearchParams(new FormData(form));
      const response = await fetch(form.dataset.preview, { method: "POST", body, signal: asked.signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (response.ok) place.replaceChildren(...page.body.childNodes);
    } catch (error) {
      if (error.name !== "AbortError") place.textContent = "The preview does not answer now. Saving works all the same.";
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 300);
  });
  ask();
}

// Menus close when something else is pressed.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.picker[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
