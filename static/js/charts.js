// Draws the table of every chart as bars, across on a phone. Without this file, without ECharts and
// in forced colours the table alone is shown. Names and values stand on the marks, two series differ
// by outline and pattern: no colour is needed to read them.

const wide = matchMedia("(min-width: 62em)");
const own = getComputedStyle(document.documentElement);
const token = (name) => own.getPropertyValue(name).trim();
const rem = parseFloat(own.fontSize);

for (const figure of document.querySelectorAll("[data-chart]")) {
  if (!window.echarts || matchMedia("(forced-colors: active)").matches) break;
  const details = figure.querySelector("details");
  const picture = figure.querySelector("[data-chart-picture]");
  let drawn = null;
  const draw = () => {
    drawn?.dispose();
    drawn = drawInto(picture, figure);
  };
  picture.hidden = false;
  details.open = false;
  draw();
  wide.addEventListener("change", draw);
  new ResizeObserver(() => drawn.resize()).observe(picture);
  // on paper both stand
  let wasOpen = false;
  addEventListener("beforeprint", () => { wasOpen = details.open; details.open = true; });
  addEventListener("afterprint", () => { details.open = wasOpen; });
}

function drawInto(picture, figure) {
  const table = figure.querySelector("table");
  const names = [...table.tHead.rows[0].cells].slice(1).map(words);
  const rows = [...table.tBodies[0].rows];
  const size = Math.round(rem * .8125);
  const text = {fontFamily: getComputedStyle(figure).fontFamily, fontSize: size, color: token("--ink")};
  // beside each other only where each word below has room
  const isWide = wide.matches && picture.clientWidth >= rows.length * 7 * rem;
  // where nothing could be counted the place says so, for no bar does
  const isBlank = (row) => [...row.cells].slice(1).every((cell) => cell.dataset.value === "");
  const label = (row) => words(row.cells[0]) + (isBlank(row) ? `\n${words(row.cells[1])}` : "");
  const lines = rows.some(isBlank) ? 2 : 1;
  picture.style.height = `${isWide ? 15 : 1 + rows.length * Math.max(names.length * 1.75, lines * 1.5) + rows.length * .5}rem`;
  const chart = window.echarts.init(picture, null, {renderer: "svg", locale: "ZH"});
  const places = {
    type: "category", inverse: !isWide, axisTick: {show: false},
    data: rows.map(label),
    axisLine: {lineStyle: {color: token("--line-strong")}},
    axisLabel: {...text, interval: 0, hideOverlap: false, lineHeight: size * 1.3, width: isWide ? undefined : 6.5 * rem, overflow: "break"},
  };
  const lengths = {
    type: "value", min: 0, max: Number(table.dataset.most) || undefined,
    axisLabel: {show: false}, splitLine: {show: false}, axisLine: {show: false},
  };
  chart.setOption({
    animation: false,
    aria: {
      enabled: true,
      label: {description: words(figure.querySelector("figcaption")) + "：" + words(figure.querySelector("[data-chart-words]") || figure.querySelector("figcaption"))},
      decal: {show: names.length > 1, decals: [{symbol: "none"}, {symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4, color: "rgba(255,255,255,.45)"}]},
    },
    grid: {left: isWide ? 8 : 6.75 * rem, right: isWide ? 8 : 3.5 * rem, top: isWide ? size * 2 : 4, bottom: isWide ? size * (.9 + 1.3 * lines) : 4, outerBoundsMode: "none"},
    xAxis: isWide ? places : lengths,
    yAxis: isWide ? lengths : places,
    series: names.map((name, place) => ({
      type: "bar", name, silent: true, barMaxWidth: 2 * rem, barGap: "10%", barMinHeight: 1,
      itemStyle: place + 1 < names.length
        ? {color: token("--surface"), borderColor: token("--line-strong"), borderWidth: 1.5}
        : {color: token("--dai")},
      label: {show: true, position: isWide ? "top" : "right", ...text, formatter: (mark) => words(rows[mark.dataIndex].cells[place + 1])},
      data: rows.map((row) => {
        const value = row.cells[place + 1].dataset.value;
        return value === "" ? "-" : Number(value);
      }),
    })),
  });
  return chart;
}

function words(element) {
  return element.textContent.replace(/\s+/g, " ").trim();
}
