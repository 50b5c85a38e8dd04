"""`crmctl test`."""

import click

from crmctl.cli.emit_tests import emit_tests
from crmctl.cli.options import Command
from crmctl.cli.session import Session
from crmctl.render.format_names import TEST_FORMATS
from crmctl.workspace.process_tests.run import run_process_tests


@click.command(
    "test",
    cls=Command,
    formats=TEST_FORMATS,
    examples="""
    crmctl test
    crmctl test tests/wholesale.test.yaml -k waybill
    crmctl test -o junit > tests.xml
    """,
)
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option(
    "-k", "--filter", "only", default="", metavar="TEXT", help="Only tests with this in their name."
)
@click.pass_obj
def command(session: Session, paths: tuple[str, ...], only: str) -> int:
    """Run the tests of the process (tests/*.test.yaml) in memory, and tell what no test reaches."""
    tested = run_process_tests(session.settings, paths, only)
    emit_tests(session.output, tested)
    return 1 if tested.run.failed else 0
