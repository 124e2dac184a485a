// The desk by keyboard: j k Enter x, Esc, Ctrl-K, ?; ticking rows; the pane beside the list.

const pane = document.getElementById("pane");
const listUrl = document.querySelector("[data-list-url]")?.dataset.listUrl ?? location.href;
const typing = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

// ---- rows

const rows = () => [...document.querySelectorAll("table[data-rows] tbody tr")];
const here = () => document.querySelector("table[data-rows] tr.is-here");

function move(by) {
  const list = rows();
  if (!list.length) return;
  const now = here();
  const next = list[Math.max(0, Math.min(list.length - 1, now ? list.indexOf(now) + by : 0))];
  now?.classList.remove("is-here");
  next.classList.add("is-here");
  next.scrollIntoView({ block: "nearest" });
  next.querySelector(".gz-row-link")?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const row = event.target.closest("table[data-rows] tbody tr");
  if (!row) return;
  here()?.classList.remove("is-here");
  row.classList.add("is-here");
  if (!event.target.closest("a, button, input, label")) row.querySelector(".gz-row-link")?.click();
});

// ---- ticks and the batch bar

function batches() {
  for (const bar of document.querySelectorAll("[data-batch]")) {
    const form = document.getElementById(bar.dataset.batch);
    const ticked = form ? form.querySelectorAll("tbody .gz-tick input:checked").length : 0;
    bar.hidden = ticked === 0;
    bar.querySelector("[data-batch-count]").textContent = ticked;
    const all = form?.querySelector("[data-tick-all]");
    const boxes = form ? form.querySelectorAll("tbody .gz-tick input").length : 0;
    if (all) { all.checked = ticked > 0 && ticked === boxes; all.indeterminate = ticked > 0 && ticked < boxes; }
  }
}

let lastTick;
document.addEventListener("click", (event) => { // shift-click ticks all between
  const box = event.target.closest?.(".gz-tick input[name]");
  if (!box) return;
  if (event.shiftKey && lastTick) {
    const boxes = [...box.form.querySelectorAll("tbody .gz-tick input")];
    const [from, to] = [boxes.indexOf(lastTick), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
    batches();
  }
  lastTick = box;
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]")) event.target.form.querySelectorAll("tbody .gz-tick input").forEach((box) => { box.checked = event.target.checked; });
  batches();
});
document.addEventListener("click", (event) => {
  const clear = event.target.closest("[data-batch-clear]");
  if (!clear) return;
  document.getElementById(clear.closest("[data-batch]").dataset.batch).querySelectorAll(".gz-tick input").forEach((box) => { box.checked = false; });
  batches();
});
document.addEventListener("htmx:load", batches);
batches();

// ---- the pane

function dressPane() {
  if (!pane?.children.length || pane.querySelector("[data-close-pane]")) return;
  pane.prepend(document.querySelector("template[data-pane-close]").content.cloneNode(true));
}

function closePane() {
  if (!pane?.children.length) return false;
  pane.replaceChildren();
  if (listUrl !== location.href) history.pushState({}, "", listUrl);
  here()?.querySelector(".gz-row-link")?.focus();
  return true;
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== pane) return;
  dressPane();
  pane.scrollTop = 0;
  if (matchMedia("(max-width: 70rem)").matches) pane.focus();
});
document.addEventListener("click", (event) => { if (event.target.closest("[data-close-pane]")) closePane(); });
dressPane();

// ---- keys

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    const box = document.querySelector("[data-search-main], [data-search]");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
    return;
  }
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) { if (typing(event.target)) event.target.blur(); else closePane(); return; }
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "x") here()?.querySelector(".gz-tick input")?.click();
  else if (event.key === "Enter" && here() && !event.target.closest("a, button, input")) here().querySelector(".gz-row-link")?.click();
  else if (event.key === "?") document.getElementById("gz-shortcuts")?.showModal();
  else return;
  event.preventDefault();
});
