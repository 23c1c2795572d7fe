// Saves a draft now and then by the form's own route. Nothing needs it: the button does the same.

const form = document.querySelector("[data-saves]");
const PAUSE = 20000;
const MOST_KEPT_ALIVE = 60000; // signs; browsers let a page that is left send no more

function typed(form) {
  return new Map([...new FormData(form)].map(([name, value]) => [name, value.replaceAll("\r\n", "\n")]));
}

function said(form) {
  return new URLSearchParams(new FormData(form)).toString();
}

// Puts the words in a field; whoever writes in it goes on where they were.
function put(field, text) {
  const place = Math.min(field.selectionStart, text.length);
  const tail = field.value.slice(field.selectionStart);
  field.value = text;
  const there = tail && text.endsWith(tail) ? text.length - tail.length : place;
  if (field === document.activeElement) field.setSelectionRange(there, there);
}

// So it is with the subject: it comes from the server where nothing was typed in it since `sent`, and else stays.
function takeTitle(form, answer, sent) {
  const [title, base] = [form.elements.title, form.elements["title-base"]];
  const mine = sent.get("title");
  const same = answer.title === mine.trim().replace(/\s+/g, " ");
  if (!same && title.value !== mine) return;
  if (!same) put(title, answer.title);
  base.value = answer.title;
}

// What others wrote comes into every passage in which nothing was typed since `sent`. True: the page is now made from
// the saved version. Else it goes on being made from the one before, and the server puts both texts together.
function take(form, answer, sent) {
  takeTitle(form, answer, sent);
  if (answer.merged) {
    const fields = [...form.querySelectorAll("textarea[name^='text-']")];
    const id = (field) => field.name.slice("text-".length);
    if (fields.length !== Object.keys(answer.texts).length || !fields.every((one) => id(one) in answer.texts)) return false;
    let all = true;
    for (const field of fields) {
      const [mine, both] = [sent.get(field.name), answer.texts[id(field)]];
      if (mine === both) continue;
      if (field.value === mine) put(field, both);
      else all = false;
    }
    if (!all) return false;
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
    place.setAttribute("aria-busy", "true"); // a screen reader waits and reads the outcome alone
    place.textContent = place.dataset.saving;
    try {
      const sent = typed(form);
      const body = new URLSearchParams(now);
      body.set("do", "save");
      const headers = { Accept: "application/json" };
      const keepalive = body.toString().length < MOST_KEPT_ALIVE;
      const reply = await fetch(form.action, { method: "POST", body, headers, credentials: "same-origin", keepalive });
      const answer = await reply.json();
      if (!reply.ok) place.textContent = `${place.dataset.refused} ${answer.refused ?? reply.status}`;
      else {
        const more = said(form) !== now;
        const current = take(form, answer, sent);
        saved = more ? now : said(form);
        place.textContent = current ? answer.said : `${answer.said}. ${place.dataset.others}`;
      }
    } catch {
      place.textContent = place.dataset.lost;
    }
    place.setAttribute("aria-busy", "false");
    busy = false;
  }
  setInterval(save, PAUSE);
  document.addEventListener("visibilitychange", () => document.hidden && save());
  form.addEventListener("submit", () => {
    busy = true; // the button saves it
  });
}

if (form) watch(form);
