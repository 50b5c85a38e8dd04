"""A comment silences a rule that has nothing to say there.

`# crmctl: ignore[rule-id]` works on its own line. One that is left over hides the next fault on that
line; and errors without whose cure nothing works (of the levels syntax and schema, and most references)
cannot be silenced.
"""

from crmctl.config.rule import style

RULE = style("unused-ignore")
