// On our page: shows the frame of the second origin, hears what the lesson in it says, and saves that.
//
// What comes from the frame is believed by nobody here: it is passed on as text, and the server checks it. Without this
// script the page says in words what to do instead.

const place = document.querySelector("[data-scorm]");
const { origin, address, ticket, failed, elsewhere } = place.dataset;
const token = place.querySelector("[name=csrf_token]").value;
const status = document.querySelector("[data-scorm-status]");
const frame = document.createElement("iframe");
const PAUSE = { changed: 3000, commit: 0, finish: 0, left: 0 };
const GAP = 1200; // between two saves, but for the last ones: a lesson may commit as often as it likes
const AGAIN = 5000;
const TOO_FAST = 15_000;
const PATIENCE = 3000;
let pending = null; // what the lesson said last
let sent = 0; // the serial of what is saved
let savedAt = 0;
let busy = null;
let timer = null;
let due = 0; // when the timer is up
let notBefore = 0; // when the server will hear more
let over = false;
let left = () => {};

frame.className = "vt-scorm__frame";
frame.title = place.dataset.title;
frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms");
frame.referrerPolicy = "no-referrer";
frame.src = `${origin}/c/${ticket}/`;
for (const words of document.querySelectorAll("[data-scorm-missing]")) words.hidden = true;
place.append(frame);
place.hidden = false;

window.addEventListener("message", (event) => {
  if (event.origin !== origin || event.source !== frame.contentWindow || event.data?.vanthu !== "scorm") return;
  const { what, serial, finished, values } = event.data;
  if (Number.isInteger(serial) && typeof values === "string" && (!pending || serial > pending.serial)) {
    pending = { serial, finished: finished === true, values };
  }
  if (what in PAUSE) save(what === "commit" ? Math.max(0, savedAt + GAP - Date.now()) : PAUSE[what]);
  if (what === "left") left();
});
window.addEventListener("pagehide", sendLate);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && sendLate());

for (const link of document.querySelectorAll("a[data-scorm-leave]")) {
  link.addEventListener("click", (event) => {
    if (over || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    over = true;
    end().finally(() => location.assign(link.href));
  });
}

// Lets the lesson write what it writes when it is closed, and waits until that is saved; not for ever.
async function end() {
  const gone = new Promise((done) => (left = done));
  frame.contentWindow.postMessage({ vanthu: "scorm", what: "leave" }, origin);
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  await Promise.race([gone.then(() => save(0)), late]);
}

// Saves after so many milliseconds; what was to be saved sooner is not put off by a lesson that goes on writing.
function save(wanted) {
  const pause = over ? wanted : Math.max(wanted, notBefore - Date.now());
  const at = Date.now() + pause;
  if (pause > 0 && timer && at >= due) return busy;
  clearTimeout(timer);
  timer = null;
  if (pause > 0) {
    due = at;
    timer = setTimeout(save, pause, 0);
    return busy;
  }
  busy ??= send().finally(() => (busy = null));
  return busy;
}

async function send() {
  while (pending && pending.serial > sent) {
    const { serial } = pending;
    let answer;
    try {
      answer = await fetch(address, { method: "POST", body: form(), headers: { Accept: "application/json" } });
    } catch {
      tell(failed);
      save(AGAIN);
      return;
    }
    if (answer.status === 429) {
      notBefore = Date.now() + TOO_FAST;
      save(TOO_FAST);
      return;
    }
    if (!answer.ok || answer.redirected || !answer.headers.get("Content-Type")?.includes("json")) {
      tell(answer.status === 409 ? elsewhere : failed);
      return;
    }
    [sent, savedAt] = [Math.max(sent, serial), Date.now()];
    frame.contentWindow.postMessage({ vanthu: "scorm", what: "saved", serial }, origin);
    tell((await answer.json()).said);
    if (pending.serial > sent && !pending.finished && !over) {
      save(GAP);
      return;
    }
  }
}

// The page is going, or is put away on a telephone and may never come back: what is not saved yet goes along.
function sendLate() {
  if (pending && pending.serial > sent) fetch(address, { method: "POST", body: form(), keepalive: true }).catch(() => {});
}

function form() {
  const fields = new FormData();
  fields.set("csrf_token", token);
  fields.set("ticket", ticket);
  fields.set("serial", String(pending.serial));
  fields.set("finished", pending.finished ? "1" : "0");
  fields.set("values", pending.values);
  return fields;
}

function tell(words) {
  if (status.textContent !== words) status.textContent = words;
}
