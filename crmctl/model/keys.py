"""What entries of history are known by, so that what comes again is known again: rows, messages, letters.

Ids that another system gave are compared here, too, in one way wherever they are looked up.

Each kind of key is made and read here, and none can be taken for another.
"""

from hashlib import blake2b, sha256

from crmctl.patterns import pattern
from crmctl.text import nfc, strip_invisible

_ROW = pattern(r"[0-9a-f]{16}(\.[1-9][0-9]*)?")
MESSAGES = "message:"
"""What the key of every message begins with."""
_LETTER = "mail-"
_OUTBOX = "mail-outbox-"
_IN_DOUBT = "?"


def outside_key(text: object) -> str:
    """Return what an id that another system gave is compared by: as text is kept.

    Case counts: the short ids of Salesforce differ by it alone.
    """
    return nfc(strip_invisible(str(text))).strip()


def row_key(cells: bytes) -> str:
    """Return what an imported row is known by: equal rows have equal keys, on every machine."""
    return digest(cells)


def repeated(key: str, count: int) -> str:
    """Return the key of a row that comes in a file for so manieth time."""
    return key if count == 1 else f"{key}.{count}"


def is_row_key(key: str) -> bool:
    """Tell whether a key is that of an imported row."""
    return _ROW.fullmatch(key) is not None


def message_key(own: str, reach: str, channel: str) -> str:
    """Return the key of a message: its own, what its sender is known by, the channel that this holds in."""
    return f"{MESSAGES}{own}:{reach}:{channel}"


def is_message_key(key: str) -> bool:
    """Tell whether a key is that of a message."""
    return key.startswith(MESSAGES)


def message_sender(key: str) -> tuple[str, str]:
    """Return what the sender of the message with a key is known by, and the channel that this holds in."""
    _, reach, channel = key.removeprefix(MESSAGES).split(":")
    return reach, channel


def letter_key(mailing: str, number: int, address: str) -> str:
    """Return the key of a letter: its mailing, the how-manieth time it goes out, its address as equal ones have it."""
    return f"{_LETTER}{mailing}-{number}-{sha256(address.encode()).hexdigest()[:12]}"


def time_of(key: str, mailing: str) -> int:
    """Return the how-manieth time of a mailing a letter belongs to, 0 for letters of others."""
    head = f"{_LETTER}{mailing}-"
    return int(key.removeprefix(head).partition("-")[0]) if key.startswith(head) else 0


def outbox_key(generation: int, record: str, template: str) -> str:
    """Return the key of a letter of the outbox: the commit that asked for it, its record, its template."""
    return f"{_OUTBOX}{sha256(f'{generation} {record} {template}'.encode()).hexdigest()[:16]}"


def is_outbox_key(key: str) -> bool:
    """Tell whether a key is that of a letter of the outbox."""
    return key.startswith(_OUTBOX)


def in_doubt(key: str) -> str:
    """Return what a letter is known by of which it is not known whether it went out."""
    return key + _IN_DOUBT


def doubted(key: str) -> str:
    """Return the key of the letter that is in doubt, empty for one that is not."""
    return key.removesuffix(_IN_DOUBT) if key.endswith(_IN_DOUBT) else ""


def digest(content: bytes) -> str:
    """Return sixteen characters that stand for the content."""
    return blake2b(content, digest_size=8).hexdigest()
