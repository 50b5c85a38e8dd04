"""Where crmctl begins and ends: the one place that turns what happened into an exit code."""

import atexit
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise
from types import FrameType
from typing import NoReturn, TextIO

import click

from crmctl import __version__
from crmctl.cli.group import LazyGroup
from crmctl.cli.session import COMPLETE, Session
from crmctl.cli.streams import Streams, Unwritten, open_streams
from crmctl.errors import CrmError, StoreUnreadable, WrongUse

INTERRUPTED = 130
TERMINATED = 143
BUG = 70
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Terminated(SystemExit):
    """SIGTERM or SIGHUP: unwinds like an exit, so that nothing is left half-written."""


@click.command(
    cls=LazyGroup,
    name="crmctl",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="crmctl", message="%(prog)s %(version)s")
def cli() -> None:
    """Run a sales pipeline as code: YAML pipelines, one data file, required fields that hold."""


def main() -> NoReturn:
    """Run the program on the arguments it was called with."""
    try:
        open_streams()
        _heed(_interrupt)
        code = run(sys.argv[1:])
        _heed(_leave)
    except (KeyboardInterrupt, Terminated) as second:  # while the first was told, or all was done
        os._exit(INTERRUPTED if isinstance(second, KeyboardInterrupt) else TERMINATED)
    _close(code)


def _heed(handler: Callable[[int, FrameType | None], NoReturn]) -> None:
    """Handle what ends a process, as far as the caller, such as nohup, does not keep it from us."""
    for number in _ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def run(argv: Sequence[str]) -> int:
    """Run a command line and return its exit code. Errors are told on standard error."""
    session = Session(argv)
    try:
        code = _invoke(session)
        sys.stdout.flush()
        return code
    except CrmError as error:
        return _told(session, error)
    except click.exceptions.NoArgsIsHelpError as error:
        Streams().write(f"{error.ctx.get_help()}\n" if error.ctx else "")
        return 0
    except click.UsageError as error:
        return _told(session, _usage_error(error))
    except click.ClickException as error:
        return _told(session, WrongUse(error.format_message()))
    except (click.Abort, KeyboardInterrupt):
        _tell(f"interrupted, {_written(session)}")
        return INTERRUPTED
    except Terminated:
        _tell(f"terminated, {_written(session)}")
        return TERMINATED
    except BrokenPipeError:
        _lead_nowhere(sys.stdout)
        return 0
    except Unwritten as error:
        return _told(session, _unwritten(error, session))
    except Exception as error:
        return _bug(session, error)


def _invoke(session: Session) -> int:
    """Run the command. Not by click's own `main`, which takes a closed pipe for a failure."""
    if COMPLETE in os.environ:
        from click.shell_completion import shell_complete

        from crmctl.cli import shells  # noqa: F401 - registers what click does not know

        return shell_complete(cli, {"obj": session}, "crmctl", COMPLETE, os.environ[COMPLETE])
    try:
        with cli.make_context("crmctl", list(session.argv), obj=session) as context:
            code = cli.invoke(context)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    return code if isinstance(code, int) else 0


def _written(session: Session) -> str:
    return "what it had done is written" if session.written else "nothing written to the database"


def _unwritten(error: Unwritten, session: Session) -> StoreUnreadable:
    """Return what to tell where standard output takes no more."""
    _lead_nowhere(sys.stdout)
    reason = (error.strerror or str(error)).lower()
    hint = _written(session) if session.written else None
    return StoreUnreadable(f"cannot write to standard output: {reason}", hint=hint)


def _flushed(stream: TextIO) -> bool:
    try:
        stream.flush()
    except OSError:
        return False
    return True


def _lead_nowhere(stream: TextIO) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _told(session: Session, error: CrmError) -> int:
    if session.given.debug and error.__cause__ is not None:
        import traceback

        traceback.print_exception(error)
    _asks_json(session)
    error.hint = _placed(error.hint, session)
    session.output.error(error)
    return error.exit_code


def _placed(hint: str | None, session: Session) -> str | None:
    """Return a suggested command with the workspace and database that this call named, to act on the same."""
    if not hint or "crmctl " not in hint or " -C " in hint or " --db " in hint:
        return hint
    from shlex import quote

    named = {"-C": session.given.workspace, "--db": session.given.database}
    options = "".join(f"{option} {quote(value)} " for option, value in named.items() if value)
    return hint.replace("crmctl ", f"crmctl {options}")


def _asks_json(session: Session) -> None:
    """Let an error in the options themselves still be told in the format that they ask for."""
    argv = session.argv
    named = [after for before, after in pairwise(argv) if before in ("-o", "--output")]
    wanted = "--json" in argv or "json" in named
    if wanted or "-ojson" in argv or "--output=json" in argv:
        session.tell_in_json()


def _usage_error(error: click.UsageError) -> WrongUse:
    message = error.format_message()
    hint = f"{error.ctx.command_path} --help" if error.ctx else None
    return WrongUse(message[:1].lower() + message[1:].rstrip("."), hint=hint)


def _bug(session: Session, error: Exception) -> int:
    if session.given.debug:
        raise error
    from crmctl.cli.crash import write_report

    path = write_report(session, error)
    where = f": the report is in {path}" if path else ""
    _tell(f"error: this is a bug in crmctl{where}")
    return BUG


def _tell(text: str) -> None:
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")


def _interrupt(number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt if number == signal.SIGINT else Terminated(TERMINATED)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    os._exit(INTERRUPTED if number == signal.SIGINT else TERMINATED)


def _close(code: int) -> NoReturn:
    """Leave at once: what is written is with the system, and memory need not be tidied up before it is gone.

    That took a tenth of the time of a short command. Nor does the interpreter complain in its own words about a
    reader that went away or a full disk.
    """
    atexit._run_exitfuncs()  # of libraries, which the interpreter would have called
    for stream in (sys.stdout, sys.stderr):
        _flushed(stream)
    os._exit(code)
