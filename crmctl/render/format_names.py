"""The names of the output formats, apart from what they load: every command knows them before it runs."""

from collections.abc import Sequence

from crmctl.errors import WrongUse

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "yaml", "markdown", "html", "ids")
"""The formats of records and reports; `crmctl.render.formats` has a module for each."""

FINDING_FORMATS = ("text", "parsable", "json", "github", "sarif", "junit")
"""The formats of findings; `crmctl.render.findings` has a module for each."""

TEST_FORMATS = ("text", "tap", "junit", "github", "json")
"""The formats of tests of the process; `crmctl.render.process_tests` has a module for each."""
PLAN_FORMATS = ("text", "json", "ids")
"""The formats of what a changed configuration means."""


def check_format(name: str, known: Sequence[str]) -> None:
    """Raise WrongUse for a format that is not among those known."""
    if name not in known:
        from crmctl.text import names_hint

        raise WrongUse(f'unknown output format "{name}"', hint=names_hint(name, known))
