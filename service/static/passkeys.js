// Has the browser make or use a passkey, and sends the form around the button with its answer.
// The button is in accounts/templates/accounts/passkey_button.html, and with it all that is said.
for (const part of document.querySelectorAll("[data-passkey]")) {
  const button = part.querySelector("button");
  if (!window.PublicKeyCredential) {
    say(part, part.dataset.missing);
    continue;
  }
  button.hidden = false;
  button.addEventListener("click", () => answer(part, button));
}

async function answer(part, button) {
  const form = part.closest("form");
  if (!form.reportValidity()) return;
  button.disabled = true;
  say(part, "");
  try {
    const options = await asked(part, form);
    const made = part.dataset.passkey === "create";
    const credential = made
      ? await navigator.credentials.create({ publicKey: decoded(options) })
      : await navigator.credentials.get({ publicKey: decoded(options) });
    part.querySelector("input").value = JSON.stringify(encoded(credential));
    form.submit();
  } catch (error) {
    say(part, error instanceof Refusal ? error.message : words(part, error));
    button.disabled = false;
  }
}

class Refusal extends Error {}

// What the passkey is asked: it stands in the page, or is fetched now, so that it is fresh.
async function asked(part, form) {
  if (part.dataset.options) return JSON.parse(part.dataset.options);
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  if (part.dataset.digest) body.set("digest", part.dataset.digest);
  const headers = { Accept: "application/json" };
  const response = await fetch(part.dataset.challenge, { method: "POST", headers, body });
  const said = await response.json();
  if (!response.ok) throw new Refusal(said.detail);
  return said;
}

function words(part, error) {
  const texts = {
    NotAllowedError: part.dataset.cancelled, // also when it takes too long, or there is none
    AbortError: part.dataset.cancelled,
    InvalidStateError: part.dataset.known,
    SecurityError: part.dataset.elsewhere,
  };
  return texts[error.name] || part.dataset.failed;
}

function say(part, text) {
  const line = part.querySelector("[role=alert]");
  line.textContent = text;
  line.hidden = !text;
}

// Browsers take and give bytes; what is sent has them in base64url.
function decoded(options) {
  const list = (entries) => (entries || []).map((entry) => ({ ...entry, id: bytes(entry.id) }));
  const found = { ...options, challenge: bytes(options.challenge) };
  if (options.user) found.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) found.excludeCredentials = list(options.excludeCredentials);
  if (options.allowCredentials) found.allowCredentials = list(options.allowCredentials);
  return found;
}

function encoded(credential) {
  const { response } = credential;
  const found = { id: text(credential.rawId), clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    found.attestationObject = text(response.attestationObject);
    return found;
  }
  found.authenticatorData = text(response.authenticatorData);
  found.signature = text(response.signature);
  if (response.userHandle) found.userHandle = text(response.userHandle);
  return found;
}

function bytes(spelled) {
  const standard = spelled.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(standard), (character) => character.charCodeAt(0));
}

function text(buffer) {
  const characters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte));
  return btoa(characters.join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
