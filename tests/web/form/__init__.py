"""The form engine of the phone client: conditions, checks, the way through a form, and each question type."""
