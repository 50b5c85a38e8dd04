"""Reading what a mail server answers, so that no server can fill the memory or keep us for ever."""

import smtplib
import time

from crmctl.text import visible

MOST_BYTES = 64 * 1024
MOST_LINES = 100
"""What one answer may have; the greatest of real servers have a tenth of it."""
_SHOWN = 40


class NotSmtp(smtplib.SMTPException):
    """What a server says is no answer of a mail server."""


class BoundedSMTP(smtplib.SMTP):
    """A connection on which an answer is bounded: in lines, in bytes, and, whole, by `timeout`."""

    def getreply(self) -> tuple[int, bytes]:
        """Return the code and the text of an answer. Raises NotSmtp, SMTPServerDisconnected."""
        try:
            return self._answer()
        except BaseException:
            self.close()
            raise

    def _answer(self) -> tuple[int, bytes]:
        until = time.monotonic() + self.timeout
        lines: list[bytes] = []
        left = MOST_BYTES
        while len(lines) < MOST_LINES:
            line = self._line(until, left)
            left -= len(line)
            code, goes_on = line[:3], line[3:4] == b"-"
            if not (code.isdigit() and len(code) == 3):
                raise NotSmtp(f'it does not speak SMTP: "{_start(line)}"')
            lines.append(line[4:].strip())
            if not goes_on:
                return int(code), b"\n".join(lines)
        raise NotSmtp(f"it answers with more than {MOST_LINES} lines")

    def _line(self, until: float, most: int) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            held = self._held(until)
            if not held:
                raise smtplib.SMTPServerDisconnected("connection unexpectedly closed")
            line += held
            if len(line) > most:
                raise NotSmtp(f"it answers with more than {MOST_BYTES // 1024} KiB")
        return line

    def _held(self, until: float) -> bytes:
        """Take what came of a line, having waited for it no longer than until then."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("connection unexpectedly closed")
        try:
            self.sock.settimeout(_left(until))
            self.file = self.file or self.sock.makefile("rb")
            held: bytes = self.file.peek(1)
            self.sock.settimeout(self.timeout)
        except TimeoutError:
            raise smtplib.SMTPServerDisconnected(f"no whole answer within {self.timeout:g} s") from None
        except OSError as error:
            reason = error.strerror or str(error)
            raise smtplib.SMTPServerDisconnected(f"connection unexpectedly closed: {reason}") from None
        taken: bytes = self.file.read(held.find(b"\n") + 1 or len(held))
        return taken


class BoundedSMTPS(BoundedSMTP, smtplib.SMTP_SSL):
    """The same, encrypted from the start."""


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _start(line: bytes) -> str:
    return visible(line[:_SHOWN].decode("utf-8", "replace").strip())
