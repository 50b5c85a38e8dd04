"""What a rule is called and how much its findings weigh."""

import msgspec

from crmctl.model.finding import Severity


class Rule(msgspec.Struct, frozen=True):
    """A rule of `crmctl validate`: its id begins with its level.

    One that is `needed` cannot be silenced: without it the configuration is no use. One `of_all` looks at the
    workspace as a whole, and where a file of it is missing perhaps not at all.
    """

    id: str
    severity: Severity = Severity.ERROR
    needed: bool = True
    of_all: bool = False

    @property
    def level(self) -> str:
        """The level: syntax, schema, reference or style."""
        return self.id.partition("-")[0]


def style(name: str, *, of_all: bool = False) -> Rule:
    """Return a rule of the level style: a warning that may be silenced."""
    return Rule(f"style-{name}", Severity.WARNING, needed=False, of_all=of_all)
