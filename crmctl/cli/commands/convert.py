"""`crmctl convert`."""

import click
import msgspec

from crmctl.cli.answer import Answer
from crmctl.cli.asking import run_asking
from crmctl.cli.choosing import choose_pipeline
from crmctl.cli.options import WriterCommand, ids_argument, partial_option, set_option
from crmctl.cli.session import Session
from crmctl.rules.assignment import Assignment
from crmctl.workspace.convert import ConvertRequest, convert_leads
from crmctl.workspace.outcome import Outcome


@click.command(
    "convert",
    cls=WriterCommand,
    examples="""
    crmctl convert L-7 --to contact,company,deal --pipeline wholesale
    crmctl convert L-7 --to deal --contact C-3 --pipeline retail -s amount=4200
    crmctl convert L-7 --to contact -s contact.contact_type=client
    """,
)
@ids_argument
@click.option("--to", multiple=True, metavar="TYPE,TYPE", help="Any of contact, company and deal.")
@click.option("--pipeline", default="", metavar="PIPELINE", help="The deal's pipeline.")
@click.option("--stage", default="", metavar="STAGE", help="The deal's stage, when not the first.")
@click.option("--contact", default="", metavar="ID", help="A known contact to use.")
@click.option("--company", default="", metavar="ID", help="A known company to use.")
@set_option
@partial_option
@click.pass_obj
def command(
    session: Session,
    ids: tuple[str, ...],
    to: tuple[str, ...],
    pipeline: str,
    stage: str,
    contact: str,
    company: str,
    assignments: list[Assignment],
    partial: bool,
) -> int:
    """Turn leads into a contact, a company and a deal, or some of them. Prints the new ids.

    -s contact.position=Owner names the record that a field is for; without a name every new record
    that has the field gets it.
    """
    named = session.confirmed_ids("convert", ids)
    asked = ConvertRequest(to, pipeline, stage, contact, company, tuple(assignments))
    asked = choose_pipeline(session, asked)

    def act(extra: list[Assignment]) -> Outcome:
        whole = msgspec.structs.replace(asked, assignments=(*asked.assignments, *extra))
        return convert_leads(session.workspace, named, whole, session.bulk(partial=partial))

    return session.wrote(run_asking(session, act), Answer.CONVERTED)
