"""A line of a file of rates or of advertising spend cannot be read.

It has a date, a currency or a source that there is not, no number, or fewer columns than the file must
have. Reports that need the file say so and stop at that line; everything else works.
"""

from collections.abc import Iterator

from crmctl.config.document import Document, Fault, Mark, Node
from crmctl.config.project import Project
from crmctl.config.rates import rate_lines
from crmctl.config.rule import Rule
from crmctl.config.spend import spend_lines
from crmctl.errors import BadValue, NotFound

RULE = Rule("reference-data-line")


def check(project: Project) -> Iterator[Fault]:
    """Yield the lines that are wrong."""
    configuration = project.configuration if project.figures else None
    if configuration is None:
        return
    rates = configuration.rates
    if isinstance(rates, str) and rates in project.figures:
        yield from _faults(rates, rate_lines(project.folder, rates))
    if configuration.spend in project.figures:
        yield from _faults(configuration.spend, spend_lines(project.folder, configuration))


def _faults(name: str, lines: Iterator[tuple[int, object]]) -> Iterator[Fault]:
    try:
        for number, found in lines:
            if isinstance(found, BadValue):
                document = Document(name, value_marks={(): Mark(number, 1)})
                yield Fault(Node(document, (), None), found.reason, found.hint or "")
    except NotFound as error:
        yield Fault(Node(Document(name), (), None), error.message, error.hint or "")
