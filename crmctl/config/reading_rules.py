"""The rules that reading a file and its JSON Schema apply: no steps of their own, so without modules."""

from textwrap import dedent

_EXPLAINED = {
    "syntax-file": """
        A file cannot be read.

        It does not exist, is a folder, or may not be read by this user.
    """,
    "syntax-yaml": """
        A file is not YAML.

        The place is where reading failed; the cause is often a line earlier.
    """,
    "syntax-encoding": """
        A file is not UTF-8, or holds control characters.

        Save it as UTF-8; a BOM does no harm.
    """,
    "syntax-too-large": """
        A file is larger than 1 MiB.

        Configuration never is: this is a file of another kind.
    """,
    "syntax-nesting": """
        Values are nested deeper than 32 levels.
    """,
    "syntax-documents": """
        A file is empty or holds several documents.

        Each file is one mapping; `---` may stand only before it.
    """,
    "syntax-alias": """
        An anchor (&a), an alias (*a) or a merge key (<<).

        What stands in one place is read in one place: write the value out.
    """,
    "syntax-tag": """
        A tag such as !!str or !!python/object.

        Put text that looks like a number in quotes instead.
    """,
    "syntax-duplicate-key": """
        A key stands twice in one mapping.

        The finding is at the second place and names the first. YAML itself would silently take the
        last.
    """,
    "syntax-key": """
        A key is not text.

        Numbers, true, null, lists and mappings are no keys; put a number in quotes.
    """,
    "syntax-truthy": """
        A word such as yes or on stands where true or false is meant.

        In YAML 1.2 these words are text.

            moves: {skip: yes}     # wrong
            moves: {skip: true}    # right
    """,
    "schema-version": """
        The file's `version` is not 1.

        A newer crmctl may know it.
    """,
    "schema-unknown-key": """
        A key that this mapping does not take.

        Mostly a typing error; the closest key is suggested.
    """,
    "schema-missing-key": """
        A key that must be there is not.

        The finding is at the key of the mapping that lacks it, or where the mapping begins.
    """,
    "schema-type": """
        A value of another type than the key takes: text for a list, a number for text.

        Text that looks like a number needs quotes.
    """,
    "schema-value": """
        A value that the key does not take: outside its limits, of another form, none of its choices,
        there twice, or at odds with another key.
    """,
    "schema-key-name": """
        A name that is no id: ids are small Latin letters, digits and underscores.

        Titles and aliases may be anything.
    """,
}

READING_RULES = {name: dedent(text).strip() for name, text in _EXPLAINED.items()}
"""The explanation of each, by id: a sentence that says what is wrong, then what to do."""
