"""Standard input, output and error: who is at the other end, and how wide it is."""

from __future__ import annotations

import io
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmctl.text import without_passwords

if TYPE_CHECKING:
    from crmctl.render.colour import Style


class Unwritten(OSError):
    """Standard output takes no more, as on a full disk."""


class _Output(io.FileIO):
    """Standard output, whose errors can be told from those of other files."""

    def write(self, piece: Any, /) -> int:
        """Write what the system takes at once."""
        try:
            return super().write(piece)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Unwritten(error.errno, error.strerror) from None


def open_streams() -> None:
    """Make every stream UTF-8; one that the caller closed (`crmctl ... <&-`) leads nowhere."""
    for name, mode, errors in (
        ("stdin", "r", "surrogateescape"),
        ("stdout", "w", "replace"),
        ("stderr", "w", "replace"),
    ):
        stream = getattr(sys, name)
        if stream is None:
            # Takes the closed stream's number, which the next file to be opened would get otherwise.
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - to the end
        elif name == "stdout":
            raw = _Output(stream.fileno(), "w", closefd=False)
            sys.stdout = io.TextIOWrapper(
                io.BufferedWriter(raw), "utf-8", errors, line_buffering=raw.isatty()
            )
        else:
            stream.reconfigure(encoding="utf-8", errors=errors)


class Streams:
    """The three streams of this process, asked afresh at each use so that they may be replaced."""

    @property
    def output_is_terminal(self) -> bool:
        """Whether standard output is read by a person."""
        return sys.stdout.isatty()

    @property
    def width(self) -> int | None:
        """The terminal's columns, or nothing where the output goes elsewhere."""
        if not self.output_is_terminal:
            return None
        given = os.environ.get("COLUMNS", "")
        if given.isdigit() and int(given) > 0:
            return int(given)
        try:
            return os.get_terminal_size(sys.stdout.fileno()).columns or 80
        except OSError:
            return 80

    def style(self, choice: str) -> Style:
        """Return what standard output can show; `choice` is `auto`, `always` or `never`."""
        from crmctl.render.colour import choose_style

        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        return choose_style(
            os.environ, terminal=self.output_is_terminal, choice=choice, width=self.width, encoding=encoding
        )

    def error_style(self, choice: str) -> Style:
        """Return what standard error can show. Messages are never cut."""
        from crmctl.render.colour import choose_style

        encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
        return choose_style(os.environ, terminal=sys.stderr.isatty(), choice=choice, encoding=encoding)

    def write(self, text: str) -> None:
        """Write to standard output; at a terminal that is not tall enough, through the pager."""
        if self.output_is_terminal and sys.stdin.isatty() and text.count("\n") >= self._height:
            import click

            # less stays out of the way of what fits, keeps colours, and leaves the text on the screen.
            os.environ.setdefault("LESS", "-FRX")
            # An interrupt is the pager's to deal with: the work is done.
            before = signal.signal(signal.SIGINT, signal.SIG_IGN)
            try:
                click.echo_via_pager(text, color=True)
            finally:
                signal.signal(signal.SIGINT, before)
            return
        sys.stdout.write(text)

    @property
    def _height(self) -> int:
        """The terminal's lines."""
        try:
            return os.get_terminal_size(sys.stdout.fileno()).lines or 24
        except OSError:
            return 24

    def progress(self, done: int, total: int, what: str) -> None:
        """Show how far long work has come, on a line of a terminal's standard error that is then wiped."""
        if not sys.stderr.isatty():
            return
        filled = 20 * done // max(total, 1)
        bar = "#" * filled + "." * (20 - filled)
        line = f"{what} [{bar}] {done:,} of {total:,}" if done < total else ""
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()

    def tell(self, text: str) -> None:
        """Write a line to standard error, after what was written to standard output before.

        Messages end up in logs: a password in an address does not.
        """
        sys.stdout.flush()
        with suppress(OSError):  # nobody is left to be told, and that is no reason to fail
            sys.stderr.write(f"{without_passwords(text)}\n")
            sys.stderr.flush()
