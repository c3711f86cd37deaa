// The desk's few lines in the browser: ages that stay true, pictures that stay fresh, a map that zooms, charts that grow.
const riverwatch = (() => {
  const zh = () => document.querySelector("main.desk")?.lang === "zh-CN";
  const steps = [[60, 1, "s", "秒前"], [3600, 60, "min", "分钟前"], [86400, 3600, "h", "小时前"], [Infinity, 86400, "d", "天前"]];

  function ago(at) {
    const seconds = Math.max(0, Math.round((Date.now() - at) / 1000));
    if (seconds < 3) return zh() ? "刚刚" : "just now";
    const [, size, en, cn] = steps.find(([most]) => seconds < most);
    const n = Math.floor(seconds / size);
    return zh() ? `${n} ${cn}` : `${n} ${en} ago`;
  }

  function ages() {
    for (const time of document.querySelectorAll("time.ago")) {
      const text = ago(+time.dataset.at);
      if (time.textContent !== text) time.textContent = text;
    }
  }

  function pictures() {
    if (document.hidden) return;
    for (const image of document.querySelectorAll("img[data-live]")) {
      const next = new Image();
      next.onload = () => { image.src = next.src; };
      next.src = `${image.dataset.live}?t=${Date.now()}`;
    }
  }

  let aim = location.hash.slice(1);
  function arrive() {  // parts come after the page: the browser has looked for this one in vain
    const place = aim && document.getElementById(aim);
    if (!place) return;
    aim = "";
    place.scrollIntoView();
  }

  let zoom = 1;
  function magnify() {
    for (const sheet of document.querySelectorAll(".map .sheet")) { sheet.style.width = `${zoom * 100}%`; sheet.classList.toggle("near", zoom > 1.5); }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (!button) return;
    const box = button.closest(".map").querySelector(".window");
    const middle = [(box.scrollLeft + box.clientWidth / 2) / box.scrollWidth, (box.scrollTop + box.clientHeight / 2) / box.scrollHeight];
    zoom = Math.min(8, Math.max(1, zoom * (button.dataset.zoom === "in" ? 1.6 : 1 / 1.6)));
    if (zoom < 1.05) zoom = 1;
    magnify();
    box.scrollLeft = middle[0] * box.scrollWidth - box.clientWidth / 2;
    box.scrollTop = middle[1] * box.scrollHeight - box.clientHeight / 2;
  });

  let held = null;
  document.addEventListener("pointerdown", (event) => {
    const box = event.target.closest(".map .window");
    if (box && event.pointerType === "mouse" && !event.target.closest("a")) held = [box, event.clientX, event.clientY];
  });
  document.addEventListener("pointermove", (event) => {
    if (!held) return;
    held[0].scrollLeft -= event.clientX - held[1];
    held[0].scrollTop -= event.clientY - held[2];
    held = [held[0], event.clientX, event.clientY];
  });
  document.addEventListener("pointerup", () => { held = null; });

  const two = (n) => String(n).padStart(2, "0");
  function stamp(at) {
    const t = new Date(at);
    return `${two(t.getUTCMonth() + 1)}-${two(t.getUTCDate())} ${two(t.getUTCHours())}:${two(t.getUTCMinutes())}:${two(t.getUTCSeconds())}`;
  }
  function tip(unit, mean, suspect, fail, ahead, grades) {
    const names = { mean, suspect, fail, ahead };
    const said = (value) => grades[Math.round(value)] ?? `${value} ${unit}`;
    return (points) => {
      const lines = points.filter((p) => names[p.seriesId] && p.value[1] !== null && p.value[1] !== undefined)
        .map((p) => `${names[p.seriesId]}  ${said(p.value[1])}`);
      return lines.length ? [stamp(points[0].value[0]), ...lines].join("\n") : "";
    };
  }

  function grow(news, low, high) {
    for (const [id, { from, points }] of Object.entries(news)) {
      const chart = getElement(+id)?.chart;
      if (!chart) continue;
      const series = chart.getOption().series.filter((one) => points[one.id]).map((one) => ({
        id: one.id,
        data: one.data.filter(([at]) => at >= low && at < from - 1).concat(points[one.id]),
      }));
      chart.setOption({ xAxis: { min: low, max: high }, series }, { lazyUpdate: true });
    }
  }

  function begin() {
    new MutationObserver(() => { ages(); arrive(); if (zoom > 1) magnify(); }).observe(document.body, { childList: true, subtree: true });
    setInterval(ages, 1000);
    setInterval(pictures, 2000);
    ages();
    document.querySelector(".bar nav .here")?.scrollIntoView({ inline: "center", block: "nearest" });  // a phone shows half of the pages
  }
  document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", begin) : begin();
  return { grow, tip };
})();
window.riverwatch = riverwatch;
