// What was sent without a signal waits here (IndexedDB) and goes out by itself, each with its own idempotency key.

const EVERY = 30_000;
let db;

function open() {
  db ??= new Promise((done, failed) => {
    const request = indexedDB.open("gongzhi", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("outbox", { keyPath: "id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  return db;
}

async function store(mode, run) {
  const box = (await open()).transaction("outbox", mode).objectStore("outbox");
  return new Promise((done, failed) => {
    const request = run(box);
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

const all = () => store("readonly", (box) => box.getAll());
const put = (record) => store("readwrite", (box) => box.put(record));
const drop = (id) => store("readwrite", (box) => box.delete(id));

const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";

async function uploadPhotos(record) {
  while (record.photos.length) {
    const { name, upload, file } = record.photos[0];
    const body = new FormData();
    body.append("file", file, file.name ?? "photo.jpg");
    const answer = await fetch(upload, { method: "POST", body, headers: { "X-CSRFToken": token() } });
    if (answer.status >= 500) throw new Error("later");
    if (answer.ok) record.fields.push([name, (await answer.json()).token]);
    record.photos.shift(); // a refused photo must not hold back the words
    await put(record);
  }
}

function formData(record) {
  const body = new FormData();
  for (const [name, value] of record.fields) body.append(name, value);
  body.append("csrfmiddlewaretoken", token());
  return body;
}

async function deliver(record) {
  await uploadPhotos(record);
  const answer = await fetch(record.url, { method: "POST", body: formData(record), headers: { "X-CSRFToken": token() } });
  if (answer.status >= 500 || answer.status === 429) throw new Error("later");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const taken = [...page.querySelectorAll("[data-draft-done]")].some((one) => one.dataset.draftDone === record.draft);
  return { taken, url: answer.url };
}

// A guest's answer shows a claim code once: it must open before his eyes, so he sends it himself.
async function deliverHere(record) {
  await uploadPhotos(record);
  const form = Object.assign(document.createElement("form"), { method: "post", action: record.url, hidden: true });
  for (const [name, value] of formData(record)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  document.body.append(form);
  await drop(record.id);
  form.submit();
}

export function mount(element) {
  const count = element.querySelector("[data-count]");
  let running = false;

  async function show() {
    const waiting = await all();
    count.textContent = waiting.length;
    element.hidden = waiting.length === 0;
    return waiting;
  }

  function giveBack(record) { // refused: it goes back into its form as a draft, with the words
    localStorage.setItem(`gz:draft:${record.owner}:${record.draft}`, JSON.stringify({ at: Date.now(), fields: record.fields }));
    window.gongzhi.toast({ text: element.dataset.sayRefused, tone: "bad", action: element.dataset.sayOpen, run: () => { location.href = record.url; } });
  }

  async function flush(byHand) {
    if (running) return;
    running = true;
    try {
      for (const record of await show()) {
        if (record.owner === "guest") {
          if (byHand) await deliverHere(record);
          continue;
        }
        const { taken, url } = await deliver(record);
        await drop(record.id);
        if (taken) window.gongzhi.toast({ text: element.dataset.saySent, tone: "good", action: element.dataset.sayOpen, run: () => { location.href = url; } });
        else giveBack(record);
      }
    } catch { /* still no signal: the next round tries again */ } finally {
      running = false;
      show();
    }
  }

  window.gongzhi.outbox = {
    async add(record) { await put(record); await show(); },
  };
  element.addEventListener("click", () => flush(true));
  addEventListener("online", () => flush(false));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(false); });
  setInterval(() => { if (navigator.onLine && !element.hidden) flush(false); }, EVERY);
  flush(false);
}
