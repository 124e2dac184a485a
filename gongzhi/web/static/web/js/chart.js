// Charts by ECharts with the house's one theme; the option comes from a json_script, so no code travels in the page.

const PALETTE = { light: ["#1a5fb4", "#b3261e", "#17703f", "#9a5b00", "#5b6675", "#5f4b9b"], dark: ["#8ab8f5", "#f2887f", "#6fcf97", "#f0b95a", "#a9b4c2", "#b9a6f0"] };
const INK = { light: ["#1f2328", "#57606a", "#dde1e6", "#ffffff"], dark: ["#eef1f5", "#a9b4c2", "#2b3644", "#141c27"] };

let ready;
function load(url) {
  ready ??= new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { src: url, onload: done, onerror: failed });
    document.head.append(script);
  });
  return ready;
}

function theme(mode, font) {
  const [ink, soft, line, ground] = INK[mode];
  const axis = { axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: soft }, splitLine: { lineStyle: { color: line } }, nameTextStyle: { color: soft } };
  return {
    color: PALETTE[mode],
    backgroundColor: "transparent",
    textStyle: { fontFamily: font, color: ink },
    grid: { left: 8, right: 16, top: 28, bottom: 8, containLabel: true },
    legend: { textStyle: { color: soft }, icon: "roundRect", itemWidth: 12, itemHeight: 8, top: 0, right: 0 },
    tooltip: { renderMode: "richText", confine: true, backgroundColor: ground, borderColor: line, textStyle: { color: ink } },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    timeAxis: { ...axis, splitLine: { show: false } },
    line: { symbol: "none", lineStyle: { width: 2 } },
    bar: { barMaxWidth: 28, itemStyle: { borderRadius: [2, 2, 0, 0] } },
  };
}

export async function mount(figure) {
  const source = document.getElementById(figure.dataset.option);
  if (!source) return;
  await load(figure.dataset.script);
  const mode = document.documentElement.dataset.bsTheme === "dark" ? "dark" : "light";
  const chart = window.echarts.init(figure, theme(mode, getComputedStyle(document.body).fontFamily));
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  chart.setOption({ animation: !still, animationDuration: 300, tooltip: { trigger: figure.dataset.kind === "item" ? "item" : "axis" }, ...JSON.parse(source.textContent) });
  chart.on("click", (event) => { if (event.data?.url) location.href = event.data.url; });
  new ResizeObserver(() => chart.resize()).observe(figure);
  source.addEventListener("gz:changed", () => chart.setOption(JSON.parse(source.textContent)));
}
