"""Letters as files: one `.eml` each in a folder, or all in one mbox."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from crmctl.errors import NotFound, Refused, StoreUnreadable
from crmctl.whole_file import whole_file

MBOX = ".mbox"
_OURS = b"From crmctl "
_QUOTED = re.compile(rb"^(>*From )", re.MULTILINE)


def is_mbox(target: str) -> bool:
    """Tell whether letters go to one file, by its name."""
    return Path(target).suffix.lower() == MBOX


def check_mbox(target: str) -> None:
    """Raise Refused for a file that is there and holds other letters than ours."""
    path = Path(target)
    try:
        with path.open("rb") as file:
            begun = file.read(len(_OURS))
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreUnreadable(f"cannot write {target}: {error.strerror or error}") from None
    if begun and begun != _OURS:
        raise Refused(f"{target} holds what crmctl did not write", hint="name another file")


def write_mbox(target: str, messages: Sequence[bytes], at: datetime) -> None:
    """Write messages as an mbox, whole or not at all."""
    begin = _OURS + f"{at:%a %b %d %H:%M:%S %Y}\n".encode("ascii")
    with whole_file(target) as file:
        for message in messages:
            content = _QUOTED.sub(rb">\1", message.replace(b"\r\n", b"\n"))
            file.write(begin + content.rstrip(b"\n") + b"\n\n")


def write_eml(folder: str, names: Sequence[str], messages: Sequence[bytes]) -> None:
    """Write messages as files of a folder, which is made if it is not there. Raises NotFound, StoreUnreadable."""
    try:
        Path(folder).mkdir(mode=0o700, exist_ok=True)
    except FileNotFoundError:
        raise NotFound(f"cannot write {folder}: the folder above it does not exist") from None
    except OSError as error:
        raise StoreUnreadable(f"cannot write {folder}: {error.strerror or error}") from None
    for name, message in zip(names, messages, strict=True):
        with whole_file(str(Path(folder, name))) as file:
            file.write(message)
