// Reminders, as the leader wants them: how, when, when not, and an end to all of them. Saved together, sent when it can be.

import { call } from "../core/api.js";
import * as clock from "../core/clock.js";
import { announce, h } from "../core/dom.js";
import { refresh } from "../core/router.js";
import { say } from "../core/words.js";
import * as account from "../store/account.js";
import { choicesOf, readReminders, saveReminders } from "../sync/reminders.js";
import { backLink, button, errorSummary, once } from "./parts.js";
import { sentence, tellIn } from "./refusal.js";
import { awayPart } from "./reminder-away.js";
import { calendarPart } from "./reminder-calendar.js";
import { pushPart } from "./reminder-push.js";
import { timesPart } from "./reminder-times.js";
import { waysPart } from "./reminder-ways.js";

/** Show the reminders as they are chosen. */
export async function reminders() {
  const { view, waits, fresh } = await readReminders();
  const kept = await account.save({ reminders_offer: false });
  if (!view) return nothing();
  return new Screen(view, { waits, fresh, me: kept.me, contact: fresh ? await contact() : null }).screen();
}

/** The addresses; null where they are not known here: then they cannot be changed. */
async function contact() {
  try {
    return (await call("GET", "/v1/me/contact")).body;
  } catch (error) {
    sentence(error); // said by what is not there
    return null;
  }
}

class Screen {
  constructor(view, known) {
    Object.assign(this, known, { view });
    this.parts = [waysPart(view, known.contact), timesPart(view, known.me), awayPart(view)];
  }

  async screen() {
    const title = say("reminders_title");
    this.summary = h("div");
    this.trouble = h("div");
    const node = h("section", null,
      backLink("/settings"),
      h("h1", null, title),
      !this.fresh && h("p", { class: "notice notice-wait" }, say("reminders_offline")),
      this.waits && h("p", { class: "notice notice-wait" }, say("profile_waits")),
      this.standing(),
      h("form", { novalidate: true, onsubmit: (event) => this.submitted(event) },
        this.summary,
        this.parts.map((one) => one.node),
        this.trouble,
        h("p", { class: "actions" }, h("button", { class: "button wide" }, say("check_save"))),
      ),
      await pushPart(this.view),
      this.fresh && calendarPart(),
    );
    return { title, node };
  }

  /** Whether anything comes, and the one button that changes that. */
  standing() {
    const { stopped, next_at: next, paused_until: paused } = this.view;
    if (this.me?.prompts_stopped) return h("p", { class: "notice" }, say("reminders_ended"));
    const isPaused = paused && new Date(paused) > clock.now();
    const words = stopped ? say("reminders_stopped")
      : next ? say("prompt_next", { when: clock.coming(new Date(next)) })
      : isPaused ? say("reminders_paused", { day: clock.day(new Date(paused)) })
      : say("reminders_none");
    const key = stopped ? "reminders_start" : "reminders_stop";
    return h("div", { class: "card" },
      h("p", null, words),
      h("p", { class: "actions" }, button(say(key), (event) => once(event, () => this.stop(!stopped)), "button-quiet")),
    );
  }

  stop(stopped) {
    return this.send({ ...choicesOf(this.view), stopped });
  }

  submitted(event) {
    event.preventDefault();
    once({ currentTarget: event.submitter ?? event.target }, () => this.save());
  }

  async save() {
    const errors = this.parts.flatMap((one) => one.errors());
    this.summary.replaceChildren();
    if (errors.length) return this.complain(errors);
    const choices = Object.assign(choicesOf(this.view), ...this.parts.map((one) => one.choices()));
    await this.send(choices, this.parts[0].contact());
  }

  complain(errors) {
    const box = errorSummary(errors.map(({ text, field }) => ({ text, reach: () => field.focus() })));
    this.summary.replaceChildren(box);
    box.focus();
  }

  async send(choices, addresses = null) {
    try {
      if (addresses) await call("PUT", "/v1/me/contact", addresses);
      const sent = await saveReminders(choices);
      await refresh();
      announce(say(sent ? "reminders_kept" : "profile_offline"));
    } catch (error) {
      tellIn(this.trouble, sentence(error));
    }
  }
}

/** Nothing was ever heard of them on this phone, and no server answers now. */
function nothing() {
  const title = say("reminders_title");
  const again = button(say("failure_again"), (event) => once(event, refresh));
  const node = h("section", null,
    backLink("/settings"),
    h("h1", null, title),
    h("p", { class: "notice notice-wait" }, say("no_connection")),
    h("p", { class: "actions" }, again),
  );
  return { title, node };
}
