"""A lesson as authoring tools write them: it looks for its interface upwards, keeps its place, and ends when it is
closed; and one that tries what it must not.
"""

from __future__ import annotations

from tests.training.scorm.packages import ITEM, manifest, zipped

DRIVER = rb"""
var API = null, begun = new Date();
function find(win) {
  for (var tries = 0; !win.API && win.parent && win.parent !== win && tries < 7; tries++) win = win.parent;
  return win.API || null;
}
function span() {
  var s = Math.floor((new Date() - begun) / 1000);
  return "0000:" + ("0" + Math.floor(s / 60)).slice(-2) + ":" + ("0" + (s % 60)).slice(-2);
}
function show(id, text) { document.getElementById(id).textContent = text; }
function begin() {
  API = find(window) || (window.opener && find(window.opener));
  API.LMSInitialize("");
  var status = API.LMSGetValue("cmi.core.lesson_status");
  if (status === "not attempted") API.LMSSetValue("cmi.core.lesson_status", "incomplete");
  show("entry", API.LMSGetValue("cmi.core.entry") || "none");
  show("name", API.LMSGetValue("cmi.core.student_name"));
  show("place", API.LMSGetValue("cmi.core.lesson_location") || "1");
  show("kept", API.LMSGetValue("cmi.suspend_data") || "nothing");
  API.LMSCommit("");
}
function next() {
  API.LMSSetValue("cmi.core.lesson_location", "2");
  API.LMSSetValue("cmi.suspend_data", "c\u00e2u 1: \u0111\u00fang");
  API.LMSSetValue("cmi.interactions.0.id", "q1");
  API.LMSSetValue("cmi.interactions.0.type", "choice");
  API.LMSSetValue("cmi.interactions.0.result", "correct");
  API.LMSCommit("");
  show("place", "2");
}
function answer() {
  API.LMSSetValue("cmi.core.score.raw", "90");
  API.LMSSetValue("cmi.core.lesson_status", "completed");
  API.LMSCommit("");
  show("place", "end");
}
var ended = false;
function end() {
  if (ended || !API) return;
  ended = true;
  API.LMSSetValue("cmi.core.session_time", span());
  API.LMSSetValue("cmi.core.exit", "suspend");
  API.LMSFinish("");
}
window.onload = begin;
window.onbeforeunload = end;
window.onunload = end;
window.addEventListener("pagehide", end);
"""
PAGE = """<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>L</title>
<script src="js/driver.js"></script></head><body style="font-family: sans-serif"><h1>An toàn thông tin</h1>
<p>entry <b id="entry"></b>, name <b id="name"></b>, place <b id="place"></b>, kept <b id="kept"></b></p>
<button id="next" onclick="next()">Tiếp</button> <button id="answer" onclick="answer()">Nộp</button></body></html>
""".encode()
HOSTILE = """<!DOCTYPE html><meta charset="utf-8"><title>H</title><p>Bài học</p><script>
async function attack(site) {
  const found = {}, opaque = { credentials: "include", mode: "no-cors" };
  const late = () => new Promise((_, no) => setTimeout(no, 1500));
  async function tried(name, what) {
    found[name] = "refused";
    try { found[name] = String(await Promise.race([what(), late()])); } catch {}
  }
  const loaded = (made, src) => new Promise((yes, no) => {
    made.onload = () => yes("reached"); made.onerror = () => no(); made.src = src; document.body.append(made);
  });
  const socket = () => new Promise((yes, no) => {
    const made = new WebSocket(site.replace("http", "ws")); made.onopen = yes; made.onerror = no;
  });
  await tried("our page", () => window.top.document.title);
  await tried("its address", () => parent.parent.location.href);
  await tried("cookies", () => document.cookie || "refused");
  await tried("fetch", () => fetch(site + "/learning", opaque).then(() => "reached"));
  await tried("post", () => fetch(site + "/log-out", { ...opaque, method: "POST" }).then(() => "reached"));
  await tried("socket", socket);
  await tried("image", () => loaded(new Image(), site + "/static/icon.svg"));
  await tried("script", () => loaded(document.createElement("script"), site + "/static/built/app.js"));
  await tried("elsewhere", () => fetch("http://127.0.0.2:9/", { mode: "no-cors" }).then(() => "reached"));
  await tried("popup", () => window.open(site + "/learning") ? "reached" : "refused");
  await tried("top navigation", () => { window.top.location.href = site + "/log-in"; return "allowed"; });
  await tried("service worker", () => navigator.serviceWorker.register("sw.js").then(() => "reached"));
  await tried("another ticket", () => fetch("/c/bm8.bm8/files/index.html").then((got) => got.ok ? "got" : "refused"));
  const values = '{"cmi.core.lesson_status": "passed"}';
  window.top.postMessage({ vanthu: "scorm", what: "finish", serial: 99, finished: true, values }, "*");
  const form = document.createElement("form");
  Object.assign(form, { action: site + "/log-out", method: "post" });
  document.body.append(form);
  form.submit();
  const frame = document.createElement("iframe");
  frame.src = site + "/learning";
  document.body.append(frame);
  return found;
}
</script>""".encode()
GOOD = zipped(
    manifest(ITEM % "<adlcp:masteryscore>80</adlcp:masteryscore>"), files={"index.html": PAGE, "js/driver.js": DRIVER}
)
BAD = zipped(
    manifest((ITEM % "").replace("An toàn thông tin", "Kẻ xấu"), title="Kẻ xấu"),
    files={"index.html": HOSTILE, "sw.js": b"self.onfetch = () => {}", "js/driver.js": b""},
)
