// Which version of a study's documents counts. It stands apart: Today asks it, and needs no screen of consent for that.

/** The newest version of one of a study's documents. */
export function newest(documents, kind) {
  const found = documents.filter((one) => one.kind === kind);
  return found.reduce((best, one) => (one.version > (best?.version ?? 0) ? one : best), null);
}

/** Whether the study's form is newer than what this leader agreed to. */
export function needsConsent({ me, documents }) {
  const form = documents?.length && newest(documents, "consent");
  return Boolean(form && me?.status === "enrolled" && (me.consent_version ?? 0) < form.version);
}
