"""`crmctl report`."""

from importlib import import_module

import click
from click.shell_completion import CompletionItem

from crmctl.cli.options import Command, Group
from crmctl.cli.session import Session
from crmctl.errors import NotFound
from crmctl.model.table import Column
from crmctl.reports.standard import report_names

OWN = ("funnel", "diff")
"""Reports that are commands by themselves: they can be called here, too."""


class Reports(Group):
    """The standard reports, each loaded when it is called or described."""

    noun = "report"

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands of its own, then the reports by name, those that are commands by themselves left out."""
        return [*self.commands, "dashboard", *(name for name in report_names() if name not in OWN)]

    def known_names(self, ctx: click.Context) -> list[str]:
        """Return the names of all reports, those that are commands by themselves, too."""
        return [*self.list_commands(ctx), *OWN]

    def where_listed(self, _ctx: click.Context) -> str:
        """Return the command that tells what each report answers."""
        return "crmctl report list names them"

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the reports and options that go on from what was typed."""
        found = [CompletionItem(name) for name in OWN if name.startswith(incomplete)]
        return [*super().shell_complete(ctx, incomplete), *found]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name in self.commands:
            return self.commands[cmd_name]
        if cmd_name == "dashboard":
            from crmctl.cli.commands.report_dashboard import command as dashboard

            return dashboard
        if cmd_name in OWN:
            command: click.Command = import_module(f"crmctl.cli.commands.{cmd_name}").command
            return command
        from crmctl.cli.report_command import report_command

        try:
            return report_command(cmd_name)
        except NotFound:
            return None


@click.group("report", cls=Reports)
def command() -> None:
    """Answer a question about sales with figures that are defined, and traced to their records."""


@command.command(
    "list",
    cls=Command,
    examples="""
    crmctl report list
    crmctl report list -o json
    """,
)
@click.pass_obj
def list_all(session: Session) -> None:
    """List the reports with the questions they answer."""
    from crmctl.workspace.reporting.questions import questions

    session.output.rows((Column("report", "Report"), Column("question", "Question")), questions())
