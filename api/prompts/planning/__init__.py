"""When prompts fall: pure functions of a schedule, a person and a day."""
