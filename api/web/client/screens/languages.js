// The languages that a leader can choose, and what each calls itself.

import { spokenLanguages } from "../core/words.js";

const OWN_NAMES = { en: "English", cy: "Cymraeg" }; // few browsers know the Welsh name

/** The languages of the study and of its instruments, the study's first. */
export function offeredLanguages(me, instruments) {
  return [...new Set([...(me?.languages ?? ["en"]), ...instruments.flatMap((one) => one.languages ?? [])])];
}

/** Whether the client itself has words in it; otherwise only the study's questions are. */
export function hasOwnWords(code) {
  return spokenLanguages().includes(code);
}

/** What a language calls itself. */
export function languageName(code) {
  return OWN_NAMES[code] ?? new Intl.DisplayNames([code], { type: "language", fallback: "code" }).of(code);
}
