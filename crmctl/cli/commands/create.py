"""`crmctl create`."""

import click

from crmctl.cli.answer import Answer
from crmctl.cli.asking import run_asking
from crmctl.cli.documents import read_documents
from crmctl.cli.field_options import field_options
from crmctl.cli.options import WriterCommand, partial_option
from crmctl.cli.session import Session
from crmctl.errors import WrongUse
from crmctl.model.records import record_type
from crmctl.rules.assignment import Assignment
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
@field_options
@click.option("--pipeline", default="", metavar="PIPELINE", help="Where a lead or deal starts.")
@click.option("--stage", default="", metavar="STAGE", help="Its first stage, when not the pipeline's first.")
@click.option("--from", "source", metavar="FILE|-", help="JSON: an object, an array or one object a line.")
@click.option("--allow-duplicate", is_flag=True, help="Create a record that the match rules know already.")
@partial_option
def command(
    session: Session,
    record: str,
    assignments: list[Assignment],
    pipeline: str,
    stage: str,
    source: str | None,
    allow_duplicate: bool,
    partial: bool,
) -> int:
    """Create a record of TYPE: lead, contact, company, deal, product or task. Prints its id."""
    kind = record_type(record)
    if source and assignments:
        raise WrongUse(
            "--from brings the fields itself", hint="leave out TITLE, -s and the options that set fields"
        )
    options = session.bulk(partial=partial) if source else session.writing

    def create(drafts: list[Draft]) -> Outcome:
        return create_records(session.workspace, drafts, options, allow_duplicate=allow_duplicate)

    def create_one(asked: list[Assignment]) -> Outcome:
        return create([Draft(kind, (*assignments, *asked), pipeline, stage)])

    if source:
        outcome = create(drafts_of(kind, read_documents(source), pipeline, stage))
    else:
        outcome = run_asking(session, create_one)
    return session.wrote(outcome, Answer.CREATED)
