// The drawings of Insights: bars only, beside words that say the same. Their text is HTML, so that it grows with the reader's.

import { h, svg } from "../core/dom.js";

const GAP = 0.2;

/** A bar for each day, as tall as its number of the most; the days without one leave their place empty. */
export function strip(counts, most) {
  const bars = counts.map((n, at) => n > 0 && bar(at + GAP / 2, 10 - (n / most) * 10, 1 - GAP, (n / most) * 10));
  return drawing("strip", `0 0 ${counts.length} 10`, bars);
}

/** How far something went, 0 to 100, as a bar; `from` and `to` are drawn as a box that it may reach. */
export function share(percent, { from, to }) {
  return drawing("share", "0 0 100 10", [bar(0, 2.5, percent, 5), box(from, 0.5, to - from, 9)]);
}

/** Two numbers to compare, of the most: the filled one above, the outlined one below. */
export function pair(now, before, most) {
  return drawing("pair", "0 0 100 10", [
    now > 0 && bar(0, 0, (now / most) * 100, 5.5),
    before > 0 && box(0.5, 7, (before / most) * 99, 2.5),
  ]);
}

/** What the filled and the outlined shapes mean. */
export function legend(filled, outlined) {
  return h("ul", { class: "legend" },
    h("li", null, drawing("swatch", "0 0 10 10", [bar(0, 0, 10, 10)]), filled),
    h("li", null, drawing("swatch", "0 0 10 10", [box(0.5, 0.5, 9, 9)]), outlined),
  );
}

/** A row of a chart: what it is about, its number in words, and its drawing. */
export function chartRow(title, value, drawn) {
  return h("li", null, h("span", { class: "chart-label" }, title), h("span", { class: "chart-value" }, value), drawn);
}

function drawing(kind, viewBox, shapes) {
  return svg("svg", { class: kind, viewBox, preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" }, shapes);
}

function bar(x, y, width, height) {
  return svg("rect", { class: "bar-filled", x, y, width, height });
}

function box(x, y, width, height) {
  return svg("rect", { class: "bar-outlined", x, y, width, height });
}
