"""`crmctl create`."""

import click

from crmctl.cli.answer import Answer
from crmctl.cli.asking import run_asking
from crmctl.cli.documents import read_documents
from crmctl.cli.options import WriterCommand, partial_option, set_option
from crmctl.cli.session import Session
from crmctl.errors import WrongUse
from crmctl.model.records import record_type
from crmctl.rules.assignment import Assignment
from crmctl.text import comma_separated
from crmctl.workspace.create import Draft, create_records, drafts_of
from crmctl.workspace.outcome import Outcome


@click.command(
    "create",
    cls=WriterCommand,
    examples="""
    crmctl create lead "Ирина, опт" -s phone="(050) 123-45-67" -s source=instagram
    crmctl create deal "Весна" --pipeline wholesale -s amount=10000 -s contact=C-1
    crmctl create task --template cold_call --for L-7 --due tomorrow
    form.sh | crmctl create lead --from -
    """,
)
@click.argument("record", metavar="TYPE")
@click.argument("title", required=False, default="")
@set_option
@click.option("--pipeline", default="", metavar="PIPELINE", help="Where a lead or deal starts.")
@click.option("--stage", default="", metavar="STAGE", help="Its first stage, when not the pipeline's first.")
@click.option("--owner", default="", metavar="USER", help="Who works it.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="A tag. May be repeated.")
@click.option("--for", "clients", multiple=True, metavar="ID", help="A task's client. May be repeated.")
@click.option("--template", default="", metavar="TEMPLATE", help="What a task is made from.")
@click.option("--due", default="", metavar="WHEN", help="When a task is due.")
@click.option("--assignee", default="", metavar="USER", help="Who gets a task; else the client's owner.")
@click.option("--from", "source", metavar="FILE|-", help="JSON: an object, an array or one object a line.")
@click.option("--allow-duplicate", is_flag=True, help="Create a record that the match rules know already.")
@partial_option
@click.pass_obj
def command(
    session: Session,
    record: str,
    title: str,
    assignments: list[Assignment],
    pipeline: str,
    stage: str,
    owner: str,
    tags: tuple[str, ...],
    clients: tuple[str, ...],
    template: str,
    due: str,
    assignee: str,
    source: str | None,
    allow_duplicate: bool,
    partial: bool,
) -> int:
    """Create a record of TYPE: lead, contact, company, deal, product or task. Prints its id."""
    kind = record_type(record)
    of_task = {
        "for": _clients(session, clients),
        "template": (template,),
        "due": (due,),
        "assignee": (assignee,),
    }
    given = [*assignments, *_named(title=(title,), owner=(owner,), tags=tags, **of_task)]

    def create(drafts: list[Draft]) -> Outcome:
        return create_records(session.workspace, drafts, options, allow_duplicate=allow_duplicate)

    if source and given:
        raise WrongUse(
            "--from brings the fields itself", hint="leave out TITLE, -s and the options that set fields"
        )
    if source:
        options = session.bulk(partial=partial)
        outcome = create(drafts_of(kind, read_documents(source), pipeline, stage))
    else:
        options = session.writing
        outcome = run_asking(session, lambda extra: create([Draft(kind, (*given, *extra), pipeline, stage)]))
    return session.wrote(outcome, Answer.CREATED)


def _clients(session: Session, clients: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids of clients, be they named one by one, with commas, or on standard input."""
    return tuple(name for text in session.ids(clients) for name in comma_separated(text))


def _named(**texts: tuple[str, ...]) -> list[Assignment]:
    """Return the assignments of fields that have a place or an option of their own, where it was used."""
    return [Assignment(name, given) for name, given in texts.items() if any(given)]
