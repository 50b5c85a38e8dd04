"""JSON as it is printed: UTF-8, letters as they are, nothing that could drive a terminal."""

from collections.abc import Iterable, Mapping

import msgspec

from crmctl.patterns import pattern

# What JSON and YAML let through although a terminal may obey it or show it backwards.
_UNSAFE = pattern("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def compact(value: object) -> str:
    """Return JSON on one line, without the end of the line."""
    return _safe(_encoded(value))


def pretty(value: object) -> str:
    """Return JSON of several lines, indented by two."""
    return _safe(msgspec.json.format(_encoded(value), indent=2)) + "\n"


def array(values: Iterable[object]) -> str:
    """Return a JSON array with a line for each value."""
    lines = [compact(value) for value in values]
    return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"


def json_lines(values: Iterable[object]) -> str:
    """Return a line of JSON for each value."""
    return "".join(f"{compact(value)}\n" for value in values)


def escape_unsafe(text: str) -> str:
    r"""Return quoted text with the characters that a terminal may obey as `\uXXXX`."""
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def _encoded(value: object) -> bytes:
    try:
        return msgspec.json.encode(value, enc_hook=str)
    except UnicodeEncodeError:
        # A command line may hand us bytes that are no text; messages repeat them.
        return msgspec.json.encode(_without_surrogates(value), enc_hook=str)


def _without_surrogates(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, Mapping):
        return {_without_surrogates(name): _without_surrogates(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_surrogates(one) for one in value]
    return value


def _safe(encoded: bytes) -> str:
    # Such characters stand only inside strings, where this is another way to write them.
    return escape_unsafe(encoded.decode())
