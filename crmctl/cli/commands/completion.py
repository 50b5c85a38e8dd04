"""`crmctl completion`."""

import click
from click.shell_completion import get_completion_class

from crmctl.cli.options import Command
from crmctl.cli.session import COMPLETE, Session
from crmctl.cli.shells import SHELLS


@click.command(
    "completion",
    cls=Command,
    examples="""
    eval "$(crmctl completion bash)"
    crmctl completion zsh > ~/.zfunc/_crmctl
    crmctl completion fish > ~/.config/fish/completions/crmctl.fish
    crmctl completion powershell | Out-String | Invoke-Expression
    """,
)
@click.argument("shell", metavar="SHELL", type=click.Choice(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that lets a SHELL complete commands, ids, stages, fields and the rest."""
    session: Session = ctx.obj
    completion = get_completion_class(shell)
    assert completion is not None
    script = completion(ctx.find_root().command, {}, "crmctl", COMPLETE).source()
    session.output.text(f"{script.rstrip()}\n")
