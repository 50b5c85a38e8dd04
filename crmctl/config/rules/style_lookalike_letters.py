"""A name mixes Latin letters that look like Cyrillic ones, or the other way round, into its words.

"Cделка" with a Latin C looks like the word and is another: imports, filters and searches do not find
it. Type the word again in one keyboard layout.
"""

import re
from collections.abc import Iterator

from crmctl.config.document import Document, Fault, Node
from crmctl.config.project import Project
from crmctl.config.rule import style

RULE = style("lookalike-letters")

_LATIN = "ABCEHIKMOPTXYaceiopxyu"
_CYRILLIC = "АВСЕНІКМОРТХУасеіорхуи"
_WORD = re.compile(r"[^\W\d_]+")
_IS_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_IS_LATIN = re.compile(r"[A-Za-z]")
_ALONE = frozenset("aceoyk")
"""Latin letters that look like Russian and Ukrainian words of one letter."""
_NAMED = frozenset({"title", "name", "aliases", "id", "lists", "categories"})


def check(project: Project) -> Iterator[Fault]:
    """Yield the names with letters of the wrong alphabet."""
    documents = (project.workspace, *project.pipelines, project.tasks)
    for document in documents:
        if document is not None:
            yield from _in_document(document)


def _in_document(document: Document) -> Iterator[Fault]:
    for name in _names(document.top):
        intruders = _intruders(name.value)
        if intruders:
            word, letters, alphabet = intruders
            yield Fault(
                name, f'"{word}" mixes alphabets: "{letters}" is {alphabet}', "type it again in one layout"
            )


def _names(node: Node, *, named: bool = False) -> Iterator[Node]:
    """Yield every text that names something: titles, names, aliases, entries of lists."""
    if isinstance(node.value, str):
        if named and not node.value.isascii():
            yield node
    elif isinstance(node.value, list):
        for item in node.items():
            yield from _names(item, named=named)
    elif isinstance(node.value, dict):
        for key, value in node.value.items():
            child = Node(node.document, (*node.keys, key), value)
            yield from _names(child, named=key in _NAMED or (named and node.keys == ("lists",)))


def _intruders(text: str) -> tuple[str, str, str] | None:
    """Return the first word of two alphabets with its intruding letters and what they are.

    Only where every letter of one alphabet looks like one of the other: "SMSка" and "URLы" are words.
    """
    cyrillic_text = bool(_IS_CYRILLIC.search(text))
    for match in _WORD.finditer(text):
        word = match[0]
        latin, cyrillic = "".join(_IS_LATIN.findall(word)), "".join(_IS_CYRILLIC.findall(word))
        alone = cyrillic_text and word in _ALONE and word in text.split() and len(text.split()) > 1
        if alone or (latin and cyrillic and set(latin) <= set(_LATIN) and len(latin) <= len(cyrillic)):
            return word, latin, "Latin"
        if latin and cyrillic and set(cyrillic) <= set(_CYRILLIC):
            return word, cyrillic, "Cyrillic"
    return None
