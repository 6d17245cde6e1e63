// Makes the nodes of a screen. No HTML is ever parsed: what a leader wrote stays text.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element: h("p", {class: "hint", onclick: f}, "text", child). */
export function h(tag, props, ...children) {
  return filled(document.createElement(tag), props, children);
}

/** Make an element of a drawing. */
export function svg(tag, props, ...children) {
  return filled(document.createElementNS(SVG, tag), props, children);
}

/** Show these children instead of what was there. */
export function replace(parent, ...children) {
  parent.replaceChildren(...nodes(children));
  return parent;
}

/** Let a screen reader say something that changed elsewhere on the page. */
export function announce(text) {
  const region = document.getElementById("announcer");
  if (region) region.textContent = text;
}

function filled(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) set(element, name, value);
  element.append(...nodes(children));
  return element;
}

function set(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "dataset") Object.assign(element.dataset, value);
  else if (name === "value") element.value = value;
  else if (name === "checked" || name === "disabled" || name === "hidden") element[name] = Boolean(value);
  else element.setAttribute(name, value === true ? "" : String(value));
}

function nodes(children) {
  return children.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false);
}
