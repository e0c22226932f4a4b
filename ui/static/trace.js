// Deep links open the step that they name; a choice of turn is obeyed at once.

function open() {
  const step = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  if (step?.matches("details")) {
    step.open = true;
    step.scrollIntoView();
  }
}

open();
window.addEventListener("hashchange", open);
for (const choice of document.querySelectorAll("[data-submits]")) choice.addEventListener("change", () => choice.form.requestSubmit());
