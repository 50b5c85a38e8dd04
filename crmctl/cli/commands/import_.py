"""`crmctl import`."""

from typing import Any

import click

from crmctl.cli.emit_import import emit_import
from crmctl.cli.options import WriterCommand, set_option
from crmctl.cli.reading_options import read_options, reading_options
from crmctl.cli.session import Session
from crmctl.importer.csv_reader import LONGEST
from crmctl.model.field_types.base import LONGEST_TEXT
from crmctl.model.records import record_type
from crmctl.text import comma_separated
from crmctl.workspace.import_choices import Choices, OnDuplicate
from crmctl.workspace.import_request import ImportRequest
from crmctl.workspace.importing import import_records


@click.command(
    "import",
    cls=WriterCommand,
    examples="""
    crmctl import leads leads.csv
    crmctl import leads form.csv --map "Сумма=amount" --ignore-unknown --dry-run
    crmctl import contacts phone.vcf --key email --on-duplicate update
    crmctl import deals d.xlsx --map "Клиент=contact.title" --rejects bad.xlsx
    """,
)
@click.argument("record", metavar="TYPE")
@click.argument("files", nargs=-1, required=True, metavar="FILE...|-")
@reading_options
@click.option("--ignore-unknown", is_flag=True, help="Pass over columns that are no field.")
@click.option("--key", default="", metavar="FIELD,...", help="Find known records by these fields.")
@click.option(
    "--on-duplicate",
    type=click.Choice([mode.value for mode in OnDuplicate if mode.value]),
    default=None,
    metavar="MODE",
    help="A record that is known: skip (usual), update, fill, error or create.",
)
@set_option
@click.option("--pipeline", default="", metavar="PIPELINE", help="For rows that name none.")
@click.option("--stage", default="", metavar="STAGE", help="For rows that name none.")
@click.option("--owner", default="", metavar="USER", help="For rows that name none.")
@click.option(
    "--field-limit",
    type=click.IntRange(min=1, max=LONGEST),
    default=LONGEST_TEXT,
    metavar="N",
    help=f"Characters that a cell may have ({LONGEST_TEXT:,} if not said).",
)
@click.option("--limit", type=click.IntRange(min=0), default=0, metavar="N", help="At most N rows (0: all).")
@click.option(
    "--rejects", default="", metavar="FILE", help="Write rejected rows here, to mend and import again."
)
@click.option("--run-actions", is_flag=True, help="Carry out the actions of the stages that records come to.")
@click.option("--partial", is_flag=True, help="Import the rows that are not rejected (exit 7 if any is).")
@click.option(
    "--max-rejects",
    default="",
    metavar="N|P%",
    help="Under --partial, write nothing beyond this many rejects.",
)
@click.option("--move-to", metavar="DIR", help="Put the files there once they are in.")
@click.pass_obj
def command(session: Session, /, record: str, files: tuple[str, ...], **options: Any) -> int:
    """Import records of TYPE from files, all or nothing, as one run that can be undone."""
    summary = import_records(
        session.workspace, request(record, files, options), session.bulk(partial=options["partial"])
    )
    return emit_import(session.output, summary, session.workspace)


def request(record: str, files: tuple[str, ...], options: dict[str, Any]) -> ImportRequest:
    """Return the request that the options make."""
    read = read_options(options, limit=options["limit"] or None, field_limit=options["field_limit"])
    choices = Choices(
        key=comma_separated(options["key"]),
        on_duplicate=OnDuplicate(options["on_duplicate"] or ""),
        assignments=tuple(options["assignments"]),
        pipeline=options["pipeline"],
        stage=options["stage"],
        owner=options["owner"],
        run_actions=options["run_actions"],
    )
    return ImportRequest(
        record_type(record),
        files,
        read,
        choices,
        maps=options["maps"],
        ignore_unknown=options["ignore_unknown"],
        decimal=options["decimal"],
        date_format=options["date_format"],
        serial_dates=options["excel_serial_dates"],
        rejects=options["rejects"],
        max_rejects=options["max_rejects"],
        move_to=options["move_to"],
        profile=options["profile"],
    )
