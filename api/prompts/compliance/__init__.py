"""What became of a study's prompts: figures, attrition, the CREMAS table, and whom to give a nudge."""
