// What this device is, as far as it tells: only to name it, and to show the right steps of installing.

const IOS = /iPhone|iPad|iPod/;

/** "ios", "android" or "desktop". */
export function system() {
  const agent = navigator.userAgent;
  const touchMac = /Macintosh/.test(agent) && navigator.maxTouchPoints > 1; // an iPad says that it is a Mac
  if (IOS.test(agent) || touchMac) return "ios";
  return /Android/.test(agent) ? "android" : "desktop";
}

/** "iphone", "ipad", "android" or "computer": what its owner calls it. */
export function kind() {
  const agent = navigator.userAgent;
  if (/iPhone|iPod/.test(agent)) return "iphone";
  return { ios: "ipad", android: "android", desktop: "computer" }[system()];
}

/** Whether this runs from the home screen, or as an app of its own. */
export function isInstalled() {
  return navigator.standalone === true || matchMedia("(display-mode: standalone)").matches;
}
