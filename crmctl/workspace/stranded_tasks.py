"""Tasks whose template, type, result or user the configuration no longer has: nothing migrates them, they go on."""

from collections.abc import Iterator
from shlex import quote

import msgspec

from crmctl.model.configuration import Configuration
from crmctl.model.records import RecordType
from crmctl.storage.interface import Reader
from crmctl.workspace.gone_values import gone_values
from crmctl.workspace.task_clients import open_rows

_TOLD = ("type", "template", "assignee", "result")


class StrandedTasks(msgspec.Struct, frozen=True):
    """Tasks that hold a value that is gone; `list` is the command that lists them."""

    field: str
    value: str
    tasks: tuple[str, ...]
    list: str


def stranded_tasks(configuration: Configuration, reader: Reader) -> Iterator[StrandedTasks]:
    """Yield the tasks that are left with what is gone: of templates, types and users those that are open.

    While the rules for tasks have errors nobody knows what is gone.
    """
    if configuration.task_book is None or not reader.count(RecordType.TASK):
        return
    fields = configuration.fields_of(RecordType.TASK)
    found = gone_values(RecordType.TASK, [fields[name] for name in _TOLD], reader)
    still_open = {row.f_id for row in open_rows(reader, ("id",))} if found else set()
    for name in [each for each in _TOLD if each in found]:
        over_too = name == "result"
        for value, ids in sorted(found[name].items()):
            tasks = tuple(each for each in ids if over_too or each in still_open)
            if tasks:
                where = f"{'' if over_too else 'open and '}{name} = {value}"
                yield StrandedTasks(name, value, tasks, f"crmctl filter tasks {quote(where)}")
