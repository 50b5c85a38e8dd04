"""A comment silences a rule that does not exist, or names none.

`crmctl validate --list-rules` prints the ids that `# crmctl: ignore[rule-id, ...]` takes.
"""

from crmctl.config.rule import style

RULE = style("unknown-rule")
