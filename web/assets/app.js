// Everything works without this file; it makes the menu fold on a phone and keeps a running collection's figures fresh.

import { Button, ErrorSummary, ServiceNavigation, createAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
createAll(Button, { preventDoubleClick: true });
createAll(ErrorSummary);
createAll(ServiceNavigation);

// A region with data-poll asks that address for what to show until it is told that nothing moves any more.
const region = document.querySelector("[data-poll]");

async function refresh() {
  const answer = await fetch(region.dataset.poll, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  const { values, bar, moving } = await answer.json();
  for (const [name, words] of Object.entries(values)) {
    const place = region.querySelector(`[data-value="${name}"]`);
    if (place && place.textContent !== words) place.textContent = words;
  }
  const progress = region.querySelector("progress");
  if (progress && bar !== null) progress.value = bar;
  else if (progress) progress.removeAttribute("value");
  if (!moving) window.location.reload();
  return moving;
}

async function watch(pause) {
  try {
    if (!(await refresh())) return;
    setTimeout(watch, 1500, 1500);
  } catch {
    // The server may be busy or the phone in a tunnel: ask less and less often, never give up.
    const longer = Math.min(pause * 2, 30000);
    setTimeout(watch, longer, longer);
  }
}

if (region) watch(1500);

// Beside the pages works a service worker: it shows the pages of the day without a network, where that was asked for.
async function workBeside() {
  await navigator.serviceWorker.register("/service-worker.js");
  const { active } = await navigator.serviceWorker.ready;
  const ahead = [...document.querySelectorAll("[data-keep]")].map((one) => one.dataset.keep);
  if (ahead.length && navigator.onLine) active?.postMessage({ ahead });
}

if ("serviceWorker" in navigator) workBeside().catch(() => undefined); // pages do without it
