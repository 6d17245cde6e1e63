// The receipt of a withdrawal: a letter to keep. Only after an erasure, and once it is kept, does the phone's copy go.

import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import * as signing from "../sync/signing.js";
import { button, once } from "./parts.js";
import { saveFile } from "./saving.js";

/** Show a receipt's letter, with a way to save it. */
export function receiptOf(receipt) {
  const save = () => saveFile(`daybook-receipt-${receipt.at.slice(0, 10)}.txt`, "text/plain", receipt.text);
  return h("section", { class: "card", id: "receipt", tabindex: "-1", "aria-labelledby": "receipt-title" },
    h("h2", { id: "receipt-title" }, say("receipt_title")),
    h("p", { class: "document" }, receipt.text),
    h("p", { class: "actions" }, button(say("receipt_save"), save, "button-quiet")),
    receipt.scope === "erase" && h("p", { class: "actions" },
      button(say("receipt_forget"), (event) => once(event, forgetHere), "button-alarm")),
  );
}

async function forgetHere() {
  if (confirm(say("receipt_forget_sure"))) await signing.forget();
}
