// Saves a draft now and then by the form's own route. Nothing needs it: the button does the same.

const form = document.querySelector("[data-saves]");
const PAUSE = 20000;

function said(form) {
  return new URLSearchParams(new FormData(form)).toString();
}

function take(form, answer, before) {
  const fields = [...form.querySelectorAll("textarea[name^='text-']")];
  if (answer.merged) {
    // Others wrote too. Only where nothing was typed meanwhile is the text of both put in its place.
    const ids = fields.map((field) => field.name.slice("text-".length));
    const same = ids.length === Object.keys(answer.texts).length && ids.every((id) => id in answer.texts);
    if (said(form) !== before || !same) return false;
    for (const field of fields) field.value = answer.texts[field.name.slice("text-".length)];
  }
  form.elements.base.value = answer.revision;
  return true;
}

function watch(form) {
  const place = form.querySelector("[data-saved]");
  let saved = said(form);
  let busy = false;
  async function save() {
    const now = said(form);
    if (busy || now === saved) return;
    busy = true;
    try {
      const body = new URLSearchParams(now);
      body.set("do", "save");
      const sent = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin" });
      const answer = await sent.json();
      if (!sent.ok) place.textContent = `${place.dataset.refused} ${answer.refused ?? sent.status}`;
      else {
        place.textContent = answer.said;
        const typed = said(form) !== now;
        if (take(form, answer, now)) saved = typed ? now : said(form);
      }
    } catch {
      place.textContent = place.dataset.lost;
    }
    busy = false;
  }
  setInterval(save, PAUSE);
  document.addEventListener("visibilitychange", () => document.hidden && save());
  form.addEventListener("submit", () => {
    busy = true; // the button saves it
  });
}

if (form) watch(form);
