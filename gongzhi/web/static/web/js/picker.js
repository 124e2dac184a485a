// A long list of choices that can be searched by typing (tom-select), loaded only where a page has one.

function load(url, tag) {
  const loaded = document.querySelector(`[data-loaded="${url}"]`);
  if (loaded) return loaded.gzReady;
  const element = tag === "script" ? Object.assign(document.createElement("script"), { src: url }) : Object.assign(document.createElement("link"), { rel: "stylesheet", href: url });
  element.dataset.loaded = url;
  element.gzReady = new Promise((done, failed) => { element.onload = done; element.onerror = failed; });
  document.head.append(element);
  return element.gzReady;
}

export async function mount(select) {
  await Promise.all([load(select.dataset.style, "link"), load(select.dataset.script, "script")]);
  const picker = new window.TomSelect(select, { maxOptions: 300, refreshThrottle: 0, closeAfterSelect: !select.multiple, plugins: select.multiple ? ["remove_button"] : [], render: { no_results: () => "" } });
  select.form?.addEventListener("gz:restored", () => picker.sync());
  select.addEventListener("change", () => { if (picker.getValue() !== select.value) picker.sync(); }); // a tapped suggestion
}
