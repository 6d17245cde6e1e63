// Numbers as people type them.

import { h } from "../../core/dom.js";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;
const GROUPED = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/;

/** A plain input for a number; `onNumber` hears a number, undefined, or as text what is no number. */
export function numberInput({ id, answer, decimals = 0, low = 0 }, onNumber) {
  // A phone's number pad has no minus.
  const pad = low < 0 ? "text" : decimals > 0 ? "decimal" : "numeric";
  const input = h("input", { type: "text", id, inputmode: pad, autocomplete: "off", enterkeyhint: "next" });
  input.value = answer ?? "";
  input.addEventListener("input", () => onNumber(parsed(input.value, decimals)));
  return input;
}

/** The number that a text stands for; undefined of none; the text itself where it is no number. */
export function parsed(text, decimals = 0) {
  const plain = text.replace(/\s/g, "").replace(/\u2212/g, "-");
  if (plain === "") return undefined;
  // "1,000" is a thousand unless thousandths are asked for; any other comma is a decimal point.
  const isGrouped = GROUPED.test(plain) && (decimals < 3 || plain.includes("."));
  const pointed = isGrouped ? plain.replaceAll(",", "") : plain.replace(",", ".");
  return NUMBER.test(pointed) ? Number(pointed) : text;
}
