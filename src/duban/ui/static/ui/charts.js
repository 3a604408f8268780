// [data-chart="id"]: draws the ECharts option kept in the JSON script `id`. The library comes only where a chart is.
let library = null;

function load(address) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.echarts);
    script.onerror = () => reject(new Error("The chart library did not load; the table has the same numbers."));
    document.head.append(script);
  });
  return library;
}

async function draw(place) {
  const echarts = await load(place.dataset.library);
  if (!place.isConnected || echarts.getInstanceByDom(place)) return;
  place.style.height = `${Math.max(140, Number(place.dataset.rows) * 34 + 48)}px`;
  const chart = echarts.init(place, null, { renderer: "canvas" });
  const option = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  option.textStyle = { fontFamily: getComputedStyle(document.body).fontFamily };
  const unit = place.dataset.unit;
  option.tooltip.valueFormatter = (value) => (value == null ? "—" : value.toLocaleString("en", { minimumFractionDigits: 2 }) + unit);
  chart.setOption(option);
  const resized = new ResizeObserver(() => (place.isConnected ? chart.resize() : (resized.disconnect(), chart.dispose())));
  resized.observe(place);
  place.dataset.drawn = "yes";
}

const drawAll = (root) => root.querySelectorAll("[data-chart]:not([data-drawn])").forEach(draw);

drawAll(document);
document.addEventListener("htmx:load", (event) => drawAll(event.target.parentElement ?? document));
