"""Options that many commands take, and the command classes that carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crmctl.cli.word import completed
from crmctl.render.format_names import FORMATS

if TYPE_CHECKING:
    from crmctl.rules.assignment import Assignment


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


def common_options() -> list[click.Parameter]:
    """Return the options that may stand before or after any command."""
    return [
        _common("-C", "workspace", metavar="DIR", help="The workspace's folder."),
        _common("--db", "database", metavar="URL", help="The database, instead of the configured one."),
        _common("-o", "--output", "output", metavar="FORMAT", help=f"One of: {', '.join(FORMATS)}."),
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
        _common("--color", "color", type=click.Choice(["auto", "always", "never"]), help="Colour."),
        _common("--user", "user", metavar="NAME", help="Who acts."),
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


class Command(click.Command):
    """A command that takes the common options too; examples follow its options in the help."""

    def __init__(
        self, *args: Any, examples: str = "", formats: tuple[str, ...] = FORMATS, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples
        self.formats = formats
        for param in self.params:
            completed(param)
        self.grouped = self._extra()
        for _, options in self.grouped:
            self.params.extend(options)

    def _extra(self) -> list[tuple[str, list[click.Parameter]]]:
        return [("Common options", common_options())]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, unless the output format asked for is none it knows: nothing is written then."""
        ctx.find_root().obj.check_format(self.formats)
        return super().invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options first, the common ones apart."""
        apart = {id(option) for _, options in self.grouped for option in options}
        own = [
            each for each in self.get_params(ctx) if id(each) not in apart and isinstance(each, click.Option)
        ]
        sections: list[tuple[str, list[click.Parameter]]] = [("Options", [*own]), *self.grouped]
        for title, params in sections:
            rows = [row for param in params if (row := param.get_help_record(ctx))]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, as they would be typed."""
        if self.examples:
            with formatter.section("Examples"):
                for line in self.examples.strip().splitlines():
                    # As it is: a wrapped command could not be pasted.
                    formatter.write(f"{'':>{formatter.current_indent}}{line.strip()}\n")
        super().format_epilog(ctx, formatter)


class Group(click.Group):
    """Commands under one noun, such as `db check`; the common options may stand between the two words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(common_options())


class ReaderCommand(Command):
    """A command that shows records, as they are or as they were."""

    def _extra(self) -> list[tuple[str, list[click.Parameter]]]:
        as_of = _common("--as-of", "as_of", metavar="WHEN", help="As it was then: a day means its end.")
        return [("Reading", [as_of]), ("Common options", common_options())]


class WriterCommand(Command):
    """A command that changes records."""

    def _extra(self) -> list[tuple[str, list[click.Parameter]]]:
        return [("Writing", writer_options()), ("Common options", common_options())]


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
partial_option = click.option(
    "--partial", is_flag=True, help="Go on with the records that are not refused (exit 7 if any is)."
)
ids_argument = click.argument("ids", nargs=-1, required=True, metavar="ID...|-")
