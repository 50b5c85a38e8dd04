"""What the names of files and of encodings say, the same for what is read and for what is written."""

import codecs

from crmctl.errors import WrongUse

SUFFIXES = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xlsx": "xlsx",
    ".vcf": "vcard",
    ".vcard": "vcard",
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".markdown": "markdown",
}

FOREIGN = {
    **{suffix: name for suffix, name in SUFFIXES.items() if name in ("xlsx", "vcard")},
    ".xlsm": "xlsx",
    ".xlsb": "xlsx",
    ".xls": "xls",
    ".ods": "ods",
}
"""Suffixes that promise another format than text: damaged, such a file is still no CSV."""

# They write text with escapes, and can write what is no text.
_ESCAPES = frozenset({"utf-7", "unicode-escape", "raw-unicode-escape", "punycode", "idna"})


def format_by_suffix(name: str) -> str:
    """Return the format that a file's name means, empty where its suffix is none that is known."""
    return next((SUFFIXES[suffix] for suffix in SUFFIXES if name.lower().endswith(suffix)), "")


def codec_of(encoding: str) -> str:
    """Return the codec of an encoding's name. Raises WrongUse for one that does not exist."""
    try:
        "a".encode(encoding)
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = ""
    if not name or name in _ESCAPES:
        raise WrongUse(f'unknown encoding "{encoding}"', hint="write it like cp1251, utf-8, utf-16 or koi8-r")
    return name
