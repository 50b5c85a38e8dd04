"""A letter as a message that any server and any mail program takes: MIME in plain ASCII.

Headers are encoded here: the standard library's new way of folding long ones loses spaces between words that are not
ASCII (seen with Python 3.11), its old one does not.
"""

import re
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from crmctl.errors import BadValue
from crmctl.model.letter import Letter, Sender
from crmctl.text import strip_invisible

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_BODY_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ADDRESS = re.compile(r"""[^\x00-\x20"(),:;<>@\[\]\\\x7f-\U0010ffff]+@[A-Za-z0-9.-]+""")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_LONGEST_PLAIN = 60


def message_of(letter: Letter, sender: Sender, at: datetime) -> bytes:
    """Return the message. Raises BadValue for an address that no header takes.

    Its Message-ID follows from what the letter is known by: one that is sent again has the same.
    """
    headers = {
        "From": _mailbox("From", sender.address, sender.name),
        "To": _mailbox("To", letter.address, letter.name),
        "Subject": _encoded("Subject", _line(letter.subject)),
        "Date": format_datetime(at),
        "Message-ID": _message_id(letter, sender, at),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return head.encode("ascii") + _body(letter)


def check_address(address: str) -> None:
    """Raise BadValue for an address that no header takes; those that are not ASCII few servers do."""
    if not _ADDRESS.fullmatch(address):
        why = "not ASCII" if not address.isascii() else "none that a letter can go to"
        raise BadValue(f"the address {address} is {why}")


def _body(letter: Letter) -> bytes:
    # Whatever it holds goes as seven bits: not every server takes eight.
    message = EmailMessage(SMTP.clone(cte_type="7bit"))
    message.set_content(_BODY_CONTROLS.sub("", letter.text))
    if letter.html:
        message.add_alternative(_BODY_CONTROLS.sub("", letter.html), subtype="html")
    if "MIME-Version" not in message:
        message["MIME-Version"] = "1.0"
    return message.as_bytes()


def _mailbox(header: str, address: str, name: str) -> str:
    check_address(address)
    name = _line(name)
    if not name or name == address:
        return address
    if name.isascii() and len(name) <= _LONGEST_PLAIN and not _ATOMS.fullmatch(name):
        name = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{name}" <{address}>'
    return f"{_encoded(header, name)}\r\n <{address}>"


def _encoded(header: str, text: str) -> str:
    """Return the text of a header, folded; what is plain and short stays as it is."""
    if text.isascii() and len(text) <= _LONGEST_PLAIN and "=?" not in text:
        return text
    return Header(text, "utf-8", header_name=header).encode(linesep="\r\n")


def _line(text: str) -> str:
    """Return text that stays within its header."""
    return " ".join(strip_invisible(_CONTROLS.sub(" ", text)).split())


def _message_id(letter: Letter, sender: Sender, at: datetime) -> str:
    known = letter.key or f"{at.isoformat()} {letter.record} {letter.address} {letter.subject}"
    return f"<crmctl.{sha256(known.encode()).hexdigest()[:32]}@{sender.address.rpartition('@')[2]}>"
