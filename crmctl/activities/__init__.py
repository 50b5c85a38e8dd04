"""Tasks: what is to be created, what comes of a result, and which task is due when. Pure decisions, as in the rules."""
