// The register of question types: a type is one file here and one line below.

import * as date from "./date.js";
import * as dateTime from "./date_time.js";
import * as duration from "./duration.js";
import * as longText from "./long_text.js";
import * as multipleChoice from "./multiple_choice.js";
import * as note from "./note.js";
import * as number from "./number.js";
import * as percentage from "./percentage.js";
import { repeatGroup } from "./repeat_group.js";
import * as scale from "./scale.js";
import * as shortText from "./short_text.js";
import * as singleChoice from "./single_choice.js";
import * as time from "./time.js";
import * as unknown from "./unknown.js";
import * as yesNo from "./yes_no.js";

const TYPES = {
  date,
  date_time: dateTime,
  duration,
  long_text: longText,
  multiple_choice: multipleChoice,
  note,
  number,
  percentage,
  repeat_group: repeatGroup(renderer),
  scale,
  short_text: shortText,
  single_choice: singleChoice,
  time,
  yes_no: yesNo,
};

/** The {draw, words, errors} of a question type; one that this version does not know says so. */
export function renderer(type) {
  const found = isKnown(type) ? TYPES[type] : unknown;
  return { draw: (options) => found.draw(filledIn(options)), words: found.words, errors: found.errors };
}

/** Whether this version of the client can draw a type. */
export function isKnown(type) {
  return Object.hasOwn(TYPES, type);
}

function filledIn(options) {
  const pointer = options.pointer ?? `/answers/${options.question.key}`;
  return {
    id: `q${pointer.replaceAll("/", "-")}`,
    errors: [],
    compact: false,
    clearable: false,
    onAnswer: () => {},
    onDone: () => {},
    named: () => undefined,
    ...options,
    pointer,
  };
}
