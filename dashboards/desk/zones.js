// Drawing a zone: a click sets a corner, corners are dragged or moved with the arrow keys, and the text follows.
(() => {
  const box = document.querySelector(".drawing"), surface = box.lastElementChild, shape = surface.querySelector("polygon");
  const form = document.querySelector(".zoneform"), { name, kind, text } = form.elements, status = form.querySelector("[role=status]");
  const STEP = 0.005;
  let corners = [], held = -1;

  const inside = (share) => Math.min(1, Math.max(0, share));
  const place = (event) => {
    const edge = surface.getBoundingClientRect();
    return [inside((event.clientX - edge.left) / edge.width), inside((event.clientY - edge.top) / edge.height)];
  };
  const left = ([ax, ay], [bx, by], [cx, cy]) => Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
  const cross = (a, b, c, d) => left(a, b, c) * left(a, b, d) < 0 && left(c, d, a) * left(c, d, b) < 0;
  const crosses = () => corners.some((a, i) => corners.some((c, j) =>
    i < j && cross(a, corners[(i + 1) % corners.length], c, corners[(j + 1) % corners.length])));

  function say() {
    const list = corners.map((corner) => `[${corner.map((share) => share.toFixed(3)).join(", ")}]`).join(", ");
    const ready = corners.length > 2;
    text.value = ready ? `[[camera.zone]]\nname = "${name.value}"\nkind = "${kind.value}"\ncorners = [${list}]\n` : "";
    status.textContent = !ready ? box.dataset.few : crosses() ? box.dataset.crossing : "";
    shape.setAttribute("points", corners.map(([x, y]) => `${x * 1000},${y * 1000}`).join(" "));
  }
  function draw(focus = -1) {
    surface.querySelectorAll("button").forEach((one) => one.remove());
    corners.forEach(([x, y], n) => {
      const corner = document.createElement("button");
      corner.type = "button"; corner.dataset.n = n; corner.ariaLabel = `${box.dataset.corner} ${n + 1}`;
      corner.style.cssText = `left:${x * 100}%;top:${y * 100}%`;
      surface.append(corner);
      if (n === focus) corner.focus();
    });
    say();
  }
  function move(n, to) {
    corners[n] = to;
    surface.querySelector(`[data-n="${n}"]`).style.cssText = `left:${to[0] * 100}%;top:${to[1] * 100}%`;
    say();
  }

  surface.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    if (!event.target.dataset.n) { corners.push(place(event)); draw(corners.length - 1); }
    held = event.target.dataset.n ? +event.target.dataset.n : corners.length - 1;
    surface.querySelector(`[data-n="${held}"]`).focus();
    surface.setPointerCapture(event.pointerId);
  });
  surface.addEventListener("pointermove", (event) => { if (held >= 0) move(held, place(event)); });
  for (const end of ["pointerup", "pointercancel"]) surface.addEventListener(end, () => { held = -1; });
  surface.addEventListener("keydown", (event) => {
    const n = event.target.dataset.n, by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (n && event.key === "Delete") { corners.splice(+n, 1); draw(Math.min(+n, corners.length - 1)); }
    if (n && by) { event.preventDefault(); move(+n, corners[+n].map((share, axis) => inside(share + by[axis] * STEP))); }
  });
  form.addEventListener("input", say);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("click", async (event) => {
    const { do: what, zone } = event.target.dataset;
    if (what === "undo") { corners.pop(); draw(); }
    if (what === "clear") { corners = []; draw(); }
    if (what === "copy" && text.value) {
      text.select();
      const written = await navigator.clipboard?.writeText(text.value).then(() => true, () => false);
      if (written) status.textContent = box.dataset.copied;  // else the text is marked at least
    }
    if (zone) { const known = JSON.parse(zone); corners = known.corners; name.value = known.name; kind.value = known.kind; draw(); }
  });
  draw();
})();
