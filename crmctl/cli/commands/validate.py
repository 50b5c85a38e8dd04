"""`crmctl validate`."""

import click

from crmctl.cli.emit_findings import emit_explanation, emit_findings, emit_rules
from crmctl.cli.options import Command
from crmctl.cli.session import Session
from crmctl.render.format_names import FINDING_FORMATS
from crmctl.workspace.known_rules import choose, known_rule, known_rules
from crmctl.workspace.validation import validate


@click.command(
    "validate",
    cls=Command,
    formats=FINDING_FORMATS,
    examples="""
    crmctl validate
    crmctl validate pipelines/wholesale.yaml -o parsable
    crmctl validate --strict --data --ignore style-too-many-stages
    crmctl validate --explain style-first-stage
    """,
)
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option("--list-rules", is_flag=True, help="Print every rule and what it is about.")
@click.option("--explain", default="", metavar="RULE", help="Print what a rule finds, and why.")
@click.option(
    "--select",
    "selected",
    multiple=True,
    metavar="RULE,...",
    help="Tell only of these rules, or levels such as style. May be repeated.",
)
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="RULE,...",
    help="Tell nothing of these rules or levels. May be repeated.",
)
@click.option("--data", is_flag=True, help="Also hold the stored records against the configuration.")
@click.option("--strict", is_flag=True, help="Warnings fail, too.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found.")
@click.pass_obj
def command(
    session: Session,
    paths: tuple[str, ...],
    list_rules: bool,
    explain: str,
    selected: tuple[str, ...],
    ignored: tuple[str, ...],
    data: bool,
    strict: bool,
    exit_zero: bool,
) -> int:
    """Check the configuration: syntax, schema, references and style; and the records by it."""
    choice = choose(selected, ignored)
    if explain:
        emit_explanation(session.output, known_rule(explain))
        return 0
    if list_rules:
        emit_rules(session.output, known_rules(choice))
        return 0
    found = validate(session.settings, paths, choice, data=data)
    emit_findings(session.output, found, strict=strict)
    return 1 if found.failed(strict=strict) and not exit_zero else 0
