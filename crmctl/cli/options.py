"""Options that many commands take, and the command classes that carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import click

from crmctl.cli.streams import Streams
from crmctl.cli.word import completed
from crmctl.errors import WrongUse
from crmctl.render.format_names import FORMATS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmctl.rules.assignment import Assignment

Grouped: TypeAlias = list[tuple[str, list[click.Parameter]]]
"""Options that commands of one kind share, under the title they have in the help."""
READING, WRITING, COMMON = "Reading", "Writing", "Common options"


def _remember(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Keep a common option for the session; given after the command, it wins over one before it."""
    assert param.name is not None
    source = ctx.get_parameter_source(param.name)
    if source is not None and source.name == "COMMANDLINE":
        setattr(ctx.find_root().obj.given, param.name, value)


def _common(*names: str, **more: Any) -> click.Option:
    option = click.Option(names, expose_value=False, callback=_remember, **more)
    completed(option)
    return option


def common_options(formats: Sequence[str] = FORMATS) -> list[click.Parameter]:
    """Return the options that may stand before or after any command; `formats` are those of its output."""
    return [
        _common("-C", "workspace", metavar="DIR", help="The workspace's folder."),
        _common("--db", "database", metavar="FILE", help="The database, instead of the configured one."),
        _common("-o", "--output", "output", metavar="FORMAT", help=f"One of: {', '.join(formats)}."),
        _common("--json", "as_json", is_flag=True, help="Short for -o json."),
        _common("-q", "--quiet", "quiet", is_flag=True, help="No messages, errors only."),
        _common(
            "-v",
            "--verbose",
            "verbose",
            is_flag=True,
            help="Also say which workspace and database are meant, and who acts.",
        ),
        _common("--debug", "debug", is_flag=True, help="Show the traceback of a failure."),
        _common("--no-input", "no_input", is_flag=True, help="Never ask; refuse instead."),
        _common("--no-hooks", "no_hooks", is_flag=True, help="Run no hooks."),
        _common(
            "--color", "color", type=click.Choice(["auto", "always", "never"]), help="When to use colour."
        ),
        _common("--user", "user", metavar="USER", help="Who acts."),
        _common("--now", "now", metavar="WHEN", help="The present moment, for scripts and tests."),
    ]


def writer_options() -> list[click.Parameter]:
    """Return the options of commands that write."""
    return [
        _common("-n", "--dry-run", "dry_run", is_flag=True, help="Show what would happen, change nothing."),
        _common("-y", "--yes", "yes", is_flag=True, help="Do not ask for confirmation."),
        _common("--message", "message", metavar="TEXT", help="Kept with the change in the history."),
        _common(
            "--lock-timeout",
            "lock_timeout",
            type=float,
            metavar="SECONDS",
            help="How long to wait for another writer.",
        ),
    ]


def _show_help(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:  # noqa: FBT001 - click's own way
    """Show a command's help; through the pager where it is taller than the screen."""
    if asked and not ctx.resilient_parsing:
        Streams().write(f"{ctx.get_help()}\n")
        ctx.exit()


class _Paged(click.Command):
    """What commands and groups have in common: where their help goes."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option that shows the help."""
        option = super().get_help_option(ctx)
        if option:
            option.callback = _show_help
        return option


class Command(_Paged):
    """A command that takes the common options too; examples follow its options in the help.

    `writes` tells whether it writes anything, or names the options by which it does.
    """

    writes: bool | tuple[str, ...] = False

    def __init__(
        self,
        *args: Any,
        examples: str = "",
        formats: tuple[str, ...] = FORMATS,
        writes: bool | tuple[str, ...] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if writes is not None:
            self.writes = writes
        self.examples = [line.strip() for line in examples.strip().splitlines()]
        self.formats = formats
        for param in self.params:
            completed(param)
        self.grouped = self._extra()
        for _, options in self.grouped:
            self.params.extend(options)

    def _extra(self) -> Grouped:
        return [(COMMON, common_options(self.formats))]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, unless the output format asked for is none it knows: nothing is written then.

        Nor is one run that writes, where before-change calls.
        """
        session = ctx.find_root().obj
        session.check_format(self.formats)
        if self._to_write(ctx) and not session.given.dry_run:
            session.settings.check_may_write()
        return super().invoke(ctx)

    def _to_write(self, ctx: click.Context) -> bool:
        if isinstance(self.writes, bool):
            return self.writes
        return any(ctx.params[name] for name in self.writes)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's arguments and own options first, the shared ones apart."""
        from crmctl.cli.describe import write_sections

        write_sections(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, as they would be typed."""
        if self.examples:
            with formatter.section("Examples"):
                for line in self.examples:
                    # As it is: a wrapped command could not be pasted.
                    formatter.write(f"{'':>{formatter.current_indent}}{line}\n")
        super().format_epilog(ctx, formatter)


class Group(_Paged, click.Group):
    """Commands under one noun, such as `db check`; the common options may stand between the two words."""

    noun = "command"
    """What is named after it, as errors call it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grouped: Grouped = [(COMMON, common_options())]
        for _, options in self.grouped:
            self.params.extend(options)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they were added."""
        return list(self.commands)

    def known_names(self, ctx: click.Context) -> list[str]:
        """Return what may be named after it."""
        return self.list_commands(ctx)

    def where_listed(self, ctx: click.Context) -> str:
        """Return what to call to see all that may be named."""
        return f"{ctx.command_path} --help lists the commands"

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command named first. Raises WrongUse that says which one is close."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            from crmctl.text import did_you_mean

            hint = did_you_mean(args[0], self.known_names(ctx)) or self.where_listed(ctx)
            raise WrongUse(f'no {self.noun} "{args[0]}"', hint=hint) from None

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, then the options."""
        from crmctl.cli.describe import write_sections

        self.format_commands(ctx, formatter)
        write_sections(self, ctx, formatter)


class ReaderCommand(Command):
    """A command that shows records, as they are or as they were."""

    def _extra(self) -> Grouped:
        as_of = _common("--as-of", "as_of", metavar="WHEN", help="As it was then: a day means its end.")
        return [(READING, [as_of]), *super()._extra()]


class KeepingCommand(ReaderCommand):
    """A command that shows records, and may keep something of the way they are shown, outside history."""

    def _extra(self) -> Grouped:
        kept = [option for option in writer_options() if option.name in ("dry_run", "lock_timeout")]
        return [(WRITING, kept), *super()._extra()]


class WriterCommand(Command):
    """A command that changes records."""

    writes = True

    def _extra(self) -> Grouped:
        return [(WRITING, writer_options()), *super()._extra()]


def read_assignment(text: str) -> Assignment:
    """Return the assignment of `field=value`, `field+=value` or `field-=value`. Raises click.BadParameter."""
    from crmctl.rules.assignment import Assignment

    name, mark, value = text.partition("=")
    operator = "="
    if name.endswith(("+", "-")) and mark:
        name, operator = name[:-1], f"{name[-1]}="
    if not mark or not name.strip():
        raise click.BadParameter(f'"{text}" is not of the form FIELD=VALUE')
    return Assignment(name.strip(), (value,), operator)


def _assignments(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> list[Assignment]:
    return [read_assignment(value) for value in values]


set_option = click.option(
    "-s",
    "--set",
    "assignments",
    multiple=True,
    metavar="FIELD=VALUE",
    callback=_assignments,
    help="Set a field; FIELD+=VALUE adds to one with many values, FIELD-=VALUE takes away. May be repeated.",
)
map_option = click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="OLD=NEW",
    help="What becomes of a stage, pipeline, field or FIELD:VALUE that is gone. May be repeated.",
)
partial_option = click.option(
    "--partial", is_flag=True, help="Go on with the records that are not refused (exit 7 if any is)."
)
ids_argument = click.argument("ids", nargs=-1, required=True, metavar="ID...|-")
