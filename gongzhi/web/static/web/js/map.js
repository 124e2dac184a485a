// Maps by Leaflet, driven by data attributes: our polygons first, background tiles only when the site has set them.

const SHADES = { light: ["#fbe9e7", "#f4c2bc", "#e58e86", "#cc5349", "#8f1d17"], dark: ["#25303f", "#43333b", "#6d3a3c", "#993f3b", "#c84a40"] };
const NONE = { light: "#eef1f3", dark: "#18222e" };
const COUNTRY = [35, 105];
const MOST_LABELS = 60;

const loading = new Map();
function load(url, tag) {
  if (!loading.has(url)) {
    loading.set(url, new Promise((done, failed) => {
      const element = tag === "script" ? Object.assign(document.createElement("script"), { src: url }) : Object.assign(document.createElement("link"), { rel: "stylesheet", href: url });
      element.onload = done;
      element.onerror = failed;
      document.head.append(element);
    }));
  }
  return loading.get(url);
}

async function libraries(data) {
  const wanted = [load(data.leafletCss, "link"), load(data.leafletJs, "script")];
  await Promise.all(wanted);
  if (data.points) await Promise.all([load(data.clusterCss, "link"), load(data.clusterJs, "script")]);
}

const visible = (element) => new Promise((done) => {
  const watch = new IntersectionObserver((entries) => { if (entries.some((one) => one.isIntersecting)) { watch.disconnect(); done(); } }, { rootMargin: "200px" });
  watch.observe(element);
});

const drawing = (name) => window.gongzhi.icon(name).outerHTML;
const marks = { good: "check", warn: "alert-triangle", bad: "alert-octagon", wait: "circle-half-2", info: "circle-filled" };

const getJSON = async (url) => {
  const answer = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(url);
  return answer.json();
};

class GzMap {
  constructor(element) {
    this.element = element;
    this.data = element.dataset;
    this.dark = !!element.closest(".gz-map-dark");
    this.L = window.L;
    this.map = this.L.map(element, { zoomControl: false, maxZoom: 19, attributionControl: !!this.data.tiles, scrollWheelZoom: !this.data.pick || !matchMedia("(pointer: coarse)").matches });
    const centre = this.data.lat ? [Number(this.data.lat), Number(this.data.lng)] : this.data.centre?.split(",").map(Number) ?? COUNTRY;
    if (!this.dark) this.L.control.zoom({ zoomInTitle: this.data.sayIn, zoomOutTitle: this.data.sayOut }).addTo(this.map);
    this.map.setView(centre, Number(this.data.zoom ?? (this.data.lat ? 16 : this.data.centre ? 13 : 4)));
    this.map.attributionControl?.setPrefix(false);
  }

  async fill() {
    if (this.data.tiles) this.L.tileLayer(this.data.tiles, { maxZoom: 19 }).addTo(this.map);
    if (this.data.polygons) await this.polygons();
    if (this.data.points) await this.points();
    if (this.data.pick) this.pick();
    else if (this.data.lat && !this.data.noMarker) this.pin(this.map.getCenter());
    if (this.data.locate) this.locate();
    new ResizeObserver(() => this.map.invalidateSize()).observe(this.element);
  }

  // ---- polygons, plain or coloured by a figure

  async polygons() {
    const found = await getJSON(this.data.polygons);
    const colour = this.data.value ? this.scale(found.features) : () => NONE[this.dark ? "dark" : "light"];
    const layer = this.L.geoJSON(found, {
      style: (feature) => ({ color: this.dark ? "#3d4d61" : "#9aa5b1", weight: 1, fillColor: colour(feature), fillOpacity: this.data.tiles ? 0.55 : 1 }),
      onEachFeature: (feature, one) => this.dressPolygon(feature.properties ?? {}, one),
    }).addTo(this.map);
    this.area = layer;
    if (layer.getLayers().length && !this.data.lat) this.map.fitBounds(layer.getBounds(), { padding: [8, 8] });
    this.map.on("zoomend moveend", () => this.declutter());
    this.declutter();
  }

  dressPolygon(properties, one) {
    const figure = this.data.value ? properties[this.data.value] : undefined;
    if (properties.name) one.bindTooltip(document.createTextNode(figure == null ? properties.name : `${properties.name} ${figure}`).data, { permanent: true, direction: "center", className: "gz-map-label" });
    one.on("mouseover", () => one.setStyle({ weight: 3 }).bringToFront());
    one.on("mouseout", () => one.setStyle({ weight: 1 }));
    if (properties.url) one.on("click", () => { if (!this.data.pick) location.href = properties.url; });
  }

  scale(features) { // five classes of equal count, so that one busy grid does not wash out the rest
    const shades = SHADES[this.dark ? "dark" : "light"];
    const values = features.map((one) => one.properties?.[this.data.value]).filter((one) => Number.isFinite(one) && one > 0).sort((a, b) => a - b);
    const breaks = [...new Set([0.2, 0.4, 0.6, 0.8].map((share) => values[Math.floor(share * values.length)]).filter((one) => one !== undefined))];
    const classOf = (value) => breaks.filter((edge) => value >= edge).length;
    this.legend(values, breaks, shades);
    return (feature) => {
      const value = feature.properties?.[this.data.value];
      return Number.isFinite(value) && value > 0 ? shades[classOf(value)] : NONE[this.dark ? "dark" : "light"];
    };
  }

  legend(values, breaks, shades) {
    const box = this.element.parentElement.querySelector("[data-legend-box]");
    if (!box) return;
    const list = document.createElement("ul");
    const edges = [values[0], ...breaks.filter((edge) => edge > values[0]), values.at(-1)];
    const line = (shade, text) => {
      const item = document.createElement("li");
      const swatch = Object.assign(document.createElement("span"), { className: "gz-map-swatch" });
      swatch.style.background = shade;
      item.append(swatch, text);
      list.append(item);
    };
    line(NONE[this.dark ? "dark" : "light"], "0");
    for (let at = 0; at < edges.length - 1; at += 1) {
      const top = at === edges.length - 2 ? edges[at + 1] : edges[at + 1] - 1;
      line(shades[breaks.filter((edge) => edges[at] >= edge).length], top > edges[at] ? `${edges[at]}–${top}` : `${edges[at]}`);
    }
    if (values.length) box.querySelector("ul")?.remove();
    if (values.length) box.append(list);
  }

  declutter() { // labels that would lie over each other are hidden; the larger polygon keeps its name
    const kept = [];
    const layers = this.area.getLayers().filter((one) => one.getTooltip()).sort((a, b) => this.size(b) - this.size(a));
    for (const one of layers) {
      const label = one.getTooltip().getElement();
      if (!label) continue;
      label.classList.remove("is-off");
      const box = label.getBoundingClientRect();
      const hit = kept.length >= MOST_LABELS || kept.some((other) => box.left < other.right + 4 && box.right + 4 > other.left && box.top < other.bottom + 2 && box.bottom + 2 > other.top);
      label.classList.toggle("is-off", hit); // not display: Leaflet centres a label by its width
      if (!hit) kept.push(box);
    }
  }

  size(layer) {
    const bounds = layer.getBounds();
    return (bounds.getEast() - bounds.getWest()) * (bounds.getNorth() - bounds.getSouth());
  }

  // ---- points, clustered

  async points() {
    this.cluster = this.L.markerClusterGroup({
      showCoverageOnHover: false,
      maxClusterRadius: 48,
      iconCreateFunction: (group) => this.L.divIcon({ className: "", html: `<span class="gz-map-cluster gz-num">${group.getChildCount()}</span>`, iconSize: [40, 40] }),
    }).addTo(this.map);
    await this.refresh(true);
    if (this.data.pointsBbox) this.map.on("moveend", () => this.refresh(false));
  }

  async refresh(first) {
    const url = new URL(this.data.points, location.href);
    if (this.data.pointsBbox) url.searchParams.set("bbox", this.map.getBounds().toBBoxString());
    const asked = (this.asked = (this.asked ?? 0) + 1);
    const found = await getJSON(url);
    if (asked !== this.asked) return; // a later move has overtaken this answer
    this.cluster.clearLayers();
    this.cluster.addLayers(found.features.map((one) => this.dot(one)));
    if (first && !this.data.lat && !this.area && found.features.length && !this.data.pointsBbox) this.map.fitBounds(this.cluster.getBounds(), { padding: [24, 24], maxZoom: 16 });
  }

  dot(feature) {
    const { title = "", url, tone = "info", word = "", open_in: where } = feature.properties;
    const [lng, lat] = feature.geometry.coordinates;
    const icon = this.L.divIcon({ className: "", html: `<span class="gz-map-dot is-${marks[tone] ? tone : "info"}">${drawing(marks[tone] ?? "circle-filled")}</span>`, iconSize: [24, 24] });
    const marker = this.L.marker([lat, lng], { icon, alt: `${title} ${word}`, title });
    const box = document.createElement("div");
    box.append(Object.assign(document.createElement("strong"), { textContent: title }), Object.assign(document.createElement("div"), { textContent: word }));
    if (url) {
      const link = Object.assign(document.createElement("a"), { href: url, textContent: this.data.sayOpen });
      if (where === "pane") link.addEventListener("click", (event) => { event.preventDefault(); window.htmx.ajax("GET", url, { target: "#pane" }); });
      box.append(link);
    }
    return marker.bindPopup(box);
  }

  // ---- one point, shown or chosen

  pin(at, draggable = false) {
    const icon = this.L.divIcon({ className: "gz-map-pin", html: drawing("map-pin"), iconSize: [36, 36], iconAnchor: [18, 34] });
    return this.L.marker(at, { icon, draggable, keyboard: draggable, title: this.element.getAttribute("aria-label") }).addTo(this.map);
  }

  inputs() {
    return this.data.pick.split(",").map((id) => document.getElementById(id.trim()));
  }

  pick() {
    const [lat, lng] = this.inputs();
    const take = () => { if (lat.value && lng.value) this.place([Number(lat.value), Number(lng.value)], { quiet: true, centre: true }); };
    if (lat.value && lng.value) take();
    this.map.on("click", (event) => this.place(event.latlng, {}));
    lat.form?.addEventListener("gz:restored", take);
  }

  place(at, { quiet = false, centre = false }) {
    const point = this.L.latLng(at);
    if (!this.marker) {
      this.marker = this.pin(point, true);
      this.marker.on("dragend", () => this.place(this.marker.getLatLng(), {}));
    }
    this.marker.setLatLng(point);
    if (centre) this.map.setView(point, Math.max(this.map.getZoom(), 16));
    const [lat, lng] = this.inputs();
    lat.value = point.lat.toFixed(6);
    lng.value = point.lng.toFixed(6);
    if (!quiet) {
      lat.dispatchEvent(new Event("change", { bubbles: true }));
      lng.dispatchEvent(new Event("change", { bubbles: true }));
      this.element.dispatchEvent(new CustomEvent("gz:picked", { bubbles: true, detail: { lat: point.lat, lng: point.lng } }));
    }
    this.address(point);
  }

  async address(point) {
    const target = document.getElementById(this.data.addressId ?? "");
    if (!target || !this.data.addressUrl) return;
    const url = new URL(this.data.addressUrl, location.href);
    url.searchParams.set("lat", point.lat.toFixed(6));
    url.searchParams.set("lng", point.lng.toFixed(6));
    try {
      const { text } = await getJSON(url);
      if ("value" in target) target.value = text ?? ""; else target.textContent = text ?? "";
    } catch { /* the point itself is enough */ }
  }

  locate() {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn" });
    button.append(window.gongzhi.icon("current-location"), this.data.sayLocate);
    button.addEventListener("click", () => {
      button.setAttribute("aria-busy", "true");
      const done = () => button.removeAttribute("aria-busy");
      const lost = () => { done(); window.gongzhi.toast({ text: this.data.sayNoPosition, tone: "warn" }); };
      if (!navigator.geolocation) { lost(); return; }
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        done();
        const point = [coords.latitude, coords.longitude];
        if (this.data.pick) this.place(point, { centre: true }); else this.map.setView(point, 16);
      }, lost, { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 });
    });
    this.element.parentElement.querySelector("[data-tools]").append(button);
  }
}

export async function mount(element) {
  await visible(element);
  try {
    await libraries(element.dataset);
    const one = new GzMap(element);
    await one.fill();
    element.gzMap = one;
    element.dispatchEvent(new CustomEvent("gz:map-ready", { bubbles: true, detail: { map: one.map } }));
  } catch (error) {
    console.error(error);
    const words = Object.assign(document.createElement("p"), { className: "gz-empty gz-muted", textContent: element.dataset.sayFailed });
    element.replaceChildren(words);
  }
}
