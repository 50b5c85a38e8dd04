"""`crmctl validate`."""

import click

from crmctl.cli.emit_findings import emit_findings
from crmctl.cli.options import Command
from crmctl.cli.session import Session
from crmctl.render.findings import rules_text
from crmctl.render.format_names import FINDING_FORMATS
from crmctl.workspace.validation import explained_rule, known_rules, validate


@click.command(
    "validate",
    cls=Command,
    formats=FINDING_FORMATS,
    examples="""
    crmctl validate
    crmctl validate pipelines/wholesale.yaml -o parsable
    crmctl validate --strict --data -o json
    crmctl validate --explain style-first-stage
    """,
)
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option("--list-rules", is_flag=True, help="Print every rule and what it is about.")
@click.option("--explain", default="", metavar="RULE", help="Print what a rule finds, and why.")
@click.option("--data", is_flag=True, help="Also hold the stored records against the configuration.")
@click.option("--strict", is_flag=True, help="Warnings fail, too.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found.")
@click.pass_obj
def command(
    session: Session,
    paths: tuple[str, ...],
    list_rules: bool,
    explain: str,
    data: bool,
    strict: bool,
    exit_zero: bool,
) -> int:
    """Check the configuration: syntax, schema, references and style; and the records by it."""
    if explain:
        session.output.data(explained_rule(explain))
        return 0
    if list_rules:
        session.output.text(rules_text(known_rules()))
        return 0
    found = validate(session.settings, paths, data=data)
    emit_findings(session.output, found)
    return 1 if found.failed(strict=strict) and not exit_zero else 0
