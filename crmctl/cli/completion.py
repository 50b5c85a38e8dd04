"""What shells complete: ids with titles, stages, pipelines, fields, users, views. Never fails, never speaks."""

from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

from crmctl.cli.options import Command
from crmctl.cli.session import Session
from crmctl.errors import BadValue, CrmError
from crmctl.model.choices import Choices
from crmctl.model.records import RecordType, read_id, record_type, type_of
from crmctl.model.standard_fields import REASONS
from crmctl.model.tasks import FINISHED
from crmctl.render.format_names import FORMATS
from crmctl.storage.interface import column

MOST = 200
"""Words a shell is offered at most."""

Items = Iterable[tuple[str, str]]


def complete(what: str, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the words of a kind that go on from what was typed, with their titles."""
    try:
        session = _session(ctx)
        # Pipelines may have stages of one name, and types fields: a word is offered once.
        found = {
            word: CompletionItem(word, help=title or None)
            for word, title in _KINDS[what](session, ctx, incomplete)
            if word.lower().startswith(incomplete.lower())
        }
    except (CrmError, OSError):
        return []
    return list(found.values())[:MOST]


def _session(ctx: click.Context) -> Session:
    """Return the session of a command that is being typed, with what its options say so far."""
    known = ctx.find_root().obj
    return known if isinstance(known, Session) else Session(())


def _ids(session: Session, _ctx: click.Context, incomplete: str) -> Items:
    reader = session.workspace.read()
    letter = incomplete[:1].upper()
    kinds = [kind for kind in RecordType if not letter or kind.prefix == letter]
    get_id, get_title = column("id"), column("title")
    for kind in kinds:
        rows = reader.scan(kind, ("id", "title"))
        start = incomplete.upper()
        wanted = [row for row in rows if str(get_id(row)).startswith(start)][:MOST]
        yield from ((str(get_id(row)), str(get_title(row) or "")) for row in wanted)


def _ids_and_stages(session: Session, ctx: click.Context, incomplete: str) -> Items:
    typed = [read_id(text) for text in ctx.params.get("targets") or ()]
    known = next((record_id for record_id in typed if record_id), None)
    if known:
        record = session.workspace.read().get(known)
        pipeline = session.workspace.configuration.pipeline_by_id(record.pipeline) if record else None
        if pipeline:
            yield from ((stage.id, stage.title) for stage in pipeline.stages)
    yield from _ids(session, ctx, incomplete)


def _tasks(session: Session, _ctx: click.Context, _incomplete: str) -> Items:
    """Offer the tasks that are open."""
    rows = session.workspace.read().scan(RecordType.TASK, ("id", "title", "status"))
    return [(row.f_id, row.f_title or "") for row in rows if row.f_status not in FINISHED]


def _templates(session: Session, _ctx: click.Context, _incomplete: str) -> Items:
    return _choices(session.workspace.configuration.tasks_book().template_choices)


def _results(session: Session, ctx: click.Context, _incomplete: str) -> Items:
    """Offer the results of the task that is named, or of all."""
    book, named = session.workspace.configuration.tasks_book(), read_id(str(ctx.params.get("task") or ""))
    task = session.workspace.read().get(named) if named else None
    return _choices(
        book.choices_of(task.text("type"), task.text("template")) if task else book.result_choices
    )


def _types(_session: Session, _ctx: click.Context, _incomplete: str) -> Items:
    for kind in RecordType:
        yield from ((kind.value, ""), (kind.table, ""))


def _pipelines(session: Session, ctx: click.Context, _incomplete: str) -> Items:
    return _choices(session.workspace.configuration.pipeline_choices(_kind(ctx)))


def _stages(session: Session, ctx: click.Context, _incomplete: str) -> Items:
    configuration = session.workspace.configuration
    named = ctx.params.get("pipeline")
    kind = _kind(ctx)
    for pipeline in configuration.pipelines:
        if named in ("", None, pipeline.id) and kind in (None, pipeline.record):
            yield from ((stage.id, stage.title) for stage in pipeline.stages)


def _reasons(session: Session, ctx: click.Context, _incomplete: str) -> Items:
    """Offer the reasons of the records that are named, or of all."""
    kind = _kind(ctx)
    for each in RecordType if kind is None else (kind,):
        fields = session.workspace.configuration.fields_of(each)
        for name in REASONS:
            yield from _choices(fields[name].choices if name in fields else None)


def _cohorts(session: Session, _ctx: click.Context, _incomplete: str) -> Items:
    yield from (("created", ""), ("closed", ""))
    for pipeline in session.workspace.configuration.pipelines:
        yield from ((f"entered:{stage.id}", stage.title) for stage in pipeline.stages)


def _periods(session: Session, _ctx: click.Context, _incomplete: str) -> Items:
    words = [f"{which}-{unit}" for which in ("this", "last") for unit in ("week", "month", "quarter", "year")]
    return [*((word, "") for word in words), ("next-month", ""), (f"{session.workspace.now:%Y-%m}", "")]


def _fields(session: Session, ctx: click.Context, incomplete: str) -> Items:
    kind = _kind(ctx)
    head, comma, _ = incomplete.rpartition(",")
    for each in RecordType if kind is None else (kind,):
        for field in session.workspace.configuration.fields_of(each).values():
            yield f"{head}{comma}{field.name}", field.title


def _assignments(session: Session, ctx: click.Context, incomplete: str) -> Items:
    """Offer fields, and once one is named, the values it may have."""
    name, mark, _ = incomplete.partition("=")
    configuration = session.workspace.configuration
    kind = _kind(ctx)
    for each in RecordType if kind is None else (kind,):
        if not mark:
            fields = configuration.fields_of(each).values()
            yield from ((f"{field.name}=", field.title) for field in fields if not field.computed)
            continue
        try:
            choices = configuration.field(each, name).choices
        except BadValue:
            continue
        yield from ((f"{name}={word}", title) for word, title in _choices(choices))


def _parts(_session: Session, _ctx: click.Context, incomplete: str) -> Items:
    from crmctl.cli.commands.show import PARTS

    head, comma, _ = incomplete.rpartition(",")
    return [(f"{head}{comma}{part}", "") for part in PARTS]


def _listed_kinds(_session: Session, _ctx: click.Context, _incomplete: str) -> Items:
    from crmctl.model.blacklist import ListedKind

    return [(each.value, "") for each in ListedKind]


def _rules(_session: Session, _ctx: click.Context, incomplete: str) -> Items:
    from crmctl.workspace.known_rules import known_rules

    head, comma, _ = incomplete.rpartition(",")
    return [(f"{head}{comma}{rule.id}", rule.finds) for rule in known_rules()]


def _users(session: Session, _ctx: click.Context, _incomplete: str) -> Items:
    return _choices(session.workspace.configuration.user_choices)


def _views(session: Session, _ctx: click.Context, _incomplete: str) -> Items:
    from crmctl.workspace.listing import known_views

    views = known_views(session.workspace, session.workspace.read())
    return [(name, view.where) for name, view in views.items()]


def _formats(_session: Session, ctx: click.Context, _incomplete: str) -> Items:
    names = ctx.command.formats if isinstance(ctx.command, Command) else FORMATS
    return [(name, "") for name in names]


def _runs(session: Session, _ctx: click.Context, _incomplete: str) -> Items:
    return [(run.id, f"{run.op} by {run.by}") for run in reversed(session.workspace.read().runs())]


def _topics(_session: Session, _ctx: click.Context, _incomplete: str) -> Items:
    from crmctl.cli.group import SECTIONS
    from crmctl.cli.topics import TOPICS

    commands = {name: told for section in SECTIONS.values() for name, told in section.items()}
    return [*commands.items(), *((name, "") for name in TOPICS)]


def _choices(choices: Choices | None) -> Items:
    return [(choice.id, choice.title) for choice in choices.items] if choices else []


def _kind(ctx: click.Context) -> RecordType | None:
    """Return the record type that the words typed so far are about, if they say so."""
    named = ctx.params.get("record")
    if isinstance(named, str) and named:
        try:
            return type_of(known) if (known := read_id(named)) else record_type(named)
        except CrmError:
            return None
    ids = ctx.params.get("ids") or ctx.params.get("targets") or ()
    known = next((found for text in ids if (found := read_id(text))), None)
    return type_of(known) if known else None


_KINDS: dict[str, Callable[[Session, click.Context, str], Items]] = {
    "ids": _ids,
    "ids_and_stages": _ids_and_stages,
    "tasks": _tasks,
    "templates": _templates,
    "results": _results,
    "types": _types,
    "pipelines": _pipelines,
    "stages": _stages,
    "reasons": _reasons,
    "cohorts": _cohorts,
    "periods": _periods,
    "fields": _fields,
    "assignments": _assignments,
    "users": _users,
    "views": _views,
    "formats": _formats,
    "runs": _runs,
    "topics": _topics,
    "parts": _parts,
    "listed_kinds": _listed_kinds,
    "rules": _rules,
}
