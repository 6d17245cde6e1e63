// About the leader: one page, drawn like any form from the study's own instrument; only what it requires is required.

import { call } from "../core/api.js";
import { isInstalled } from "../core/device.js";
import { h } from "../core/dom.js";
import { go } from "../core/router.js";
import { label, say } from "../core/words.js";
import { formErrors } from "../form/checks.js";
import { prune } from "../form/flow.js";
import * as account from "../store/account.js";
import * as instruments from "../store/instruments.js";
import { saveProfile } from "../sync/profile.js";
import { refreshStudy } from "../sync/study.js";
import { backLink, button, errorSummary, linkButton, once } from "./parts.js";
import { ProfileSheet } from "./profile-sheet.js";
import { sentence, tellIn } from "./refusal.js";

/** Show the profile as it is on this phone: typed, waiting to be sent, or sent. */
export async function profile() {
  const instrument = (await asking()) ?? ((await refreshStudy()) ? await asking() : null);
  const kept = await account.read();
  if (!instrument) return nothing(kept);
  const form = instrument.forms.find((one) => one.contingency === "once");
  const answers = kept.profile_typed ?? kept.profile_waiting ?? kept.profile ?? (await stored());
  if (!answers && !kept.arriving) return nothing(kept, "no_connection"); // what is saved replaces all of it
  return new Screen(kept, instrument, form, structuredClone(answers ?? {})).screen();
}

/** Where a leader who has just joined goes after the profile: to the steps of installing, once. */
function onward(kept) {
  return kept.arriving && !kept.installing_shown && !isInstalled() ? "/install" : kept.arriving ? "/" : "/settings";
}

class Screen {
  constructor(kept, instrument, form, answers) {
    Object.assign(this, { kept, instrument, form, answers });
    this.sheet = new ProfileSheet(instrument, form, answers, () => this.keep());
  }

  screen() {
    const title = label(this.form.label, this.instrument.default_language);
    this.summary = h("div");
    this.trouble = h("div");
    const node = h("form", { novalidate: true, onsubmit: (event) => this.submitted(event) },
      !this.kept.arriving && backLink("/settings"),
      this.summary,
      h("h1", null, title),
      h("p", { class: "hint" }, say("profile_about")),
      this.kept.profile_waiting && h("p", { class: "notice notice-wait" }, say("profile_waits")),
      this.sheet.nodes(),
      this.trouble,
      h("div", { class: "bar actions" },
        h("button", { class: "button" }, say("check_save")),
        this.kept.arriving && button(say("profile_later"), () => go(onward(this.kept), { replace: true }), "button-quiet"),
      ),
    );
    return { title, node, leave: () => this.writing };
  }

  keep() {
    this.writing = account.save({ profile_typed: this.answers });
  }

  submitted(event) {
    event.preventDefault();
    once({ currentTarget: event.submitter ?? event.target }, () => this.save());
  }

  async save() {
    const answers = prune(this.instrument, this.form.kind, this.answers);
    if (this.complain(formErrors(this.instrument, this.form.kind, answers))) return;
    await this.writing;
    try {
      if (await saveProfile(answers)) return void (await go(onward(this.kept), { replace: true }));
      tellIn(this.trouble, say("profile_offline"), linkButton(onward(this.kept), say("continue"), true));
    } catch (error) {
      const named = error.errors?.map((one) => ({ ...one, question: one.pointer.split("/")[2] })) ?? [];
      if (!this.complain(named)) tellIn(this.trouble, sentence(error));
    }
  }

  /** Mark what is wrong, and say so first; whether anything is. */
  complain(errors) {
    const named = this.sheet.mark(errors);
    this.summary.replaceChildren();
    if (!named.length) return false;
    const box = errorSummary(named);
    this.summary.replaceChildren(box);
    box.focus();
    return true;
  }
}

async function asking() {
  const found = await instruments.all();
  return found.find((one) => one.offered !== false && one.forms.some((form) => form.contingency === "once"));
}

async function stored() {
  try {
    const { answers } = (await call("GET", "/v1/me/profile")).body;
    await account.save({ profile: answers });
    return answers;
  } catch (error) {
    sentence(error); // no answer, or none for us: what is typed now is kept all the same
    return null;
  }
}

/** No connection since joining, or a study that asks for no profile. */
function nothing(kept, why = "profile_none") {
  const title = say("profile_title");
  const node = h("section", null,
    h("h1", null, title),
    h("p", null, say(why)),
    h("p", { class: "actions" }, linkButton(onward(kept), say("continue"))),
  );
  return { title, node };
}
