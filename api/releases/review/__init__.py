"""The review of free text: nothing that somebody wrote leaves before a person has cleared its redaction."""
