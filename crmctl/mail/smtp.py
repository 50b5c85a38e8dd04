"""Handing letters to a mail server, one by one, over one connection."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from crmctl.mail.answers import BoundedSMTP, BoundedSMTPS, NotSmtp
from crmctl.mail.trouble import NotDelivered
from crmctl.model.letter import MailServer
from crmctl.text import visible

SECONDS = 60.0
"""How long a server may take for an answer."""
_HELO = "[127.0.0.1]"
"""How we name ourselves: the machine's name is nobody's business, and asking for it can take long."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LEAVING = 421
_RESUME = "the same command goes on where this one stopped"


class Turned(Exception):  # not an error of ours: the server's answer for one letter
    """The server does not take a letter, and says why."""


class Delivery:
    """A connection to a server. Letters are handed over by `send`."""

    def __init__(self, server: MailServer, connection: smtplib.SMTP) -> None:
        self._server = server
        self._connection = connection
        self._used = False

    def send(self, address: str, message: bytes, begin: Callable[[], None]) -> None:
        """Hand over a letter; `begin` is called when only the server's word on the letter itself is missing.

        Raises Turned for a letter that is not taken, NotDelivered where the connection is lost.
        """
        try:
            self._begin(address)
            begin()
            self._judge(*self._content(message))
        except (smtplib.SMTPException, OSError) as error:
            raise lost(self._server, error) from None
        finally:
            self._used = True

    def _content(self, message: bytes) -> tuple[int, bytes | str]:
        try:
            return self._connection.data(message)
        except smtplib.SMTPDataError as error:
            return error.smtp_code, error.smtp_error

    def _begin(self, address: str) -> None:
        """Name sender and receiver; many servers end a connection after some letters, and take the next one."""
        try:
            code, said = self._named()
        except smtplib.SMTPServerDisconnected:
            if not self._used:
                raise
            self.hang_up()
            self._connection = connected(self._server)
            code, said = self._named()
        if code // 100 != 2:
            sender = self._server.sender.address
            raise NotDelivered(f"{self._server.place} takes no letters from {sender}: {_said(code, said)}")
        self._judge(*self._connection.rcpt(address))

    def _named(self) -> tuple[int, bytes]:
        """Name the sender, and return the answer."""
        code, said = self._connection.mail(self._server.sender.address)
        if code == _LEAVING:
            raise smtplib.SMTPServerDisconnected(_said(code, said))
        return code, said

    def _judge(self, code: int, said: bytes | str) -> None:
        if code == _LEAVING:
            raise smtplib.SMTPServerDisconnected(_said(code, said))
        if code // 100 != 2:
            with suppress(smtplib.SMTPException, OSError):  # the next letter meets a connection that is lost
                self._connection.rset()
            raise Turned(_said(code, said))

    def close(self) -> None:
        """Take leave, as far as the server listens."""
        with suppress(smtplib.SMTPException, OSError):
            self._connection.quit()

    def hang_up(self) -> None:
        """Leave without a word, and without waiting for one."""
        with suppress(OSError):
            self._connection.close()


@contextmanager
def delivery(server: MailServer) -> Iterator[Delivery]:
    """Open a connection for the time of the block. Raises NotDelivered."""
    opened = Delivery(server, connected(server))
    try:
        yield opened
    except BaseException:
        # Whoever interrupts a server that says nothing does not wait for its farewell.
        opened.hang_up()
        raise
    opened.close()


def connected(server: MailServer) -> smtplib.SMTP:
    """Return a connection, encrypted and logged in as the server's settings say. Raises NotDelivered."""
    try:
        return _secured(_opened(server), server)
    except ssl.SSLCertVerificationError as error:
        reason = f"the certificate of {server.place} is not to be trusted: {error.verify_message}"
        raise NotDelivered(reason, hint="SSL_CERT_FILE names further authorities") from None
    except smtplib.SMTPAuthenticationError as error:
        reason = _said(error.smtp_code, error.smtp_error)
        raise NotDelivered(f"{server.place} does not let {server.user} in: {reason}") from None
    except (smtplib.SMTPException, OSError) as error:
        reason = _reason(error)
        raise NotDelivered(f"cannot reach the mail server {server.place}: {reason}", hint=_RESUME) from None


def _opened(server: MailServer) -> smtplib.SMTP:
    if server.tls == "tls":
        context = ssl.create_default_context()
        return BoundedSMTPS(server.host, server.port, local_hostname=_HELO, timeout=SECONDS, context=context)
    return BoundedSMTP(server.host, server.port, local_hostname=_HELO, timeout=SECONDS)


def _secured(connection: smtplib.SMTP, server: MailServer) -> smtplib.SMTP:
    try:
        connection.ehlo_or_helo_if_needed()
        if server.tls == "starttls":
            _encrypted(connection, server)
        if server.user:
            if server.tls == "none" and server.host not in _LOOPBACK:
                raise NotDelivered(f"the password for {server.place} is not sent openly")
            if not connection.has_extn("auth"):
                raise NotDelivered(
                    f"{server.place} lets nobody log in (it offers no AUTH)",
                    hint="without CRMCTL_SMTP_USER letters go to it without a login",
                )
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _encrypted(connection: smtplib.SMTP, server: MailServer) -> None:
    if not connection.has_extn("starttls"):
        raise NotDelivered(
            f"{server.place} offers no encryption (STARTTLS)",
            hint="CRMCTL_SMTP_TLS=tls encrypts from the start, none sends openly",
        )
    connection.starttls(context=ssl.create_default_context())
    # What was said before counts no more.
    connection.ehlo_or_helo_if_needed()


def lost(server: MailServer, error: Exception) -> NotDelivered:
    """Return the error of a connection that ended."""
    return NotDelivered(f"the connection to {server.place} was lost: {_reason(error)}", hint=_RESUME)


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, error.smtp_error)
    if isinstance(error, NotSmtp):
        return str(error)
    text = (error.strerror if isinstance(error, OSError) else "") or str(error)
    return visible(text).lower().rstrip(".") or type(error).__name__


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return visible(f"{code} {text}").strip()
