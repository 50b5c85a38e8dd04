"""`crmctl export`."""

import click

from crmctl.cli.options import Command
from crmctl.cli.session import Session
from crmctl.exporter.formats import EXPORTS
from crmctl.exporter.sheet import SheetOptions
from crmctl.model.records import record_type
from crmctl.text import comma_separated, plural
from crmctl.workspace.exporting import ExportRequest, export_records
from crmctl.workspace.listing import ListRequest


@click.command(
    "export",
    cls=Command,
    formats=EXPORTS,
    examples="""
    crmctl export deals deals.csv
    crmctl export leads leads.csv --where 'created_at >= -30d' --delimiter ';'
    crmctl export contacts phone.vcf --where 'tags = vip'
    crmctl export contacts outlook.csv --profile outlook
    """,
)
@click.argument("record", metavar="TYPE")
@click.argument("target", required=False, default="-", metavar="[FILE|-]")
@click.option("--where", default="", metavar="EXPR", help="Only records an expression is true of.")
@click.option("--view", default="", metavar="VIEW", help="A saved or built-in view.")
@click.option("--pipeline", default="", metavar="PIPELINE", help="Only this pipeline's records.")
@click.option("--sort", default="", metavar="FIELD,-FIELD", help="The order; - for falling.")
@click.option("--fields", default="", metavar="LIST", help="Columns; every field if not named.")
@click.option(
    "--profile", default="", metavar="NAME|FILE", help="The layout of another program, such as outlook."
)
@click.option("--delimiter", default="", metavar="CHAR", help="Between the cells of CSV, usually a comma.")
@click.option("--encoding", default="utf-8", metavar="NAME", help="Of CSV and TSV.")
@click.option("--bom", is_flag=True, help="Mark UTF-8 so that Excel knows it.")
@click.option(
    "--no-escape-formulas", is_flag=True, help="Leave cells that a spreadsheet would run as they are."
)
@click.option("--vcard", default="4.0", metavar="VERSION", help="Of vCards: 4.0 (usual) or 3.0.")
@click.pass_obj
def command(
    session: Session,
    record: str,
    target: str,
    where: str,
    view: str,
    pipeline: str,
    sort: str,
    fields: str,
    profile: str,
    delimiter: str,
    encoding: str,
    bom: bool,
    no_escape_formulas: bool,
    vcard: str,
) -> None:
    """Write the records of TYPE to a file that import reads back as they are."""
    which = ListRequest(record_type(record), where, view, pipeline, sort, comma_separated(fields))
    options = SheetOptions(delimiter, encoding, bom, not no_escape_formulas, vcard)
    asked = ExportRequest(which, target, session.format, options, profile)
    exported = export_records(session.lenient_workspace, asked)
    if target != "-":
        session.output.status(f"{plural(exported.count, 'record')} written to {target}")
    if exported.left_out:
        session.output.note(f"{plural(exported.left_out, 'record')} left out: access lets you view them only")
