// Photos of a form: shown at once, made smaller on the phone (which also drops the camera's position data), sent one by one.

const LONGEST = 2048;
const QUALITY = 0.85;

async function smaller(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale) });
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
    return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
  } catch { return file; } // a format this browser cannot draw: the server decides
}

const csrf = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";

function upload(url, file, onProgress) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", csrf());
    request.upload.onprogress = (event) => { if (event.lengthComputable) onProgress(event.loaded / event.total); };
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* not ours */ }
      if (request.status < 300 && answer.token) done(answer);
      else if (request.status >= 400 && request.status < 500) failed(Object.assign(new Error(answer.message ?? ""), { refused: true }));
      else failed(new Error("later"));
    };
    request.onerror = () => failed(new Error("later"));
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
}

export function mount(root) {
  const list = root.querySelector("[data-list]");
  const input = root.querySelector("[data-input]");
  const error = root.querySelector("[data-error]");
  const limit = Number(root.dataset.limit);
  root.gzPending = new Map();
  root.gzBusy = 0;

  const tell = (text) => { error.textContent = text; error.hidden = !text; };
  const changed = () => {
    input.closest("label").hidden = list.children.length >= limit;
    root.dispatchEvent(new Event("change", { bubbles: true }));
  };

  function item(source) {
    const line = Object.assign(document.createElement("li"), { className: "gz-uploader-item" });
    line.append(Object.assign(new Image(), { src: source, alt: root.dataset.sayPhoto }));
    list.append(line);
    removable(line);
    return line;
  }

  function removable(line) {
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "gz-uploader-remove", ariaLabel: root.dataset.sayRemove });
    remove.setAttribute("aria-label", root.dataset.sayRemove);
    remove.append(Object.assign(document.createElement("span"), { textContent: "×" }));
    remove.addEventListener("click", () => { root.gzPending.delete(line); line.remove(); tell(""); changed(); input.focus(); });
    line.append(remove);
  }

  function keep(line, token) {
    line.append(Object.assign(document.createElement("input"), { type: "hidden", name: root.dataset.name, value: token }));
    root.gzPending.delete(line);
    changed();
  }

  async function send(line, file) {
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    bar.setAttribute("aria-label", root.dataset.sayPhoto);
    line.querySelector(".gz-uploader-say")?.remove();
    line.append(bar);
    root.gzBusy += 1;
    try {
      keep(line, (await upload(root.dataset.upload, file, (share) => { bar.value = share; })).token);
    } catch (problem) {
      if (problem.refused) { line.remove(); root.gzPending.delete(line); tell(problem.message); changed(); }
      else wait(line, file);
    } finally {
      bar.remove();
      root.gzBusy -= 1;
    }
  }

  function wait(line, file) {
    root.gzPending.set(line, file);
    const again = Object.assign(document.createElement("button"), { type: "button", className: "gz-uploader-say", textContent: root.dataset.sayWait });
    again.addEventListener("click", () => send(line, file));
    line.append(again);
  }

  root.gzRetry = async () => { for (const [line, file] of [...root.gzPending]) await send(line, file); };
  root.gzClear = () => { list.replaceChildren(); root.gzPending.clear(); changed(); };

  input.addEventListener("change", async (event) => {
    event.stopPropagation();
    tell("");
    const files = [...input.files];
    input.value = ""; // the files go on their own, the form carries their tokens
    for (const file of files) {
      if (list.children.length >= limit) { tell(root.dataset.sayFull); break; }
      const line = item(URL.createObjectURL(file));
      root.gzBusy += 1;
      const small = await smaller(file);
      root.gzBusy -= 1;
      send(line, small);
      changed();
    }
  });

  function restore() {
    const have = new Set([...list.querySelectorAll("input")].map((one) => one.value));
    for (const token of JSON.parse(root.dataset.restore ?? "[]")) {
      if (!have.has(token) && list.children.length < limit) keep(item(`${root.dataset.files}/${token}/thumb`), token);
    }
    delete root.dataset.restore;
  }

  for (const line of list.children) removable(line);
  root.addEventListener("gz:restore", restore);
  restore();
  input.closest("label").hidden = list.children.length >= limit;
}
