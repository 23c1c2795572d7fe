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
const AGAIN = 5000;
const PATIENCE = 3000;
let pending = null; // what the lesson said last
let sent = 0; // the serial of what is saved
let busy = null;
let timer = null;
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
  if (what in PAUSE) save(PAUSE[what]);
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

function save(pause) {
  clearTimeout(timer);
  if (pause) {
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
      timer = setTimeout(save, AGAIN, 0);
      return;
    }
    if (!answer.ok || answer.redirected || !answer.headers.get("Content-Type")?.includes("json")) {
      tell(answer.status === 409 ? elsewhere : failed);
      return;
    }
    sent = Math.max(sent, serial);
    frame.contentWindow.postMessage({ vanthu: "scorm", what: "saved", serial }, origin);
    tell((await answer.json()).said);
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
