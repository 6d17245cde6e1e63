// Canonical JSON (RFC 8785): the same text for the same value as schemas/canonical.py, and so the same hash.

const MOST = 2 ** 53;
const LEAST = 1e-4; // smaller fractions are written with an exponent by the server's language: refused by both

/** A value that JSON cannot carry safely. */
export class NotJson extends Error {}

/** The canonical text of a JSON value; a key without a value (undefined) is left out. */
export function canonical(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object") return object(value);
  throw new NotJson(`There is no JSON for ${typeof value}.`);
}

/** A promise of the SHA-256 of the canonical text, in hexadecimal. */
export async function contentHash(value) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(value)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The value as it is sent: plain JSON, and half a character pair made a replacement character. */
export function plain(value) {
  const whole = (_, one) => (typeof one === "string" ? one.replace(LONE, "\ufffd") : one);
  const made = JSON.parse(JSON.stringify(value, whole));
  canonical(made); // throws on what would be refused
  return made;
}

const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function object(value) {
  const keys = Object.keys(value).filter((key) => value[key] !== undefined).sort(); // by UTF-16 code unit
  return `{${keys.map((key) => `${text(key)}:${canonical(value[key])}`).join(",")}}`;
}

function text(value) {
  if (value.search(LONE) !== -1) throw new NotJson("The text holds half of a character.");
  return JSON.stringify(value);
}

function number(value) {
  const sound = Number.isInteger(value) ? Math.abs(value) <= MOST : Math.abs(value) >= LEAST;
  if (!Number.isFinite(value) || !sound) throw new NotJson("The number cannot be held exactly.");
  return String(value === 0 ? 0 : value);
}
