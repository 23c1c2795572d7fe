// In the frame of the second origin: gives the lesson its interface, and tells our page what the lesson wrote.
//
// The lesson's calls are answered at once from memory (scorm-model.js); what it wrote goes to our page as a message, and
// our page saves it. When the window is being closed nobody is left to hear a message: then it goes to the server as last
// words, with the ticket that this frame was opened with.

import { makeApi } from "./scorm-model.js";

const PAUSE = 400; // milliseconds: a lesson often writes ten values in a row
const here = JSON.parse(document.body.dataset.here);
const content = document.createElement("iframe");
let latest = null;
let serial = 0;
let saved = 0;
let leaving = false;
let soon = null;

window.API = makeApi(here.table, here.start, (what, values) => {
  serial += 1;
  latest = { serial, finished: what === "finish" || Boolean(latest?.finished), values: JSON.stringify(values) };
  if (what === "changed") soon ??= setTimeout(say, PAUSE, "changed");
  else say(what);
  if (leaving) sayLastWords();
});

function say(what) {
  clearTimeout(soon);
  soon = null;
  if (window.parent !== window) window.parent.postMessage({ vanthu: "scorm", what, ...latest }, here.site);
}

function sayLastWords() {
  if (!latest || latest.serial <= saved) return;
  const head = latest.finished ? `${latest.serial} finished` : `${latest.serial}`;
  navigator.sendBeacon(here.last, `${head}\n${latest.values}`);
}

window.addEventListener("message", (event) => {
  if (event.origin !== here.site || event.source !== window.parent || event.data?.vanthu !== "scorm") return;
  if (event.data.what === "saved" && Number.isInteger(event.data.serial)) saved = Math.max(saved, event.data.serial);
  if (event.data.what === "leave") leave();
});
window.addEventListener("pagehide", () => {
  leaving = true;
  sayLastWords();
});

// Ends the lesson as closing its window would: it may still write and finish.
function leave() {
  content.addEventListener("load", () => say("left"), { once: true });
  content.src = "about:blank";
}

document.documentElement.style.cssText = "height: 100%";
document.body.style.cssText = "height: 100%; margin: 0";
content.style.cssText = "display: block; width: 100%; height: 100%; border: 0";
content.title = "SCORM";
content.src = here.launch;
document.body.append(content);
