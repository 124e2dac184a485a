// Keeps what was typed in a form: after a lost connection, a lost session or a closed page it is there again.

const DAYS = 7;
const SKIP = new Set(["csrfmiddlewaretoken"]);
const POLL = 200;

const keyOf = (form) => `gz:draft:${form.dataset.owner}:${form.dataset.draft}`;

function fieldsOf(form) {
  const kept = [];
  for (const element of form.elements) {
    if (!element.name || SKIP.has(element.name) || element.closest("[data-draft-skip]")) continue;
    if (["file", "password", "submit", "button"].includes(element.type)) continue;
    if (["checkbox", "radio"].includes(element.type) && !element.checked) continue;
    kept.push([element.name, element.value]);
  }
  return kept;
}

function read(form) {
  try {
    const draft = JSON.parse(localStorage.getItem(keyOf(form)) ?? "null");
    return draft && Date.now() - draft.at < DAYS * 864e5 ? draft : null;
  } catch { return null; }
}

function write(form) {
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), fields: fieldsOf(form) }));
  } catch { /* the browser's store is full or closed: the page still works without drafts */ }
}

function restore(form, fields) {
  const values = Map.groupBy ? Map.groupBy(fields, ([name]) => name) : group(fields);
  let changed = false;
  for (const [name, pairs] of values) {
    const given = pairs.map(([, value]) => value);
    const uploader = form.querySelector(`[data-upload][data-name="${CSS.escape(name)}"]`);
    if (uploader) {
      uploader.dataset.restore = JSON.stringify(given);
      uploader.dispatchEvent(new CustomEvent("gz:restore"));
      changed = true;
      continue;
    }
    for (const element of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) changed = put(element, given) || changed;
  }
  return changed;
}

function group(fields) {
  const values = new Map();
  for (const pair of fields) values.set(pair[0], [...(values.get(pair[0]) ?? []), pair]);
  return values;
}

function put(element, given) {
  if (["checkbox", "radio"].includes(element.type)) {
    const on = given.includes(element.value);
    const changed = element.checked !== on;
    element.checked = on;
    return changed;
  }
  if (element.value === given[0]) return false;
  element.value = given[0];
  if (element.type === "hidden") return false;
  element.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

function note(form) {
  const text = form.dataset.sayRestored;
  const line = Object.assign(document.createElement("p"), { className: "gz-draft-note" });
  line.setAttribute("role", "status");
  line.append(text);
  const clear = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-link", textContent: form.dataset.sayClear });
  clear.addEventListener("click", () => { stopped.add(form); localStorage.removeItem(keyOf(form)); location.reload(); });
  line.append(clear);
  form.prepend(line);
}

const stopped = new WeakSet();

async function reachable(form) {
  if (!navigator.onLine) return false;
  try {
    await fetch(form.dataset.ping, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(5000) });
    return true;
  } catch { return false; }
}

const uploaders = (form) => [...form.querySelectorAll("[data-upload]")];

async function settled(form) {
  while (uploaders(form).some((one) => one.gzBusy)) await new Promise((done) => { setTimeout(done, POLL); });
}

// The send goes on as usual when the server can be reached; otherwise it waits in the outbox.
async function send(form, submitter) {
  await settled(form);
  const pending = uploaders(form).flatMap((one) => [...(one.gzPending ?? new Map()).values()].map((file) => ({ name: one.dataset.name, upload: one.dataset.upload, file })));
  if (await reachable(form)) {
    for (const one of uploaders(form)) await one.gzRetry?.();
    form.dataset.go = "1";
    form.requestSubmit(submitter ?? undefined);
    return;
  }
  const fields = fieldsOf(form);
  if (submitter?.name) fields.push([submitter.name, submitter.value]);
  const key = fields.find(([name]) => name === "idempotency_key")?.[1] ?? String(Date.now());
  await window.gongzhi.outbox.add({ id: key, url: form.action, draft: form.dataset.draft, owner: form.dataset.owner, fields, photos: pending, at: Date.now() });
  stopped.add(form);
  localStorage.removeItem(keyOf(form));
  window.gongzhi.toast({ text: form.dataset.sayKept, tone: "warn" });
  form.reset();
  for (const one of uploaders(form)) one.gzClear?.();
  const field = form.querySelector("[name=idempotency_key]");
  if (field) field.value = newKey();
  stopped.delete(form);
}

function newKey() { // crypto.randomUUID needs https; this does not
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function mount(form) {
  const draft = read(form);
  const answered = form.querySelector(".is-invalid, .gz-errors"); // the server has just given the words back itself
  if (draft) {
    const fields = answered ? draft.fields.filter(([name]) => name === "idempotency_key") : draft.fields;
    if (restore(form, fields) && !answered) note(form);
    form.dispatchEvent(new CustomEvent("gz:restored"));
  }
  let timer;
  const keep = () => { clearTimeout(timer); timer = setTimeout(() => { if (!stopped.has(form)) write(form); }, 250); };
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  addEventListener("pagehide", () => { if (timer && !stopped.has(form)) write(form); });
  if (form.hasAttribute("data-outbox")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.go || event.submitter?.hasAttribute("formaction")) { delete form.dataset.go; return; }
      event.preventDefault();
      if (form.dataset.checking) return;
      form.dataset.checking = "1";
      event.submitter?.setAttribute("aria-busy", "true");
      send(form, event.submitter).finally(() => { delete form.dataset.checking; event.submitter?.removeAttribute("aria-busy"); });
    });
  }
}
