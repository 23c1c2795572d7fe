// Asks the browser for a passkey where a form says so (data-passkey: "create" or "get"), and sends its answer.
//
// The form is hidden, and a sentence says why, until this runs: without scripts there are no passkeys, and there is
// always another way beside them.

const sentence = document.querySelector("[data-passkey-missing]");
const forms = document.querySelectorAll("form[data-passkey]");

if (window.PublicKeyCredential && navigator.credentials) {
  if (sentence) sentence.hidden = true;
  for (const form of forms) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form).catch(() => fail(form));
    });
  }
}

async function ask(form) {
  const failed = form.querySelector("[data-passkey-failed]");
  if (failed) failed.hidden = true;
  if (missing(form)) {
    HTMLFormElement.prototype.submit.call(form); // the server says what is missing, at its field
    return;
  }
  const reply = await fetch(form.dataset.options, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!reply.ok || reply.redirected) throw new Error(String(reply.status));
  const publicKey = withBytes(await reply.json());
  const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
  form.querySelector("[name=answer]").value = JSON.stringify(asJson(credential));
  HTMLFormElement.prototype.submit.call(form);
}

function missing(form) {
  const typed = [...form.querySelectorAll("input:not([type=hidden]):not([readonly])")];
  return typed.some((field) => field.value.trim() === "");
}

function fail(form) {
  const failed = form.querySelector("[data-passkey-failed]");
  if (failed) failed.hidden = false;
}

function withBytes(options) {
  const described = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
  const made = { ...options, challenge: bytes(options.challenge) };
  if (options.user) made.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) made.excludeCredentials = described(options.excludeCredentials);
  if (options.allowCredentials) made.allowCredentials = described(options.allowCredentials);
  return made;
}

function asJson(credential) {
  const { response } = credential;
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    answer.attestationObject = text(response.attestationObject);
    answer.transports = response.getTransports ? response.getTransports() : [];
  } else {
    answer.authenticatorData = text(response.authenticatorData);
    answer.signature = text(response.signature);
    answer.userHandle = response.userHandle ? text(response.userHandle) : null;
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: answer };
}

function bytes(base64url) {
  const signs = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(signs, (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const signs = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(signs).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
