"""An import as it was typed, and what can be said against it before anything is decided."""

import msgspec

from crmctl.dates import check_pattern
from crmctl.errors import WrongUse, wrong_use
from crmctl.file_formats import format_by_suffix
from crmctl.importer.source import Source
from crmctl.importer.table import ReadOptions, Table
from crmctl.model.field import Conventions
from crmctl.model.records import RecordType
from crmctl.rules.create import stage_named
from crmctl.workspace.import_choices import Choices
from crmctl.workspace.own_files import same_file
from crmctl.workspace.putting_aside import check_moves
from crmctl.workspace.rejects_file import check_rejects_target, replaces_input
from crmctl.workspace.workspace import Workspace


class ImportRequest(msgspec.Struct, frozen=True):
    """An import as it was typed."""

    kind: RecordType
    files: tuple[str, ...]
    read: ReadOptions = ReadOptions()
    choices: Choices = Choices()
    maps: tuple[str, ...] = ()
    ignore_unknown: bool = False
    decimal: str = ""
    date_format: str = ""
    serial_dates: bool = False
    rejects: str = ""
    max_rejects: str = ""
    move_to: str | None = None
    profile: str = ""


def check_request(workspace: Workspace, asked: ImportRequest, *, partial: bool) -> None:
    """Raise WrongUse or NotFound for options that mean nothing, whatever the files hold."""
    workspace.configuration.check_kind(asked.kind)
    most_rejects(asked.max_rejects, 0)
    if asked.max_rejects and not partial:
        raise WrongUse(
            "--max-rejects bounds what --partial leaves out: without it one rejected row keeps all out",
            hint=f"--partial --max-rejects {asked.max_rejects}",
        )
    _check_place(workspace, asked)
    if asked.date_format:
        with wrong_use(f'--date-format "{asked.date_format}" '):
            check_pattern(asked.date_format)
    check_rejects_target(workspace, asked.rejects, "rejects.csv")
    if asked.move_to is not None:
        check_moves(workspace, asked.move_to, asked.files)
        if replaces_input(asked.rejects, asked.files):
            raise WrongUse(
                f"--rejects {asked.rejects} is a file that is imported: --move-to would put it aside",
                hint="name another file for the rejected rows",
            )


def _check_place(workspace: Workspace, asked: ImportRequest) -> None:
    configuration, choices = workspace.configuration, asked.choices
    if not asked.kind.staged:
        if choices.pipeline or choices.stage:
            raise WrongUse(f"{asked.kind.value} records have no stages")
        return
    named = configuration.pipeline(choices.pipeline, asked.kind) if choices.pipeline else None
    pipelines = [named] if named else configuration.pipelines_of(asked.kind)
    if not choices.stage or any(each.choices.get(choices.stage) for each in pipelines):
        return
    for pipeline in pipelines[:1]:
        stage_named(pipeline, choices.stage)


def check_rejects(asked: ImportRequest, files: list[tuple[Source, Table]]) -> None:
    """Raise WrongUse where rejected rows of unlike files would share one file, or take the place of an input.

    An input that holds rejected rows itself may be replaced by those that are left.
    """
    if not asked.rejects:
        return
    first, table = files[0]
    if format_by_suffix(asked.rejects) == "vcard" and any(each.format != "vcard" for _, each in files):
        raise WrongUse(
            f"--rejects {asked.rejects} is named like a file of cards, and what is imported holds none",
            hint="--rejects rejects.csv",
        )
    for source, other in files:
        if other.header != table.header:
            raise WrongUse(
                f"{source.name} has other columns than {first.name}: one rejects file cannot hold rows of both",
                hint="import them one by one",
            )
        whole = other.rejects and asked.read.limit is None
        if not whole and same_file(asked.rejects, source.name):
            raise WrongUse(
                f"--rejects {asked.rejects} is a file that is imported: its other rows would be lost",
                hint="name another file",
            )


def import_conventions(
    workspace: Workspace, asked: ImportRequest, table: Table, decimal: str = ""
) -> Conventions:
    """Return how the cells of a table are read; `decimal` is the mark if none is declared by hand. Raises WrongUse."""
    mark = {"": None, ".": ".", ",": ",", "point": ".", "comma": ","}.get(asked.decimal or decimal, "")
    if mark == "":
        raise WrongUse(f'--decimal "{asked.decimal}" is neither a point nor a comma')
    return msgspec.structs.replace(
        workspace.conventions,
        decimal_mark=mark,
        date_format=asked.date_format or None,
        longest=asked.read.field_limit,
        serial_dates=table.epoch if asked.serial_dates else "",
    )


def most_rejects(text: str, rows: int) -> float:
    """Return how many rows may be rejected under `--partial`. Raises WrongUse."""
    if not text:
        return rows
    number, percent = text.strip().removesuffix("%"), text.strip().endswith("%")
    try:
        most = float(number)
    except ValueError:
        most = -1
    if not 0 <= most < 1e15:
        raise WrongUse(f'--max-rejects "{text}" is neither a number nor a percentage')
    return most * rows / 100 if percent else most
