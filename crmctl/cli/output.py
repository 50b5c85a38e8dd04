"""Telling: data and ids to standard output in the format asked for, all else to standard error."""

from collections.abc import Mapping, Sequence

from crmctl.cli.streams import Streams
from crmctl.errors import CrmError
from crmctl.guard import escape
from crmctl.model.table import Column, Report
from crmctl.render.colour import Style
from crmctl.render.formats import as_is, output_format
from crmctl.render.listing import Card, Escape, Listing
from crmctl.text import visible

WHOLE = frozenset({"json", "jsonl", "yaml"})
"""Formats that show every field of a record."""
RAW = frozenset({"csv", "tsv", "ids", "markdown", "html"})
"""Formats that hold text as it is, whatever stands in it."""
SPREADSHEET = frozenset({"csv", "tsv"})
"""Formats whose cells are exact, and guarded where a spreadsheet would run them."""


class Output:
    """The output of one call. `format` is empty where none was asked for, or the table that this means."""

    def __init__(
        self, streams: Streams, format_name: str, *, color: str = "auto", quiet: bool = False
    ) -> None:
        self._streams = streams
        self.format = "" if format_name == "table" else format_name
        self._color = color
        self._quiet = quiet

    @property
    def name(self) -> str:
        """The format's name."""
        return self.format or "table"

    @property
    def shows_every_field(self) -> bool:
        """Whether the format shows records whole."""
        return self.format in WHOLE

    @property
    def style(self) -> Style:
        """What standard output can show."""
        return self._streams.style(self._color)

    def data(self, text: str) -> None:
        """Write a line of what was asked for."""
        self._streams.write(f"{text}\n")

    def text(self, text: str) -> None:
        """Write finished lines; at a terminal nothing in them can drive it."""
        if self.format in RAW and self._streams.output_is_terminal:
            text = visible(text.replace("\r\n", "\n"), multiline=True)
        self._streams.write(text)

    def document(self, text: str) -> None:
        """Write a text as it is; at a terminal nothing in it can drive that."""
        shown = visible(text, multiline=True) if self._streams.output_is_terminal else text
        self._streams.write(shown)

    def json(self, value: object) -> None:
        """Write a value as JSON, or a list's values a line each in JSON lines."""
        from crmctl.render.json_text import json_lines, pretty

        if self.format == "jsonl":
            self._streams.write(json_lines(value if isinstance(value, list) else [value]))
        else:
            self._streams.write(pretty(value))

    def records(self, listing: Listing) -> None:
        """Write a list of records."""
        self.text(output_format(self.name).records(listing, self.style, self._escape))

    def rows(self, columns: Sequence[Column], rows: Sequence[Mapping[str, object]]) -> None:
        """Write rows of plain values."""
        cells = [[_cell(row.get(column.name)) for column in columns] for row in rows]
        self.records(Listing(columns, rows, cells))

    def cards(self, cards: Sequence[Card]) -> None:
        """Write records one by one."""
        self.text(output_format(self.name).cards(cards, self.style, self._escape))

    def report(self, report: Report) -> None:
        """Write a report."""
        self.text(output_format(self.name).report(report, self.style, self._escape))

    def progress(self, done: int, total: int, what: str) -> None:
        """Show a person how far long work has come."""
        if not self._quiet:
            self._streams.progress(done, total, what)

    def status(self, text: str) -> None:
        """Tell a person how it went."""
        if not self._quiet:
            self._streams.tell(visible(text))

    def note(self, text: str) -> None:
        """Tell a person what is worth knowing about the data shown."""
        if not self._quiet:
            from crmctl.render.error import note_text

            self._tell(note_text(text, self._error_style))

    def warning(self, text: str, hint: str | None = None) -> None:
        """Tell a person of something that looks wrong."""
        if not self._quiet:
            from crmctl.render.error import warning_text

            self._tell(warning_text(text, self._error_style, hint))

    def alarm(self, text: str) -> None:
        """Tell what makes a command that did what it should end with 1. Never silenced."""
        from crmctl.render.error import warning_text

        self._tell(warning_text(text, self._error_style, None))

    def error(self, error: CrmError) -> None:
        """Tell why a command ends, in the format asked for. Never silenced."""
        from crmctl.render.error import error_json, error_text

        as_json = self.format in ("json", "jsonl")
        self._tell(error_json(error) if as_json else error_text(error, self._error_style))

    @property
    def _error_style(self) -> Style:
        return self._streams.error_style(self._color)

    @property
    def _escape(self) -> Escape:
        return escape if self.format in SPREADSHEET else as_is

    def _tell(self, text: str) -> None:
        self._streams.tell(text.rstrip("\n"))


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
