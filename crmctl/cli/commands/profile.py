"""`crmctl profile`."""

from typing import Any

import click

from crmctl.cli.emit_findings import emit_findings
from crmctl.cli.emit_profiles import emit_profiles, emit_surveys
from crmctl.cli.options import Command, Group
from crmctl.cli.reading_options import read_options, reading_options
from crmctl.cli.session import Session
from crmctl.render.format_names import FINDING_FORMATS, FORMATS
from crmctl.workspace.profile_survey import Asked


@click.group("profile", cls=Group)
def command() -> None:
    """List, show, check or draft the profiles by which files of other programs are imported."""


@command.command(
    "list",
    cls=Command,
    examples="""
    crmctl profile list
    crmctl profile list -o json
    """,
)
@click.pass_obj
def list_all(session: Session) -> None:
    """List the profiles, the workspace's own and those that are shipped."""
    from crmctl.workspace.profiles import list_profiles

    found, profiles = list_profiles(session.settings)
    for fault in profiles.faults:
        session.output.warning(f"{fault.place}: {fault.message}", f"crmctl profile check {fault.path}")
    emit_profiles(session.output, found)


@command.command(
    "show",
    cls=Command,
    examples="""
    crmctl profile show bitrix24-deals
    crmctl profile show bitrix24-deals > profiles/our-deals.yaml
    crmctl profile show amocrm-deals -o json
    """,
)
@click.argument("profile", metavar="PROFILE")
@click.pass_obj
def show(session: Session, profile: str) -> None:
    """Print a profile, as its YAML stands."""
    from crmctl.workspace.profiles import profile_data, profile_path, profile_text

    path = profile_path(session.settings, profile)
    if session.output.format in ("json", "jsonl"):
        session.output.json(profile_data(path))
    else:
        session.output.document(profile_text(path))


_type_option = click.option(
    "--type",
    "record",
    default="",
    metavar="TYPE",
    help="What the rows are; found by the columns if not named.",
)


@command.command(
    "check",
    cls=Command,
    formats=tuple(dict.fromkeys((*FORMATS, *FINDING_FORMATS))),
    examples="""
    crmctl profile check profiles/our-deals.yaml
    crmctl profile check bitrix24-deals
    crmctl profile check deals.csv
    crmctl profile check export.csv --type leads --profile our-leads -o json
    """,
)
@click.argument("targets", nargs=-1, required=True, metavar="FILE|PROFILE...")
@_type_option
@reading_options
@click.pass_obj
def check(session: Session, /, targets: tuple[str, ...], **options: Any) -> int:
    """Check profiles; or tell of a file to be imported how it is read, and what is not known here."""
    from crmctl.workspace.profile_check import check_profiles
    from crmctl.workspace.profile_survey import survey

    found = check_profiles(session.settings, targets)
    if found is not None:
        emit_findings(session.output, found.validation, strict=False)
        return 1 if found.failed else 0
    surveys = [survey(session.workspace, _asked(target, options)) for target in targets]
    emit_surveys(session.output, surveys)
    return 0 if all(each.importable for each in surveys) else 1


@command.command(
    "suggest",
    cls=Command,
    examples="""
    crmctl profile suggest clients.csv > profiles/clients.yaml
    crmctl profile suggest old.csv --type contacts --encoding cp1251
    crmctl profile suggest deals.csv --date-format %d/%m/%Y --decimal ,
    """,
)
@click.argument("file", metavar="FILE|-")
@_type_option
@reading_options
@click.pass_obj
def suggest(session: Session, /, file: str, **options: Any) -> None:
    """Draft a profile for a file, for you to go on with."""
    from crmctl.render.profile_text import profile_text
    from crmctl.workspace.profile_suggest import suggest as drafted

    session.output.document(profile_text(drafted(session.workspace, _asked(file, options))))


def _asked(file: str, options: dict[str, Any]) -> Asked:
    return Asked(
        file,
        options["record"],
        read_options(options),
        maps=options["maps"],
        decimal=options["decimal"],
        date_format=options["date_format"],
        serial_dates=options["excel_serial_dates"],
        profile=options["profile"],
    )
