"""What a standard report is: the question it answers, its columns and what each means, what it can be asked besides."""

from collections.abc import Mapping

import msgspec

from crmctl.model.records import RecordType
from crmctl.model.table import Column
from crmctl.reports.cohort import Event


class Option(msgspec.Struct, frozen=True):
    """Something that one report alone can be asked: a word among `choices`, any text, or (a `flag`) just itself.

    `name` is as Python has it, so that `from_history` is `--from-history`.
    """

    name: str
    help: str
    metavar: str = "TEXT"
    choices: tuple[str, ...] = ()
    default: str = ""
    flag: bool = False
    required: bool = False

    @property
    def typed(self) -> str:
        """The option as it is typed."""
        return f"--{self.name.replace('_', '-')}"


class Definition(msgspec.Struct, frozen=True):
    """A report as it is listed, asked for and explained.

    `meanings` are the definitions of columns by their name. `kinds` are the types of records whose pipelines it is
    over where none is named. `event` is what puts a record into the report where no cohort is named: the
    period cuts by it; without one the report says in `period` what its period means. `of_type` marks a
    report whose argument is a type of record and not a pipeline. `chart` is the column that is drawn, or several of
    one kind with commas between them. `further` are the columns of other tables than the first.
    """

    name: str
    question: str
    columns: tuple[Column, ...]
    meanings: Mapping[str, str]
    kinds: tuple[RecordType, ...] = (RecordType.DEAL,)
    event: Event | None = None
    period: str = ""
    options: tuple[Option, ...] = ()
    examples: tuple[str, ...] = ()
    of_type: bool = False
    chart: str = ""
    further: tuple[Column, ...] = ()
