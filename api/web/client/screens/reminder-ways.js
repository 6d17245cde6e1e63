// How reminders come: the ways that this service has, and the addresses that two of them need.

import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import { choice, field, group } from "./reminder-fields.js";

const ADDRESSES = {
  email: { key: "email", type: "email", autocomplete: "email", is: /^[^@\s]+@[^@\s]+\.[^@\s]+$/ },
  sms: { key: "phone", type: "tel", autocomplete: "tel", is: /^\+?[0-9 ()-]{5,30}$/ },
};

/** The ways; `contact` is null where the addresses are not known here, and then they stay as they are. */
export function waysPart(view, contact) {
  const { offered, channels } = view;
  const boxes = offered.map((name) => choice("checkbox", "way", name, say(`way_${name}`), channels.includes(name)));
  const fields = offered.filter((name) => contact && ADDRESSES[name]).map((name) => address(name, contact));
  const node = group("reminders_how",
    offered.length ? h("div", { class: "choices" }, boxes.map((one) => one.node)) : h("p", { class: "hint" }, say("ways_none")),
    view.email_refused && h("p", { class: "notice notice-alarm" }, say("email_refused")),
    fields.map((one) => one.node),
    fields.length > 0 && h("p", { class: "hint" }, say("contact_about")),
  );
  const chosen = () => offered.filter((_, n) => boxes[n].input.checked);
  return {
    node,
    // What is not offered now was chosen once, and counts again when it is.
    choices: () => ({ channels: [...chosen(), ...channels.filter((one) => !offered.includes(one))] }),
    errors: () => fields.flatMap((one) => one.errors(chosen())),
    contact: () => changed(contact, fields),
  };
}

function address(name, contact) {
  const { key, type, autocomplete, is } = ADDRESSES[name];
  const { node, input } = field(`contact-${key}`, say(`contact_${key}`), contact[key], { type, autocomplete });
  const value = () => input.value.trim() || null;
  const wrong = (chosen) => {
    if (value()) return is.test(value()) ? null : say(`contact_${key}_wrong`);
    return chosen.includes(name) ? say(`contact_${key}_missing`) : null;
  };
  const errors = (chosen) => {
    const text = wrong(chosen);
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    return text ? [{ text, field: input }] : [];
  };
  return { node, key, value, errors };
}

/** All of the contact data, as the server replaces it, if an address was changed; null if not. */
function changed(contact, fields) {
  const typed = Object.fromEntries(fields.map((one) => [one.key, one.value()]));
  const is = Object.entries(typed).some(([key, value]) => value !== contact[key]);
  return is ? { ...contact, ...typed } : null;
}
