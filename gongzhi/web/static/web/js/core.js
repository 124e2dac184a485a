// What every page can do: load the behaviours that its elements name, toasts, dialogs, copying, one send per form.
// Words come from the page (data-say-*), so that this file knows no language.

const say = (name) => document.body.dataset[`say${name}`] ?? "";
const sprite = () => document.querySelector(".gz-icon use")?.getAttribute("href").split("#")[0] ?? "";

export function icon(name) {
  const span = document.createElement("template");
  span.innerHTML = `<svg class="gz-icon" aria-hidden="true"><use href="${sprite()}#${name}"></use></svg>`;
  return span.content.firstChild;
}

// ---- behaviours named by elements

const mounted = new WeakSet();

function mount(root) {
  const named = root.matches?.("[data-module]") ? [root] : [];
  for (const element of [...named, ...root.querySelectorAll("[data-module]")]) {
    if (mounted.has(element)) continue;
    mounted.add(element);
    import(element.dataset.module).then((module) => module.mount(element)).then(() => { element.dataset.mounted = ""; }).catch((error) => console.error(error));
  }
  for (const element of root.querySelectorAll("[data-width]")) element.style.width = `${element.dataset.width}%`;
  for (const element of root.querySelectorAll("[data-draft-done]")) {
    localStorage.removeItem(`gz:draft:${element.dataset.owner}:${element.dataset.draftDone}`);
  }
  root.querySelector("[data-focus]")?.focus();
}

// ---- toasts

const ICONS = { good: "circle-check", warn: "alert-triangle", bad: "alert-octagon", info: "info-circle" };

function toast({ text, tone = "info", action, run }) {
  const box = document.querySelector("[data-toasts]");
  if (!box || !text) return;
  const line = document.createElement("div");
  line.className = `gz-toast gz-toast-${tone}`;
  const words = document.createElement("span");
  words.textContent = text;
  line.append(icon(ICONS[tone] ?? ICONS.info), words);
  if (action) line.append(button("btn", action, () => { line.remove(); run(); }));
  const close = button("gz-icon-btn", "", () => line.remove());
  close.setAttribute("aria-label", say("Close"));
  close.append(icon("x"));
  line.append(close);
  box.append(line);
}

function button(className, text, run) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = text;
  made.addEventListener("click", run);
  return made;
}

// ---- dialogs: ask before an act, look at a photo

function ask(question, yes) {
  const dialog = document.createElement("dialog");
  dialog.className = "gz-dialog";
  const words = document.createElement("p");
  words.className = "gz-dialog-body";
  words.textContent = question;
  dialog.setAttribute("aria-label", question);
  const acts = document.createElement("div");
  acts.className = "gz-dialog-acts";
  acts.append(button("btn", say("No"), () => dialog.close()), button("btn btn-primary", say("Yes"), () => { dialog.close(); yes(); }));
  dialog.append(words, acts);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function lightbox(link) {
  const dialog = document.createElement("dialog");
  dialog.className = "gz-lightbox";
  dialog.setAttribute("aria-label", say("Photo"));
  const image = new Image();
  image.src = link.href;
  image.alt = link.querySelector("img")?.alt ?? "";
  const close = button("gz-icon-btn", "", () => dialog.close());
  close.setAttribute("aria-label", say("Close"));
  close.append(icon("x"));
  dialog.append(image, close);
  if (image.alt) dialog.append(Object.assign(document.createElement("p"), { textContent: image.alt }));
  dialog.addEventListener("click", (event) => { if (event.target === image) dialog.close(); });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function tip(element) {
  document.querySelector(".gz-tip")?.remove();
  const box = Object.assign(document.createElement("div"), { className: "gz-tip", textContent: element.title });
  document.body.append(box);
  const at = element.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(at.left + scrollX, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${at.bottom + scrollY + 6}px`;
  setTimeout(() => box.remove(), 4000);
}

// ---- one listener for all clicks

const confirmed = new WeakSet();

const ACTS = [
  ["[data-dismiss]", (target) => target.closest(".gz-toast").remove()],
  ["[data-open]", (target) => document.getElementById(target.dataset.open)?.showModal()],
  ["[data-close]", (target) => target.closest("dialog")?.close()],
  ["[data-copy]", copy],
  ["[data-fill]", fill],
  ["[data-print]", () => print()],
  ["[data-tip]", tip],
  ["[data-photo]", (target, event) => { event.preventDefault(); lightbox(target); }],
];

document.addEventListener("click", (event) => {
  const asked = event.target.closest("[data-confirm]");
  if (asked && !confirmed.has(asked)) {
    event.preventDefault();
    event.stopPropagation();
    ask(asked.dataset.confirm, () => { confirmed.add(asked); asked.click(); confirmed.delete(asked); });
    return;
  }
  for (const [selector, act] of ACTS) {
    const target = event.target.closest(selector);
    if (target) act(target, event);
  }
  if (event.target instanceof HTMLDialogElement) event.target.close();
  for (const open of document.querySelectorAll("details.gz-drop[open]")) if (!open.contains(event.target)) open.open = false;
}, true);

async function copy(target) {
  const text = target.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no secure context: the old way
    const box = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
  const label = target.querySelector("[data-copy-label]");
  const before = label.textContent;
  label.textContent = target.dataset.copied;
  setTimeout(() => { label.textContent = before; }, 2500);
}

function fill(target) {
  const field = document.getElementById(target.dataset.fill);
  if (!field) return;
  field.value = target.dataset.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  for (const other of target.parentElement.querySelectorAll("[data-fill]")) other.classList.toggle("is-on", other === target);
}

// ---- a form is sent once

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post],[hx-put]")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  const sender = event.submitter;
  if (sender) {
    sender.setAttribute("aria-busy", "true");
    sender.dataset.before = sender.innerHTML;
    setTimeout(() => { if (form.dataset.sent) sender.textContent = say("Sending"); }, 300);
  }
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const sender of document.querySelectorAll("[aria-busy][data-before]")) {
    sender.innerHTML = sender.dataset.before;
    sender.removeAttribute("aria-busy");
  }
});

// ---- htmx: waiting shows after 0.3 s, failures are said

let waiting;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches?.("[hx-trigger^='every']")) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => { document.querySelector("[data-busy]").hidden = false; }, 300);
});
document.addEventListener("htmx:afterRequest", () => {
  clearTimeout(waiting);
  document.querySelector("[data-busy]").hidden = true;
});
document.addEventListener("htmx:sendError", () => toast({ text: say("Lost"), tone: "warn" }));
document.addEventListener("htmx:responseError", (event) => {
  if (!event.detail.xhr.getResponseHeader("HX-Trigger")) toast({ text: say("Failed"), tone: "bad" });
});
document.addEventListener("htmx:load", (event) => mount(event.detail.elt));
document.addEventListener("gz:toast", (event) => toast(event.detail));

// ---- elder mode: one thing a screen

function oneByOne(form) {
  const steps = [...form.querySelectorAll("[data-step]")];
  const nav = form.querySelector("[data-step-nav]");
  if (steps.length < 2 || !nav) return;
  const [back, next] = nav.querySelectorAll("button");
  const last = form.querySelector("[data-step-last]");
  let at = Math.max(0, steps.findIndex((step) => step.querySelector(".is-invalid")));
  const show = () => {
    steps.forEach((step, index) => { step.hidden = index !== at; });
    nav.hidden = false;
    back.hidden = at === 0;
    next.hidden = at === steps.length - 1;
    if (last) last.hidden = at !== steps.length - 1;
  };
  const valid = () => [...steps[at].querySelectorAll("input, select, textarea")].every((field) => field.reportValidity());
  const go = (by) => { at += by; show(); steps[at].querySelector("input, textarea, select, h2")?.focus?.(); scrollTo(0, 0); };
  back.addEventListener("click", () => go(-1));
  next.addEventListener("click", () => { if (valid()) go(1); });
  show();
}

function start() {
  mount(document.body);
  if (document.documentElement.classList.contains("gz-elder")) document.querySelectorAll("form[data-one-by-one]").forEach(oneByOne);
}

window.gongzhi = Object.assign(window.gongzhi ?? {}, { toast, icon });
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
