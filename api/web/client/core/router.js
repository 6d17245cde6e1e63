// The address after # is the screen: #/entry/ID/QUESTION. The browser's own back button works by itself.

const routes = [];
let main;
let shown = null;
let shownPath = "";
let turn = 0;
let failed = null;

/** Say what shows an address: "/entry/:id/:question?". `load(params)` gives {title, node, leave?, focus?}. */
export function define(pattern, load) {
  const names = [...pattern.matchAll(/:(\w+)/g)].map((found) => found[1]);
  const shape = pattern.replace(/\/:\w+\?/g, "(?:/([^/]+))?").replace(/:\w+/g, "([^/]+)");
  routes.push({ shape: new RegExp(`^${shape}$`), names, load });
}

/** Go to a screen. */
export function go(path, { replace = false } = {}) {
  const address = `#${path}`;
  if (address === location.hash) return show();
  if (replace) {
    history.replaceState(null, "", address);
    return show();
  }
  location.hash = address; // the listener shows it
  return Promise.resolve();
}

/** Go where the leader came from, or to a screen if they came from nowhere. */
export function back(otherwise = "/") {
  if (history.length > 1) history.back();
  else go(otherwise, { replace: true });
}

/** Which screen is shown. */
export function path() {
  const found = location.hash.startsWith("#/") ? location.hash.slice(1) : "/";
  return found.split("?")[0];
}

/** Draw the screen anew, in place: what it shows has changed. */
export function refresh() {
  return show({ again: true });
}

/** Begin to show screens in an element; `otherwise(error)` gives the screen for what went wrong. */
export function start(element, otherwise) {
  main = element;
  failed = otherwise;
  addEventListener("hashchange", () => {
    if (location.hash.startsWith("#/") || location.hash === "") show();
  });
  return show();
}

async function show({ again = false } = {}) {
  const mine = ++turn;
  const wanted = path();
  try {
    await shown?.leave?.();
    const screen = await load(wanted);
    if (mine === turn && screen) put(screen, wanted, again);
  } catch (error) {
    if (mine === turn) put(failed(error), wanted, again);
  }
}

function load(wanted) {
  for (const { shape, names, load: make } of routes) {
    const found = shape.exec(wanted);
    if (found) {
      const params = names.map((name, n) => [name, found[n + 1] && decodeURIComponent(found[n + 1])]);
      return make(Object.fromEntries(params));
    }
  }
  return go("/", { replace: true }).then(() => null);
}

function put(screen, wanted, again) {
  const stays = again && wanted === shownPath;
  const at = stays ? scrollY : 0;
  shown = screen;
  shownPath = wanted;
  document.title = screen.title;
  main.replaceChildren(screen.node);
  dispatchEvent(new CustomEvent("daybook-shown", { detail: { path: wanted } }));
  scrollTo(0, at);
  if (!stays) focusOn(screen.focus ?? main.querySelector("h1"));
}

function focusOn(element) {
  if (!element) return;
  if (element.tagName === "H1") element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
